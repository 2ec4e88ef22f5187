//! Canonical bytes to what the models read: hashed n-grams of bytes and of tokens, and the tokens themselves.
//!
//! A feature belongs to the position at which it starts, so the evidence of a window is a difference of running
//! sums: any number of windows costs one pass.

mod lexer;

use lexer::tokens_around;
pub use lexer::{EDGE, Token, kinds, marks, tokens};
pub(crate) use lexer::{is_calm, tokens_into};

use std::ops::Range;

use crate::canonical::Flags;
use crate::manifest::FeatureShape;

/// Version of everything that decides on which feature is which: canonicaliser, lexer, vocabulary, hash.
pub const REVISION: u32 = 9;
/// Buckets of byte n-grams: 2^16 lose little (study in the design documents) and stay in the second-level cache.
pub const GRAM_BITS: u32 = 16;
/// Buckets of token n-grams.
pub const TOKEN_BITS: u32 = 15;
/// Buckets per class head.
pub const HEAD_BITS: u32 = 14;
/// Longest byte n-gram.
const MAX_GRAM: usize = 4;
/// Longest token n-gram.
const MAX_TOKENS: usize = 4;
/// What stands before the first and after the last byte of a value.
const EDGE_BYTE: u8 = 0x03;

/// The shape that this build computes.
pub fn shape() -> FeatureShape {
    FeatureShape {
        revision: REVISION,
        gram_bits: GRAM_BITS,
        token_bits: TOKEN_BITS,
        head_bits: HEAD_BITS,
        token_kinds: u32::try_from(kinds()).unwrap_or(u32::MAX),
    }
}

/// Number of all features: byte n-grams, then token n-grams, then flags.
pub fn table_len() -> usize {
    flag_base() + Flags::COUNT
}

/// First index of the flags.
pub fn flag_base() -> usize {
    (1 << GRAM_BITS) + (1 << TOKEN_BITS)
}

/// Calls `visit(position, index)` for every n-gram of a text and its tokens; `position` is that of a canonical byte.
pub fn visit_features(bytes: &[u8], tokens: &[Token], mut visit: impl FnMut(usize, usize)) {
    visit_grams(bytes, &mut visit);
    visit_tokens(tokens, &mut visit);
}

/// What [`visit_features`] visits inside a range of positions, at the cost of the range.
pub(crate) fn visit_features_within(bytes: &[u8], range: Range<usize>, mut visit: impl FnMut(usize)) {
    // One byte before, so that the edge is none of the range's; as many after as the last n-gram needs.
    let start = range.start.saturating_sub(1);
    let inside = bytes.get(start..bytes.len().min(range.end + MAX_GRAM - 1)).unwrap_or_default();
    visit_grams(inside, &mut |position, index| {
        if range.contains(&(start + position)) {
            visit(index);
        }
    });
    let tokens = tokens_around(bytes, range.clone(), MAX_TOKENS - 1);
    visit_tokens_within(&tokens, range, |_, index| visit(index));
}

/// Calls `visit(index)` for every mark.
pub fn visit_flags(flags: Flags, mut visit: impl FnMut(usize)) {
    for flag in flags.indices() {
        visit(flag_base() + flag);
    }
}

/// Byte n-grams of length 1 to 4, those that reach over an edge of the value included.
fn visit_grams(bytes: &[u8], visit: &mut impl FnMut(usize, usize)) {
    visit_head(bytes, visit);
    for (at, four) in bytes.windows(4).enumerate() {
        let [a, b, c, d] = *four else { break };
        let all = u32::from_le_bytes([a, b, c, d]);
        visit(at, gram(all & 0xff, 1));
        visit(at, gram(all & 0xffff, 2));
        visit(at, gram(all & 0xff_ffff, 3));
        visit(at, gram(all, 4));
    }
    visit_tail(bytes, bytes.len().saturating_sub(3), visit);
}

/// n-grams that begin at the edge before the value count for its first byte.
fn visit_head(bytes: &[u8], visit: &mut impl FnMut(usize, usize)) {
    if bytes.is_empty() {
        return;
    }
    let mut all = u32::from(EDGE_BYTE);
    for at in 0..3 {
        all |= u32::from(bytes.get(at).copied().unwrap_or(EDGE_BYTE)) << (8 * (at + 1));
        visit(0, gram(all, at + 2));
    }
}

/// The last three bytes: what would reach beyond the end meets the edge instead.
fn visit_tail(bytes: &[u8], from: usize, visit: &mut impl FnMut(usize, usize)) {
    for at in from..bytes.len() {
        let mut all = 0;
        for offset in 0..4 {
            let byte = bytes.get(at + offset).copied();
            all |= u32::from(byte.unwrap_or(EDGE_BYTE)) << (8 * offset);
            visit(at, gram(all, offset + 1));
            if byte.is_none() {
                break;
            }
        }
    }
}

/// Adds the weight of every byte n-gram that begins in a range to the sum of its position, the first of which is that of
/// the range's start; what [`visit_features`] gives, without its calls.
pub(crate) fn add_grams(weights: &[f32], bytes: &[u8], range: Range<usize>, sums: &mut [f64]) {
    let Some(Ok(weights)) = weights.get(..1 << GRAM_BITS).map(<&[f32; 1 << GRAM_BITS]>::try_from) else {
        return;
    };
    let sums = sums.get_mut(..range.len()).unwrap_or_default();
    for (four, sum) in bytes.get(range.start..).unwrap_or_default().windows(4).zip(sums.iter_mut()) {
        let [a, b, c, d] = *four else { break };
        let all = u32::from_le_bytes([a, b, c, d]);
        let low = weights[gram(all & 0xff, 1)] + weights[gram(all & 0xffff, 2)];
        *sum += f64::from(low + (weights[gram(all & 0xff_ffff, 3)] + weights[gram(all, 4)]));
    }
    let mut add = |position: usize, index: usize| {
        let sum = position.checked_sub(range.start).and_then(|at| sums.get_mut(at));
        if let (Some(sum), Some(weight)) = (sum, weights.get(index)) {
            *sum += f64::from(*weight);
        }
    };
    if range.start == 0 {
        visit_head(bytes, &mut add);
    }
    visit_tail(bytes, bytes.len().saturating_sub(3).max(range.start), &mut add);
}

/// What [`visit_tokens`] visits at positions inside a range.
pub(crate) fn visit_tokens_within(
    tokens: &[Token],
    range: Range<usize>,
    mut visit: impl FnMut(usize, usize),
) {
    let token_at = |position: usize| tokens.partition_point(|token| (token.start as usize) < position);
    let first = token_at(range.start).saturating_sub(MAX_TOKENS - 1);
    visit_tokens(tokens.get(first..token_at(range.end)).unwrap_or_default(), &mut |position, index| {
        if position >= range.start {
            visit(position, index);
        }
    });
}

/// Token n-grams of length 1 to 4; a single token counts only when it is a word, for symbols are byte n-grams.
fn visit_tokens(tokens: &[Token], visit: &mut impl FnMut(usize, usize)) {
    let mut recent = [u32::from(EDGE); MAX_TOKENS];
    for token in tokens {
        recent = [u32::from(token.kind), recent[0], recent[1], recent[2]];
        let mut hash = 0x5bd1_e995;
        for (length, kind) in recent.into_iter().enumerate() {
            hash = (hash ^ kind).wrapping_mul(MULTIPLIER).rotate_left(13);
            if length > 0 || token.is_word() {
                let bucket = hash.wrapping_mul(MULTIPLIER) >> (32 - TOKEN_BITS);
                visit(token.start as usize, (1 << GRAM_BITS) + bucket as usize);
            }
        }
    }
}

/// A large odd constant: 2^32 divided by the golden ratio (Knuth, multiplicative hashing).
const MULTIPLIER: u32 = 0x9e37_79b1;
/// Odd constants that keep n-grams of different lengths apart.
const LENGTHS: [u32; 5] = [0, 0x85eb_ca6b, 0xc2b2_ae35, 0x27d4_eb2f, MULTIPLIER];

#[inline]
fn gram(bytes: u32, length: usize) -> usize {
    let mixed = (bytes ^ bytes >> 15).wrapping_mul(LENGTHS[length]);
    ((mixed ^ mixed >> 13).wrapping_mul(MULTIPLIER) >> (32 - GRAM_BITS)) as usize
}

/// The bucket of a feature in a class head.
pub(crate) fn head_bucket(index: usize) -> usize {
    index & ((1 << HEAD_BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_has_the_features_that_the_whole_has_there(
            text in "([a-z0-9_ \u{2}'=<(]{0,30}[a-z0-9]{0,100}){0,3}",
            start in 0..400_usize,
            len in 0..200_usize,
        ) {
            let bytes = text.as_bytes();
            let range = start.min(bytes.len())..(start + len).min(bytes.len());
            let tokens = tokens(bytes);
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            visit_features(bytes, &tokens, |position, index| {
                if range.contains(&position) {
                    expected.push(index);
                }
            });
            visit_features_within(bytes, range, |index| found.push(index));
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_text_has_its_grams_and_those_over_its_edges() {
        let mut count = 0;
        visit_features(b"abcde", &[], |position, index| {
            assert!(position < 5 && index < 1 << GRAM_BITS);
            count += 1;
        });
        // Three over the front edge, four at each of two positions, then 4, 3 and 2 that meet the end.
        assert_eq!(count, 3 + 8 + 4 + 3 + 2);
        visit_features(b"", &[], |_, _| unreachable!("nothing has no features"));
    }
}
