//! The parts of a URL that applications read.

use std::ops::Range;

/// Longest scheme, in bytes.
const MAX_SCHEME: usize = 16;

/// Where the parts of a URL stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// Scheme, host and port; empty when the text begins with its path.
    pub(crate) authority: Range<usize>,
    /// The path.
    pub(crate) path: Range<usize>,
    /// What follows the first `?`, up to a `#`.
    pub(crate) query: Range<usize>,
    /// What follows the first `#`.
    pub(crate) fragment: Range<usize>,
}

/// The parts of a text that begins with a scheme or with a path.
pub(crate) fn parse(text: &[u8]) -> Option<Url> {
    let authority = match memchr::memmem::find(text.get(..text.len().min(MAX_SCHEME + 3))?, b"://") {
        Some(colon) => {
            let scheme = text.get(..colon)?;
            if !scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
                return None;
            }
            let after = text.get(colon + 3..)?;
            let host = after.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
            0..colon + 3 + host.unwrap_or(after.len())
        }
        None if text.first() == Some(&b'/') => 0..0,
        None => return None,
    };
    let find = |from: usize, byte: u8| {
        let rest = text.get(from..).unwrap_or_default();
        memchr::memchr(byte, rest).map_or(text.len(), |at| from + at)
    };
    let hash = find(authority.end, b'#');
    let mark = find(authority.end, b'?').min(hash);
    Some(Url {
        path: authority.end..mark,
        query: (mark + 1).min(hash)..hash,
        fragment: (hash + 1).min(text.len())..text.len(),
        authority,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_url_has_its_parts() {
        let text = b"https://a.example:8080/b/c?d=1#e?f";
        let url = parse(text).expect("a URL");
        let part = |range: Range<usize>| String::from_utf8_lossy(&text[range]).into_owned();
        assert_eq!(part(url.authority), "https://a.example:8080");
        assert_eq!(
            (part(url.path), part(url.query), part(url.fragment)),
            ("/b/c".into(), "d=1".into(), "e?f".into())
        );
        assert_eq!(parse(b"javascript:alert(1)"), None);
        assert_eq!(parse(b"a=1"), None);
    }

    proptest! {
        #[test]
        fn the_parts_of_any_bytes_cover_it_in_order(text in proptest::collection::vec(prop::sample::select(b"ab:/?#&=.".to_vec()), 0..40)) {
            if let Some(url) = parse(&text) {
                prop_assert!(url.authority.end == url.path.start && url.path.end <= url.query.start);
                prop_assert!(url.query.start <= url.query.end && url.query.end <= url.fragment.start);
                prop_assert_eq!(url.fragment.end, text.len());
            }
        }
    }
}
