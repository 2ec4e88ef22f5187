//! Bytes that can remember where in the raw value they came from.

use std::ops::Range;

/// Decoded bytes. A tracked text knows for each byte the half-open range of raw bytes it was made of; an untracked
/// one does not, and is cheaper: only what is explained needs to be tracked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    origins: Option<Origins>,
}

/// Whether a text remembers its raw bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// It does: for explanations.
    On,
    /// It does not: for scores alone.
    Off,
}

impl Text {
    /// A raw value. Of a tracked one longer than `u32::MAX` bytes, which no capped request reaches, what lies beyond
    /// counts as made of its last byte.
    pub fn raw(value: &[u8], tracking: Tracking) -> Self {
        let origins = match tracking {
            Tracking::On => Some(Origins::raw(value.len())),
            Tracking::Off => None,
        };
        Self { bytes: value.to_vec(), origins }
    }

    /// An empty text that is tracked as this one is.
    pub(super) fn empty_like(&self, capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
            origins: self.origins.as_ref().map(|origins| origins.empty_like(capacity)),
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The raw range that the bytes `start..end` were made of; empty when the range is, or nothing was tracked.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let origins = self.origins.as_ref().filter(|_| start < end && end <= self.len());
        origins.map_or((0, 0), |origins| origins.around(start, end, &mut 0))
    }

    /// The bytes of a range, with their origins, as a text of its own.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut part = self.empty_like(range.len());
        part.copy(self, range);
        part
    }

    /// Appends one byte made of the bytes `start..end` of `source`.
    pub(super) fn push_from(&mut self, byte: u8, source: &Self, start: usize, end: usize) {
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            let (first, last) = from.around(start, end.max(start + 1), &mut origins.read);
            origins.push(self.bytes.len(), Run::block(first, last));
        }
        self.bytes.push(byte);
    }

    /// Appends the bytes of a range of `source` as they are.
    pub(super) fn copy(&mut self, source: &Self, range: Range<usize>) {
        let Some(bytes) = source.bytes.get(range.clone()).filter(|bytes| !bytes.is_empty()) else { return };
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            origins.copy(self.bytes.len(), from, range);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends the bytes of a range of `source`, ASCII letters in lower case.
    pub(super) fn copy_lower(&mut self, source: &Self, range: Range<usize>) {
        let start = self.bytes.len();
        self.copy(source, range);
        self.bytes.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    }

    /// Replaces byte values in place, one for one.
    pub(super) fn map_bytes(&mut self, map: impl Fn(u8) -> u8) {
        for byte in &mut self.bytes {
            *byte = map(*byte);
        }
    }
}

/// Where the bytes of a text came from, as runs: most of a text is copied in long pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Origins {
    /// In the order of the text; the first byte of each, and what it is.
    runs: Vec<(u32, Run)>,
    /// The run of the source that was read last: a source is read from front to back.
    read: usize,
}

/// Bytes in a row whose origins are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// Byte `n` of the run is raw byte `from + n`.
    Copied { from: u32 },
    /// Every byte of the run was made of all the raw bytes `from..to`.
    Made { from: u32, to: u32 },
}

impl Run {
    fn block(from: usize, to: usize) -> Self {
        let (from, to) = (narrow(from), narrow(to));
        if to == from.saturating_add(1) { Self::Copied { from } } else { Self::Made { from, to } }
    }

    /// What the run is from its byte `offset` on.
    fn after(self, offset: u32) -> Self {
        match self {
            Self::Copied { from } => Self::Copied { from: from.saturating_add(offset) },
            made @ Self::Made { .. } => made,
        }
    }
}

impl Origins {
    fn raw(len: usize) -> Self {
        Self { runs: if len == 0 { Vec::new() } else { vec![(0, Run::Copied { from: 0 })] }, read: 0 }
    }

    /// None yet, with room for as many runs as there are here, if so many bytes can have them: most passes find little
    /// more to do.
    fn empty_like(&self, bytes: usize) -> Self {
        Self { runs: Vec::with_capacity((self.runs.len() + SPARE_RUNS).min(bytes)), read: 0 }
    }

    /// Lets a run begin at byte `at` of the text, which is its end so far, unless the last one just goes on.
    fn push(&mut self, at: usize, run: Run) {
        let at = narrow(at);
        if let Some((start, last)) = self.runs.last()
            && last.after(at - start) == run
        {
            return;
        }
        self.runs.push((at, run));
    }

    /// Appends the origins of a range of another text to those of one with `at` bytes.
    fn copy(&mut self, at: usize, source: &Self, range: Range<usize>) {
        let mut read = self.read;
        let mut runs = source.overlapping(range.clone(), &mut read);
        let moved = |start: u32| at + (start as usize - range.start);
        if let Some((start, _, run)) = runs.next() {
            self.push(moved(start), run);
        }
        // The others do not go on from one another, or they would be one.
        self.runs.extend(runs.map(|(start, _, run)| (narrow(moved(start)), run)));
        self.read = read;
    }

    /// The runs of a range, cut to it: first byte, byte after the last, and what the run is from the first on. `read`
    /// is where to look first, and becomes where the range begins.
    fn overlapping(&self, range: Range<usize>, read: &mut usize) -> impl Iterator<Item = (u32, u32, Run)> {
        let (start, end) = (narrow(range.start), narrow(range.end));
        let first = self.at(start, *read);
        *read = first;
        let rest = self.runs.get(first..).unwrap_or_default();
        let ends = rest.iter().skip(1).map(|(at, _)| *at).chain([u32::MAX]);
        rest.iter().zip(ends).take_while(move |((at, _), _)| *at < end).map(move |((at, run), run_end)| {
            let cut = (*at).max(start);
            (cut, run_end.min(end), run.after(cut - at))
        })
    }

    /// The run that holds a byte, looked for from run `near` on.
    fn at(&self, byte: u32, near: usize) -> usize {
        let begins = |run: usize| self.runs.get(run).map(|(at, _)| *at);
        if begins(near).is_some_and(|at| at <= byte) {
            for run in near..near + NEAR {
                if begins(run + 1).is_none_or(|next| next > byte) {
                    return run;
                }
            }
        }
        self.runs.partition_point(|(at, _)| *at <= byte).saturating_sub(1)
    }

    /// The raw range that a range, which is not empty, was made of.
    fn around(&self, start: usize, end: usize, read: &mut usize) -> (usize, usize) {
        let (mut from, mut to) = (u32::MAX, 0);
        for (first, last, run) in self.overlapping(start..end, read) {
            let (run_from, run_to) = match run {
                Run::Copied { from } => (from, from.saturating_add(last - first)),
                Run::Made { from, to } => (from, to),
            };
            from = from.min(run_from);
            to = to.max(run_to);
        }
        (from.min(to) as usize, to as usize)
    }
}

/// Runs for which a pass has room at first.
const SPARE_RUNS: usize = 2;
/// Runs that are tried one by one before a search: reading goes on where it stopped.
const NEAR: usize = 8;

fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What [`Origins`] stands for, byte by byte.
    fn each(text: &Text) -> Vec<(usize, usize)> {
        (0..text.len()).map(|at| text.origin(at, at + 1)).collect()
    }

    proptest! {
        #[test]
        fn runs_say_the_same_as_an_origin_for_each_byte(
            raw in proptest::collection::vec(any::<u8>(), 1..60),
            steps in proptest::collection::vec((any::<bool>(), 0..60_usize, 0..8_usize), 0..40),
        ) {
            let mut text = Text::raw(&raw, Tracking::On);
            let mut model: Vec<(usize, usize)> = (0..raw.len()).map(|at| (at, at + 1)).collect();
            for half in steps.chunks(10) {
                let mut next = text.empty_like(0);
                let mut expected = Vec::new();
                for (copied, start, len) in half {
                    let range = (*start).min(text.len())..(start + len).min(text.len());
                    if *copied {
                        next.copy(&text, range.clone());
                        expected.extend_from_slice(&model[range]);
                    } else if !range.is_empty() {
                        next.push_from(0, &text, range.start, range.end);
                        let inside = &model[range];
                        let from = inside.iter().map(|(from, _)| *from).min().expect("it is not empty");
                        let to = inside.iter().map(|(_, to)| *to).max().expect("it is not empty");
                        expected.push((from, to));
                    }
                }
                prop_assert_eq!(each(&next), expected.clone());
                for start in 0..next.len() {
                    let (from, to) = next.origin(start, next.len());
                    prop_assert_eq!(from, expected[start..].iter().map(|(from, _)| *from).min().unwrap_or(0));
                    prop_assert_eq!(to, expected[start..].iter().map(|(_, to)| *to).max().unwrap_or(0));
                }
                (text, model) = (next, expected);
            }
        }
    }
}
