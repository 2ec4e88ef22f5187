//! The secrets of one request, looked for wherever else they may have been copied.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::decoded::{Decoded, MAX_LEVELS, Spelling};
use super::mark::Hiding;
use super::ranges::Found;

/// Shortest secret that is looked for in texts about a field, in bytes; shorter ones are in every text.
const MIN_LEN: usize = 4;
/// Shortest secret that is looked for in whole parts of the request and in log lines, in bytes: who has the password
/// `search` must not make every path unreadable.
const MIN_LEN_OF_COPIES: usize = 8;
/// Most secrets that are looked for; with more of them, texts that may hold one are hidden whole.
const MAX_NEEDLES: usize = 128;
/// Bytes of a secret that are compared with the beginning or the end of a text.
const MAX_OVERLAP: usize = 256;
/// Shortest secret part of a text that is cut in the middle of a secret, in bytes.
const MIN_OVERLAP: usize = 3;

/// Secrets in every spelling that decoding gives them.
#[derive(Debug, Default)]
pub(super) struct Needles {
    spellings: Vec<Vec<u8>>,
    too_many: bool,
    search: Option<AhoCorasick>,
}

impl Needles {
    /// Adds the secrets of a text.
    pub(super) fn add(&mut self, text: &[u8], found: &[Found]) {
        for one in found {
            let Some(secret) = text.get(one.range.clone()) else { continue };
            self.add_spelling(secret);
            let mut spelled = secret.to_vec();
            for _ in 0..MAX_LEVELS {
                let Some(level) = Decoded::of(&spelled, Spelling::All) else { break };
                self.add_spelling(&level.bytes);
                spelled = level.bytes;
            }
        }
    }

    /// Readies the search; to be called when all are added.
    pub(super) fn finish(&mut self) {
        if !self.spellings.is_empty() {
            let search = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                // It looks at a few short texts: what is made quickest wins.
                .kind(Some(AhoCorasickKind::NoncontiguousNFA))
                .prefilter(false)
                .build(&self.spellings);
            self.too_many |= search.is_err();
            self.search = search.ok();
        }
    }

    /// Whether there are more secrets than are looked for.
    pub(super) fn are_too_many(&self) -> bool {
        self.too_many
    }

    /// Adds the places of copies in a part of the request or a log line.
    pub(super) fn find_copies(&self, text: &[u8], found: &mut Vec<Found>) {
        let Some(search) = &self.search else { return };
        let long = search.find_iter(text).filter(|copy| copy.len() >= MIN_LEN_OF_COPIES);
        found.extend(long.map(|copy| Found::new(copy.range(), Hiding::Mask)));
    }

    /// Adds the places of copies in a text about a field, those that the ends of the text cut included.
    pub(super) fn find_in_excerpt(&self, text: &[u8], found: &mut Vec<Found>) {
        if self.too_many {
            found.push(Found::new(0..text.len(), Hiding::Mask));
            return;
        }
        if let Some(search) = &self.search {
            found.extend(search.find_iter(text).map(|copy| Found::new(copy.range(), Hiding::Mask)));
        }
        let excerpt = text.strip_suffix("…".as_bytes()).unwrap_or(text);
        for secret in &self.spellings {
            if let Some(range) = cut_copy(excerpt, secret) {
                found.push(Found::new(range, Hiding::Mask));
            }
        }
    }

    fn add_spelling(&mut self, secret: &[u8]) {
        if secret.len() < MIN_LEN || self.spellings.iter().any(|known| known == secret) {
            return;
        }
        if self.spellings.len() >= MAX_NEEDLES {
            self.too_many = true;
            return;
        }
        // Texts for people have replacement characters where the secret had bytes outside UTF-8.
        let lossy = String::from_utf8_lossy(secret);
        if lossy.as_bytes() != secret {
            self.spellings.push(lossy.into_owned().into_bytes());
        }
        self.spellings.push(secret.to_vec());
    }
}

/// A text that is a part of the secret, ends with its beginning, or begins with its end.
fn cut_copy(text: &[u8], secret: &[u8]) -> Option<Range<usize>> {
    if text.len() < MIN_OVERLAP {
        return None;
    }
    if text.len() <= secret.len() && contains(secret, text) {
        return Some(0..text.len());
    }
    let longest = text.len().min(secret.len()).min(MAX_OVERLAP);
    for len in (MIN_OVERLAP..=longest).rev() {
        let (head, tail) = (text.get(..len)?, text.get(text.len() - len..)?);
        if secret.get(..len)?.eq_ignore_ascii_case(tail) {
            return Some(text.len() - len..text.len());
        }
        if secret.get(secret.len() - len..)?.eq_ignore_ascii_case(head) {
            return Some(0..len);
        }
    }
    None
}

fn contains(secret: &[u8], text: &[u8]) -> bool {
    secret.windows(text.len().max(1)).any(|part| part.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_found_whole_and_cut() {
        let mut needles = Needles::default();
        needles.add(b"hunter%32xyz", &[Found::new(0..12, Hiding::Mask)]);
        needles.finish();
        for (text, expected) in [
            ("a hunter2xyz b", Some(2..12)),
            ("a HUNTER%32XYZ", Some(2..14)),
            ("nter2", Some(0..5)),
            ("x=hunt…", Some(2..6)),
            ("2xyz' or", Some(0..4)),
            ("hello", None),
            ("", None),
        ] {
            let mut found = Vec::new();
            needles.find_in_excerpt(text.as_bytes(), &mut found);
            assert_eq!(found.first().map(|one| one.range.clone()), expected, "{text}");
        }
    }
}
