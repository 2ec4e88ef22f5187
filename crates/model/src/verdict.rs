//! What the detectors saw in a request, and what policy decided about it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Severity, ThreatClass, UnknownName};

/// A calibrated probability that a request is an attack: finite, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnomalyScore(f64);

impl AnomalyScore {
    /// The score, clamped into 0..=1; what is not a number counts as 0.
    pub fn new(value: f64) -> Self {
        Self(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Whether verdicts are only recorded or also carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Judge and record; refuse nothing.
    #[default]
    Monitor,
    /// Refuse what is judged worth stopping, where requests are held inline.
    Block,
}

impl Mode {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::Block => "block",
        }
    }
}

/// What policy decided about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing to remark.
    Allow,
    /// Suspicious: recorded as a threat, let through.
    Flag,
    /// Judged worth stopping.
    Block,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Flag, Self::Block];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Flag => "flag",
            Self::Block => "block",
        }
    }
}

impl FromStr for Action {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|action| action.as_str() == name)
            .ok_or_else(|| UnknownName { what: "action", given: name.to_owned() })
    }
}

/// What settled the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The trained model's score.
    Model,
    /// Counters over many requests.
    Behaviour,
    /// A signal of the curated list, or an operator's rule.
    Rule,
    /// A list of addresses.
    List,
    /// An operator's exception.
    Exception,
    /// Judging failed, and the request was let pass.
    Failure,
}

impl DecidedBy {
    /// Every value.
    pub const ALL: [Self; 6] =
        [Self::Model, Self::Behaviour, Self::Rule, Self::List, Self::Exception, Self::Failure];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Behaviour => "behaviour",
            Self::Rule => "rule",
            Self::List => "list",
            Self::Exception => "exception",
            Self::Failure => "failure",
        }
    }
}

impl FromStr for DecidedBy {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|decided| decided.as_str() == name)
            .ok_or_else(|| UnknownName { what: "decider", given: name.to_owned() })
    }
}

/// Where in a request a field stands (API.md 4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
    Form,
    Json,
    Multipart,
    Xml,
    Graphql,
    Body,
    Behaviour,
}

impl Location {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Form => "form",
            Self::Json => "json",
            Self::Multipart => "multipart",
            Self::Xml => "xml",
            Self::Graphql => "graphql",
            Self::Body => "body",
            Self::Behaviour => "behaviour",
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One inspected field, as shown to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessedField {
    /// Where it stands.
    pub location: Location,
    /// Parameter, header or pointer; null for a path.
    pub name: Option<String>,
    /// The raw value, cut to 1,024 characters that include every explained span.
    pub value: String,
    /// Whether it was cut.
    pub truncated: bool,
    /// The score of this field alone.
    pub score: AnomalyScore,
    /// The most likely class, when the field is not plainly benign.
    pub class: Option<ThreatClass>,
}

/// One span that carried the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where the field stands.
    pub location: Location,
    /// Parameter, header or pointer; the counter for [`Location::Behaviour`].
    pub name: Option<String>,
    /// Half-open range in the field's `value` as sent, in UTF-16 code units.
    pub start: usize,
    /// End of that range.
    pub end: usize,
    /// The span as the model read it, decoded.
    pub text: String,
    /// Share of the verdict, −1 to 1; negative speaks for benign.
    pub weight: f64,
    /// The raw spelling of the span where it differs from `text`.
    pub decoded_from: Option<String>,
}

/// What the detectors saw in one request; policy makes a [`Verdict`] of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assessment {
    /// The model's probability for the worst field; `None` when no model judged.
    pub score: Option<AnomalyScore>,
    /// Most likely class given that it is an attack.
    pub class: Option<ThreatClass>,
    /// Score per class, those of 0.01 and above, highest first.
    pub scores: Vec<(ThreatClass, f64)>,
    /// Inspected fields, worst first, at most 20.
    pub fields: Vec<AssessedField>,
    /// The spans that carried the score, heaviest first, at most 16.
    pub explanation: Vec<Evidence>,
    /// The field that decided, decoded, cut to 100 characters and `…`.
    pub payload: Option<String>,
    /// One sentence on what was seen.
    pub details: Option<String>,
    /// What a curated signal or a counter found, if any: it is never mixed into the model's score.
    pub findings: Vec<Finding>,
    /// Version of the model that judged.
    pub model: Option<Arc<str>>,
}

/// What something other than the model found: a curated signal or a counter over many requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// `Rule` for a signal, `Behaviour` for a counter.
    pub by: DecidedBy,
    /// Its class.
    pub class: ThreatClass,
    /// What it asks policy for.
    pub action: Action,
    /// One sentence for people.
    pub details: String,
    /// The spans or the counter that show it.
    pub evidence: Vec<Evidence>,
}

/// What policy decided about one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Allow, flag or block.
    pub action: Action,
    /// Whether the request was really refused (chapter 3 of API.md).
    pub enforced: bool,
    /// Null exactly when `action` is [`Action::Allow`].
    pub class: Option<ThreatClass>,
    /// Null exactly when `action` is [`Action::Allow`].
    pub severity: Option<Severity>,
    /// The model's score; null when the model did not judge.
    pub score: Option<AnomalyScore>,
    /// What settled it.
    pub decided_by: DecidedBy,
    /// The field that decided, decoded and cut.
    pub payload: Option<String>,
    /// One sentence on what was seen.
    pub details: Option<String>,
}

impl Verdict {
    /// The verdict of a request in which nothing was found.
    pub fn allow(score: Option<AnomalyScore>) -> Self {
        Self {
            action: Action::Allow,
            enforced: false,
            class: None,
            severity: None,
            score,
            decided_by: DecidedBy::Model,
            payload: None,
            details: None,
        }
    }
}
