//! Any request to its fields.
#![no_main]

use bartizan_detect::fields;
use bartizan_fuzz::request;
use libfuzzer_sys::fuzz_target;

/// Fields that are looked at one by one, and what the last part of a body may add to them.
const MAX_FIELDS: usize = 1_024 + 16;
/// What a header adds when the cap is reached: path, query and fragment of a referrer.
const MAX_PER_HEADER: usize = 3;
/// Fields whose names are written out: no more are ever shown.
const SHOWN: usize = 20;

fuzz_target!(|data: &[u8]| {
    let request = request(data);
    let sent: Vec<&[u8]> = std::iter::once(request.target.as_slice())
        .chain(request.headers.iter().map(|(_, value)| value.as_slice()))
        .chain(request.body.as_deref())
        .collect();
    let found = fields(&request);
    assert!(found.len() <= MAX_FIELDS + MAX_PER_HEADER * request.headers.len(), "{} fields", found.len());
    for field in &found {
        let value = field.value.as_ptr_range();
        let lies_inside = sent.iter().any(|part| {
            let part = part.as_ptr_range();
            part.start <= value.start && value.end <= part.end
        });
        assert!(lies_inside, "a value that was not sent");
        let _ = field.is_plain();
    }
    for field in found.iter().take(SHOWN).chain(found.iter().rev().take(SHOWN)) {
        assert!(field.name_text().is_none_or(|name| name.chars().count() <= 200), "a name that is too long");
    }
});
