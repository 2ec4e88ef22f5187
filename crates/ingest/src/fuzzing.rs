//! What fuzz targets need to reach inside; no part of any build but theirs.

use crate::syslog::cutter::{self, Cutter};
use crate::syslog::message;

/// Longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = cutter::MAX_MESSAGE_BYTES;

/// The contents of the messages in a stream that comes in pieces of at most that many bytes.
pub fn syslog_messages(stream: &[u8], piece: usize) -> Vec<Vec<u8>> {
    let mut cutter = Cutter::default();
    let mut contents = Vec::new();
    let mut take = |cutter: &mut Cutter, is_end| {
        while let Some(received) = cutter.next_message(is_end) {
            contents.push(message::content(&received.line).to_vec());
        }
    };
    for bytes in stream.chunks(piece.max(1)) {
        cutter.add(bytes);
        take(&mut cutter, false);
    }
    take(&mut cutter, true);
    contents
}
