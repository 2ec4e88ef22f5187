//! Text in a page: the one way by which anything from a log gets there.

use std::fmt;

/// Text that cannot leave its place, be it content or a quoted attribute (OWASP's rule 1 and 2: the five characters
/// that end either).
#[derive(Debug, Clone, Copy)]
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            let mut chars = special.chars();
            f.write_str(match chars.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_becomes_text() {
        let text = Escaped("<a href=\"x\" title='y'>&</a>").to_string();
        assert_eq!(text, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
    }

    proptest! {
        #[test]
        fn nothing_that_ends_content_or_attributes_is_left(text in any::<String>()) {
            prop_assert!(!Escaped(&text).to_string().contains(['<', '>', '"', '\'']));
        }
    }
}
