//! A log whose format nobody named.
#![no_main]

use bartizan_fuzz::read;
use bartizan_ingest::{Detection, LineOptions, text_hash};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let found = Detection::of(data);
    assert_eq!(found, Detection::of(data));
    assert_eq!(text_hash(data), text_hash(data));
    read(&LineOptions::default(), data);
});
