//! The token network: one convolution over token embeddings, the maximum over a window, one linear layer.
//!
//! Embedding and convolution are folded into one table for each offset of the kernel, so that a position costs
//! [`KERNEL`] look-ups and as many vector additions (a text classifier after Kim, 2014, with the embedding folded in).

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the instruction set that was found"
)]

mod kernels;

use fearless_simd::{Level, dispatch};
use kernels::{Kernels, Sight};

use crate::feature::Token;
use crate::window::{BLOCK, block_windows};

/// Features of the convolution: those of all members of the committee that training makes, side by side.
pub const FILTERS: usize = 128;
/// Tokens that a filter sees, the middle one at its own position.
pub const KERNEL: usize = 5;
/// Largest absolute entry of a table after quantisation: [`KERNEL`] of them and a bias stay within `i16`.
pub const MAX_ENTRY: i16 = 5_000;

/// What a token adds to each filter at one offset, or what all filters of a position come to.
type Row = [i16; FILTERS];

/// The tables of the network. Shapes: `tables[offset][kind][filter]`, `bias[filter]`, `output[filter]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// What a token adds to each filter, for each offset of the kernel.
    pub tables: Vec<Vec<Row>>,
    /// What each filter starts from.
    pub bias: Row,
    /// What one step of the tables is worth.
    pub step: f32,
    /// What a filter's maximum says about the window.
    pub output: [f32; FILTERS],
    /// The logit of a window in which no filter fires.
    pub output_bias: f32,
}

/// The worst window of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenWindow {
    /// First token.
    pub start: usize,
    /// Token after the last.
    pub end: usize,
    /// Uncalibrated evidence; 0 is undecided.
    pub logit: f32,
}

/// Filters whose sums and maxima stay in registers while a block is walked: with 128 bits each, eight and eight.
const LANES: usize = 64;
/// Partial sums of a logit, so that its additions do not wait for each other.
const PARTS: usize = 16;
/// What a token outside the tables adds; there is none.
const NOTHING: Row = [0; FILTERS];

impl Network {
    /// The worst window of the tokens of a text; `None` when there are no tokens.
    pub fn worst_window(&self, tokens: &[Token]) -> Option<TokenWindow> {
        // The same code for each instruction set: all sums are of integers or in an order of their own.
        dispatch!(Level::new(), _ => self.worst_of_all(tokens))
    }

    #[inline(always)]
    fn worst_of_all(&self, tokens: &[Token]) -> Option<TokenWindow> {
        let mut worst: Option<TokenWindow> = None;
        let mut last: Option<(Kernels, Row)> = None;
        for (block, end) in block_windows(tokens.len()) {
            let first = last.unwrap_or_else(|| {
                let kernels = Kernels::of(tokens, block * BLOCK);
                (kernels, self.maximum(&kernels))
            });
            let second = if end > block + 1 { self.next_block(&first, tokens, block + 1) } else { first };
            last = Some(second);
            let logit = self.logit(&first.1, &second.1);
            if worst.is_none_or(|worst| logit > worst.logit) {
                worst =
                    Some(TokenWindow { start: block * BLOCK, end: (end * BLOCK).min(tokens.len()), logit });
            }
        }
        worst
    }

    /// The maxima of a block, those of the one before it where it shows nothing else.
    #[inline(always)]
    fn next_block(&self, before: &(Kernels, Row), tokens: &[Token], block: usize) -> (Kernels, Row) {
        let kernels = Kernels::of(tokens, block * BLOCK);
        if kernels.are_those_of(&before.0) { *before } else { (kernels, self.maximum(&kernels)) }
    }

    /// What each token of a window adds to its logit: the share of a filter goes to the tokens under its kernel, at
    /// the place where it fired, by what each put in.
    pub(crate) fn evidence(&self, tokens: &[Token], window: TokenWindow) -> Vec<f32> {
        let mut evidence = vec![0.0; window.end - window.start];
        let sights: Vec<Sight> = (window.start..window.end).map(|at| Sight::at(tokens, at)).collect();
        let outputs: Vec<Row> = sights.iter().map(|sight| self.position(*sight)).collect();
        for filter in 0..FILTERS {
            let fired = (0..).zip(&outputs).map(|(at, output)| (output[filter], at));
            let Some((maximum, at)) = fired.max_by_key(|(value, at)| (*value, std::cmp::Reverse(*at))) else {
                continue;
            };
            if maximum <= 0 {
                continue;
            }
            let share = f32::from(maximum) * self.step * self.output[filter];
            let Some(sight) = sights.get::<usize>(at) else { continue };
            let put_in: [f32; KERNEL] =
                std::array::from_fn(|offset| f32::from(self.row(*sight, offset)[filter].max(0)));
            let total: f32 = put_in.iter().sum();
            for (offset, put_in) in put_in.into_iter().enumerate() {
                let inside = (at + offset).checked_sub(KERNEL / 2).and_then(|token| evidence.get_mut(token));
                if let Some(inside) = inside.filter(|_| total > 0.0) {
                    *inside += share * put_in / total;
                }
            }
        }
        evidence
    }

    /// What a window of two blocks with these maxima says.
    #[inline(always)]
    fn logit(&self, first: &Row, second: &Row) -> f32 {
        let mut parts = [0.0_f32; PARTS];
        let (outputs, _) = self.output.as_chunks::<PARTS>();
        let (first, _) = first.as_chunks::<PARTS>();
        let (second, _) = second.as_chunks::<PARTS>();
        for ((output, first), second) in outputs.iter().zip(first).zip(second) {
            for part in 0..PARTS {
                parts[part] += f32::from(first[part].max(second[part]).max(0)) * output[part];
            }
        }
        parts.iter().sum::<f32>() * self.step + self.output_bias
    }

    /// The maximum of each filter over all that a block shows.
    #[inline(always)]
    fn maximum(&self, kernels: &Kernels) -> Row {
        let mut rows = [[&NOTHING; KERNEL]; BLOCK];
        for (rows, sight) in rows.iter_mut().zip(kernels.sights()) {
            *rows = std::array::from_fn(|offset| self.row(*sight, offset));
        }
        let rows = rows.get(..kernels.sights().len()).unwrap_or_default();
        let mut maximum = [i16::MIN; FILTERS];
        let (groups, _) = maximum.as_chunks_mut::<LANES>();
        for (group, maximum) in groups.iter_mut().enumerate() {
            let lanes = |row: &Row| row.as_chunks::<LANES>().0[group];
            let mut best = *maximum;
            for rows in rows {
                let [first, second, third, fourth, fifth] = rows.map(lanes);
                for lane in 0..LANES {
                    let sum = first[lane].wrapping_add(second[lane]).wrapping_add(third[lane]);
                    best[lane] = best[lane].max(sum.wrapping_add(fourth[lane]).wrapping_add(fifth[lane]));
                }
            }
            *maximum = best;
        }
        // Every position starts from the bias, so it comes on top of the maximum as well.
        plus(maximum, &self.bias)
    }

    fn position(&self, sight: Sight) -> Row {
        (0..KERNEL).fold(self.bias, |sum, offset| plus(sum, self.row(sight, offset)))
    }

    #[inline(always)]
    fn row(&self, sight: Sight, offset: usize) -> &Row {
        self.tables.get(offset).and_then(|table| table.get(sight.kind(offset))).unwrap_or(&NOTHING)
    }
}

#[inline(always)]
fn plus(mut sum: Row, row: &Row) -> Row {
    for (sum, entry) in sum.iter_mut().zip(row) {
        *sum = sum.wrapping_add(*entry);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tables without a pattern, for tokens of a few kinds.
    fn network() -> Network {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i16::try_from((state >> 16) % 2_000).unwrap_or_default() - 1_000
        };
        let mut row = || std::array::from_fn(|_| next());
        Network {
            tables: (0..KERNEL).map(|_| (0..130).map(|_| row()).collect()).collect(),
            bias: row(),
            step: 0.01,
            output: row().map(|value| f32::from(value) / 1_000.0),
            output_bias: 0.5,
        }
    }

    proptest! {
        /// Lists repeat what they show, prose does not: both come to what all positions come to one by one.
        #[test]
        fn what_was_seen_before_is_worth_what_it_was(
            unit in proptest::collection::vec(0..6_u16, 1..12),
            repeats in 1..12_usize,
            rest in proptest::collection::vec(0..6_u16, 0..60),
        ) {
            let network = network();
            let kinds = unit.repeat(repeats).into_iter().chain(rest);
            let tokens: Vec<Token> = (0..).zip(kinds).map(|(start, kind)| Token { start, kind }).collect();
            let found = network.worst_window(&tokens).expect("there are tokens");
            let mut expected = f32::NEG_INFINITY;
            for (block, end) in block_windows(tokens.len()) {
                let positions = block * BLOCK..(end * BLOCK).min(tokens.len());
                let maximum = positions.clone().map(|at| network.position(Sight::at(&tokens, at))).fold(
                    [i16::MIN; FILTERS],
                    |best, output| std::array::from_fn(|filter| best[filter].max(output[filter])),
                );
                let logit = network.logit(&maximum, &maximum);
                expected = expected.max(logit);
                if (found.start, found.end) == (positions.start, positions.end) {
                    prop_assert!((found.logit - logit).abs() < 1e-3);
                }
            }
            prop_assert!((found.logit - expected).abs() < 1e-3);
        }
    }
}
