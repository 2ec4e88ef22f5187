//! Bytes that say they are compressed.
#![no_main]

use bartizan_ingest::{Compression, unpack};
use libfuzzer_sys::fuzz_target;

/// Little, so that what unpacks to far more than it holds costs no time.
const CAP_BYTES: usize = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let Some((&first, packed)) = data.split_first() else {
        return;
    };
    let kinds = [(Compression::Gzip, b"\x1f\x8b".as_slice()), (Compression::Zstd, b"\x28\xb5\x2f\xfd")];
    let (compression, magic) = kinds[usize::from(first % 2)];
    for packed in [packed, &[magic, packed].concat()] {
        if let Ok(text) = unpack(packed, compression, CAP_BYTES) {
            assert!(text.len() <= CAP_BYTES);
        }
    }
});
