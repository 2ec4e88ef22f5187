//! Canonical bytes to hashed features, position by position.
//!
//! A feature belongs to the position at which it starts, so the evidence of a window is a difference of running
//! sums: any number of windows costs one pass.

mod lexer;

pub use lexer::{Token, tokens};

use crate::canonical::Flags;
use crate::manifest::FeatureShape;

/// Version of everything that decides on which feature is which: canonicaliser, lexer, hash.
pub const REVISION: u32 = 1;
/// Buckets of byte n-grams: 2^16 lose little (study in the design documents).
pub const GRAM_BITS: u32 = 17;
/// Buckets of token n-grams.
pub const TOKEN_BITS: u32 = 16;
/// Buckets per class head.
pub const HEAD_BITS: u32 = 15;
/// Longest byte n-gram.
const MAX_GRAM: usize = 4;
/// Longest token n-gram.
const MAX_TOKENS: usize = 4;
/// What stands before the first and after the last byte of a value.
const EDGE: u8 = 0x03;

/// The shape that this build computes.
pub fn shape() -> FeatureShape {
    FeatureShape { revision: REVISION, gram_bits: GRAM_BITS, token_bits: TOKEN_BITS, head_bits: HEAD_BITS }
}

/// Number of all features: byte n-grams, then token n-grams, then flags.
pub fn table_len() -> usize {
    (1 << GRAM_BITS) + (1 << TOKEN_BITS) + Flags::COUNT
}

/// First index of the flags.
pub fn flag_base() -> usize {
    (1 << GRAM_BITS) + (1 << TOKEN_BITS)
}

/// Calls `visit(position, index)` for every feature of a text; `position` is that of a canonical byte.
pub fn visit_features(bytes: &[u8], mut visit: impl FnMut(usize, usize)) {
    visit_grams(bytes, &mut visit);
    visit_tokens(bytes, &mut visit);
}

/// Calls `visit(index)` for every mark.
pub fn visit_flags(flags: Flags, mut visit: impl FnMut(usize)) {
    for flag in flags.indices() {
        visit(flag_base() + flag);
    }
}

fn visit_grams(bytes: &[u8], visit: &mut impl FnMut(usize, usize)) {
    if bytes.is_empty() {
        return;
    }
    let last = bytes.len() - 1;
    // n-grams that begin at the edge before the value count for its first byte.
    let mut hash = step(SEED, EDGE);
    for byte in bytes.iter().take(MAX_GRAM - 1) {
        hash = step(hash, *byte);
        visit(0, bucket(hash, GRAM_BITS));
    }
    for at in 0..bytes.len() {
        let mut hash = SEED;
        for offset in 0..MAX_GRAM {
            let byte = bytes.get(at + offset).copied();
            hash = step(hash, byte.unwrap_or(EDGE));
            visit(at.min(last), bucket(hash, GRAM_BITS));
            if byte.is_none() {
                break;
            }
        }
    }
}

fn visit_tokens(bytes: &[u8], visit: &mut impl FnMut(usize, usize)) {
    // The last MAX_TOKENS tokens, oldest first: a position and a code each.
    let mut recent = [(0_usize, EDGE_TOKEN); MAX_TOKENS];
    for token in tokens(bytes) {
        recent.rotate_left(1);
        if let Some(last) = recent.last_mut() {
            *last = (token.start, token.code);
        }
        let mut hash = SEED ^ 0x5bd1_e995;
        for (length, (_, code)) in recent.iter().rev().enumerate() {
            hash = (hash ^ code).wrapping_mul(MULTIPLIER).rotate_left(13);
            // Single tokens are byte n-grams already, unless they are longer words.
            if length > 0 || token.is_word {
                visit(token.start, (1 << GRAM_BITS) + bucket(hash.wrapping_mul(MULTIPLIER), TOKEN_BITS));
            }
        }
    }
}

const SEED: u32 = 0x811c_9dc5;
/// A large odd constant: 2^32 divided by the golden ratio (Knuth, multiplicative hashing).
const MULTIPLIER: u32 = 0x9e37_79b1;
const EDGE_TOKEN: u32 = 1;

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(MULTIPLIER).rotate_left(11)
}

fn bucket(hash: u32, bits: u32) -> usize {
    (hash.wrapping_mul(MULTIPLIER) >> (32 - bits)) as usize
}

/// The bucket of a feature in a class head.
pub(crate) fn head_bucket(index: usize) -> usize {
    index & ((1 << HEAD_BITS) - 1)
}
