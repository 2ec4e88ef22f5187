//! The places of a request in which an attack can stand.

mod body;
mod form;
mod header;
mod json;
mod multipart;
mod xml;

use std::borrow::Cow;

use bartizan_model::{HttpRequest, Location};

use crate::canonical::Wrapping;

/// Fields of one request that are looked at one by one; what follows is looked at as one.
pub(crate) const MAX_FIELDS: usize = 1_024;

/// One value as it was sent.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// Where it stands.
    pub location: Location,
    /// Parameter, header or JSON Pointer; `None` for a path and for what has no name.
    pub name: Option<Cow<'a, [u8]>>,
    /// The raw bytes.
    pub value: &'a [u8],
    /// The encoding that its place implies.
    pub wrapping: Wrapping,
}

impl<'a> Field<'a> {
    fn new(location: Location, name: Option<Cow<'a, [u8]>>, value: &'a [u8], wrapping: Wrapping) -> Self {
        Self { location, name, value, wrapping }
    }

    /// Whether the value cannot hold an attack that a text model could see: too short to hold one, or letters,
    /// digits, `-`, `_` and single dots alone, and too short for wrapped text.
    pub fn is_plain(&self) -> bool {
        self.value.len() < 2
            || (self.value.len() < 24
                && self
                    .value
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
                && !self.value.windows(2).any(|pair| pair == b".."))
    }

    /// The name as text, bytes outside UTF-8 replaced, cut to 200 characters.
    pub fn name_text(&self) -> Option<String> {
        self.name.as_ref().map(|name| String::from_utf8_lossy(name).chars().take(200).collect())
    }
}

/// The fields of a request in the order in which they stand. Host names never appear: they must not decide.
pub fn fields(request: &HttpRequest) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    if request.method != bartizan_model::MISSING {
        found.push(Field::new(Location::Path, None, request.path(), Wrapping::None));
        if let Some(query) = request.query() {
            form::pairs(query, Location::Query, &mut found);
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

#[cfg(test)]
mod tests;
