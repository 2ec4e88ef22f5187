//! A stream of syslog, in pieces of a length that the first byte chooses.
#![no_main]

use bartizan_ingest::fuzzing::{MAX_MESSAGE_BYTES, syslog_messages};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&length, stream)) = data.split_first() else {
        return;
    };
    let whole = syslog_messages(stream, stream.len().max(1));
    assert!(whole.iter().all(|message| message.len() <= MAX_MESSAGE_BYTES));
    assert!(whole.iter().map(Vec::len).sum::<usize>() <= stream.len(), "more than was sent");
    assert_eq!(whole, syslog_messages(stream, usize::from(length).max(1)), "pieces make a difference");
});
