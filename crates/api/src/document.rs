//! The OpenAPI document, generated from the handlers and their types.

use std::collections::BTreeSet;

use utoipa::OpenApi as _;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr};

use crate::access::SCHEMES;
use crate::error::{BareError, ErrorEnvelope};
use crate::failure::add_failures;
use crate::view::live::{ClientMessage, LiveMessage};

/// Members that may be left out of an answer; every other listed member is always there (API.md, Notation).
const OPTIONAL_MEMBERS: &[&str] =
    &["message", "total", "details", "previous", "sampled", "explanation", "window"];

/// Schemas whose members of those names are always there all the same.
const COMPLETE: &[&str] = &[
    "Threat",
    "Activity",
    "ErrorEnvelope",
    "Done",
    "Detail",
    "TrafficDetail",
    "ThreatDetail",
    "CheckRequest",
    "SecurityCheck",
    "Compliance",
    "CheckHistory",
    "Audit",
];

/// Schemas of what callers send: what they may leave out is as derived.
const REQUESTS: &[&str] = &[
    "CheckRequest",
    "AlertAction",
    "AlertBulk",
    "SilenceAlert",
    "NewSilence",
    "ClientMessage",
    "PolicyUpdate",
    "ThresholdUpdate",
    "Login",
    "PasswordChange",
    "UserDraft",
    "UserPatch",
    "SourceDraft",
    "TokenDraft",
    "TokenPatch",
];

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Bartizan",
        description = "Routes and frames of a Bartizan server; the prose contract is API.md."
    ),
    components(schemas(ErrorEnvelope, BareError, LiveMessage, ClientMessage))
)]
struct Document;

/// The OpenAPI document of this build: every route with its bodies, and the frames of the live socket as the components
/// `LiveMessage` and `ClientMessage`.
pub fn openapi() -> OpenApi {
    let (_, routes) = crate::route::all().split_for_parts();
    let mut document = Document::openapi().merge_from(routes);
    "1".clone_into(&mut document.info.version);
    let paths = std::mem::take(&mut document.paths.paths);
    // Catch-all variables are the router's notation, not OpenAPI's.
    document.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    for (path, item) in &mut document.paths.paths {
        add_failures(path, item);
        add_csv(item);
    }
    if let Some(components) = &mut document.components {
        let cookie = ApiKeyValue::with_description("bartizan_session", "`__Host-bartizan_session` over TLS");
        let [session, bearer] = SCHEMES;
        components.add_security_scheme(session, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.add_security_scheme(bearer, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let names: BTreeSet<String> = components.schemas.keys().cloned().collect();
        for (name, schema) in &mut components.schemas {
            refer_to_data(name, schema, &names);
            require_members(name, schema);
        }
    }
    document
}

/// Lists that can be had as a file say so by their parameter `format`.
fn add_csv(item: &mut PathItem) {
    let Some(operation) = &mut item.get else { return };
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.iter().any(|parameter| matches!(parameter, RefOr::T(known) if known.name == "format")) {
        return;
    }
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
        let text: RefOr<Schema> = ObjectBuilder::new().schema_type(Type::String).build().into();
        response.content.insert("text/csv".to_owned(), RefOr::T(Content::new(Some(text))));
    }
}

/// The generator writes the data of an envelope out in full; a reference gives it back its name.
fn refer_to_data(name: &str, schema: &mut RefOr<Schema>, names: &BTreeSet<String>) {
    let Some((envelope, data_name)) = name.split_once('_') else { return };
    let RefOr::T(Schema::Object(object)) = schema else { return };
    let Some(data) = object.properties.get_mut("data") else { return };
    let (is_list, element) = match data_name.strip_prefix("Vec_") {
        Some(element) => (true, element),
        None => (envelope == "Listed", data_name),
    };
    if !names.contains(element) {
        return;
    }
    let reference = Ref::from_schema_name(element);
    *data = if is_list { ArrayBuilder::new().items(reference).build().into() } else { reference.into() };
}

fn require_members(name: &str, schema: &mut RefOr<Schema>) {
    if REQUESTS.contains(&name) {
        return;
    }
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            let complete = COMPLETE.contains(&name) || name.starts_with("Ranged_");
            object.required = object
                .properties
                .keys()
                .filter(|member| complete || !OPTIONAL_MEMBERS.contains(&member.as_str()))
                .cloned()
                .collect();
            for property in object.properties.values_mut() {
                require_members("", property);
            }
            if let Some(values) = &mut object.additional_properties
                && let AdditionalProperties::RefOr(values) = values.as_mut()
            {
                require_members("", values);
            }
        }
        Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(|item| require_members(name, item)),
        Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(|item| require_members(name, item)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    /// The text that `openapi.json` holds.
    fn generated() -> String {
        openapi().to_pretty_json().expect("a document") + "\n"
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "reads a file of this repository")]
    fn the_committed_openapi_document_is_the_generated_one() {
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(COMMITTED, generated()).expect("written");
        }
        let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
        assert!(
            committed == generated(),
            "crates/api/openapi.json is out of date; UPDATE_OPENAPI=1 cargo test -p bartizan-api openapi writes it"
        );
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let text = generated();
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let references: BTreeSet<&str> =
            text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(references.len() > 40, "{}", references.len());
        for name in references {
            assert!(schemas.contains_key(name), "{name}");
        }
    }

    #[test]
    fn members_of_answers_are_required_unless_the_contract_calls_them_optional() {
        let document: serde_json::Value = serde_json::from_str(&generated()).expect("JSON");
        let required = |schema: &str| document["components"]["schemas"][schema]["required"].to_string();
        assert!(required("Traffic").contains("\"host\"") && required("Threat").contains("\"details\""));
        assert!(
            required("SecurityCheck").contains("\"message\"") && required("Compliance").contains("\"total\"")
        );
        assert!(!required("PageInfo").contains("total") && !required("ErrorBody").contains("details"));
        assert!(!required("CheckRequest").contains("host"));
    }
}
