//! What a syslog message says, without its header.

/// The content of a message in the form of RFC 5424 or RFC 3164; what has no header is content.
pub(crate) fn content(message: &[u8]) -> &[u8] {
    let Some(rest) = without_priority(message) else {
        return message.trim_ascii();
    };
    let content = match rest.strip_prefix(b"1 ") {
        Some(header) => structured(header),
        None => traditional(rest),
    };
    content.unwrap_or(rest).trim_ascii()
}

/// What follows `<190>`.
fn without_priority(message: &[u8]) -> Option<&[u8]> {
    let rest = message.trim_ascii_start().strip_prefix(b"<")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // RFC 5424, section 6.2.1: one to three digits.
    (1..=3).contains(&digits).then(|| rest.get(digits..)?.strip_prefix(b">")).flatten()
}

/// RFC 5424 after the version: TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG.
fn structured(header: &[u8]) -> Option<&[u8]> {
    let mut rest = header;
    for _ in 0..5 {
        let end = rest.iter().position(|byte| *byte == b' ')?;
        rest = rest.get(end + 1..)?;
    }
    let content = match rest.strip_prefix(b"-") {
        Some(content) => content,
        None => after_elements(rest)?,
    };
    let content = content.trim_ascii_start();
    Some(content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(content))
}

/// What follows `[id name="value"]…`, where values hold escaped quotes and brackets (section 6.3.3).
fn after_elements(mut rest: &[u8]) -> Option<&[u8]> {
    rest.strip_prefix(b"[")?;
    while rest.first() == Some(&b'[') {
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = rest.iter().position(|byte| {
            let was_escaped = std::mem::take(&mut is_escaped);
            match byte {
                b'\\' if is_quoted && !was_escaped => is_escaped = true,
                b'"' if !was_escaped => is_quoted = !is_quoted,
                b']' if !is_quoted => return true,
                _ => {}
            }
            false
        })?;
        rest = rest.get(end + 1..)?;
    }
    Some(rest)
}

/// RFC 3164 after the priority: `Mar  4 05:06:07 host tag[pid]: content`; senders leave the host out, or write the time
/// as RFC 3339.
fn traditional(rest: &[u8]) -> Option<&[u8]> {
    // The tag ends with the first colon that a space follows; a colon within the time has a digit behind it.
    let head = rest.get(..rest.len().min(MAX_HEADER_BYTES))?;
    let end = memchr::memmem::find(head, b": ")?;
    let has_time = head.get(..end)?.windows(3).any(
        |part| matches!(part, [first, b':', second] if first.is_ascii_digit() && second.is_ascii_digit()),
    );
    let has_brackets_of_log = head.get(..end)?.contains(&b'"');
    (has_time && !has_brackets_of_log).then(|| rest.get(end + 2..)).flatten()
}

/// Longest header that is looked for: 15 for the time, 255 for the host, 32 for the tag, and some.
const MAX_HEADER_BYTES: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a: HTTP/1.1\" 200 5 \"-\" \"x\"";

    #[test]
    fn each_header_is_taken_off() {
        for header in [
            "",
            "<190>",
            "<190>Mar  4 05:06:07 web1 nginx: ",
            "<190>Mar  4 05:06:07 nginx: ",
            "<13>Mar 14 15:06:07 web1 httpd[1234]: ",
            "<13>2026-03-04T05:06:07Z web1 nginx: ",
            "<34>1 2026-03-04T05:06:07.003Z web1 nginx - - - ",
            "<34>1 2026-03-04T05:06:07.003Z web1 nginx 1 ID47 - \u{feff}",
            "<165>1 2026-03-04T05:06:07Z h a - ID [x@1 a=\"b]\\\"\"][y c=\"d\"] ",
        ] {
            let message = format!("{header}{LINE}\n");
            assert_eq!(String::from_utf8_lossy(content(message.as_bytes())), LINE, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_message_makes_it_panic(message in "(<[0-9]{0,4}>)?(1 )?.{0,60}") {
            let _ = content(message.as_bytes());
        }
    }
}
