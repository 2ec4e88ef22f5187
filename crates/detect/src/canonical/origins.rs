//! Where the bytes of a text came from in the raw value.

use std::ops::Range;

/// The raw bytes that each byte of a text was made of, as runs in the order of the text: most of a text is copied in
/// long pieces. Passes go from front to back, so neither where those raw bytes begin nor where they end ever goes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origins {
    runs: Vec<Run>,
    /// Behind the raw bytes that the last byte was made of.
    end: u32,
    /// The run of the source that was read last: a source is read from front to back.
    read: usize,
}

/// Bytes in a row whose origins are alike; eight bytes, since a long text may have hundreds of thousands of them.
///
/// What a block was made of ends where the next run's raw bytes begin. Where raw bytes between the two were dropped, or
/// belong to both, a run without a byte stands between them and says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Its first byte.
    at: u32,
    /// The raw byte that this one begins at, and in the highest bit whether it is a block.
    from: u32,
}

/// Every byte of such a run was made of all its raw bytes; of another, byte `n` is raw byte `from + n`.
const BLOCK: u32 = 1 << 31;
/// Runs for which a pass has room at first.
const SPARE_RUNS: usize = 2;
/// Runs that are tried one by one before a search: reading goes on where it stopped.
const NEAR: usize = 8;

impl Run {
    fn is_block(self) -> bool {
        self.from & BLOCK != 0
    }

    /// The raw byte that what its byte `at` was made of begins at.
    fn origin(self, at: u32) -> u32 {
        if self.is_block() { self.from & !BLOCK } else { self.from.saturating_add(at - self.at).min(!BLOCK) }
    }

    /// What is left of it from its byte `at` on.
    fn after(self, at: u32) -> Self {
        Self { at, from: self.origin(at) | (self.from & BLOCK) }
    }
}

impl Origins {
    /// Those of a raw value. What lies beyond two gigabytes, which no capped request reaches, counts as one byte.
    pub(super) fn raw(len: usize) -> Self {
        let runs = if len == 0 { Vec::new() } else { vec![Run { at: 0, from: 0 }] };
        Self { runs, end: narrow(len), read: 0 }
    }

    /// None yet, with room for as many runs as there are here, if so many bytes can have them: most passes find little
    /// more to do.
    pub(super) fn empty_like(&self, bytes: usize) -> Self {
        Self { runs: Vec::with_capacity((self.runs.len() + SPARE_RUNS).min(bytes)), end: 0, read: 0 }
    }

    /// Appends the origin of byte `at` of the text, its end so far: the raw bytes that the bytes `start..end` of another
    /// text were made of.
    pub(super) fn push(&mut self, at: usize, source: &Self, start: usize, end: usize) {
        let (from, to) = source.around(start, end, &mut self.read);
        let block = if to == from.saturating_add(1) { 0 } else { BLOCK };
        self.go_on(Run { at: narrow(at), from: from | block }, to);
    }

    /// Appends the origins of a range, which is not empty, of another text to those of one with `at` bytes.
    pub(super) fn copy(&mut self, at: usize, source: &Self, range: Range<usize>) {
        let (at, start, end) = (narrow(at), narrow(range.start), narrow(range.end));
        let first = source.find(start, self.read);
        let last = source.find(end - 1, first);
        let Some(run) = source.runs.get(first) else { return };
        self.go_on(Run { at, ..run.after(start) }, source.end_of(first, end));
        // The others do not go on from one another, or they would be one.
        let others = source.runs.get(first + 1..=last).unwrap_or_default();
        self.runs
            .extend(others.iter().map(|run| Run { at: run.at.wrapping_sub(start).wrapping_add(at), ..*run }));
        self.end = source.end_of(last, end);
        self.read = last;
    }

    /// Lets a run begin, unless it is the last one that just goes on; what it was made of ends at `end`.
    fn go_on(&mut self, run: Run, end: u32) {
        if let Some(last) = self.runs.last() {
            let goes_on = last.after(run.at) == run && (!run.is_block() || self.end == end);
            if last.is_block() && !goes_on && self.end != run.from & !BLOCK {
                self.runs.push(Run { at: run.at, from: self.end });
            }
            if !goes_on {
                self.runs.push(run);
            }
        } else {
            self.runs.push(run);
        }
        self.end = end;
    }

    /// Behind what the last byte before `end` of a run was made of.
    fn end_of(&self, run: usize, end: u32) -> u32 {
        match (self.runs.get(run), self.runs.get(run + 1)) {
            (Some(run), _) if !run.is_block() => run.origin(end),
            (_, Some(next)) => next.from & !BLOCK,
            _ => self.end,
        }
    }

    /// The run that holds a byte, looked for from run `near` on.
    fn find(&self, byte: u32, near: usize) -> usize {
        let begins = |run: usize| self.runs.get(run).map(|run| run.at);
        if begins(near).is_some_and(|at| at <= byte) {
            for run in near..near + NEAR {
                if begins(run + 1).is_none_or(|next| next > byte) {
                    return run;
                }
            }
        }
        self.runs.partition_point(|run| run.at <= byte).saturating_sub(1)
    }

    /// The raw range that a range, which is not empty, was made of. `read` is the run to look at first, and becomes the
    /// one that the range begins in.
    fn around(&self, start: usize, end: usize, read: &mut usize) -> (u32, u32) {
        let (start, end) = (narrow(start), narrow(end));
        let first = self.find(start, *read);
        *read = first;
        let last = self.find(end - 1, first);
        let from = self.runs.get(first).map_or(0, |run| run.origin(start));
        (from, self.end_of(last, end))
    }

    /// The raw range that a range, which is not empty, was made of.
    pub(super) fn of(&self, range: Range<usize>) -> (usize, usize) {
        let (from, to) = self.around(range.start, range.end, &mut 0);
        (from as usize, to as usize)
    }
}

fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(!BLOCK).min(!BLOCK)
}
