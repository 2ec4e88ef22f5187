//! The syntax of nginx's `log_format` (ngx_http_log_module).

use super::slot::{Slot, TimeForm};
use super::{Escaping, Part, TemplateError, shown};

/// Variables that stand for the request, as they are advised.
pub(super) const REQUEST: &str = "\"$request\", or $request_method and $request_uri";
/// The variable that stands for the client.
pub(super) const CLIENT: &str = "$remote_addr";

/// Reads a format, or the whole directive with its name and quotes.
pub(super) fn parts(text: &str) -> Result<(Vec<Part>, Escaping), TemplateError> {
    let mut rest = text.trim();
    if let Some(directive) =
        rest.strip_prefix("log_format").filter(|rest| rest.starts_with(char::is_whitespace))
    {
        let named = directive.trim_start();
        rest = named.split_once(char::is_whitespace).map_or("", |(_name, rest)| rest.trim_start());
    }
    let mut escaping = Escaping::Backslash;
    if let Some(given) = rest.strip_prefix("escape=") {
        let (word, after) = given.split_once(char::is_whitespace).unwrap_or((given, ""));
        escaping = match word {
            "default" => Escaping::Backslash,
            "json" => Escaping::Json,
            "none" => Escaping::None,
            _ => return Err(TemplateError::UnknownEscape { given: shown(word) }),
        };
        rest = after.trim_start();
    }
    let joined = if rest.starts_with('\'') { unquoted(rest)? } else { rest.to_owned() };
    Ok((variables(&joined)?, escaping))
}

/// The text of `'…' '…';`.
fn unquoted(text: &str) -> Result<String, TemplateError> {
    let mut joined = String::new();
    let mut rest = text;
    while let Some(inside) = rest.trim_start().strip_prefix('\'') {
        let mut is_escaped = false;
        let end = inside.char_indices().find(|(_, c)| {
            let ends = *c == '\'' && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            ends
        });
        let (end, _) = end.ok_or_else(|| TemplateError::Unfinished { at: shown(rest) })?;
        let (piece, after) = inside.split_at(end);
        joined.push_str(&piece.replace("\\'", "'"));
        rest = after.strip_prefix('\'').unwrap_or(after);
    }
    Ok(joined)
}

fn variables(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('$') {
        parts.push(Part::Literal(literal.as_bytes().to_vec()));
        let (name, after) = if let Some(braced) = after.strip_prefix('{') {
            braced
                .split_once('}')
                .ok_or_else(|| TemplateError::Unfinished { at: shown(&format!("${after}")) })?
        } else {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            after.split_at_checked(end).unwrap_or((after, ""))
        };
        if name.is_empty() {
            return Err(TemplateError::Unfinished { at: shown(&format!("${after}")) });
        }
        parts.push(Part::Slot { slot: slot(name), name: format!("${name}") });
        rest = after;
    }
    parts.push(Part::Literal(rest.as_bytes().to_vec()));
    Ok(parts)
}

fn slot(name: &str) -> Slot {
    match name {
        "proxy_protocol_addr" => Slot::Client(4),
        "remote_addr" => Slot::Client(3),
        "realip_remote_addr" => Slot::Client(2),
        "time_local" | "time_iso8601" => Slot::Time(TimeForm::Text),
        "msec" => Slot::Time(TimeForm::Number),
        "request" => Slot::RequestLine,
        "request_method" => Slot::Method,
        "request_uri" => Slot::Target,
        "uri" | "document_uri" => Slot::Path,
        "is_args" => Slot::QuestionMark,
        "args" | "query_string" => Slot::Query,
        "server_protocol" => Slot::Protocol,
        "status" => Slot::Status,
        "body_bytes_sent" => Slot::Bytes(2),
        "bytes_sent" => Slot::Bytes(1),
        "request_time" => Slot::Duration { unit_ns: 1_000_000_000, rank: 2 },
        "upstream_response_time" => Slot::UpstreamSeconds,
        "http_host" => Slot::Host(3),
        "host" => Slot::Host(2),
        "server_name" | "ssl_server_name" => Slot::Host(1),
        "http_x_forwarded_for" | "proxy_add_x_forwarded_for" => Slot::ForwardedFor,
        "content_type" => Slot::Header("content-type".to_owned()),
        "request_body" => Slot::Body,
        _ => match (name.strip_prefix("http_"), name.strip_prefix("cookie_")) {
            (Some(header), _) if !header.is_empty() => {
                Slot::Header(header.replace('_', "-").to_ascii_lowercase())
            }
            (_, Some(cookie)) if !cookie.is_empty() => Slot::Cookie(cookie.to_owned()),
            _ => Slot::Skip,
        },
    }
}
