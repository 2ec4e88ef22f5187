//! What the counters need to know of one request.

use bartizan_model::{HttpRequest, MISSING};

use crate::hash::fnv1a;

/// Words in the last segments of a path that lead to a login.
const LOGIN_WORDS: [&[u8]; 12] = [
    b"login",
    b"signin",
    b"sign-in",
    b"sign_in",
    b"logon",
    b"wp-login.php",
    b"xmlrpc.php",
    b"session",
    b"sessions",
    b"authenticate",
    b"j_security_check",
    b"token",
];

/// Endings of the parts of a page, which browsers fetch by the hundred.
const ASSET_ENDINGS: [&[u8]; 16] = [
    b".png", b".jpg", b".jpeg", b".gif", b".svg", b".webp", b".avif", b".ico", b".css", b".js", b".mjs",
    b".map", b".woff", b".woff2", b".ttf", b".mp4",
];

#[derive(Debug)]
pub(super) struct Shape {
    /// Hash of the client; `None` when it is unknown, for then the counters would mix everyone.
    pub(super) client: Option<u64>,
    /// Hash of the path.
    pub(super) path: u64,
    /// Hash of the query when it is nothing but a number.
    pub(super) cache_buster: Option<u64>,
    /// The answer says that there is no such thing.
    pub(super) missing: bool,
    /// The answer asks for credentials, outside a login page.
    pub(super) refused: bool,
    /// An attempt to log in that did not end in a redirect.
    pub(super) failed_login: bool,
}

impl Shape {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let path = request.path();
        let query = request.query().unwrap_or_default();
        let login = is_login(path);
        // A page with broken images is the page's fault, not the client's.
        let broken_asset = is_asset(path) && has_referrer(request);
        Self {
            client: (request.client != MISSING).then(|| fnv1a(request.client.as_bytes())),
            path: fnv1a(path),
            cache_buster: is_cache_buster(query).then(|| fnv1a(query)),
            missing: matches!(request.status, 400 | 404 | 405 | 410) && !broken_asset,
            refused: request.status == 401 && !login,
            failed_login: login
                && (request.method == "POST" || matches!(request.status, 401 | 403))
                && !(300..400).contains(&request.status)
                && request.status < 500,
        }
    }
}

fn has_referrer(request: &HttpRequest) -> bool {
    request.header("referer").is_some_and(|value| !value.is_empty() && value != b"-")
}

fn is_asset(path: &[u8]) -> bool {
    ASSET_ENDINGS.iter().any(|ending| {
        path.len()
            .checked_sub(ending.len())
            .and_then(|at| path.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    })
}

fn is_login(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').rev().take(2).any(|segment| {
        let stem = segment.split(|byte| *byte == b'.').next().unwrap_or_default();
        LOGIN_WORDS.iter().any(|word| segment.eq_ignore_ascii_case(word) || stem.eq_ignore_ascii_case(word))
    })
}

/// `/?238675767277`: at least four digits and nothing else.
fn is_cache_buster(query: &[u8]) -> bool {
    query.len() >= 4 && query.len() <= 32 && query.iter().all(u8::is_ascii_digit)
}
