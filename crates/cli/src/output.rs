//! What commands say to people; the only place that prints.

use std::io::Write;

/// Writes a line to standard output. A closed pipe (`| head`) is no failure.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a line of progress to standard error.
pub(crate) fn progress(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes an error and its causes as one message; a cause that the message already tells is left out.
pub(crate) fn error(error: &anyhow::Error) {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    progress(format_args!("bartizan: {text}"));
}
