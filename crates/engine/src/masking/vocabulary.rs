//! The configured names, ready to be looked for.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};
use bartizan_model::Location;

use super::mark::Hiding;
use super::names::{Names, longest_word};
use super::segments::{JWT, LINKS};
use super::settings::{MaskingError, MaskingSettings};

/// Words that announce a secret in any text, whatever is configured.
const COOKIE: &str = "cookie";
const BEARER: &str = "bearer";

/// Names by place, and one search over the words of all of them.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) parameters: Names,
    pub(super) headers: Names,
    pub(super) cookies: Names,
    pub(super) fields: Names,
    /// Names of all places, for texts of which nobody knows what they are.
    pub(super) anywhere: Names,
    pub(super) cards: bool,
    search: AhoCorasick,
    /// Whether some list says that all names are those of secrets, which no search can find.
    has_all: bool,
}

impl Vocabulary {
    pub(super) fn new(settings: &MaskingSettings) -> Result<Self, MaskingError> {
        settings.validate()?;
        let (mask, hash) = (&settings.mask, &settings.hash);
        let mut words = vec![BEARER.as_bytes().to_vec(), JWT.to_vec()];
        words.extend(LINKS.map(<[u8]>::to_vec));
        let mut read = |lists: [(&[String], Hiding); 2], anywhere: &mut Names| {
            let mut names = Names::default();
            for (name, hiding) in
                lists.iter().flat_map(|(list, hiding)| list.iter().map(|name| (name, *hiding)))
            {
                names.add(name, hiding);
                if let Some(word) = longest_word(name) {
                    anywhere.add(name, hiding);
                    words.push(word);
                }
            }
            names
        };
        let mut anywhere = Names::default();
        let fields = read([(&mask.fields, Hiding::Mask), (&hash.fields, Hiding::Hash)], &mut anywhere);
        let headers = read([(&mask.headers, Hiding::Mask), (&hash.headers, Hiding::Hash)], &mut anywhere);
        let cookies = read([(&mask.cookies, Hiding::Mask), (&hash.cookies, Hiding::Hash)], &mut anywhere);
        // Last, so that a name that stands in several places is hidden in texts as it is in queries.
        let parameters =
            read([(&mask.parameters, Hiding::Mask), (&hash.parameters, Hiding::Hash)], &mut anywhere);
        if !cookies.is_empty() {
            words.push(COOKIE.as_bytes().to_vec());
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&words)
            .map_err(|_| MaskingError::TooLarge)?;
        let has_all = parameters.is_all() || fields.is_all() || headers.is_all();
        Ok(Self { parameters, headers, cookies, fields, anywhere, cards: mask.cards, search, has_all })
    }

    /// The next word of a secret's name, from there on.
    pub(super) fn next_word(&self, text: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
        let input = Input::new(text).range(from.min(text.len())..);
        self.search.find(input).map(|found| found.range())
    }

    /// Whether a search for words can miss a name.
    pub(super) fn has_all(&self) -> bool {
        self.has_all
    }

    /// How the value of a field is hidden, if it is.
    pub(super) fn find(&self, location: Location, name: &str) -> Option<Hiding> {
        let name = name.as_bytes();
        match location {
            Location::Query => self.parameters.find(name),
            Location::Header => self.headers.find(name).or_else(|| self.parameters.find(name)),
            Location::Cookie => self.cookies.find(name),
            Location::Form
            | Location::Json
            | Location::Multipart
            | Location::Xml
            | Location::Graphql
            | Location::Body => self.fields.find(name),
            Location::Path | Location::Behaviour => None,
        }
    }

    /// Whether a word begins what a browser keeps: `Cookie` and `Set-Cookie`.
    pub(super) fn is_cookie_header(&self, word: &[u8]) -> bool {
        !self.cookies.is_empty()
            && [b"cookie".as_slice(), b"set-cookie", b"cookies", b"http_cookie"]
                .iter()
                .any(|name| word.eq_ignore_ascii_case(name))
    }

    /// Whether a word announces a token of its own (RFC 6750).
    pub(super) fn is_bearer(word: &[u8]) -> bool {
        word.eq_ignore_ascii_case(BEARER.as_bytes())
    }
}
