//! Numbers of payment cards.

use std::ops::Range;

/// Digits of a card number (ISO/IEC 7812-1: at most 19; the shortest in use have 13).
const MIN_DIGITS: usize = 13;
const MAX_DIGITS: usize = 19;
/// Digits of one run that are looked at; longer ones are no card with or without its date.
const MAX_RUN: usize = 64;

/// Where card numbers stand: 13 to 19 digits in groups with blanks or dashes between them, right by the check digit of
/// ISO/IEC 7812-1 (Luhn), and issued by a bank or merchant, which means that they begin with 2 to 6. Clocks in
/// milliseconds begin with 1, and a tenth of them would pass the check.
pub(super) fn find(text: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = next_digit(text, at) {
        at = take_run(text, start, found);
    }
}

fn next_digit(text: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.iter().position(u8::is_ascii_digit).map(|at| from + at)
}

/// Looks at one run of groups; returns where it ends.
fn take_run(text: &[u8], start: usize, found: &mut Vec<Range<usize>>) -> usize {
    // Most numbers are short: nothing is written down before there are enough digits.
    let mut end = start;
    let mut count = 0;
    while let Some(byte) = text.get(end) {
        if byte.is_ascii_digit() {
            count += 1;
            end += 1;
        } else {
            match gap(text.get(end..).unwrap_or_default()) {
                0 => break,
                len => end += len,
            }
        }
    }
    if count >= MIN_DIGITS {
        cards_of_run(text, start..end, found);
    }
    end
}

/// Length of what may stand between two groups, if a digit follows it.
fn gap(rest: &[u8]) -> usize {
    let len = match rest {
        [b' ' | b'-' | b'+', ..] => 1,
        [b'%', b'2', b'0' | b'd' | b'D' | b'b' | b'B', ..] => 3,
        _ => return 0,
    };
    if rest.get(len).is_some_and(u8::is_ascii_digit) { len } else { 0 }
}

fn cards_of_run(text: &[u8], run: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut digits: Vec<(usize, u8)> = Vec::with_capacity(MAX_DIGITS + 1);
    let mut at = run.start;
    while at < run.end && digits.len() <= MAX_RUN {
        let rest = text.get(at..run.end).unwrap_or_default();
        match rest.first() {
            Some(byte) if byte.is_ascii_digit() => {
                digits.push((at, byte - b'0'));
                at += 1;
            }
            _ => at += gap(rest).max(1),
        }
    }
    // A group begins or ends where its neighbour is not the next byte, and may begin behind an escape such as `%20`,
    // which may be escaped itself: the digits of `%2525252520` are none of a card.
    let escaped = run.start.checked_sub(1).and_then(|at| text.get(at)) == Some(&b'%');
    let layers = digits.chunks_exact(2).take_while(|pair| matches!(pair, [(_, 2), (_, 5)])).count();
    let begins = |n: usize| {
        (n == 0 && !(escaped && layers > 0))
            || (escaped && (n == 2 + 2 * layers || (n == 2 && layers < 2)))
            || (n > 0 && digits.get(n - 1).map(|digit| digit.0 + 1) != digits.get(n).map(|digit| digit.0))
    };
    let ends = |n: usize| digits.get(n).map(|digit| digit.0 + 1) != digits.get(n + 1).map(|digit| digit.0);
    let mut first = 0;
    while first + MIN_DIGITS <= digits.len() {
        let longest = (MIN_DIGITS..=MAX_DIGITS).rev().find(|len| {
            begins(first) && digits.get(first..first + len).is_some_and(is_card) && ends(first + len - 1)
        });
        match longest.and_then(|len| Some((len, digits.get(first)?.0, digits.get(first + len - 1)?.0 + 1))) {
            Some((len, start, end)) => {
                found.push(start..end);
                first += len;
            }
            None => first += 1,
        }
    }
}

fn is_card(digits: &[(usize, u8)]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, (_, digit))| {
            let value = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    matches!(digits.first(), Some((_, 2..=6))) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cards(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), &mut found);
        found.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn card_numbers_are_found_in_their_spellings() {
        for number in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111+1111+1111+1111",
            "4111%201111%201111%201111",
            "378282246310005",
            "5555555555554444",
            "6011111111111117",
            "30569309025904",
            "4222222222222",
            "6304000000000000",
            "3782 822463 10005",
        ] {
            assert_eq!(cards(&format!("n={number}&x=1")), [number]);
            assert_eq!(cards(&format!("{number} 12 27")), [number], "with its date");
        }
        assert_eq!(cards("4111111111111111 5555555555554444").len(), 2);
        for escape in ["%20", "%2520", "%252520", "%25", "%27"] {
            assert_eq!(cards(&format!("n={escape}4111111111111111")), ["4111111111111111"], "{escape}");
        }
    }

    #[test]
    fn other_numbers_are_not_cards() {
        for text in [
            "4111111111111112",
            "1700000000000",
            "1234567890123",
            "41111111111111114111111111111111",
            "0000000000000",
            "192.168.100.200:8080",
            "2026-11-25",
            "411111111111",
            "04/Mar/2026:05:06:07 +0000",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
        // Escapes of escapes.
        for layers in 0..40 {
            for sign in ["20", "27", "3D", "00"] {
                let text = format!("1%{}{sign}or", "25".repeat(layers));
                assert!(cards(&text).is_empty(), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_found_lies_in_order_inside_the_text(text in "[0-9 %+-]{0,200}") {
            let mut found = Vec::new();
            find(text.as_bytes(), &mut found);
            let mut last = 0;
            for range in found {
                prop_assert!(last <= range.start && range.start < range.end && range.end <= text.len());
                last = range.end;
            }
        }
    }
}
