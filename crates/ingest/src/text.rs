//! Lines of a text that is held in memory whole, as it was sent in one piece.

use std::sync::Arc;

use bartizan_model::{Checkpoint, Clock, Fingerprint};
use sha2::{Digest, Sha256};

use crate::framing::MAX_LINE_BYTES;
use crate::source::LineSource;
use crate::{LineParser, ReadBatch, ReadState, SourceError};

/// Reads a text from where its checkpoint says. The position is one within this very text, so that who sends it again
/// after a failure goes on where it was interrupted.
#[derive(Debug)]
pub struct TextReader {
    text: Vec<u8>,
    from: Option<Checkpoint>,
    position: Checkpoint,
    parser: LineParser,
    clock: Arc<dyn Clock>,
}

impl TextReader {
    /// A reader of this text.
    ///
    /// # Errors
    /// [`SourceError::OtherText`] when the checkpoint was made in another.
    pub fn open(
        text: Vec<u8>,
        checkpoint: Option<Checkpoint>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SourceError> {
        let fingerprint = Fingerprint {
            device: 0,
            inode: 0,
            head_len: u64::try_from(text.len()).unwrap_or(u64::MAX),
            head_hash: text_hash(&text),
        };
        if checkpoint.as_ref().is_some_and(|point| point.fingerprint != fingerprint) {
            return Err(SourceError::OtherText);
        }
        let position = checkpoint.clone().unwrap_or(Checkpoint { fingerprint, offset: 0, format: None });
        Ok(Self { text, from: checkpoint, position, parser: LineParser::default(), clock })
    }
}

/// What a text is known by, in hex.
pub fn text_hash(text: &[u8]) -> String {
    format!("{:x}", Sha256::digest(text))
}

impl LineSource for TextReader {
    fn read_batch(&mut self, max_lines: usize) -> Result<ReadBatch, SourceError> {
        let read_at = self.clock.now();
        let mut batch = ReadBatch::empty(self.from.clone(), self.position.clone());
        let offset = usize::try_from(self.position.offset).unwrap_or(usize::MAX);
        let mut rest = self.text.get(offset..).unwrap_or_default();
        let unread = rest.len();
        for _ in 0..max_lines.max(1) {
            if rest.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default();
            batch.take_line(
                &mut self.parser,
                line.strip_suffix(b"\r").unwrap_or(line),
                end > MAX_LINE_BYTES,
                read_at,
            );
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        batch.bytes = u64::try_from(unread - rest.len()).unwrap_or_default();
        batch.lag_bytes = u64::try_from(rest.len()).ok();
        batch.to.offset = batch.to.offset.saturating_add(batch.bytes);
        batch.state = if rest.is_empty() { ReadState::Ended } else { ReadState::More };
        self.position = batch.to.clone();
        self.from = Some(batch.to.clone());
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::SystemClock;

    #[test]
    fn a_text_is_read_on_where_it_was_left_and_another_one_is_refused() {
        let line = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";
        let text = format!("{line}\njunk\r\n{line}{}", line.trim_end());
        let open = |text: &str, checkpoint| {
            TextReader::open(text.as_bytes().to_vec(), checkpoint, Arc::new(SystemClock))
        };
        let first = open(&text, None).expect("opens").read_batch(2).expect("reads");
        assert_eq!((first.lines, first.failed, first.state), (1, 0, ReadState::More));
        let mut reader = open(&text, Some(first.to.clone())).expect("opens");
        let second = reader.read_batch(100).expect("reads");
        assert_eq!((second.lines, second.failed, &second.state), (3, 1, &ReadState::Ended));
        assert_eq!(second.to.offset, text.len() as u64);
        let again = open(&text, Some(second.to)).expect("opens").read_batch(100).expect("reads");
        assert!(!again.has_moved() && again.state == ReadState::Ended);
        assert!(matches!(open("other", Some(first.to)), Err(SourceError::OtherText)));
    }
}
