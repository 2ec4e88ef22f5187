//! Lines from standard input, so that whatever writes to a pipe can be read: `journalctl -f | bartizan serve --log -`.

use std::io::{self, Read};
use std::sync::Arc;

use bartizan_model::{Checkpoint, Clock};

use crate::LineOptions;
use crate::framing::{Frame, LineFramer};
use crate::line_queue::{LineQueue, Received};
use crate::pushed::PushedReader;

/// Starts a thread that reads the input to its end, as fast as the lines are taken: a full queue leaves the rest in the
/// pipe, which makes the writer wait.
///
/// The thread may stay blocked in a read when the source is closed; it holds nothing then.
pub(crate) fn open(
    input: impl Read + Send + 'static,
    lines: &LineOptions,
    checkpoint: Option<Checkpoint>,
    clock: Arc<dyn Clock>,
) -> io::Result<PushedReader> {
    let queue = Arc::new(LineQueue::default());
    let filled = Arc::clone(&queue);
    std::thread::Builder::new().name("standard input".to_owned()).spawn(move || pump(input, &filled))?;
    Ok(PushedReader::new(queue, lines, checkpoint, clock, |line| line))
}

fn pump(mut input: impl Read, queue: &LineQueue) {
    let mut framer = LineFramer::new(0);
    let mut is_end = false;
    while !is_end {
        match input.read(framer.space()) {
            Ok(0) => is_end = true,
            Ok(count) => framer.filled(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                queue.report(format!("standard input cannot be read: {error}"));
                is_end = true;
            }
        }
        while let Some(frame) = framer.next_frame(is_end) {
            let received = match frame {
                Frame::Line(line) => Received { line: line.to_vec(), is_cut: false },
                Frame::TooLong(line) => Received { line: line.to_vec(), is_cut: true },
            };
            if !queue.push(received) {
                return;
            }
        }
    }
    queue.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReadState;
    use crate::source::LineSource;
    use bartizan_model::SystemClock;

    #[test]
    fn the_input_is_read_to_its_end_and_a_restart_counts_on() {
        let line = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"";
        let text = format!("{line}\njunk\n{line}\r\n\n{line}");
        let input = io::Cursor::new(text.clone().into_bytes());
        let mut source = open(input, &LineOptions::default(), None, Arc::new(SystemClock)).expect("a thread");
        let (mut lines, mut failed, mut to) = (0, 0, None);
        loop {
            let batch = source.read_batch(2).expect("read");
            (lines, failed) = (lines + batch.lines, failed + batch.failed);
            if batch.has_moved() {
                assert_eq!(batch.from, to);
                to = Some(batch.to);
            }
            if batch.state == ReadState::Ended {
                break;
            }
            std::thread::yield_now();
        }
        assert_eq!((lines, failed), (4, 1));
        let mut again =
            open(io::empty(), &LineOptions::default(), to.clone(), Arc::new(SystemClock)).expect("a thread");
        let batch = again.read_batch(2).expect("read");
        assert!(!batch.has_moved());
        assert_eq!(batch.from, to);
    }
}
