//! The syntax of Apache's `LogFormat` (mod_log_config and mod_logio).

use super::slot::{Slot, TimeForm};
use super::{Part, TemplateError, shown};

/// Directives that stand for the request, as they are advised.
pub(super) const REQUEST: &str = "\\\"%r\\\", or %m and %U%q";
/// The directive that stands for the client.
pub(super) const CLIENT: &str = "%a (or %h)";

/// Reads a format, or the whole directive with its quotes and name.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let text = text.trim();
    let directive = text.strip_prefix("LogFormat").filter(|rest| rest.starts_with(char::is_whitespace));
    let format = match directive {
        Some(rest) => quoted(rest.trim_start())?,
        None => text,
    };
    directives(&unescaped(format))
}

/// What stands between the quotes.
fn quoted(text: &str) -> Result<&str, TemplateError> {
    let unfinished = || TemplateError::Unfinished { at: shown(text) };
    let inside = text.strip_prefix('"').ok_or_else(unfinished)?;
    let end = crate::combined::unescaped_quotes(inside.as_bytes()).next().ok_or_else(unfinished)?;
    inside.split_at_checked(end).map(|(format, _)| format).ok_or_else(unfinished)
}

/// `\"`, `\\`, `\t` and `\n` of the configuration file.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('t') => plain.push('\t'),
                Some('n') => plain.push('\n'),
                Some(escaped @ ('"' | '\\')) => plain.push(escaped),
                Some(other) => plain.extend(['\\', other]),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    plain
}

fn directives(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        literal.push_str(before);
        if let Some(after_sign) = after.strip_prefix('%') {
            literal.push('%');
            rest = after_sign;
            continue;
        }
        let unfinished = || TemplateError::Unfinished { at: shown(&format!("%{after}")) };
        // Conditions (`%!200,304{…}i`) and which request of several internal ones (`%>s`) make no difference here.
        let body =
            after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '!' | ',' | '<' | '>'));
        let (argument, body) = match body.strip_prefix('{') {
            Some(inside) => {
                let (argument, body) = inside.split_once('}').ok_or_else(unfinished)?;
                (Some(argument), body)
            }
            None => (None, body),
        };
        let body = body.trim_start_matches(['<', '>']);
        let mut characters = body.chars();
        let mut letter = characters.next().ok_or_else(unfinished)?;
        if letter == '^' {
            // `%^FB`, `%{…}^ti`: two letters more, none of use to us.
            characters.next();
            characters.next().ok_or_else(unfinished)?;
            letter = '^';
        }
        rest = characters.as_str();
        let written = after.len() - rest.len();
        let name = format!("%{}", after.get(..written).unwrap_or_default());
        if letter == 't' && argument.is_none() {
            literal.push('[');
            parts.push(Part::Literal(std::mem::take(&mut literal).into_bytes()));
            parts.push(Part::Slot { slot: Slot::Time(TimeForm::Text), name });
            literal.push(']');
        } else {
            parts.push(Part::Literal(std::mem::take(&mut literal).into_bytes()));
            parts.push(Part::Slot { slot: slot(letter, argument), name });
        }
    }
    literal.push_str(rest);
    parts.push(Part::Literal(literal.into_bytes()));
    Ok(parts)
}

fn slot(letter: char, argument: Option<&str>) -> Slot {
    match (letter, argument) {
        ('a', Some("c")) => Slot::Client(2),
        ('a', _) => Slot::Client(4),
        ('h', _) => Slot::Client(3),
        ('r', _) => Slot::RequestLine,
        ('m', _) => Slot::Method,
        ('U', _) => Slot::Path,
        ('q', _) => Slot::Query,
        ('H', _) => Slot::Protocol,
        ('s', _) => Slot::Status,
        ('b' | 'B', _) => Slot::Bytes(2),
        ('O', _) => Slot::Bytes(1),
        ('D', _) | ('T', Some("us")) => Slot::Duration { unit_ns: 1_000, rank: 4 },
        ('T', Some("ms")) => Slot::Duration { unit_ns: 1_000_000, rank: 3 },
        ('T', _) => Slot::Duration { unit_ns: 1_000_000_000, rank: 2 },
        ('V', _) => Slot::Host(2),
        ('v', _) => Slot::Host(1),
        ('i', Some(name)) if !name.is_empty() => header(&name.to_ascii_lowercase()),
        ('C', Some(name)) if !name.is_empty() => Slot::Cookie(name.to_owned()),
        ('t', Some(form)) => Slot::Time(time_form(form)),
        _ => Slot::Skip,
    }
}

fn header(name: &str) -> Slot {
    match name {
        "host" => Slot::Host(3),
        "x-forwarded-for" => Slot::ForwardedFor,
        name => Slot::Header(name.to_owned()),
    }
}

fn time_form(form: &str) -> TimeForm {
    let form = form.strip_prefix("begin:").or_else(|| form.strip_prefix("end:")).unwrap_or(form);
    match form {
        "sec" | "msec" | "usec" => TimeForm::Number,
        "msec_frac" => TimeForm::Fraction(1_000),
        "usec_frac" => TimeForm::Fraction(1),
        pattern => TimeForm::Pattern(pattern.to_owned()),
    }
}
