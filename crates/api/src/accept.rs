//! Which representation a caller accepts (RFC 9110, section 12.5.1, as far as two media types need it).

use axum::http::{HeaderMap, header};

/// Whether JSON may be sent.
pub(crate) fn accepts_json(headers: &HeaderMap) -> bool {
    quality(headers, "application/json") > 0.0
}

/// Whether CSV may be sent.
pub(crate) fn accepts_csv(headers: &HeaderMap) -> bool {
    quality(headers, "text/csv") > 0.0
}

/// Whether CSV is liked better than JSON.
pub(crate) fn prefers_csv(headers: &HeaderMap) -> bool {
    quality(headers, "text/csv") > quality(headers, "application/json")
}

/// Whether plain text may be sent.
pub(crate) fn accepts_text(headers: &HeaderMap) -> bool {
    quality(headers, "text/plain") > 0.0
}

/// Whether JSON is liked better than plain text.
pub(crate) fn prefers_json_to_text(headers: &HeaderMap) -> bool {
    quality(headers, "application/json") > quality(headers, "text/plain")
}

/// The quality of a media type: that of the most specific range that matches; 1 without the header.
fn quality(headers: &HeaderMap, media_type: &str) -> f64 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let mut best: Option<(u8, f64)> = None;
    let mut given = false;
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        given |= !name.is_empty();
        let specific = match name.as_str() {
            "*/*" => 0,
            _ if name.strip_suffix("/*") == Some(kind) => 1,
            _ if name == media_type => 2,
            _ => continue,
        };
        let q = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(1.0));
        if best.is_none_or(|(known, _)| specific > known) {
            best = Some((specific, q));
        }
    }
    best.map_or(if given { 0.0 } else { 1.0 }, |(_, q)| q)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, value.parse().expect("a header"))])
    }

    #[test]
    fn the_most_specific_range_decides() {
        for (value, json, csv, prefers) in [
            ("", true, true, false),
            ("*/*", true, true, false),
            ("text/html, application/*;q=0.1", true, false, false),
            ("Application/JSON", true, false, false),
            ("text/csv", false, true, true),
            ("text/csv, */*;q=0.5", true, true, true),
            ("text/csv;q=0.5, application/json", true, true, false),
            ("text/html;q=1, image/*", false, false, false),
            ("application/json;q=0, */*", false, true, true),
            ("application/json; q=0.0", false, false, false),
        ] {
            let headers = accept(value);
            assert_eq!(
                (accepts_json(&headers), accepts_csv(&headers), prefers_csv(&headers)),
                (json, csv, prefers),
                "{value}"
            );
        }
        assert!(accepts_json(&HeaderMap::new()) && !prefers_csv(&HeaderMap::new()));
    }
}
