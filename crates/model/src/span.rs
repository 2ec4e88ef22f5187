//! Half-open spans of time.

use crate::{RollupLevel, Timestamp};

/// The instants from `from` up to, but not including, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
}

impl Span {
    /// A span; empty when `to` is not after `from`.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// Length in whole seconds, rounded down; never negative.
    pub fn seconds(&self) -> i64 {
        ((self.to.micros() - self.from.micros()) / Timestamp::SECOND_MICROS).max(0)
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.to
    }

    /// Cuts a span of whole minutes into the fewest whole days, hours and minutes, in order of time.
    pub fn whole_buckets(&self) -> Vec<(RollupLevel, Self)> {
        let mut pieces = Vec::new();
        if self.from < self.to {
            cut(*self, &[RollupLevel::Day, RollupLevel::Hour, RollupLevel::Minute], &mut pieces);
        }
        pieces
    }
}

fn cut(span: Span, levels: &[RollupLevel], pieces: &mut Vec<(RollupLevel, Span)>) {
    let Some((level, finer)) = levels.split_first() else { return };
    let width = level.seconds();
    let first = span.from.plus_micros(width * Timestamp::SECOND_MICROS - 1).bucket_start(width);
    let last = span.to.bucket_start(width);
    if first >= last {
        cut(span, finer, pieces);
        return;
    }
    cut(Span::new(span.from, first), finer, pieces);
    pieces.push((*level, Span::new(first, last)));
    cut(Span::new(last, span.to), finer, pieces);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("valid instant")
    }

    #[test]
    fn a_span_is_cut_into_the_fewest_whole_buckets() {
        let span = Span::new(at("2026-03-03T05:07:00Z"), at("2026-03-05T01:02:00Z"));
        let cut = span.whole_buckets();
        let lengths: Vec<_> =
            cut.iter().map(|(level, piece)| (*level, piece.seconds() / level.seconds())).collect();
        assert_eq!(
            lengths,
            [
                (RollupLevel::Minute, 53),
                (RollupLevel::Hour, 18),
                (RollupLevel::Day, 1),
                (RollupLevel::Hour, 1),
                (RollupLevel::Minute, 2)
            ]
        );
        assert!(cut.windows(2).all(|pair| pair[0].1.to == pair[1].1.from));
        assert!(Span::new(span.to, span.from).whole_buckets().is_empty());
    }
}
