//! Canonical bytes to the tokens that most attack languages share.

use std::ops::Range;
use std::sync::LazyLock;

use crate::canonical::{FOREIGN, Flags, TOKEN};

/// The words that are tokens of their own.
const VOCABULARY: &str = include_str!("vocabulary.txt");

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its first canonical byte.
    pub start: u32,
    /// What it is: equal for equal kinds, below [`kinds`].
    pub kind: u16,
}

impl Token {
    /// Whether it is a word of the vocabulary.
    pub(super) fn is_word(self) -> bool {
        self.kind >= FIRST_WORD
    }
}

/// What stands before the first and behind the last token.
pub const EDGE: u16 = 127;
const DIGIT: u16 = 128;
const SHORT_NUMBER: u16 = 129;
const LONG_NUMBER: u16 = 130;
const HEX_NUMBER: u16 = 131;
/// Digits first, then letters.
const MIXED: u16 = 132;
const LETTER: u16 = 133;
const SHORT_WORD: u16 = 134;
const WORD: u16 = 135;
const LONG_WORD: u16 = 136;
const COMPOUND: u16 = 137;
const NUMBERED: u16 = 138;
const FOREIGN_WORD: u16 = 139;
const RANDOM: u16 = 140;
/// A word such as `onanything`, which names an event.
const HANDLER: u16 = 141;
/// The beginning of a serialised object or a hex literal, and the random rest of it.
const MAGIC: u16 = 142;
/// The first of the marks that decoding left.
const FIRST_MARK: u16 = 144;
const FIRST_WORD: u16 = 160;
const _: () =
    assert!(FIRST_MARK as usize + Flags::COUNT <= FIRST_WORD as usize, "each mark has a kind of its own");

/// Digits of the longest number of the vocabulary.
const MAX_KNOWN_DIGITS: usize = 10;

/// Longest word that is looked for around itself, in bytes.
const MAX_DOUBLED: usize = 16;

/// Bytes in front of a range in which most often there are tokens enough.
const MIN_REACH: usize = 64;

/// How many kinds of token there are.
pub fn kinds() -> usize {
    usize::from(FIRST_WORD) + WORDS.count
}

/// The tokens of a text; blanks are none, line breaks are.
pub fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut found = Vec::new();
    tokens_into(bytes, &mut found);
    found
}

/// The same into a buffer to be used again.
pub(crate) fn tokens_into(bytes: &[u8], found: &mut Vec<Token>) {
    let words = &*WORDS;
    found.clear();
    // No token is shorter than a byte. Room that is not used costs nothing, growing a long text's costs copies.
    found.reserve(bytes.len());
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let start = at;
        at += 1;
        let kind = match first {
            b' ' => continue,
            b'0'..=b'9' => {
                let rest = bytes.get(at..).unwrap_or_default();
                let digits = 1 + rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let len = 1 + rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == TOKEN)
                    .count();
                at = start + len;
                if digits < len
                    && let Some(word) = word_behind_number(bytes, start..at, words)
                {
                    found.push(Token { start: u32::try_from(start).unwrap_or(u32::MAX), kind: DIGIT });
                    found.push(word);
                    continue;
                }
                match (digits, len) {
                    (1, _) if bytes.get(start..start + 2) == Some(b"0x") && len > 2 => HEX_NUMBER,
                    (1, 1) => DIGIT,
                    _ if digits < len => MIXED,
                    _ => known_number(bytes, start..at, words).unwrap_or(if digits <= 3 {
                        SHORT_NUMBER
                    } else {
                        LONG_NUMBER
                    }),
                }
            }
            b'a'..=b'z' | b'_' | FOREIGN | TOKEN => {
                let mut hash = step(SEED, first);
                let mut marks = mark(first);
                while let Some(&byte) = bytes.get(at).filter(|byte| is_inside_word(**byte)) {
                    hash = step(hash, byte);
                    marks |= mark(byte);
                    at += 1;
                }
                let word = bytes.get(start..at).unwrap_or_default();
                words.get(word, hash).or_else(|| doubled(word, words)).unwrap_or_else(|| shape(word, marks))
            }
            0x80.. => FOREIGN_WORD,
            other => u16::from(other),
        };
        found.push(Token { start: u32::try_from(start).unwrap_or(u32::MAX), kind });
    }
}

/// The tokens that begin in a range of a text, and at least `before` of those in front of it, at the cost of the range.
pub(crate) fn tokens_around(bytes: &[u8], range: Range<usize>, before: usize) -> Vec<Token> {
    let goes_on = |byte: &u8| is_inside_word(*byte) || byte.is_ascii_uppercase();
    let behind = bytes.get(range.end..).unwrap_or_default();
    let end = range.end + behind.iter().take_while(|byte| goes_on(byte)).count();
    let mut reach = MIN_REACH;
    loop {
        let head = bytes.get(..range.start.saturating_sub(reach)).unwrap_or_default();
        // Behind what belongs to no word a token begins.
        let start = head.iter().rposition(|byte| !goes_on(byte)).map_or(0, |at| at + 1);
        let mut found = tokens(bytes.get(start..end).unwrap_or_default());
        for token in &mut found {
            token.start = token.start.saturating_add(u32::try_from(start).unwrap_or(u32::MAX));
        }
        if start == 0 || found.partition_point(|token| (token.start as usize) < range.start) >= before {
            return found;
        }
        reach *= 8;
    }
}

/// The marks that decoding left as tokens behind a text of `len` bytes, for a reader that sees tokens alone.
pub fn marks(flags: Flags, len: usize) -> impl Iterator<Item = Token> {
    let start = u32::try_from(len).unwrap_or(u32::MAX);
    let kind = |flag: usize| FIRST_MARK + u16::try_from(flag).unwrap_or(0);
    flags.indices().map(move |flag| Token { start, kind: kind(flag) })
}

/// Numbers of the vocabulary: parts of addresses that lead inward, ports of services that only their own machine asks.
fn known_number(bytes: &[u8], range: Range<usize>, words: &Words) -> Option<u16> {
    let number = bytes.get(range).filter(|number| number.len() <= MAX_KNOWN_DIGITS)?;
    words.get(number, number.iter().fold(SEED, |hash, byte| step(hash, *byte)))
}

/// `1or`, `1e0union`: SQL and script read a number and a word, of the vocabulary and no shorter than two letters.
fn word_behind_number(bytes: &[u8], range: Range<usize>, words: &Words) -> Option<Token> {
    let run = bytes.get(range.clone())?;
    let digits = |from: usize| run.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = digits(0);
    if run.get(at) == Some(&b'e') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    let word = run.get(at..).filter(|word| word.len() >= 2 && word.iter().all(u8::is_ascii_lowercase))?;
    let hash = word.iter().fold(SEED, |hash, byte| step(hash, *byte));
    let kind = words.get(word, hash)?;
    Some(Token { start: u32::try_from(range.start + at).unwrap_or(u32::MAX), kind })
}

/// `ununionion`, `selselectect`: a word of the vocabulary around itself, for a filter that takes it out once.
fn doubled(word: &[u8], words: &Words) -> Option<u16> {
    let len = word.len() / 2;
    if !word.len().is_multiple_of(2) || !(2..=MAX_DOUBLED).contains(&len) {
        return None;
    }
    let inner = (1..len).filter(|at| word.first() == word.get(*at)).find_map(|at| {
        let around =
            word.get(..at) == word.get(at..2 * at) && word.get(2 * at..at + len) == word.get(at + len..);
        word.get(at..at + len).filter(|_| around)
    })?;
    words.get(inner, inner.iter().fold(SEED, |hash, byte| step(hash, *byte)))
}

/// Whether a token says nothing by itself: a number, a word outside the vocabulary, a mark that stands in any prose.
pub(crate) fn is_calm(token: Token) -> bool {
    (matches!(token.kind, DIGIT..=RANDOM) && token.kind != HEX_NUMBER)
        || matches!(u8::try_from(token.kind), Ok(b'.' | b',' | b'-' | b'_'))
}

fn is_inside_word(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | FOREIGN | TOKEN)
}

const HAS_DIGIT: u8 = 1;
const HAS_UNDERSCORE: u8 = 2;
const HAS_FOREIGN: u8 = 4;
const HAS_RANDOM: u8 = 8;

fn mark(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => HAS_DIGIT,
        b'_' => HAS_UNDERSCORE,
        FOREIGN => HAS_FOREIGN,
        TOKEN => HAS_RANDOM,
        _ => 0,
    }
}

fn shape(word: &[u8], marks: u8) -> u16 {
    match marks {
        0 => match word.len() {
            1 => LETTER,
            5..=24 if word.starts_with(b"on") => HANDLER,
            2..=3 => SHORT_WORD,
            4..=8 => WORD,
            _ => LONG_WORD,
        },
        _ if marks & (HAS_RANDOM | HAS_UNDERSCORE) == HAS_RANDOM && word.first() != Some(&TOKEN) => MAGIC,
        _ if marks & HAS_RANDOM != 0 => RANDOM,
        _ if marks & HAS_FOREIGN != 0 => FOREIGN_WORD,
        _ if marks & HAS_UNDERSCORE != 0 => COMPOUND,
        _ => NUMBERED,
    }
}

const SEED: u32 = 0x811c_9dc5;

/// FNV-1a, 32 bit (Fowler, Noll, Vo; the constants are theirs).
fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The vocabulary as a hash table with open addressing: a look-up is a multiplication for each byte and one
/// comparison.
struct Words {
    slots: Vec<Option<(&'static [u8], u16)>>,
    count: usize,
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::read);

impl Words {
    fn read() -> Self {
        let mut words = Self { slots: vec![None; 4_096], count: 0 };
        let lines = VOCABULARY.lines().filter(|line| !line.starts_with("##"));
        for word in lines.flat_map(str::split_ascii_whitespace).map(str::as_bytes) {
            let hash = word.iter().fold(SEED, |hash, byte| step(hash, *byte));
            if word.iter().all(|byte| is_inside_word(*byte)) && words.get(word, hash).is_none() {
                let mut slot = words.slot(hash);
                while words.slots.get(slot).is_some_and(Option::is_some) {
                    slot = (slot + 1) % words.slots.len();
                }
                let kind = FIRST_WORD + u16::try_from(words.count).unwrap_or(0);
                if let Some(free) = words.slots.get_mut(slot) {
                    *free = Some((word, kind));
                    words.count += 1;
                }
            }
        }
        words
    }

    fn slot(&self, hash: u32) -> usize {
        (hash ^ hash >> 15) as usize % self.slots.len()
    }

    fn get(&self, word: &[u8], hash: u32) -> Option<u16> {
        let mut slot = self.slot(hash);
        while let Some((known, kind)) = self.slots.get(slot)? {
            if *known == word {
                return Some(*kind);
            }
            slot = (slot + 1) % self.slots.len();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds_of(text: &str) -> Vec<u16> {
        tokens(text.as_bytes()).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn words_of_the_vocabulary_are_themselves_and_others_are_shapes() {
        assert_ne!(kinds_of("select"), kinds_of("union"));
        assert!(kinds_of("select")[0] >= FIRST_WORD);
        assert_eq!(
            kinds_of("garden house x it's"),
            [WORD, WORD, LETTER, SHORT_WORD, u16::from(b'\''), LETTER]
        );
        assert_eq!(
            kinds_of("onwhatever=1 0x41 0000 12 3a"),
            [HANDLER, u16::from(b'='), DIGIT, HEX_NUMBER, LONG_NUMBER, SHORT_NUMBER, MIXED]
        );
    }

    #[test]
    fn a_word_behind_a_number_is_a_word() {
        for (text, apart) in [("1or", "1 or"), ("1e0union", "1 union"), ("12and", "1 and")] {
            assert_eq!(kinds_of(text), kinds_of(apart), "{text}");
        }
        assert_eq!(kinds_of("3a 2qzx 1or2 7f3e"), [MIXED; 4]);
    }

    #[test]
    fn a_word_around_itself_is_that_word() {
        for (text, once) in [
            ("ununionion seselectlect", "union select"),
            ("uniunionon selselectect", "union select"),
            ("scrscriptipt", "script"),
            ("oorr aandnd", "or and"),
        ] {
            assert_eq!(kinds_of(text), kinds_of(once), "{text}");
        }
        // Twice behind one another, around something else, around no word of the vocabulary.
        assert_eq!(
            kinds_of("unionunion unselection mumyhyth noon papa"),
            [LONG_WORD, LONG_WORD, WORD, WORD, WORD]
        );
    }

    #[test]
    fn the_table_has_room() {
        assert!(WORDS.count > 700 && WORDS.count < 1_500, "{}", WORDS.count);
    }
}
