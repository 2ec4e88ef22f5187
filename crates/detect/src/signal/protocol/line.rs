//! The request line.

use bartizan_model::{HttpRequest, Via};

use super::super::evidence;
use super::{Abuse, Report, is_token};

pub(super) fn search(request: &HttpRequest, report: &mut Report<'_>) {
    let method = request.method.as_str();
    let odd = match method {
        // HTTP/2 opens WebSockets with it, and then names a path (RFC 8441); to a proxy it names a host.
        "CONNECT" => !request.target.starts_with(b"/"),
        "TRACE" | "TRACK" | "DEBUG" => true,
        _ => false,
    };
    if odd {
        report.add(Abuse::Method, vec![evidence::path(request.path(), request.path().len())]);
    }
    if !is_token(method.as_bytes()) {
        report.add(Abuse::MethodName, Vec::new());
    }
    if method != "CONNECT"
        && let Some((authority, end)) = authority(&request.target)
        && is_foreign(authority, request)
    {
        report.add(Abuse::ForeignTarget, vec![evidence::path(request.path(), end)]);
    }
}

/// The host and port of an absolute target, and where they end.
fn authority(target: &[u8]) -> Option<(&[u8], usize)> {
    let scheme = [b"http://".as_slice(), b"https://"]
        .into_iter()
        .find(|scheme| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let rest = target.get(scheme.len()..)?;
    let len = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    Some((rest.get(..len)?, scheme.len() + len))
}

/// Whether an absolute target names another site than the one that answered. Where nobody knows which one that is,
/// a line of a log still tells: clients name the host to proxies alone. Callers of an API do it out of habit.
fn is_foreign(authority: &[u8], request: &HttpRequest) -> bool {
    let Some(host) = request.host.as_deref() else { return request.via == Via::Log };
    let named = String::from_utf8_lossy(authority).to_lowercase();
    let named = named.rsplit_once('@').map_or(named.as_str(), |(_, host)| host);
    let named = match named.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => named,
    };
    let bare = |name: &str| name.trim_start_matches("www.").trim_matches(['[', ']', '.']).to_owned();
    bare(named) != bare(host)
}
