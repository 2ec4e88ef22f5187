//! Header values that are what their header is for: they need no model. Each test is a small grammar, so that text
//! which only uses the right characters does not pass.

/// A value of `User-Agent` (RFC 9110, section 10.1.5): products with versions, comments in parentheses.
pub(super) fn is_agent(value: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut word = 0_usize;
    let mut versioned = false;
    // Words without a version that browsers put between products.
    let mut loose = 0_usize;
    for byte in value {
        if depth > 0 {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ if is_comment(*byte) => {}
                _ => return false,
            }
            continue;
        }
        match byte {
            b' ' | b'(' => {
                loose += usize::from(word > 0 && !versioned);
                word = 0;
                versioned = false;
                depth += usize::from(*byte == b'(');
            }
            b'/' if word > 0 => versioned = true,
            _ if byte.is_ascii_alphanumeric() || b"._-+".contains(byte) => word += 1,
            _ => return false,
        }
    }
    loose += usize::from(word > 0 && !versioned);
    depth == 0 && loose <= 2
}

fn is_comment(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" ;:,./_+-@!".contains(&byte)
}

/// A list of tokens with weights: `Accept`, `Accept-Language`, `Accept-Encoding`, `Cache-Control` and their like. A
/// blank stands only behind a comma or a semicolon.
pub(super) fn is_token_list(value: &[u8]) -> bool {
    let mut last = b',';
    for byte in value {
        let fits = match byte {
            b' ' => matches!(last, b',' | b';' | b' '),
            _ => byte.is_ascii_alphanumeric() || b"*/+.-;=,_:".contains(byte),
        };
        if !fits || (*byte == b'.' && last == b'.') {
            return false;
        }
        last = *byte;
    }
    true
}

/// A list of quoted brands, `"Chromium";v="128", "Not;A=Brand";v="24"` (Client Hints): inside the quotes letters,
/// digits and the characters that browsers scatter in on purpose.
pub(super) fn is_brand_list(value: &[u8]) -> bool {
    let mut quoted = false;
    for byte in value {
        let fits = match byte {
            b'"' => {
                quoted = !quoted;
                true
            }
            _ if quoted => byte.is_ascii_alphanumeric() || b" ;=.)(:_?/-".contains(byte),
            _ => byte.is_ascii_alphanumeric() || b" ,;=?.-".contains(byte),
        };
        if !fits {
            return false;
        }
    }
    !quoted
}

/// A validator such as `W/"5f3a-1b2c"` or a date.
pub(super) fn is_validator(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"\"/:-_=+, .".contains(byte))
        && memchr::memchr_iter(b'"', value).count().is_multiple_of(2)
        && memchr::memchr_iter(b' ', value).count() <= 8
        && !value.windows(2).any(|pair| pair == b"..")
}

/// A scheme and host, as `Origin` has them.
pub(super) fn is_origin(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(byte))
        && !value.windows(2).any(|pair| pair == b"..")
}

/// A scheme and one token, as `Authorization` has them.
pub(super) fn is_credentials(value: &[u8]) -> bool {
    let mut blanks = 0;
    for byte in value {
        match byte {
            b' ' => blanks += 1,
            _ if byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(byte) => {}
            _ => return false,
        }
    }
    blanks <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_of_browsers_and_programs_are_ordinary() {
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "curl/8.5.0",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
        ] {
            assert!(is_agent(agent.as_bytes()), "{agent}");
        }
    }

    #[test]
    fn text_that_only_looks_like_an_agent_is_not() {
        for agent in [
            "Mozilla/5.0 and sleep or 1 is 1",
            "1 or 1=1",
            "\" or 1=1 --",
            "() { :; }; /bin/id",
            "${jndi:ldap://x}",
            "Mozilla/5.0 (X11",
            "Mozilla/5.0 (<script>)",
        ] {
            assert!(!is_agent(agent.as_bytes()), "{agent}");
        }
    }

    #[test]
    fn lists_are_lists() {
        for value in [
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "en-US,en;q=0.9",
            "gzip, deflate, br, zstd",
            "no-cache",
        ] {
            assert!(is_token_list(value.as_bytes()), "{value}");
        }
        for value in ["en and 1=1", "../../etc/passwd", "en' or", "text/html; <x>"] {
            assert!(!is_token_list(value.as_bytes()), "{value}");
        }
        assert!(is_brand_list(b"\"Not/A)Brand\";v=\"8\", \"Chromium\";v=\"126\""));
        assert!(!is_brand_list(b"\"x' or 1=1"));
    }
}
