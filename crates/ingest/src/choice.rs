//! The format that an operator names instead of having it detected.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::template::{Template, TemplateError};
use crate::{LogFormat, LogZone};

/// Other names of formats, as operators look for them.
const ALIASES: [(&str, LogFormat); 13] = [
    ("common", LogFormat::Combined),
    ("vhost_combined", LogFormat::Combined),
    ("traefik", LogFormat::Combined),
    ("nginx_json", LogFormat::Json),
    ("caddy", LogFormat::Json),
    ("traefik_json", LogFormat::Json),
    ("envoy_json", LogFormat::Json),
    ("haproxy_http", LogFormat::Haproxy),
    ("istio", LogFormat::Envoy),
    ("alb", LogFormat::AwsAlb),
    ("elb", LogFormat::AwsAlb),
    ("iis", LogFormat::W3c),
    ("modsecurity_json", LogFormat::ModSecurity),
];

/// A known format, or a template.
///
/// Parsed from a name of [`LogFormat`] (or another usual one, such as `iis`), from `nginx:` and the text of a
/// `log_format`, or from `apache:` and that of a `LogFormat`.
///
/// ```
/// use bartizan_ingest::FormatChoice;
///
/// let choice: FormatChoice = r#"nginx:$remote_addr [$time_iso8601] "$request" $status"#.parse()?;
/// assert!("nginx:[$time_local] $status".parse::<FormatChoice>().unwrap_err().to_string().contains("$request"));
/// # Ok::<(), bartizan_ingest::FormatError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatChoice {
    /// One that is known by name.
    Known(LogFormat),
    /// One in the server's own words.
    Template(Arc<Template>),
}

impl FormatChoice {
    /// The family that it belongs to.
    pub fn format(&self) -> LogFormat {
        match self {
            Self::Known(format) => *format,
            Self::Template(_) => LogFormat::Template,
        }
    }
}

impl FromStr for FormatChoice {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(format) = text.strip_prefix("nginx:") {
            return Ok(Self::Template(Arc::new(Template::nginx(format)?)));
        }
        if let Some(format) = text.strip_prefix("apache:") {
            return Ok(Self::Template(Arc::new(Template::apache(format)?)));
        }
        LogFormat::from_name(text)
            .filter(|format| *format != LogFormat::Template)
            .or_else(|| ALIASES.into_iter().find(|(alias, _)| *alias == text).map(|(_, format)| format))
            .map(Self::Known)
            .ok_or_else(|| FormatError::Unknown { given: text.chars().take(64).collect() })
    }
}

impl fmt::Display for FormatChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(format) => format.fmt(f),
            Self::Template(template) => template.fmt(f),
        }
    }
}

/// Text that names no format; the message says what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// No such name.
    #[error(
        "'{given}' is no log format; known are combined, json, haproxy, envoy, aws_alb, cloudfront, w3c and \
         modsecurity, or give the server's own: nginx:<log_format> or apache:<LogFormat>"
    )]
    Unknown {
        /// What was given, cut.
        given: String,
    },
    /// A template that cannot be read by.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// How the lines of a log are to be read; by default the format is detected and times without a zone are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineOptions {
    /// The format; `None` to find it in the lines.
    pub format: Option<FormatChoice>,
    /// The zone of times that do not name theirs.
    pub time_zone: LogZone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_alias_is_understood() {
        for format in LogFormat::ALL.into_iter().filter(|format| *format != LogFormat::Template) {
            assert_eq!(format.as_str().parse(), Ok(FormatChoice::Known(format)));
        }
        for (alias, format) in ALIASES {
            assert_eq!(alias.parse(), Ok(FormatChoice::Known(format)));
        }
        let given = r#"apache:%h %l %u %t "%r" %>s %b"#;
        let choice: FormatChoice = given.parse().expect("a template");
        assert_eq!((choice.format(), choice.to_string().as_str()), (LogFormat::Template, given));
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_names() {
        for text in ["", "template", "squid", "Combined"] {
            let error = text.parse::<FormatChoice>().expect_err("is refused").to_string();
            assert!(error.contains("haproxy") && error.contains("nginx:<log_format>"), "{error}");
        }
    }
}
