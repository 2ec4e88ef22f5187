//! Lines out of a stream of bytes, without a line ever taking more memory than its cap.

/// Longest line that is read, in bytes. Servers accept request lines of 8 KiB by default and at most about 64 KiB per
/// header; with every byte escaped to four and several headers logged, 1 MiB is never reached by an honest line.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Bytes that are read at once: large enough that system calls do not count.
pub(crate) const CHUNK_BYTES: usize = 128 * 1024;

/// Bytes kept of a line that is too long, to be shown.
const KEPT_OF_LONG_BYTES: usize = 512;

/// One line, without its end (LF or CRLF).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// A whole line.
    Line(&'a [u8]),
    /// The beginning of a line that is longer than [`MAX_LINE_BYTES`]; the rest was not kept.
    TooLong(&'a [u8]),
}

/// Cuts bytes into lines; does no reading itself.
///
/// Fill [`LineFramer::space`] with what stands at [`LineFramer::read_offset`] of the file, say how much it was with
/// [`LineFramer::filled`], then take frames until there is none.
#[derive(Debug)]
pub(crate) struct LineFramer {
    buffer: Vec<u8>,
    /// The unread bytes are `buffer[begin..end]`.
    begin: usize,
    end: usize,
    /// How many of the unread bytes are known to hold no line end.
    scanned: usize,
    /// Where the line that is read next begins in the file.
    line_start: u64,
    /// Bytes of that line that were dropped because it is too long.
    dropped: u64,
    /// Its beginning.
    long_line: Vec<u8>,
}

impl LineFramer {
    /// A framer for a file that is read from `offset` on, where a line begins.
    pub(crate) fn new(offset: u64) -> Self {
        Self {
            buffer: Vec::new(),
            begin: 0,
            end: 0,
            scanned: 0,
            line_start: offset,
            dropped: 0,
            long_line: Vec::new(),
        }
    }

    /// Offset in the file of the first line that was not yet taken.
    pub(crate) fn line_start(&self) -> u64 {
        self.line_start
    }

    /// Offset in the file of the next byte to be read.
    pub(crate) fn read_offset(&self) -> u64 {
        self.line_start.saturating_add(self.dropped).saturating_add(length(self.end - self.begin))
    }

    /// Room for the next bytes; never empty.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.buffer.len() - self.end < CHUNK_BYTES {
            self.buffer.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
            if self.buffer.len() - self.end < CHUNK_BYTES {
                self.buffer.resize(self.end + CHUNK_BYTES, 0);
            }
        }
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    /// Takes over the first `count` bytes of [`LineFramer::space`].
    pub(crate) fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.buffer.len());
    }

    /// The next whole line; `is_end` says that nothing will follow, which makes a line without an end whole.
    pub(crate) fn next_frame(&mut self, is_end: bool) -> Option<Frame<'_>> {
        let unread = self.buffer.get(self.begin..self.end)?;
        let newline = memchr::memchr(b'\n', unread.get(self.scanned..)?).map(|at| self.scanned + at);
        let Some(line_len) = newline else {
            return self.unfinished(is_end);
        };
        Some(self.take(line_len, line_len + 1))
    }

    fn unfinished(&mut self, is_end: bool) -> Option<Frame<'_>> {
        let pending = self.end - self.begin;
        if is_end {
            return (pending > 0 || self.dropped > 0).then(|| self.take(pending, pending));
        }
        if pending > MAX_LINE_BYTES {
            self.keep_beginning(pending);
            self.dropped = self.dropped.saturating_add(length(pending));
            (self.begin, self.end, self.scanned) = (0, 0, 0);
        } else {
            self.scanned = pending;
        }
        None
    }

    /// Takes `line_len` bytes as the (rest of the) line, and `consumed` with its line end.
    fn take(&mut self, line_len: usize, consumed: usize) -> Frame<'_> {
        let is_long = self.dropped > 0 || line_len > MAX_LINE_BYTES;
        if is_long {
            self.keep_beginning(line_len);
        }
        let from = self.begin;
        self.line_start = self.line_start.saturating_add(self.dropped).saturating_add(length(consumed));
        self.begin += consumed;
        self.scanned = 0;
        self.dropped = 0;
        if is_long {
            return Frame::TooLong(&self.long_line);
        }
        let line = self.buffer.get(from..from + line_len).unwrap_or_default();
        Frame::Line(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn keep_beginning(&mut self, line_len: usize) {
        if self.dropped == 0 {
            let kept = line_len.min(KEPT_OF_LONG_BYTES);
            self.long_line.clear();
            self.long_line
                .extend_from_slice(self.buffer.get(self.begin..self.begin + kept).unwrap_or_default());
        }
    }
}

/// A length as an offset; both are 64 bits wide wherever a file can be that large.
fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The frames of a text that arrives in pieces of these sizes, with the offset after each.
    fn frames(text: &[u8], pieces: &[usize], is_end: bool) -> Vec<(Vec<u8>, bool, u64)> {
        let mut framer = LineFramer::new(0);
        let mut frames = Vec::new();
        let mut pieces = pieces.iter().copied().cycle();
        let mut at = 0;
        loop {
            let left = text.len() - at;
            let done = left == 0;
            loop {
                let (line, is_long) = match framer.next_frame(done && is_end) {
                    Some(Frame::Line(line)) => (line.to_vec(), false),
                    Some(Frame::TooLong(line)) => (line.to_vec(), true),
                    None => break,
                };
                frames.push((line, is_long, framer.line_start()));
            }
            if done {
                return frames;
            }
            let space = framer.space();
            let count = pieces.next().unwrap_or(1).max(1).min(left).min(space.len());
            space[..count].copy_from_slice(&text[at..at + count]);
            framer.filled(count);
            at += count;
            assert_eq!(framer.read_offset(), at as u64);
        }
    }

    #[test]
    fn line_ends_of_both_kinds_and_a_missing_one_are_handled() {
        let text = b"a\r\n\nbc\nd";
        let lines =
            |is_end| frames(text, &[3], is_end).into_iter().map(|(line, ..)| line).collect::<Vec<_>>();
        assert_eq!(lines(false), [b"a".as_slice(), b"", b"bc"]);
        assert_eq!(lines(true), [b"a".as_slice(), b"", b"bc", b"d"]);
    }

    #[test]
    fn a_line_over_the_cap_is_skipped_without_being_held() {
        let mut text = vec![b'x'; 5 * MAX_LINE_BYTES];
        text.extend_from_slice(b"\nnext\n");
        let read = frames(&text, &[CHUNK_BYTES], false);
        assert_eq!(read.len(), 2);
        assert!(read[0].1 && read[0].0.len() == KEPT_OF_LONG_BYTES);
        assert_eq!(read[1], (b"next".to_vec(), false, text.len() as u64));

        let mut framer = LineFramer::new(0);
        for _ in 0..100 {
            let count = framer.space().len();
            framer.space().fill(b'x');
            framer.filled(count);
            assert_eq!(framer.next_frame(false), None);
            assert!(framer.buffer.len() <= MAX_LINE_BYTES + 2 * CHUNK_BYTES);
        }
        assert_eq!(framer.line_start(), 0, "a line that is not over is not passed");
    }

    #[test]
    fn a_line_of_exactly_the_cap_is_whole() {
        for (len, is_long) in [(MAX_LINE_BYTES, false), (MAX_LINE_BYTES + 1, true)] {
            let text = [vec![b'x'; len], b"\n".to_vec()].concat();
            assert_eq!(frames(&text, &[CHUNK_BYTES], false)[0].1, is_long, "{len}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            text in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..400),
            pieces in prop::collection::vec(1..50_usize, 1..20),
            is_end in any::<bool>(),
        ) {
            prop_assert_eq!(frames(&text, &pieces, is_end), frames(&text, &[usize::MAX], is_end));
        }
    }
}
