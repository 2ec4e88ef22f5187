//! Verdicts in words.

use bartizan_model::{Location, ThreatClass};

/// One sentence such as "SQL syntax in query parameter id".
pub(crate) fn details(class: ThreatClass, location: Location, name: Option<&str>) -> String {
    let name: String = name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect();
    let place = match location {
        Location::Path => "the path".to_owned(),
        Location::Query if name.is_empty() => "the query".to_owned(),
        Location::Query => format!("query parameter {name}"),
        Location::Header => format!("header {name}"),
        Location::Cookie => format!("cookie {name}"),
        Location::Form => format!("form field {name}"),
        Location::Json if name.is_empty() => "the JSON body".to_owned(),
        Location::Json => format!("JSON value {name}"),
        Location::Multipart => format!("multipart part {name}"),
        Location::Xml => format!("XML {name}"),
        Location::Graphql => format!("GraphQL {name}"),
        Location::Body | Location::Behaviour => "the body".to_owned(),
    };
    format!("{} in {place}", subject(class))
}

fn subject(class: ThreatClass) -> &'static str {
    match class {
        ThreatClass::SqlInjection => "SQL syntax",
        ThreatClass::Xss => "Script or markup for a browser",
        ThreatClass::PathTraversal => "A path that leaves its directory",
        ThreatClass::FileInclusion => "A file or stream to be included",
        ThreatClass::CommandInjection => "Shell syntax",
        ThreatClass::CodeInjection => "Program code",
        ThreatClass::TemplateInjection => "Template syntax",
        ThreatClass::ExpressionInjection => "An expression or lookup",
        ThreatClass::Deserialization => "A serialised object",
        ThreatClass::Ssrf => "An address inside the network",
        ThreatClass::Xxe => "An external XML entity",
        ThreatClass::Nosql => "Database query operators",
        ThreatClass::LdapXpath => "Directory filter or XPath syntax",
        ThreatClass::HeaderInjection => "Line breaks that split a header",
        ThreatClass::Scanner => "A probe",
        ThreatClass::Ddos | ThreatClass::BruteForce | ThreatClass::Policy | ThreatClass::Anomaly => {
            "Something unlike ordinary traffic"
        }
    }
}
