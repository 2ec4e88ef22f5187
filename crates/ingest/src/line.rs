//! One line, whatever its format.

use bartizan_model::{HttpRequest, Timestamp};

use crate::{LineError, LineParser};

/// Reads one line without its line end, whatever its format; `read_at` stands in for the time in lines that carry none.
///
/// Lines that need more than themselves are read by a [`LineParser`]: those of a W3C log, and of a given format.
pub fn parse_line(line: &[u8], read_at: Timestamp) -> Result<HttpRequest, LineError> {
    LineParser::default().parse(line, read_at)?.ok_or(LineError::NoRequest)
}

/// Whether there is nothing on the line. Zero bytes count as nothing: a writer that does not append leaves them
/// before its first line when the file is truncated under it.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogFormat;
    use crate::parser::MAX_RAW_LINE_BYTES;
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
            let mut parser = LineParser::default();
            let request =
                parser.parse(line.as_bytes(), Timestamp::default()).expect("parses").expect("a request");
            assert_eq!(parser.format(), Some(want), "{line}");
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
