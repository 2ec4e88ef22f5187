//! The formats that are known by name.

use std::fmt;

/// A family of line formats. A file is expected to keep to one, but where none is given each line is read by its own
/// looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// The common log format and what extends it: combined, with a virtual host, with more fields, behind syslog; the
    /// common format of Traefik.
    Combined,
    /// One JSON object per line, as nginx, Caddy, Traefik and Envoy write it.
    Json,
    /// HAProxy's `option httplog`.
    Haproxy,
    /// Envoy's default text format, and Istio's.
    Envoy,
    /// AWS load balancers.
    AwsAlb,
    /// AWS CloudFront.
    CloudFront,
    /// The W3C extended format with `#Fields` directives, as IIS writes it.
    W3c,
    /// ModSecurity's JSON audit log.
    ModSecurity,
    /// A template in the syntax of nginx or Apache.
    Template,
}

impl LogFormat {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::Combined,
        Self::Json,
        Self::Haproxy,
        Self::Envoy,
        Self::AwsAlb,
        Self::CloudFront,
        Self::W3c,
        Self::ModSecurity,
        Self::Template,
    ];

    /// The stable name, as kept in checkpoints and given in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Combined => "combined",
            Self::Json => "json",
            Self::Haproxy => "haproxy",
            Self::Envoy => "envoy",
            Self::AwsAlb => "aws_alb",
            Self::CloudFront => "cloudfront",
            Self::W3c => "w3c",
            Self::ModSecurity => "modsecurity",
            Self::Template => "template",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Combined => "common or combined log format",
            Self::Json => "JSON",
            Self::Haproxy => "HAProxy HTTP",
            Self::Envoy => "Envoy text",
            Self::AwsAlb => "AWS load balancer",
            Self::CloudFront => "AWS CloudFront",
            Self::W3c => "W3C extended",
            Self::ModSecurity => "ModSecurity JSON audit log",
            Self::Template => "the given log format",
        }
    }

    /// The format of that stable name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Whether a `#Fields` directive says what the lines mean.
    pub(crate) fn has_directives(self) -> bool {
        matches!(self, Self::W3c | Self::CloudFront)
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
