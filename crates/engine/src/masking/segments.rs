//! Secrets without a name of their own: tokens in the segments of a path, as in links that are sent by mail, and JSON Web
//! Tokens wherever they stand.

use super::mark::Hiding;
use super::ranges::Found;
use super::vocabulary::Vocabulary;

/// Segments behind which links of accounts have their token.
pub(super) const LINKS: [&[u8]; 8] =
    [b"reset", b"verify", b"confirm", b"activate", b"invite", b"invitation", b"recover", b"unsubscribe"];

/// How a JSON object begins in base64url, and so each JSON Web Token (RFC 7519, section 3.1).
pub(super) const JWT: &[u8] = b"eyJ";

/// Shortest segment that is taken for a token, in bytes: 12 random bytes in base64. Shorter ones are words and numbers of
/// rows.
const MIN_TOKEN_LEN: usize = 16;

/// Shortest header of a JSON Web Token, in bytes: `{"alg":""}` in base64url.
const MIN_HEADER_LEN: usize = 14;

impl Vocabulary {
    /// Adds the segments that look like tokens and stand behind the name of a secret, or of a link that has one.
    pub(super) fn find_in_segments(&self, path: &[u8], found: &mut Vec<Found>) {
        let (mut before, mut start): (&[u8], usize) = (b"", 0);
        for segment in path.split(|byte| *byte == b'/') {
            let range = start..start + segment.len();
            start = range.end + 1;
            if is_token(segment)
                && let Some(hiding) = self.announced(before)
            {
                found.push(Found::new(range, hiding));
            }
            before = segment;
        }
    }

    fn announced(&self, segment: &[u8]) -> Option<Hiding> {
        let is_link = || {
            let mut words = segment.split(|byte| !byte.is_ascii_alphabetic());
            words.any(|word| LINKS.iter().any(|link| word.eq_ignore_ascii_case(link)))
        };
        self.anywhere.find(segment).or_else(|| is_link().then_some(Hiding::Mask))
    }
}

/// Whether this is a JSON Web Token: two parts and what signs them.
pub(super) fn is_jwt(word: &[u8]) -> bool {
    let mut parts = word.split(|byte| *byte == b'.');
    let is_header = |part: &[u8]| part.starts_with(JWT) && part.len() >= MIN_HEADER_LEN;
    parts.next().is_some_and(is_header)
        && parts.next().is_some_and(|part| !part.is_empty())
        && parts.next().is_some()
}

/// Whether a segment is no word, no number and no title: letters and digits, or letters of both cases, in one piece or in
/// such as a UUID has.
fn is_token(segment: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_~%=+".contains(byte);
    let has = |kind: fn(&u8) -> bool| segment.iter().any(kind);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
        || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let is_word = |part: &&[u8]| part.len() > 1 && part.iter().all(u8::is_ascii_alphabetic);
    let words = || segment.split(|byte| matches!(byte, b'-' | b'_')).filter(is_word).count();
    segment.len() >= MIN_TOKEN_LEN && segment.iter().all(is_part) && is_mixed && words() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_words_and_titles() {
        for token in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "Zm9vYmFyYmF6cXV4MTIz",
            "c56a4180-65aa-42ec-a945-5fd21dec0538",
            "aBcDeFgHiJkLmNoPqR",
        ] {
            assert!(is_token(token.as_bytes()), "{token}");
        }
        for word in [
            "",
            "refresh",
            "1234567890123456",
            "how-to-reset-your-password-2024",
            "internationalization",
            "bootstrap.bundle.min.v5.js",
        ] {
            assert!(!is_token(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn a_json_web_token_has_three_parts() {
        assert!(is_jwt(b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"));
        assert!(is_jwt(b"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."));
        for other in ["eyJ", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.x", "eyJ.a.b", "a.b.c"] {
            assert!(!is_jwt(other.as_bytes()), "{other}");
        }
    }
}
