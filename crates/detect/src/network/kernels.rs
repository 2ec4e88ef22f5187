//! What the kernel sees at the positions of a block, each sight once: lists and documents show it the same over and over.

use super::KERNEL;
use crate::feature::{EDGE, Token};
use crate::window::BLOCK;

/// The kinds of the tokens under the kernel at one position, as one number: equal for equal kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight(u64);

/// Bits of a kind in a [`Sight`]; tests hold the number of kinds below what they can tell apart.
pub(super) const KIND_BITS: usize = 12;
/// All that a [`Sight`] holds.
const MASK: u64 = (1 << (KERNEL * KIND_BITS)) - 1;
/// No sight: it has bits outside the mask.
const NONE: Sight = Sight(u64::MAX);

impl Sight {
    /// What the kernel sees with its middle at a token.
    pub(super) fn at(tokens: &[Token], at: usize) -> Self {
        (at..at + KERNEL).fold(Self(0), |sight, at| sight.moved_on(kind_before(tokens, at)))
    }

    /// The kernel one token on.
    fn moved_on(self, kind: u16) -> Self {
        Self((self.0 << KIND_BITS | u64::from(kind)) & MASK)
    }

    /// The kind under an offset of the kernel.
    pub(super) fn kind(self, offset: usize) -> usize {
        let shift = (KERNEL - 1).saturating_sub(offset) * KIND_BITS;
        usize::try_from(self.0 >> shift & ((1 << KIND_BITS) - 1)).unwrap_or_default()
    }
}

/// The kind of the token half a kernel before `at`; an edge where there is none.
fn kind_before(tokens: &[Token], at: usize) -> u16 {
    at.checked_sub(KERNEL / 2).and_then(|at| tokens.get(at)).map_or(EDGE, |token| token.kind)
}

/// The different sights of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels {
    sights: [Sight; BLOCK],
    count: usize,
}

impl Kernels {
    /// Those of the block that begins at a token.
    pub(super) fn of(tokens: &[Token], start: usize) -> Self {
        let mut kernels = Self { sights: [NONE; BLOCK], count: 0 };
        let end = (start + BLOCK).min(tokens.len());
        let mut sight = Sight::at(tokens, start);
        for at in start..end {
            if !kernels.holds(sight)
                && let Some(free) = kernels.sights.get_mut(kernels.count)
            {
                *free = sight;
                kernels.count += 1;
            }
            sight = sight.moved_on(kind_before(tokens, at + KERNEL));
        }
        kernels
    }

    /// The different sights, in the order of the block.
    pub(super) fn sights(&self) -> &[Sight] {
        self.sights.get(..self.count).unwrap_or_default()
    }

    /// Whether another block has the same sights, in whatever order: then it has the same maxima.
    pub(super) fn are_those_of(&self, other: &Self) -> bool {
        self.count == other.count && self.sights().iter().all(|sight| other.holds(*sight))
    }

    fn holds(&self, sight: Sight) -> bool {
        // All places are looked at, so that no branch is to be foreseen.
        self.sights.iter().fold(0_u8, |found, other| found | u8::from(*other == sight)) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::{kinds, tokens};

    #[test]
    fn a_sight_tells_all_kinds_apart() {
        assert!(kinds() <= 1 << KIND_BITS, "{}", kinds());
        let tokens = tokens(b"<a b='1'>");
        for at in 0..tokens.len() {
            let seen = (0..KERNEL).map(|offset| Sight::at(&tokens, at).kind(offset));
            let expected = (at..at + KERNEL).map(|at| usize::from(kind_before(&tokens, at)));
            assert!(seen.eq(expected), "{at}");
        }
    }

    #[test]
    fn a_block_has_each_of_its_sights_once() {
        let same = tokens(&b"'".repeat(100));
        // Two at the edge, one inside.
        assert_eq!(Kernels::of(&same, 0).sights().len(), 3);
        assert_eq!(Kernels::of(&same, 16).sights(), [Sight::at(&same, 50)]);
        let pairs = tokens(&b"a=1&".repeat(100));
        let (second, third) = (Kernels::of(&pairs, 16), Kernels::of(&pairs, 30));
        assert_eq!(second.sights().len(), 4);
        assert!(second.are_those_of(&third) && !second.are_those_of(&Kernels::of(&pairs, 0)));
        let last = Kernels::of(&pairs, 399);
        assert_eq!(last.sights(), [Sight::at(&pairs, 399)]);
        assert!(!second.are_those_of(&last) && !last.are_those_of(&second));
    }
}
