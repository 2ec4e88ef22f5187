//! What a field is called: cheap to carry, written out only for people.

use std::borrow::Cow;

use crate::structure::json;

/// Longest name shown, in characters.
const MAX_SHOWN: usize = 200;
/// Longest part of a name that is kept where an attack may stand in it, in bytes.
const MAX_CUT: usize = 64;

/// The name of a field, as far as it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name<'a> {
    /// A path, or a value without a name.
    None,
    /// As it was sent.
    Sent(&'a [u8]),
    /// One of a fixed set of words for what has no name of its own.
    Word(&'static str),
    /// The file name of a multipart part.
    File(&'a [u8]),
    /// A parameter in the query of a URL in a header.
    HeaderParameter(&'a str, &'a [u8]),
    /// The token of a JSON text that begins at an offset, by its JSON Pointer.
    Pointer(&'a [u8], usize),
}

impl<'a> Name<'a> {
    /// A name that may be long because it is more than a name.
    pub(super) fn cut(name: &'a [u8]) -> Self {
        Self::Sent(name.get(..MAX_CUT).unwrap_or(name))
    }
}

/// The names of fields for people, bytes outside UTF-8 replaced, each cut to 200 characters; `None` for what has
/// none. A JSON text is walked once for all fields that stand in it.
pub(crate) fn texts(names: &[Name<'_>]) -> Vec<Option<String>> {
    let mut documents: Vec<Document<'_>> = Vec::new();
    for name in names {
        let Name::Pointer(text, at) = *name else { continue };
        match documents.iter_mut().find(|document| std::ptr::eq(document.text, text)) {
            Some(document) => document.places.push(at),
            None => documents.push(Document { text, places: vec![at], pointers: Vec::new() }),
        }
    }
    for document in &mut documents {
        document.pointers = json::pointers(document.text, &document.places);
    }
    names.iter().map(|name| text(*name, &documents)).collect()
}

/// A JSON text with the places in it that are to be named. One request rarely holds more than one.
struct Document<'a> {
    text: &'a [u8],
    places: Vec<usize>,
    pointers: Vec<Vec<u8>>,
}

impl Document<'_> {
    fn pointer(&self, at: usize) -> Option<&[u8]> {
        let index = self.places.iter().position(|place| *place == at)?;
        self.pointers.get(index).map(Vec::as_slice)
    }
}

fn text(name: Name<'_>, documents: &[Document<'_>]) -> Option<String> {
    let bytes: Cow<'_, [u8]> = match name {
        Name::None => return None,
        Name::Sent(name) => name.into(),
        Name::Word(word) => word.as_bytes().into(),
        Name::File(part) => [part, b".filename"].concat().into(),
        Name::HeaderParameter(header, parameter) => [header.as_bytes(), b"?", parameter].concat().into(),
        Name::Pointer(text, at) => {
            let document = documents.iter().find(|document| std::ptr::eq(document.text, text));
            document.and_then(|document| document.pointer(at)).unwrap_or_default().into()
        }
    };
    Some(String::from_utf8_lossy(&bytes).chars().take(MAX_SHOWN).collect())
}
