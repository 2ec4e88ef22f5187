//! Any bytes to their canonical form. The first byte chooses what the place of the value implies.
#![no_main]

use bartizan_detect::{Flags, Tracking, Wrapping, canonicalise, decode, leaves};
use libfuzzer_sys::fuzz_target;

/// Texts of one value that are judged one by one, and the value itself.
const MAX_LEAVES: usize = 200;
/// What stands for a random token in a canonical form. Sent, it is a control character like any other, so that such a
/// form cannot be sent again; the properties in the crate cover those.
const TOKEN: u8 = 0x02;

fuzz_target!(|data: &[u8]| {
    let Some((choice, raw)) = data.split_first() else { return };
    let wrapping = [Wrapping::None, Wrapping::Plus, Wrapping::Json][usize::from(choice % 3)];

    let tracked = leaves(raw, wrapping, Tracking::On);
    let untracked = leaves(raw, wrapping, Tracking::Off);
    // None at all is right for what is built of names and numbers alone.
    assert!(tracked.len() <= MAX_LEAVES, "{} leaves", tracked.len());
    assert_eq!(tracked.len(), untracked.len(), "tracking changes the number of leaves");
    for (on, off) in tracked.iter().zip(&untracked) {
        assert_eq!((on.text.bytes(), on.flags), (off.text.bytes(), off.flags), "tracking changes a leaf");
        assert!(on.text.len() <= raw.len(), "{} bytes of {}", on.text.len(), raw.len());
        for at in 0..on.text.len() {
            let (start, end) = on.text.origin(at, at + 1);
            assert!(start < end && end <= raw.len(), "byte {at} comes from {start}..{end}");
        }
    }

    let mut flags = Flags::default();
    let once = canonicalise(&decode(raw, wrapping, Tracking::Off, &mut flags), &mut flags);
    if !flags.has(Flags::CAPPED) && !once.bytes().contains(&TOKEN) {
        let mut again = Flags::default();
        let twice = canonicalise(&decode(once.bytes(), Wrapping::None, Tracking::Off, &mut again), &mut again);
        assert_eq!(once.bytes(), twice.bytes(), "canonicalising twice changes something");
    }
});
