//! The places of a request in which an attack can stand.

mod body;
mod graphql;
mod header;
mod json;
mod multipart;
mod name;
mod ordinary;
mod pairs;
mod xml;

use bartizan_model::{HttpRequest, Location};

use crate::canonical::{Wrapping, may_hold_wrapped};
pub(crate) use name::Name;

/// Fields of one request that are looked at one by one; what follows is looked at as one.
pub(crate) const MAX_FIELDS: usize = 1_024;

/// Length from which on one letter for ever is no word, in bytes.
const MIN_FILLER: usize = 128;

/// Whether a value is one letter for ever, as what is to run over the end of a buffer.
pub(crate) fn is_filler(value: &[u8]) -> bool {
    value.len() >= MIN_FILLER
        && value
            .split_first()
            .is_some_and(|(first, rest)| first.is_ascii_alphabetic() && rest.iter().all(|byte| byte == first))
}

/// One value as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Where it stands.
    pub location: Location,
    pub(crate) name: Name<'a>,
    /// The raw bytes.
    pub value: &'a [u8],
    /// The encoding that its place implies.
    pub wrapping: Wrapping,
}

impl<'a> Field<'a> {
    fn new(location: Location, name: Name<'a>, value: &'a [u8], wrapping: Wrapping) -> Self {
        Self { location, name, value, wrapping }
    }

    /// Whether the value cannot hold an attack that a text model could see: too short to hold one, or letters,
    /// digits, `-`, `_` and single dots alone, with nothing wrapped in them.
    pub fn is_plain(&self) -> bool {
        if self.value.len() < 2 {
            return true;
        }
        let mut last = 0;
        let (mut dots, mut digits) = (0, false);
        for byte in self.value {
            // Two dots lead out of a directory, two underscores into the inside of a language.
            if !PLAIN[usize::from(*byte)] || (*byte == last && matches!(byte, b'.' | b'_')) {
                return false;
            }
            dots += usize::from(*byte == b'.');
            digits |= byte.is_ascii_digit();
            last = *byte;
        }
        if is_filler(self.value) {
            return false;
        }
        // `java.lang.Runtime` is a name, and more than that.
        let qualified = dots >= 2 && !digits;
        !qualified && !self.value.starts_with(LINK_LOCAL) && !may_hold_wrapped(self.value)
    }

    /// Parameter, header or JSON Pointer for people; `None` for a path and for what has no name. Bytes outside UTF-8
    /// are replaced, and it is cut to 200 characters.
    pub fn name_text(&self) -> Option<String> {
        names(&[self]).pop().flatten()
    }
}

/// What [`Field::name_text`] says of each, for much less than one by one.
pub(crate) fn names(fields: &[&Field<'_>]) -> Vec<Option<String>> {
    let names: Vec<Name<'_>> = fields.iter().map(|field| field.name).collect();
    name::texts(&names)
}

/// The network in which clouds keep their metadata service (RFC 3927).
const LINK_LOCAL: &[u8] = b"169.254.";

const PLAIN: [bool; 256] = plain();

#[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
const fn plain() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let char = byte as u8;
        table[byte] = char.is_ascii_alphanumeric() || matches!(char, b'-' | b'_' | b'.');
        byte += 1;
    }
    table
}

/// The fields of a request in the order in which they stand. Host names never appear: they must not decide.
pub fn fields(request: &HttpRequest) -> Vec<Field<'_>> {
    let mut found = Vec::with_capacity(16);
    if request.method != bartizan_model::MISSING {
        path(request.path(), &mut found);
        if let Some(query) = request.query() {
            pairs::pairs(query, Location::Query, &mut found);
        }
    }
    for (name, value) in &request.headers {
        header::fields(name, value, &mut found);
    }
    if let Some(body) = &request.body {
        body::fields(request.header("content-type").unwrap_or_default(), body, &mut found);
    }
    found
}

/// A path is one field: what leads out of a directory does so across segments. Parameters of its segments
/// (`;jsessionid=1`) stay where they are.
fn path<'a>(path: &'a [u8], found: &mut Vec<Field<'a>>) {
    found.push(Field::new(Location::Path, Name::None, path, Wrapping::None));
}

#[cfg(test)]
mod tests;
