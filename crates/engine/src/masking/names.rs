//! Which names are those of secrets.

use std::borrow::Cow;
use std::collections::HashMap;

use super::decoded::plain;
use super::mark::Hiding;

/// Longest name that is taken apart without memory of its own, in bytes.
const SHORT: usize = 96;
/// Words of a name that are looked at.
const MAX_WORDS: usize = 48;
/// Longest name, in bytes; what is longer is no name that anybody configured, and is hidden.
const MAX_NAME: usize = 4_096;

/// Names of secrets, compared without case and by whole words: `token` is found in `csrf_token`, `X-Auth-Token` and
/// `accessToken`, and not in `tokens`.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    /// Letters and digits of each name, joined and in lower case.
    known: HashMap<Box<[u8]>, Hiding>,
    /// Lengths of the names by their first byte; lengths beyond 63 share a bit.
    lengths: Vec<u64>,
    longest: usize,
    /// Set when every name is one of a secret.
    all: Option<Hiding>,
}

impl Names {
    /// Adds a name, or all names for `*`. What was added before and is added again is hidden the new way.
    pub(super) fn add(&mut self, name: &str, hiding: Hiding) {
        if name == "*" {
            self.all = Some(hiding);
            return;
        }
        self.lengths.resize(256, 0);
        let mut words = Words::new();
        words.read(name.as_bytes());
        let joined = words.joined(0, words.count);
        if let Some((first, mask)) = joined.first().and_then(|byte| Some((byte, length_bit(joined.len())?)))
            && let Some(lengths) = self.lengths.get_mut(usize::from(*first))
        {
            *lengths |= mask;
        }
        self.longest = self.longest.max(joined.len());
        self.known.insert(joined.into(), hiding);
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_none() && self.known.is_empty()
    }

    /// Whether every name is one of a secret.
    pub(super) fn is_all(&self) -> bool {
        self.all.is_some()
    }

    /// How the value of that name is hidden, if it is. Escapes in the name are undone.
    pub(super) fn find(&self, name: &[u8]) -> Option<Hiding> {
        if name.is_empty() || self.is_empty() {
            return None;
        }
        if name.len() > MAX_NAME {
            return Some(Hiding::Mask);
        }
        let name: Cow<'_, [u8]> =
            if memchr::memchr3(b'%', b'\\', b'&', name).is_some() { plain(name) } else { name.into() };
        let mut words = Words::new();
        words.read(&name);
        self.find_words(&words).or(self.all)
    }

    fn find_words(&self, words: &Words) -> Option<Hiding> {
        // The longest name says most: `session_id` before `id`. Capitals may stand anywhere, so that a word of ours may
        // have been taken for several.
        for count in (1..=words.count).rev() {
            for first in 0..=words.count - count {
                let joined = words.joined(first, count);
                if joined.len() > self.longest {
                    continue;
                }
                let is_likely = joined.first().is_some_and(|byte| {
                    let lengths = self.lengths.get(usize::from(*byte)).copied().unwrap_or(0);
                    length_bit(joined.len()).is_some_and(|bit| lengths & bit != 0)
                });
                if is_likely && let Some(hiding) = self.known.get(joined) {
                    return Some(*hiding);
                }
            }
        }
        None
    }
}

fn length_bit(len: usize) -> Option<u64> {
    1_u64.checked_shl(u32::try_from(len.min(63)).ok()?)
}

/// The longest word of a name: what a search for it can look for.
pub(super) fn longest_word(name: &str) -> Option<Vec<u8>> {
    let mut words = Words::new();
    words.read(name.as_bytes());
    (0..words.count).map(|at| words.joined(at, 1)).max_by_key(|word| word.len()).map(<[u8]>::to_vec)
}

/// The words of a name, joined in lower case, with the places where they begin.
struct Words {
    short: [u8; SHORT],
    long: Vec<u8>,
    len: usize,
    starts: [u16; MAX_WORDS],
    count: usize,
}

impl Words {
    fn new() -> Self {
        Self { short: [0; SHORT], long: Vec::new(), len: 0, starts: [0; MAX_WORDS], count: 0 }
    }

    fn read(&mut self, name: &[u8]) {
        let mut before = Class::Gap;
        for (at, byte) in name.iter().enumerate() {
            let class = Class::of(*byte);
            if class != Class::Gap {
                // `APIKey` is `API` and `Key`: the last capital before a small letter begins a word.
                let ends_capitals = before == Class::Capital
                    && class == Class::Capital
                    && name.get(at + 1).is_some_and(|next| Class::of(*next) == Class::Small);
                let begins = match (before, class) {
                    (Class::Capital, Class::Small) => false,
                    _ => before != class || ends_capitals,
                };
                if begins && let Some(start) = self.starts.get_mut(self.count) {
                    *start = u16::try_from(self.len).unwrap_or(u16::MAX);
                    self.count += 1;
                }
                self.push(byte.to_ascii_lowercase());
            }
            before = class;
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.short.get_mut(self.len) {
            *place = byte;
        } else {
            if self.long.is_empty() {
                self.long.extend_from_slice(&self.short);
            }
            self.long.push(byte);
        }
        self.len += 1;
    }

    /// That many words from one on, without what stood between them.
    fn joined(&self, first: usize, count: usize) -> &[u8] {
        let all = if self.long.is_empty() { &self.short } else { self.long.as_slice() };
        let start = |word: usize| {
            let known = word < self.count;
            self.starts.get(word).filter(|_| known).map_or(self.len, |start| usize::from(*start))
        };
        all.get(start(first)..start(first + count)).unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Gap,
    Small,
    Capital,
    Digit,
}

impl Class {
    fn of(byte: u8) -> Self {
        match byte {
            // Letters of other alphabets have no case here.
            b'a'..=b'z' | 0x80.. => Self::Small,
            b'A'..=b'Z' => Self::Capital,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names() -> Names {
        let mut names = Names::default();
        for name in ["password", "token", "access_token", "x-api-key", "pin", "sid", "phpsessid", "2fa"] {
            names.add(name, Hiding::Mask);
        }
        names.add("session_id", Hiding::Hash);
        names
    }

    #[test]
    fn names_match_by_whole_words_without_case() {
        for name in [
            "password",
            "PASSWORD",
            "user[password]",
            "user%5Bpassword%5D",
            "p%61ssword",
            "p%2561ssword",
            "newPassword",
            "password2",
            "X-CSRFToken",
            "accesstoken",
            "/user/token/0",
            "pin_code",
            "connect.sid",
            "PHPSESSID",
            "login2fa",
            "X-API-Key",
            "xApiKey",
            "pAsSwOrD",
            "sessionId",
            "a__session-id",
            "pass\\u0077ord",
        ] {
            assert!(names().find(name.as_bytes()).is_some(), "{name}");
        }
        for name in ["", "tokens", "shipping", "inside", "passwords", "id", "key", "api", "session", "%"] {
            assert!(names().find(name.as_bytes()).is_none(), "{name}");
        }
        assert_eq!(names().find(b"sessionid"), Some(Hiding::Hash));
        assert_eq!(names().find("a_".repeat(5_000).as_bytes()), Some(Hiding::Mask));
    }

    #[test]
    fn a_star_means_every_name() {
        let mut all = names();
        all.add("*", Hiding::Mask);
        assert_eq!(all.find(b"lang"), Some(Hiding::Mask));
        assert_eq!(all.find(b"session_id"), Some(Hiding::Hash));
        assert_eq!(all.find(b""), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_name_or_not(name in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = names().find(&name);
        }
    }
}
