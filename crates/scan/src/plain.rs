//! Text from a log as it may stand on a terminal and in a report: whoever sent the request wrote it.

use bartizan_model::display_target;

/// Longest target that a report shows, in characters.
const MAX_TARGET_CHARS: usize = 160;

/// Longest other text that a report shows, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// A target, percent-encoded wherever it is not printable ASCII, and cut.
pub(crate) fn target(bytes: &[u8]) -> String {
    display_target(bytes, MAX_TARGET_CHARS)
}

/// Text in which nothing can drive a terminal or turn the reading direction: such characters are written as
/// `\u{1b}`. It is cut after 200 characters with `…`.
pub(crate) fn text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(MAX_TEXT_CHARS));
    for (count, c) in text.chars().enumerate() {
        if count >= MAX_TEXT_CHARS {
            plain.push('…');
            break;
        }
        if is_harmless(c) {
            plain.push(c);
        } else {
            plain.extend(c.escape_unicode());
        }
    }
    plain
}

/// Bytes as text; what is no UTF-8 is replaced.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let kept = bytes.get(..MAX_TEXT_CHARS * 4).unwrap_or(bytes);
    text(&String::from_utf8_lossy(kept))
}

/// No control character, and none of those of Unicode that are invisible or change the direction of what follows
/// (general category Cf, and the separators of lines and paragraphs).
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_drives_a_terminal_or_turns_text_around_is_spelled_out() {
        assert_eq!(text("a\u{1b}[2Jb\u{202e}c ü 日"), "a\\u{1b}[2Jb\\u{202e}c ü 日");
        assert_eq!(text(&"x".repeat(1_000)).chars().count(), MAX_TEXT_CHARS + 1);
    }

    proptest! {
        #[test]
        fn no_control_character_is_left(input in any::<Vec<u8>>()) {
            prop_assert!(bytes(&input).chars().all(is_harmless));
            prop_assert!(target(&input).chars().all(is_harmless));
        }
    }
}
