//! One line, whatever its format.

use bartizan_model::{HttpRequest, Timestamp};

use crate::{LineError, LogFormat, combined, json};

/// Longest log line that is kept with its request, in bytes (API.md, detail of a request: 16 KiB).
const MAX_RAW_LINE_BYTES: usize = 16 * 1024;

/// Reads one line without its line end; `read_at` stands in for the time in JSON lines that carry none.
pub fn parse_line(line: &[u8], read_at: Timestamp) -> Result<HttpRequest, LineError> {
    parse_with_format(line, read_at).map(|(request, _)| request)
}

/// Whether there is nothing on the line. Zero bytes count as nothing: a writer that does not append leaves them
/// before its first line when the file is truncated under it.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
}

/// Reads one line and says which format it turned out to have.
///
/// Its beginning decides what is tried first; the other format is tried before the line is given up.
pub(crate) fn parse_with_format(
    line: &[u8],
    read_at: Timestamp,
) -> Result<(HttpRequest, LogFormat), LineError> {
    let text = without_padding(line);
    let parsed = if text.starts_with(b"{") {
        as_json(text, read_at).or_else(|problem| as_combined(text).map_err(|_| problem))
    } else {
        as_combined(text).or_else(|problem| {
            // A syslog prefix before the object.
            let object = memchr::memmem::find(text, b"{\"").and_then(|at| text.get(at..)).ok_or(problem)?;
            as_json(object, read_at).map_err(|_| problem)
        })
    };
    parsed.map(|(mut request, format)| {
        let kept = text.get(..MAX_RAW_LINE_BYTES).unwrap_or(text);
        request.raw_line = Some(String::from_utf8_lossy(kept).into_owned());
        (request, format)
    })
}

fn as_combined(text: &[u8]) -> Result<(HttpRequest, LogFormat), LineError> {
    combined::parse(text).map(|request| (request, LogFormat::Combined))
}

fn as_json(text: &[u8], read_at: Timestamp) -> Result<(HttpRequest, LogFormat), LineError> {
    json::parse(text, read_at).map(|request| (request, LogFormat::Json))
}

fn without_padding(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|byte| *byte != 0).unwrap_or(line.len());
    line.get(start..).unwrap_or_default().trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::Via;
    use proptest::prelude::*;

    const LINE: &str = r#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a HTTP/1.1" 200 5 "-" "x""#;
    const OBJECT: &str = r#"{"time_iso8601":"2026-03-04T05:06:07Z","remote_addr":"192.0.2.1","request":"GET /a HTTP/1.1","status":200}"#;

    #[test]
    fn each_line_finds_its_own_format() {
        let cases = [
            (LINE.to_owned(), LogFormat::Combined),
            (OBJECT.to_owned(), LogFormat::Json),
            (format!("Jul  8 11:07:11 web1 nginx: {OBJECT}"), LogFormat::Json),
            (format!("\0\0\0{LINE}"), LogFormat::Combined),
            (format!("  {OBJECT}  "), LogFormat::Json),
        ];
        for (line, want) in cases {
            let (request, format) = parse_with_format(line.as_bytes(), Timestamp::default()).expect("parses");
            assert_eq!(format, want, "{line}");
            assert_eq!(
                (request.client.as_str(), request.target.as_slice()),
                ("192.0.2.1", b"/a".as_slice()),
                "{line}"
            );
            assert_eq!(request.via, Via::Log);
        }
    }

    #[test]
    fn a_long_line_is_kept_in_part() {
        let line = LINE.replace("/a", &format!("/{}", "a".repeat(100_000)));
        let request = parse_line(line.as_bytes(), Timestamp::default()).expect("parses");
        assert_eq!(request.raw_line.map(|raw| raw.len()), Some(MAX_RAW_LINE_BYTES));
        assert_eq!(request.target.len(), 100_001);
    }

    /// A line as nginx renders it from the parts of a request.
    fn rendered(request: &HttpRequest) -> Vec<u8> {
        let escaped = |bytes: &[u8]| -> String {
            bytes
                .iter()
                .map(|byte| match byte {
                    b'"' | b'\\' | 0..=31 | 127.. => format!("\\x{byte:02X}"),
                    _ => char::from(*byte).to_string(),
                })
                .collect()
        };
        let header = |name: &str| request.header(name).map_or("-".to_owned(), escaped);
        let size = request.response_bytes.map_or("-".to_owned(), |bytes| bytes.to_string());
        let time = jiff::Timestamp::from_second(request.time.secs())
            .expect("in range")
            .strftime("%d/%b/%Y:%H:%M:%S %z")
            .to_string();
        format!(
            "{} - - [{time}] \"{} {} {}\" {} {size} \"{}\" \"{}\"",
            request.client,
            request.method,
            escaped(&request.target),
            request.protocol.as_deref().unwrap_or_default(),
            request.status,
            header("referer"),
            header("user-agent"),
        )
        .into_bytes()
    }

    prop_compose! {
        fn any_request()(
            seconds in 0..4_000_000_000_i64,
            method in "[A-Z]{1,10}",
            target in prop::collection::vec(any::<u8>(), 0..60),
            client in any::<std::net::IpAddr>(),
            status in 1..=999_u16,
            size in any::<Option<u64>>(),
            agent in prop::collection::vec(any::<u8>(), 1..60),
            referer in prop::collection::vec(any::<u8>(), 1..60),
        ) -> HttpRequest {
            let mut request = HttpRequest::new(Timestamp::from_secs(seconds), &method, &[b"/".as_slice(), &target].concat(), Via::Log);
            request.client = client.to_canonical().to_string();
            request.protocol = Some("HTTP/1.1".to_owned());
            request.status = status;
            request.response_bytes = size;
            for (name, value) in [("referer", referer), ("user-agent", agent)] {
                if value != b"-" {
                    request.headers.push((name.to_owned(), value));
                }
            }
            request
        }
    }

    proptest! {
        #[test]
        fn a_rendered_request_is_read_back(request in any_request()) {
            let mut read = parse_line(&rendered(&request), Timestamp::default()).expect("parses");
            read.raw_line = None;
            prop_assert_eq!(read, request);
        }

        #[test]
        fn any_bytes_are_a_request_or_not(line in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_line(&line, Timestamp::default());
        }

        #[test]
        fn a_damaged_line_is_a_request_or_not(at in 0..LINE.len(), byte in any::<u8>(), cut in 0..LINE.len()) {
            for sound in [LINE, OBJECT] {
                let mut line = sound.as_bytes().to_vec();
                line[at] = byte;
                let _ = parse_line(&line, Timestamp::default());
                let _ = parse_line(&line[..cut], Timestamp::default());
            }
        }
    }
}
