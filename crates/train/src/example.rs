//! What the model learns from: canonical texts with a label.

use bartizan_detect::{Flags, Wrapping, leaves};
use bartizan_model::ThreatClass;

/// One canonical text.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) bytes: Vec<u8>,
    pub(crate) flags: Flags,
    pub(crate) truth: Truth,
    pub(crate) weight: f32,
    /// Kept out of the weights: calibration, thresholds and the card's own figures.
    pub(crate) held_out: bool,
}

/// What a text is known to be.
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

impl Example {
    /// The examples of one raw value: the value itself, or for an attack what it wraps too, since only one of the
    /// texts has to carry the attack.
    pub(crate) fn of_value(raw: &[u8], wrapping: Wrapping, truth: Truth, weight: f32) -> Vec<Self> {
        let mut found = leaves(raw, wrapping);
        if truth.is_attack() && found.len() > 1 {
            // The wrapping around a payload is no attack by itself.
            found.remove(0);
        }
        found
            .into_iter()
            .filter(|leaf| !leaf.text.is_empty())
            .map(|leaf| {
                let bytes = leaf.text.bytes();
                let bytes = bytes.get(..bytes.len().min(MAX_BYTES)).unwrap_or_default().to_vec();
                Self { held_out: is_held_out(&bytes), bytes, flags: leaf.flags, truth, weight }
            })
            .collect()
    }
}

/// One text in ten, by its content: copies of a text never stand on both sides.
fn is_held_out(bytes: &[u8]) -> bool {
    let hash = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash >> 7) % 10 == 0
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
