//! The most frequent values of a bucket, in bounded space.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::delta::ValueCounts;
use crate::text::cut;

/// Most values that are kept of one bucket.
const MOST_VALUES: usize = 200;

/// Of these, places for the values with most threats, which would be lost among busy ones.
const MOST_THREATS: usize = 50;

/// Longest value that is kept, in characters.
const MAX_VALUE_CHARS: usize = 256;

/// Counts of the values that were seen most.
///
/// Exact while a bucket has at most 200 values. Beyond, the rarest are dropped after every batch, as in lossy counting
/// (Manku and Motwani 2002): a value that is always among the most frequent stays exact, one that was dropped and came
/// back is counted from then on, too low but never too high.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Heavy(HashMap<String, ValueCounts>);

/// The stored form of one value: text, requests, of these blocked, of these blocked or flagged.
#[derive(Serialize, Deserialize)]
struct Kept(String, u64, u64, u64);

impl Heavy {
    /// Adds the counts of a value.
    pub(crate) fn add(&mut self, value: &str, counts: ValueCounts) {
        self.0.entry(shortened(value)).or_default().merge(counts);
    }

    /// Adds another bucket's counts.
    pub(crate) fn merge(&mut self, other: Self) {
        for (value, counts) in other.0 {
            self.0.entry(value).or_default().merge(counts);
        }
    }

    /// Drops the rarest values.
    pub(crate) fn trim(&mut self) {
        if self.0.len() <= MOST_VALUES {
            return;
        }
        let mut values: Vec<_> = self.0.drain().collect();
        // Of values that are equally frequent the same ones stay, whatever their order was.
        values.sort_unstable_by(|a, b| b.1.threats.cmp(&a.1.threats).then_with(|| a.0.cmp(&b.0)));
        let threats = values.iter().take(MOST_THREATS).filter(|(_, counts)| counts.threats > 0).count();
        let rest = values.split_off(threats);
        self.0.extend(values);
        let mut rest = rest;
        rest.sort_unstable_by(|a, b| b.1.requests.cmp(&a.1.requests).then_with(|| a.0.cmp(&b.0)));
        rest.truncate(MOST_VALUES - threats);
        self.0.extend(rest);
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = (String, ValueCounts)> {
        self.0.into_iter()
    }

    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let kept = self
            .0
            .iter()
            .map(|(value, counts)| Kept(value.clone(), counts.requests, counts.blocked, counts.threats));
        serde_json::to_vec(&kept.collect::<Vec<_>>())
    }

    /// Reads what [`Heavy::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let kept: Vec<Kept> = serde_json::from_slice(bytes)?;
        let counts = kept.into_iter().map(|Kept(value, requests, blocked, threats)| {
            (value, ValueCounts { requests, blocked, threats })
        });
        Ok(Self(counts.collect()))
    }
}

/// The value, or its head and `…`.
fn shortened(value: &str) -> String {
    let head = cut(value, MAX_VALUE_CHARS);
    if head.len() < value.len() { head + "…" } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(requests: u64, threats: u64) -> ValueCounts {
        ValueCounts { requests, blocked: 0, threats }
    }

    #[test]
    fn what_is_frequent_stays_exact_among_values_without_end() {
        let mut heavy = Heavy::default();
        for batch in 0..100 {
            for n in 0..1_000 {
                heavy.add(&format!("/rare/{batch}/{n}"), counts(1, 0));
            }
            for n in 0..100 {
                heavy.add(&format!("/busy/{n}"), counts(2, 0));
            }
            heavy.add("/attacked", counts(1, 1));
            heavy.trim();
            let bytes = heavy.to_bytes().expect("JSON");
            assert_eq!(Heavy::from_bytes(&bytes).expect("just written"), heavy);
        }
        let values: HashMap<_, _> = heavy.into_values().collect();
        assert_eq!(values.len(), MOST_VALUES);
        assert_eq!(values["/attacked"], counts(100, 100));
        assert!((0..100).all(|n| values[&format!("/busy/{n}")] == counts(200, 0)));
    }

    #[test]
    fn damaged_counts_are_refused() {
        for bytes in ["", "{}", "[[1]]", "[[\"a\",-1,0,0]]"] {
            assert!(Heavy::from_bytes(bytes.as_bytes()).is_err(), "{bytes}");
        }
    }
}
