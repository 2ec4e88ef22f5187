//! The list of signals, kept as data in `signals/*.json`, one file per theme.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;
use bartizan_model::{Action, ThreatClass};
use serde::Deserialize;

/// The list as shipped; a test reads it, so it always parses.
const SHIPPED: [&str; 9] = [
    include_str!("../../signals/files.json"),
    include_str!("../../signals/agents.json"),
    include_str!("../../signals/devices.json"),
    include_str!("../../signals/gateways.json"),
    include_str!("../../signals/platforms.json"),
    include_str!("../../signals/cms.json"),
    include_str!("../../signals/probes.json"),
    include_str!("../../signals/lookups.json"),
    include_str!("../../signals/protocol.json"),
];

/// The list, ready to match.
pub(super) static CATALOGUE: LazyLock<Option<Catalogue>> =
    LazyLock::new(|| Catalogue::new(&shipped().ok()?).ok());

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
    /// The beginning of the path, whatever number of slashes it begins with.
    Root,
    /// Beginning in the path, and going on into the query.
    Target,
    /// Anywhere in path and query.
    Anywhere,
    /// The beginning of a parameter of the query.
    Query,
    /// Anywhere in the user agent.
    Agent,
    /// Anywhere in the value of the header that `header` names.
    Header,
    /// The whole name of a header.
    HeaderName,
}

/// The patterns of a signal: a list, or one list for each product and hole, of which a finding names the one it met.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Patterns {
    Plain(Vec<String>),
    Known(BTreeMap<String, Vec<String>>),
}

/// One thing that is known. A class that is not given is [`ThreatClass::Scanner`], an action [`Action::Flag`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signal {
    pub(super) name: String,
    #[serde(rename = "where")]
    pub(super) place: Where,
    /// The lower-case name of the header, for [`Where::Header`].
    pub(super) header: Option<String>,
    /// In lower case and in Latin-1: each character is one byte.
    patterns: Patterns,
    #[serde(default = "scanner")]
    pub(super) class: ThreatClass,
    #[serde(default = "flag")]
    pub(super) action: Action,
    /// One sentence for people.
    pub(super) details: String,
    /// Only when the answer was that there is no such thing, or that it is not allowed.
    #[serde(default)]
    pub(super) missing: bool,
    /// Only when the parameter's value is a number, and no other parameter follows.
    #[serde(default)]
    pub(super) digits: bool,
    /// Only with one of these methods; with any when there are none.
    #[serde(default)]
    pub(super) methods: Vec<String>,
    /// Only when one of these stands in the target as well; always when there are none.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// Only when one of these stands in the path as well; always when there are none.
    #[serde(default)]
    pub(super) within: Vec<String>,
    /// Not when one of these stands in the target.
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// Not where the path shows that a file is looked at on a code host, where every name is an honest one.
    #[serde(default)]
    pub(super) outside_code_hosts: bool,
}

fn scanner() -> ThreatClass {
    ThreatClass::Scanner
}

fn flag() -> Action {
    Action::Flag
}

impl Signal {
    /// The header that is searched for it.
    fn searched_header(&self) -> Option<&str> {
        match self.place {
            Where::Agent => Some("user-agent"),
            Where::Header => self.header.as_deref(),
            _ => None,
        }
    }
}

/// A pattern's meaning.
#[derive(Debug, Clone)]
pub(super) struct Sign {
    pub(super) signal: Arc<Signal>,
    /// Its signal's place in the list.
    pub(super) number: usize,
    /// Product and hole, where the signal knows several.
    known: Option<Arc<str>>,
}

impl Sign {
    /// What people are told.
    pub(super) fn sentence(&self) -> String {
        let Signal { details, name, .. } = self.signal.as_ref();
        match &self.known {
            Some(known) => format!("{details}: {known} ({name})"),
            None => format!("{details} ({name})"),
        }
    }

    /// Whether it is looked for in the values of that header.
    pub(super) fn is_of_header(&self, name: &str) -> bool {
        self.signal.searched_header() == Some(name)
    }
}

/// Many patterns as one automaton.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
    /// The meaning of each pattern.
    signs: Vec<Sign>,
}

impl Matcher {
    fn new(patterns: Vec<(Vec<u8>, Sign)>) -> Result<Self, String> {
        let (words, signs): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        let automaton = AhoCorasick::new(words).map_err(|error| error.to_string())?;
        Ok(Self { automaton, signs })
    }

    /// All patterns found in bytes of lower case, and where.
    pub(super) fn hits<'a>(&'a self, lower: &'a [u8]) -> impl Iterator<Item = (&'a Sign, Range<usize>)> + 'a {
        self.automaton
            .find_overlapping_iter(lower)
            .filter_map(|hit| Some((self.signs.get(hit.pattern().as_usize())?, hit.range())))
    }
}

/// What a header is good for.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Whether its value is searched.
    pub(super) is_searched: bool,
    /// What its mere presence means.
    pub(super) presence: Option<Sign>,
}

/// All signals, with one automaton each for targets and headers.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) targets: Matcher,
    pub(super) headers: Matcher,
    /// The headers that matter, by their lower-case names.
    pub(super) watched: HashMap<String, Watch>,
}

impl Catalogue {
    fn new(signals: &[Arc<Signal>]) -> Result<Self, String> {
        let mut targets = Vec::new();
        let mut headers = Vec::new();
        let mut watched: HashMap<String, Watch> = HashMap::new();
        for (pattern, sign) in signs(signals) {
            let place = sign.signal.place;
            if let Some(header) = sign.signal.searched_header() {
                watched.entry(header.to_owned()).or_default().is_searched = true;
                headers.push((latin1(&pattern)?, sign));
            } else if place == Where::HeaderName {
                watched.entry(pattern).or_default().presence = Some(sign);
            } else {
                targets.push((latin1(&pattern)?, sign));
            }
        }
        Ok(Self { targets: Matcher::new(targets)?, headers: Matcher::new(headers)?, watched })
    }
}

/// The signals as shipped.
pub(super) fn shipped() -> Result<Vec<Arc<Signal>>, String> {
    let mut signals = Vec::new();
    for text in SHIPPED {
        let read: Vec<Signal> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        signals.extend(read.into_iter().map(Arc::new));
    }
    Ok(signals)
}

/// Every pattern with its meaning.
pub(super) fn signs(signals: &[Arc<Signal>]) -> Vec<(String, Sign)> {
    let mut all = Vec::new();
    for (number, signal) in signals.iter().enumerate() {
        let mut add = |patterns: &[String], known: Option<Arc<str>>| {
            for pattern in patterns {
                let sign = Sign { signal: Arc::clone(signal), number, known: known.clone() };
                all.push((pattern.clone(), sign));
            }
        };
        match &signal.patterns {
            Patterns::Plain(patterns) => add(patterns, None),
            Patterns::Known(holes) => {
                for (known, patterns) in holes {
                    add(patterns, Some(known.as_str().into()));
                }
            }
        }
    }
    all
}

fn latin1(pattern: &str) -> Result<Vec<u8>, String> {
    if pattern.is_empty() {
        return Err("an empty pattern would be found everywhere".to_owned());
    }
    pattern.chars().map(|c| u8::try_from(c).map_err(|_| format!("{pattern} is not Latin-1"))).collect()
}
