//! Characters outside ASCII that mean ones inside it, or nothing at all, to whatever reads them later: compatibility
//! forms (Unicode Standard Annex #15), letters of other alphabets in disguise (Technical Standard #39), and what is
//! not seen.

use super::decode::low_byte;
use super::rewrite::{Piece, rewrite_within};
use super::{Flags, Text};

/// Marks over one letter from which on they are there to break what shows them, for no script stacks as many; the same
/// for characters that unfold to many and for controls beyond ASCII.
const STACK: usize = 8;
/// Selectors of variants in a row from which on they carry a message; a character takes one.
const MESSAGE: usize = 4;
/// Characters of a flag of a region: its code and the end.
const MAX_REGION: usize = 7;
/// Longest word that is looked at for letters of another alphabet, in bytes.
const MAX_WORD: usize = 64;
/// Letters of a word, and ASCII ones among them, from which on the others are a disguise: short ones are slips of a
/// keyboard.
const MIN_LETTERS: usize = 4;
const MIN_LATIN: usize = 2;

const BLACK_FLAG: u32 = 0x1f3f4;
const ACUTE: u32 = 0x301;

/// Overlong UTF-8 and compatibility forms to ASCII; what is not seen away; other blanks to a blank.
pub(super) fn forms(text: &Text, flags: &mut Flags) -> Option<Text> {
    rewrite_within(text, beyond_ascii, |bytes, at| {
        let rest = bytes.get(at..)?;
        let (code, len) = code_at(rest)?;
        let (piece, taken, flag) = if len > 1 && code < 0x80 {
            (Piece::byte(low_byte(code)), len, Flags::OVERLONG)
        } else {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            hidden(before, rest, code).or_else(|| form(rest, code, len))?
        };
        flags.set(flag);
        Some((piece, taken))
    })
}

/// `pаypal` with an `а` of Cyrillic: a word of Latin letters in which every other one looks like one of them, and names
/// of hosts that look like a word of Latin letters.
pub(super) fn lookalikes(text: &Text, flags: &mut Flags) -> Option<Text> {
    // Each word is looked at once, at its first character beyond ASCII.
    let (mut word_end, mut disguised) = (0, false);
    rewrite_within(text, beyond_ascii, |bytes, at| {
        if at >= word_end {
            let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte >= 0x80;
            let before = bytes.get(..at)?.iter().rev().take(MAX_WORD).take_while(in_word).count();
            word_end = at + bytes.get(at..)?.iter().take_while(in_word).count();
            // A whole word may be a disguise where it is the name of a host.
            let host =
                matches!(bytes.get(word_end..), Some([b'.', letter, ..]) if letter.is_ascii_alphabetic());
            let latin = if host { 0 } else { MIN_LATIN };
            disguised = bytes.get(at - before..word_end).is_some_and(|word| is_disguised(word, latin));
        }
        if !disguised {
            return None;
        }
        let (code, len) = code_at(bytes.get(at..)?)?;
        flags.set(Flags::DISGUISED);
        Some((Piece::byte(lookalike(code)?), len))
    })
}

fn is_disguised(word: &[u8], min_latin: usize) -> bool {
    let Some(word) = std::str::from_utf8(word).ok().filter(|word| word.len() <= MAX_WORD) else {
        return false;
    };
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    let others = word.chars().filter(|letter| !letter.is_ascii()).count();
    latin >= min_latin
        && latin + others >= MIN_LETTERS
        && word.chars().all(|letter| letter.is_ascii() || lookalike(u32::from(letter)).is_some())
}

fn beyond_ascii(rest: &[u8]) -> Option<usize> {
    rest.iter().position(|byte| *byte >= 0xc0)
}

/// The code point at the start and its bytes, overlong ones too; `None` when the sequence is broken.
fn code_at(rest: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*rest.first()?);
    let (len, head) = match first {
        0..=0x7f => (1, first),
        0xc0..=0xdf => (2, first & 0x1f),
        0xe0..=0xef => (3, first & 0x0f),
        0xf0..=0xf7 => (4, first & 0x07),
        _ => return None,
    };
    let code = rest
        .get(1..len)?
        .iter()
        .try_fold(head, |code, byte| (byte & 0xc0 == 0x80).then(|| code << 6 | u32::from(byte & 0x3f)))?;
    Some((code, len))
}

/// How many characters of a kind there are in a row, and their bytes.
fn run(rest: &[u8], is: impl Fn(u32) -> bool) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    while let Some((_, len)) = rest.get(bytes..).and_then(code_at).filter(|(code, _)| is(*code)) {
        count += 1;
        bytes += len;
    }
    (count, bytes)
}

/// What is not seen, or hides what is.
fn hidden(before: Option<&u8>, rest: &[u8], code: u32) -> Option<(Piece, usize, Flags)> {
    let marked = |is: bool, flag: Flags| if is { flag } else { Flags::NONE };
    match code {
        _ if is_invisible(code) => {
            let (_, bytes) = run(rest, is_invisible);
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let inside = letter(before) && letter(rest.get(bytes));
            Some((Piece::NOTHING, bytes, marked(inside && code != SOFT_HYPHEN, Flags::INVISIBLE)))
        }
        // What follows is shown from right to left, whatever it is; and what is no character.
        0x202e | 0xfffe | 0xffff => Some((Piece::NOTHING, 3, Flags::DISGUISED)),
        _ if is_mark(code) => stack(rest, is_mark),
        LONG_LIGATURE => stack(rest, |code| code == LONG_LIGATURE),
        0x80..=0x9f => stack(rest, |code| matches!(code, 0x80..=0x9f)),
        // Of the flags of regions the code is said in tags; alone, tags are ASCII that nobody sees.
        BLACK_FLAG => {
            let (count, bytes) = run(rest.get(4..)?, is_tag);
            (1..=MAX_REGION).contains(&count).then(|| (Piece::char(code), 4 + bytes, Flags::NONE))
        }
        0xe0020..=0xe007e => Some((Piece::byte(low_byte(code & 0x7f)), 4, Flags::DISGUISED)),
        _ if is_tag(code) => Some((Piece::NOTHING, 4, Flags::DISGUISED)),
        _ if is_variant(code) => {
            let (count, bytes) = run(rest, is_variant);
            Some((Piece::NOTHING, bytes, marked(count >= MESSAGE, Flags::DISGUISED)))
        }
        _ => None,
    }
}

/// So many in a row that one mark stands for all.
fn stack(rest: &[u8], is: impl Fn(u32) -> bool) -> Option<(Piece, usize, Flags)> {
    let (count, bytes) = run(rest, is);
    (count >= STACK).then(|| (Piece::char(ACUTE), bytes, Flags::DISGUISED))
}

const SOFT_HYPHEN: u32 = 0xad;
/// A ligature of eighteen letters.
const LONG_LIGATURE: u32 = 0xfdfa;

/// Joiners, directions, fillers, selectors of the look of an emoji.
fn is_invisible(code: u32) -> bool {
    matches!(
        code,
        SOFT_HYPHEN
            | 0x115f..=0x1160
            | 0x180e
            | 0x200b..=0x200f
            | 0x202a..=0x202d
            | 0x2060..=0x2064
            | 0x2066..=0x2069
            | 0x3164
            | 0xfe00..=0xfe0f
            | 0xfeff
            | 0xffa0
    )
}

/// Marks over, under and through the letter before.
fn is_mark(code: u32) -> bool {
    matches!(
        code,
        0x300..=0x36f
            | 0x483..=0x489
            | 0xe31
            | 0xe34..=0xe3a
            | 0xe47..=0xe4e
            | 0x1ab0..=0x1aff
            | 0x1dc0..=0x1dff
            | 0x20d0..=0x20ff
            | 0xfe20..=0xfe2f
    )
}

fn is_tag(code: u32) -> bool {
    matches!(code, 0xe0000..=0xe007f)
}

fn is_variant(code: u32) -> bool {
    matches!(code, 0xe0100..=0xe01ef)
}

/// Small, full-width, circled and mathematical forms, and blanks.
fn form(rest: &[u8], code: u32, len: usize) -> Option<(Piece, usize, Flags)> {
    const PLAIN: Flags = Flags::NONE;
    const ODD: Flags = Flags::FULL_WIDTH;
    let byte = |byte: u8, flag: Flags| Some((Piece::byte(byte), len, flag));
    let text = |text: &'static str, flag: Flags| Some((Piece::ascii(text), len, flag));
    let letter = |first: u8, offset: u32| Piece::byte(first + low_byte(offset % 26));
    match code {
        0xa0 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000 => byte(b' ', PLAIN),
        0x2028 | 0x2029 => byte(b'\n', PLAIN),
        // Line breaks for servers that keep only the lower byte of a character: U+010D and U+010A (alone, the one is
        // a letter of many names), U+560A and U+560D.
        0x10d if code_at(rest.get(len..)?) == Some((0x10a, 2)) => {
            Some((Piece::byte(b'\n'), 4, Flags::OVERLONG))
        }
        0x560a => byte(b'\n', Flags::OVERLONG),
        0x560d => byte(b'\r', Flags::OVERLONG),
        // Letters whose other case is one of ASCII.
        0x131 => byte(b'i', PLAIN),
        0x17f => byte(b's', ODD),
        0x212a => byte(b'k', ODD),
        0x2b9 | 0x2bc => byte(b'\'', ODD),
        0x37e => byte(b';', PLAIN),
        0x1fef => byte(b'`', ODD),
        0x2024 => byte(b'.', ODD),
        0x2025 | 0xfe30 => text("..", ODD),
        // Slashes of other alphabets that file systems fold into the one (fraction, division, big solidus).
        0x2044 | 0x2215 | 0x29f8 => byte(b'/', ODD),
        0x2216 => byte(b'\\', ODD),
        0x2100 => text("a/c", ODD),
        0x2101 => text("a/s", ODD),
        0x2105 => text("c/o", ODD),
        0x2106 => text("c/u", ODD),
        0x2070 | 0x2074..=0x2079 => byte(b'0' + low_byte(code - 0x2070), PLAIN),
        0x2080..=0x2089 => byte(b'0' + low_byte(code - 0x2080), PLAIN),
        0x207a..=0x207e => byte(*b"+-=()".get((code - 0x207a) as usize)?, ODD),
        0x208a..=0x208e => byte(*b"+-=()".get((code - 0x208a) as usize)?, ODD),
        // Circled and squared digits and letters, which host names are allowed to be written in.
        0x2460..=0x2468 => byte(b'1' + low_byte(code - 0x2460), ODD),
        0x24b6..=0x24cf => Some((letter(b'a', code - 0x24b6), len, ODD)),
        0x24d0..=0x24e9 => Some((letter(b'a', code - 0x24d0), len, ODD)),
        0x1f130..=0x1f149 => Some((letter(b'a', code - 0x1f130), len, ODD)),
        0x1d400..=0x1d6a3 => Some((letter(b'a', code - 0x1d400), len, ODD)),
        0x1d7ce..=0x1d7ff => byte(b'0' + low_byte((code - 0x1d7ce) % 10), ODD),
        // The ideographic full stop ends Japanese sentences; only inside a name is it a dot.
        0x3002 | 0xff61 if rest.get(len).is_some_and(u8::is_ascii_alphanumeric) => byte(b'.', ODD),
        0xfb00..=0xfb06 => {
            text(["ff", "fi", "fl", "ffi", "ffl", "st", "st"].get((code - 0xfb00) as usize)?, PLAIN)
        }
        0xfe50..=0xfe6b => {
            let small = *b",\0.\0;:?!\0(){}\0\0#&*+-<>=\0\\$%@".get((code - 0xfe50) as usize)?;
            (small != 0).then(|| (Piece::byte(small), len, ODD))
        }
        0xff01..=0xff5e => byte(low_byte(code - 0xfee0), ODD),
        0x2b0..=0x2e3 | 0x1d2c..=0x1dbb | 0x2071..=0x207f | 0x2102..=0x2139 => byte(symbol(code)?, ODD),
        _ => None,
    }
}

/// Small raised letters, and symbols that are letters of mathematics and fill the gaps of its alphabets.
fn symbol(code: u32) -> Option<u8> {
    Some(match char::from_u32(code)? {
        'ᴬ' | 'ᵃ' => b'a',
        'ᴮ' | 'ᵇ' | 'ℬ' => b'b',
        'ᶜ' | 'ℂ' | 'ℭ' => b'c',
        'ᴰ' | 'ᵈ' => b'd',
        'ᴱ' | 'ᵉ' | 'ℯ' | 'ℰ' => b'e',
        'ᶠ' | 'ℱ' => b'f',
        'ᴳ' | 'ᵍ' | 'ℊ' => b'g',
        'ʰ' | 'ᴴ' | 'ℋ' | 'ℌ' | 'ℍ' | 'ℎ' | 'ℏ' => b'h',
        'ᴵ' | 'ⁱ' | 'ℐ' | 'ℑ' | 'ℹ' => b'i',
        'ʲ' | 'ᴶ' => b'j',
        'ᴷ' | 'ᵏ' => b'k',
        'ˡ' | 'ᴸ' | 'ℒ' | 'ℓ' => b'l',
        'ᴹ' | 'ᵐ' | 'ℳ' => b'm',
        'ᴺ' | 'ⁿ' | 'ℕ' => b'n',
        'ᴼ' | 'ᵒ' | 'ℴ' => b'o',
        'ᴾ' | 'ᵖ' | '℘' | 'ℙ' => b'p',
        'ℚ' => b'q',
        'ʳ' | 'ᴿ' | 'ℛ' | 'ℜ' | 'ℝ' => b'r',
        'ˢ' => b's',
        'ᵀ' | 'ᵗ' => b't',
        'ᵁ' | 'ᵘ' => b'u',
        'ᵛ' => b'v',
        'ʷ' | 'ᵂ' => b'w',
        'ˣ' => b'x',
        'ʸ' => b'y',
        'ᶻ' | 'ℤ' | 'ℨ' => b'z',
        _ => return None,
    })
}

/// The ASCII letter that a letter of Cyrillic, Greek, Armenian or the phonetic alphabet cannot be told from.
fn lookalike(code: u32) -> Option<u8> {
    Some(match char::from_u32(code)? {
        'а' | 'А' | 'Α' | 'ɑ' => b'a',
        'В' | 'Β' => b'b',
        'с' | 'С' => b'c',
        'ԁ' => b'd',
        'е' | 'Е' | 'Ε' => b'e',
        'ɡ' => b'g',
        'һ' | 'Н' | 'Η' => b'h',
        'і' | 'І' | 'Ι' => b'i',
        'ј' | 'Ј' => b'j',
        'К' | 'Κ' => b'k',
        'ӏ' | 'Ӏ' => b'l',
        'М' | 'Μ' => b'm',
        'Ν' => b'n',
        'о' | 'О' | 'ο' | 'Ο' | 'օ' => b'o',
        'р' | 'Р' | 'Ρ' => b'p',
        'ԛ' => b'q',
        'ѕ' | 'Ѕ' => b's',
        'Т' | 'Τ' => b't',
        'ս' => b'u',
        'ԝ' => b'w',
        'х' | 'Х' | 'Χ' => b'x',
        'у' | 'У' | 'Υ' => b'y',
        'Ζ' => b'z',
        _ => return None,
    })
}
