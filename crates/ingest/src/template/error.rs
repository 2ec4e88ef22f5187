//! Why a log format cannot be read by.

/// Why a log format is refused; the message names the variable and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Nothing says what was asked for.
    #[error("log format has no request: add {remedy}")]
    NoRequest {
        /// The variables to add.
        remedy: &'static str,
    },
    /// Nothing says who asked.
    #[error("log format has no client: add {remedy}")]
    NoClient {
        /// The variable to add.
        remedy: &'static str,
    },
    /// Nothing separates two variables.
    #[error(
        "{first} and {second} stand next to each other in the log format: put a blank or a quote between them"
    )]
    Adjacent {
        /// The first variable, as written.
        first: String,
        /// The second.
        second: String,
    },
    /// A brace or a quote that is not closed, a percent sign at the end.
    #[error("log format breaks off at {at}: close what is open there")]
    Unfinished {
        /// The text from there on, cut.
        at: String,
    },
    /// An `escape=` that nginx does not know.
    #[error("escape={given} is not known: use default, json or none")]
    UnknownEscape {
        /// What was given, cut.
        given: String,
    },
    /// Longer than any server accepts.
    #[error("log format is longer than {max} bytes")]
    TooLong {
        /// The cap in bytes.
        max: usize,
    },
}
