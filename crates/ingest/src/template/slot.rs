//! What a variable of a log format stands for.

/// The meaning of one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The client; of several the one of the highest rank that is known.
    Client(u8),
    Time(TimeForm),
    RequestLine,
    Method,
    /// Path and query.
    Target,
    /// The path alone.
    Path,
    /// `?` where there is a query.
    QuestionMark,
    /// The query, with or without its `?`.
    Query,
    Protocol,
    Status,
    /// Size of the answer; the highest rank counts.
    Bytes(u8),
    /// Time that the answer took, in units of `unit_ns` nanoseconds; the highest rank counts.
    Duration {
        unit_ns: u32,
        rank: u8,
    },
    /// Times of all servers that were asked, in seconds.
    UpstreamSeconds,
    /// The host; the highest rank counts.
    Host(u8),
    /// The host and the target in one.
    HostAndTarget,
    /// A header of the request, by its lower-case name.
    Header(String),
    /// The addresses that it was forwarded for: a header, and the last of them the client where nothing else names it.
    ForwardedFor,
    /// A cookie of the request.
    Cookie(String),
    Body,
    /// Nothing of use.
    Skip,
}

/// How a time is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// Any of the usual text forms.
    Text,
    /// A number since 1970, in a unit that follows from its size.
    Number,
    /// A fraction of the second that another variable gives, in so many microseconds each.
    Fraction(i64),
    /// In the words of `strftime`.
    Pattern(String),
}

impl Slot {
    /// Whether a request cannot be told without it where it is part of a format: an empty value is then a mistake in
    /// cutting the line.
    pub(crate) fn is_never_empty(&self) -> bool {
        matches!(
            self,
            Self::Client(_) | Self::Time(_) | Self::Method | Self::Status | Self::Target | Self::Path
        )
    }

    /// What is missing when it is not found.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Client(_) | Self::ForwardedFor => "the client",
            Self::Time(_) => "the time",
            Self::RequestLine | Self::Method | Self::Target | Self::Path | Self::HostAndTarget => {
                "the request"
            }
            Self::Status => "the status",
            _ => "a field",
        }
    }

    /// What both slots are when nothing stands between them; `None` when they could not be told apart.
    pub(crate) fn joined(&self, next: &Self) -> Option<Self> {
        match (self, next) {
            (Self::Path, Self::Query | Self::QuestionMark) | (Self::Target, Self::Query) => {
                Some(Self::Target)
            }
            (Self::QuestionMark, Self::Query) => Some(Self::Query),
            (Self::Host(_), Self::Target | Self::Path)
            | (Self::HostAndTarget, Self::Query | Self::QuestionMark) => Some(Self::HostAndTarget),
            (Self::Skip, Self::Skip) => Some(Self::Skip),
            _ => None,
        }
    }
}
