//! The list of signals, kept as data in `signals.json`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use bartizan_model::{Action, ThreatClass};
use serde::Deserialize;

/// The list as shipped; a test reads it, so it always parses.
const SHIPPED: &str = include_str!("../../signals.json");

/// The list, ready to match.
pub(super) static CATALOGUE: LazyLock<Option<Catalogue>> = LazyLock::new(|| Catalogue::read(SHIPPED).ok());

/// What a pattern is looked for in; everything is decoded and in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Where {
    /// One whole segment of the path.
    Segment,
    /// The end of the path.
    Suffix,
    /// Anywhere in the path.
    Path,
    /// Anywhere in path and query.
    Target,
    /// The beginning of a parameter of the query.
    Query,
    /// Anywhere in the user agent.
    Agent,
}

/// One thing that is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signal {
    pub(super) name: String,
    #[serde(rename = "where")]
    pub(super) place: Where,
    patterns: Vec<String>,
    pub(super) class: ThreatClass,
    pub(super) action: Action,
    /// One sentence for people.
    pub(super) details: String,
    /// Only when the answer was that there is no such thing, or that it is not allowed.
    #[serde(default)]
    pub(super) missing: bool,
    /// Only when the parameter's value is a number, and no other parameter follows.
    #[serde(default)]
    pub(super) digits: bool,
}

/// All signals, with one automaton each for targets and agents.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) signals: Vec<Signal>,
    pub(super) targets: AhoCorasick,
    /// The signal of each pattern of `targets`.
    pub(super) target_owners: Vec<usize>,
    pub(super) agents: AhoCorasick,
    pub(super) agent_owners: Vec<usize>,
}

impl Catalogue {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let signals: Vec<Signal> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let patterns = |agents: bool| {
            let mut words: Vec<&str> = Vec::new();
            let mut owners = Vec::new();
            for (at, signal) in
                signals.iter().enumerate().filter(|(_, s)| (s.place == Where::Agent) == agents)
            {
                for pattern in &signal.patterns {
                    words.push(pattern);
                    owners.push(at);
                }
            }
            AhoCorasick::new(words).map(|automaton| (automaton, owners)).map_err(|error| error.to_string())
        };
        let (targets, target_owners) = patterns(false)?;
        let (agents, agent_owners) = patterns(true)?;
        Ok(Self { signals, targets, target_owners, agents, agent_owners })
    }
}
