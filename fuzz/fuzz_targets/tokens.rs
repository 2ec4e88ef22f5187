//! Any bytes, canonical or not, to tokens and features.
#![no_main]

use bartizan_detect::{Tracking, Wrapping, flag_base, kinds, leaves, tokens, visit_features};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(data);
    for leaf in leaves(data, Wrapping::None, Tracking::Off) {
        check(leaf.text.bytes());
    }
});

fn check(bytes: &[u8]) {
    let found = tokens(bytes);
    for token in &found {
        assert!((token.start as usize) < bytes.len(), "a token outside its text");
        assert!(usize::from(token.kind) < kinds(), "a kind that does not exist");
    }
    assert!(found.is_sorted_by(|left, right| left.start < right.start), "tokens out of order");
    visit_features(bytes, &found, |position, index| {
        assert!(position < bytes.len(), "a feature outside its text");
        assert!(index < flag_base(), "a feature outside its table");
    });
}
