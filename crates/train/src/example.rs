//! What the models learn from: values taken apart into canonical texts, with a label.

use bartizan_detect::{Flags, Leaf, Token, Tracking, Wrapping, leaves, marks, tokens};
use bartizan_model::ThreatClass;

/// One canonical text and its tokens.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) bytes: Box<[u8]>,
    /// Its tokens, and behind them those of its marks: what the network reads.
    pub(crate) marked: Box<[Token]>,
    pub(crate) flags: Flags,
}

/// One value: all the texts that it holds. It is as bad as its worst text, and that one is learnt from.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) truth: Truth,
    pub(crate) weight: f32,
    /// Which part of cross-fitting it belongs to: a kind or a source is never on both sides.
    pub(crate) fold: usize,
    /// Whether it is an attack of one of the broad kinds, see [`Grammar::broad_kinds`](crate::grammar::Grammar).
    pub(crate) is_broad: bool,
    /// What it is one of, such as `text/search`: false alarms are counted by kind.
    pub(crate) kind: u16,
}

/// What a value is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Benign,
    /// An attack, of a class where the source names one.
    Attack(Option<ThreatClass>),
}

impl Truth {
    pub(crate) fn is_attack(self) -> bool {
        self != Self::Benign
    }

    pub(crate) fn class(self) -> Option<ThreatClass> {
        match self {
            Self::Benign => None,
            Self::Attack(class) => class,
        }
    }
}

/// Bytes of a canonical text that are kept; a longer one is cut.
const MAX_BYTES: usize = 768;
/// Parts of cross-fitting.
pub(crate) const FOLDS: usize = 4;

impl Example {
    /// The example of one raw value; `None` when nothing of it is judged.
    pub(crate) fn of_value(raw: &[u8], wrapping: Wrapping, truth: Truth, weight: f32) -> Option<Self> {
        let mut found = leaves(raw, wrapping, Tracking::Off);
        // The wrapping around a payload is no attack by itself.
        if truth.is_attack() && found.iter().any(|leaf| leaf.flags.has(Flags::WRAPPED)) {
            found.retain(|leaf| leaf.flags.has(Flags::WRAPPED));
        }
        let pieces: Vec<Piece> = found
            .into_iter()
            .filter(|leaf| !leaf.text.is_empty())
            .map(|leaf| Piece::of_leaf(&leaf))
            .collect();
        (!pieces.is_empty()).then_some(Self { pieces, truth, weight, fold: 0, kind: 0, is_broad: false })
    }

    /// Puts the example into the part and the kind it belongs to.
    pub(crate) fn belonging(mut self, kind: u16, fold: usize) -> Self {
        self.kind = kind;
        self.fold = fold % FOLDS;
        self
    }
}

impl Piece {
    fn of_leaf(leaf: &Leaf) -> Self {
        let bytes = leaf.text.bytes();
        let bytes: Box<[u8]> = bytes.get(..bytes.len().min(MAX_BYTES)).unwrap_or_default().into();
        let marked = tokens(&bytes).into_iter().chain(marks(leaf.flags, bytes.len())).collect();
        Self { marked, bytes, flags: leaf.flags }
    }

    /// Its tokens without those of its marks, which the linear model knows as they are.
    pub(crate) fn tokens(&self) -> &[Token] {
        let count = self.marked.len() - self.flags.indices().count();
        self.marked.get(..count).unwrap_or_default()
    }
}

/// A number that depends on the letters of a text alone: copies with other numbers fall into the same part.
pub(crate) fn content_hash(bytes: &[u8]) -> usize {
    let hash = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash >> 7) as usize
}

/// The class of the product for a class name of the data schema.
pub(crate) fn threat_class(name: &str) -> Option<ThreatClass> {
    Some(match name {
        "sqli" => ThreatClass::SqlInjection,
        "xss" => ThreatClass::Xss,
        "traversal" => ThreatClass::PathTraversal,
        "cmdi" => ThreatClass::CommandInjection,
        "rce" => ThreatClass::CodeInjection,
        "ssrf" => ThreatClass::Ssrf,
        "xxe" => ThreatClass::Xxe,
        "ssti" => ThreatClass::TemplateInjection,
        "nosql" => ThreatClass::Nosql,
        "ldap" => ThreatClass::LdapXpath,
        "crlf" => ThreatClass::HeaderInjection,
        "log4j" => ThreatClass::ExpressionInjection,
        "rfi" => ThreatClass::FileInclusion,
        _ => return None,
    })
}
