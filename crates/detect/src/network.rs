//! The token network: one convolution over token embeddings, the maximum over a window, one linear layer.
//!
//! Embedding and convolution are folded into one table for each offset of the kernel, so that a position costs
//! [`KERNEL`] look-ups and as many vector additions (a text classifier after Kim, 2014, with the embedding folded in).

use crate::feature::{EDGE, Token};
use crate::window::{BLOCK, block_windows};

/// Features of the convolution: those of all members of the committee that training makes, side by side.
pub const FILTERS: usize = 128;
/// Tokens that a filter sees, the middle one at its own position.
pub const KERNEL: usize = 5;
/// Largest absolute entry of a table after quantisation: [`KERNEL`] of them and a bias stay within `i16`.
pub const MAX_ENTRY: i16 = 5_000;

/// The tables of the network. Shapes: `tables[offset][kind][filter]`, `bias[filter]`, `output[filter]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// What a token adds to each filter, for each offset of the kernel.
    pub tables: Vec<Vec<[i16; FILTERS]>>,
    /// What each filter starts from.
    pub bias: [i16; FILTERS],
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

impl Network {
    /// The worst window of the tokens of a text; `None` when there are no tokens.
    pub fn worst_window(&self, tokens: &[Token]) -> Option<TokenWindow> {
        let mut worst: Option<TokenWindow> = None;
        let mut last: Option<[i16; FILTERS]> = None;
        for (block, end) in block_windows(tokens.len()) {
            let first = last.unwrap_or_else(|| self.block_maximum(tokens, block));
            let second = if end > block + 1 { self.block_maximum(tokens, block + 1) } else { first };
            last = Some(second);
            let mut logit = self.output_bias;
            for filter in 0..FILTERS {
                let maximum = first[filter].max(second[filter]).max(0);
                logit += f32::from(maximum) * self.step * self.output[filter];
            }
            if worst.is_none_or(|worst| logit > worst.logit) {
                worst =
                    Some(TokenWindow { start: block * BLOCK, end: (end * BLOCK).min(tokens.len()), logit });
            }
        }
        worst
    }

    /// What each token of a window adds to its logit: the share of a filter goes to the tokens under its kernel, at
    /// the place where it fired, by what each put in.
    pub(crate) fn evidence(&self, tokens: &[Token], window: TokenWindow) -> Vec<f32> {
        let mut evidence = vec![0.0; window.end - window.start];
        for filter in 0..FILTERS {
            let outputs = (window.start..window.end).map(|at| (self.position(tokens, at)[filter], at));
            let Some((maximum, at)) = outputs.max_by_key(|(value, at)| (*value, std::cmp::Reverse(*at)))
            else {
                continue;
            };
            if maximum <= 0 {
                continue;
            }
            let share = f32::from(maximum) * self.step * self.output[filter];
            let inputs: Vec<(usize, f32)> = (0..KERNEL)
                .map(|offset| {
                    let put_in = self.entry(tokens, at, offset).map_or(0, |row| row[filter]);
                    ((at + offset).wrapping_sub(KERNEL / 2), f32::from(put_in.max(0)))
                })
                .collect();
            let total: f32 = inputs.iter().map(|(_, put_in)| put_in).sum();
            for (token, put_in) in inputs {
                let inside = token.checked_sub(window.start).and_then(|token| evidence.get_mut(token));
                if let Some(inside) = inside.filter(|_| total > 0.0) {
                    *inside += share * put_in / total;
                }
            }
        }
        evidence
    }

    fn block_maximum(&self, tokens: &[Token], block: usize) -> [i16; FILTERS] {
        let mut maximum = [i16::MIN; FILTERS];
        for at in block * BLOCK..((block + 1) * BLOCK).min(tokens.len()) {
            let output = self.position(tokens, at);
            for (maximum, output) in maximum.iter_mut().zip(&output) {
                *maximum = (*maximum).max(*output);
            }
        }
        maximum
    }

    #[inline]
    fn position(&self, tokens: &[Token], at: usize) -> [i16; FILTERS] {
        let mut sum = self.bias;
        for offset in 0..KERNEL {
            if let Some(row) = self.entry(tokens, at, offset) {
                for (sum, entry) in sum.iter_mut().zip(row) {
                    *sum = sum.wrapping_add(*entry);
                }
            }
        }
        sum
    }

    #[inline]
    fn entry(&self, tokens: &[Token], at: usize, offset: usize) -> Option<&[i16; FILTERS]> {
        let kind = (at + offset)
            .checked_sub(KERNEL / 2)
            .and_then(|at| tokens.get(at))
            .map_or(EDGE, |token| token.kind);
        self.tables.get(offset)?.get(usize::from(kind))
    }
}
