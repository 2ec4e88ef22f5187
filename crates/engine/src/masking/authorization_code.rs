//! Authorization codes of OAuth 2.0 (RFC 6749, sections 4.1.2 and 4.1.3): `code=…` in the company of what is sent with one.
//!
//! `code` alone is the name of vouchers and languages as well, so that it cannot stand in the lists of names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::mark::Hiding;
use super::pairs::pairs;
use super::ranges::Found;
use super::text::is_secret;

/// What a code is called; names in OAuth have one case only.
pub(super) const NAME: &[u8] = b"code";

/// How it is written in a list of parameters.
const CODE: &[u8] = b"code=";

/// What stands beside a code when it comes back from the server that gave it (`iss` by RFC 9207, `session_state` by OpenID
/// Connect), and when it is exchanged for a token.
const COMPANY: [&[u8]; 6] =
    [b"state", b"session_state", b"iss", b"grant_type", b"redirect_uri", b"code_verifier"];

static SEARCH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(CODE));

/// Whether a text can hold one.
pub(super) fn may_stand_in(text: &[u8]) -> bool {
    SEARCH.find(text).is_some()
}

/// Adds the codes in the queries, fragments and forms of a text.
pub(super) fn find(text: &[u8], found: &mut Vec<Found>) {
    if !may_stand_in(text) {
        return;
    }
    let mut start = 0;
    for list in text.split(|byte| ends_list(*byte)) {
        if may_stand_in(list) && has_company(list) {
            let codes = pairs(text, start..start + list.len(), b'&')
                .filter(|pair| pair.name.clone().and_then(|name| text.get(name)) == Some(NAME))
                .filter(|pair| is_secret(text.get(pair.value.clone()).unwrap_or_default()));
            found.extend(codes.map(|pair| Found::new(pair.value, Hiding::Mask)));
        }
        start += list.len() + 1;
    }
}

fn has_company(list: &[u8]) -> bool {
    let mut names =
        list.split(|byte| *byte == b'&').filter_map(|pair| pair.split(|byte| *byte == b'=').next());
    names.any(is_company)
}

/// Whether a parameter or member of this name tells that a `code` beside it is an authorization code.
pub(super) fn is_company(name: &[u8]) -> bool {
    COMPANY.contains(&name)
}

/// What a list of parameters cannot hold, or begins behind.
fn ends_list(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), &mut found);
        found.into_iter().map(|one| &text[one.range]).collect()
    }

    #[test]
    fn codes_are_told_by_their_company() {
        for text in [
            "code=SplxlOBe&state=xyz",
            "state=xyz&code=SplxlOBe",
            "/cb?iss=https://a&code=SplxlOBe#",
            "GET /cb?code=SplxlOBe&session_state=1 HTTP/1.1",
            "https://h/cb#code=SplxlOBe&state=1",
            "\"grant_type=authorization_code&code=SplxlOBe\" 200",
            "code=SplxlOBe&redirect_uri=https%3A%2F%2Fh%2Fcb",
        ] {
            assert_eq!(hidden(text), ["SplxlOBe"], "{text}");
        }
        for text in [
            "code=PROMO",
            "code=PROMO&lang=de",
            "promo_code=A&state=CA",
            "code=&state=xyz",
            "code=[masked]&state=xyz",
            "/a?code=1 /b?state=2",
            "state=xyz",
        ] {
            assert!(hidden(text).is_empty(), "{text}");
        }
        assert_eq!(hidden("code=a1&code=b2&state=c"), ["a1", "b2"]);
    }
}
