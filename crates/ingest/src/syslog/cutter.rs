//! Messages out of a stream: counted octets or lines (RFC 6587, section 3.4), found out for each message.

use crate::line_queue::Received;

/// Longest message, in bytes. RFC 5424 asks for 2 KiB; access lines with long targets and cookies stay below 64 KiB.
pub(crate) const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// Bytes kept of a message that is too long, to be shown.
const KEPT_OF_LONG_BYTES: usize = 512;

/// Digits of a count at most: longer ones would be over the cap anyway.
const MAX_COUNT_DIGITS: usize = 8;

/// Cuts bytes into messages and holds at most one of them.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    buffer: Vec<u8>,
    begin: usize,
    skipped: Skipped,
}

/// What is left of a message that is too long.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Skipped {
    #[default]
    Nothing,
    Octets(usize),
    Line,
}

/// How the next message is framed.
enum Framing {
    /// Not to be said yet.
    Unknown,
    Counted {
        head: usize,
        length: usize,
    },
    Line,
}

impl Cutter {
    /// Adds bytes of the stream; take messages out before adding more.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.begin.min(self.buffer.len()));
        self.begin = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message; `is_end` says that nothing will follow.
    pub(crate) fn next_message(&mut self, is_end: bool) -> Option<Received> {
        self.skip();
        let unread = self.buffer.get(self.begin..).filter(|unread| !unread.is_empty())?;
        match framing(unread) {
            Framing::Unknown if !is_end => None,
            Framing::Counted { length, head } if length > MAX_MESSAGE_BYTES => {
                let begun = unread.get(head..).unwrap_or_default();
                if begun.len() < KEPT_OF_LONG_BYTES && !is_end {
                    return None;
                }
                let message = cut(begun);
                self.begin += head;
                self.skipped = Skipped::Octets(length);
                Some(message)
            }
            Framing::Counted { length, head } => {
                let message = match unread.get(head..head + length) {
                    Some(message) => message,
                    None if is_end => unread.get(head..)?,
                    None => return None,
                };
                let received = Received { line: message.to_vec(), is_cut: false };
                self.begin = (self.begin + head + length).min(self.buffer.len());
                Some(received)
            }
            Framing::Unknown | Framing::Line => self.next_line(is_end),
        }
    }

    fn next_line(&mut self, is_end: bool) -> Option<Received> {
        let unread = self.buffer.get(self.begin..)?;
        match unread.iter().position(|byte| matches!(byte, b'\n' | 0)) {
            Some(length) if length <= MAX_MESSAGE_BYTES => {
                let line = unread.get(..length)?.to_vec();
                self.begin += length + 1;
                Some(Received { line, is_cut: false })
            }
            None if !is_end && unread.len() <= MAX_MESSAGE_BYTES => None,
            None if unread.len() <= MAX_MESSAGE_BYTES => {
                let line = unread.to_vec();
                self.begin = self.buffer.len();
                Some(Received { line, is_cut: false })
            }
            _ => {
                self.skipped = Skipped::Line;
                Some(cut(unread))
            }
        }
    }

    fn skip(&mut self) {
        let unread = self.buffer.get(self.begin..).unwrap_or_default();
        match self.skipped {
            Skipped::Nothing => {}
            Skipped::Octets(left) => {
                let passed = left.min(unread.len());
                self.begin += passed;
                self.skipped = if passed == left { Skipped::Nothing } else { Skipped::Octets(left - passed) };
            }
            Skipped::Line => match unread.iter().position(|byte| matches!(byte, b'\n' | 0)) {
                Some(end) => {
                    self.begin += end + 1;
                    self.skipped = Skipped::Nothing;
                }
                None => self.begin = self.buffer.len(),
            },
        }
    }
}

/// A count is digits, a space and the `<` of the priority; a line of a log that begins with a number has no `<` there.
fn framing(unread: &[u8]) -> Framing {
    let digits = unread.iter().take(MAX_COUNT_DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > MAX_COUNT_DIGITS || unread.first() == Some(&b'0') {
        return Framing::Line;
    }
    match (unread.get(digits), unread.get(digits + 1)) {
        (Some(b' '), Some(b'<')) => {
            let count = unread.get(..digits).and_then(|count| std::str::from_utf8(count).ok()?.parse().ok());
            count.map_or(Framing::Line, |length| Framing::Counted { head: digits + 1, length })
        }
        (Some(b' '), None) | (None, _) => Framing::Unknown,
        _ => Framing::Line,
    }
}

fn cut(message: &[u8]) -> Received {
    let kept = message.get(..KEPT_OF_LONG_BYTES).unwrap_or(message);
    Received { line: kept.to_vec(), is_cut: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn messages(text: &[u8], piece: usize) -> Vec<(String, bool)> {
        let mut cutter = Cutter::default();
        let mut found = Vec::new();
        let mut take = |cutter: &mut Cutter, is_end| {
            while let Some(Received { line, is_cut }) = cutter.next_message(is_end) {
                found.push((String::from_utf8_lossy(&line).into_owned(), is_cut));
            }
        };
        for bytes in text.chunks(piece) {
            cutter.add(bytes);
            take(&mut cutter, false);
        }
        take(&mut cutter, true);
        found
    }

    #[test]
    fn counted_messages_and_lines_may_follow_each_other() {
        let text = b"<1>one\n8 <2>t\nwo!<3>three\n192.0.2.1 - -\n7 <4>four12 <5>breaks o";
        let want = ["<1>one", "<2>t\nwo!", "<3>three", "192.0.2.1 - -", "<4>four", "<5>breaks o"];
        for piece in [1, 2, 7, 1_000] {
            let found: Vec<String> = messages(text, piece).into_iter().map(|(message, _)| message).collect();
            assert_eq!(found, want, "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_too_long_is_passed_without_being_held() {
        let long = "x".repeat(3 * MAX_MESSAGE_BYTES);
        for text in [format!("<1>{long}\n<2>next\n"), format!("{} <1>{long}7 <2>next", long.len() + 3)] {
            let found = messages(text.as_bytes(), 8_000);
            assert_eq!(found.len(), 2, "{}", text.len());
            assert!(found[0].1 && found[0].0.len() == KEPT_OF_LONG_BYTES);
            assert_eq!(found[1], ("<2>next".to_owned(), false));
        }
    }

    /// Found by fuzzing: of a count over the cap no more was kept than had arrived with it.
    #[test]
    fn what_is_kept_of_a_message_that_is_too_long_does_not_depend_on_pieces() {
        for text in [format!("6666666 <190>{}", "x".repeat(2_000)), "6666666 <190>".to_owned()] {
            let whole = messages(text.as_bytes(), 5_000);
            assert_eq!(whole[0].0.len(), KEPT_OF_LONG_BYTES.min(text.len() - 8));
            assert_eq!(messages(text.as_bytes(), 1), whole);
        }
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            text in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b' '), Just(b'<'), b'0'..=b'9', any::<u8>()], 0..200),
            piece in 1..20_usize,
        ) {
            prop_assert_eq!(messages(&text, piece), messages(&text, 1_000));
        }
    }
}
