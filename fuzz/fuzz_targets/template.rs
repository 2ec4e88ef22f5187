//! A format in the words of nginx or Apache, and behind the first line end a log that is read by it.
#![no_main]

use bartizan_fuzz::read;
use bartizan_ingest::{FormatChoice, LineOptions};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (format, log) = data.split_at(data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len()));
    let Ok(choice) = String::from_utf8_lossy(format).parse::<FormatChoice>() else {
        return;
    };
    let again: Result<FormatChoice, _> = choice.to_string().parse();
    assert_eq!(again.as_ref(), Ok(&choice), "what it is shown as is the same format again");
    read(&LineOptions { format: Some(choice), ..LineOptions::default() }, log);
});
