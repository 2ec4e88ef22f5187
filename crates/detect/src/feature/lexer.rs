//! Canonical bytes to the tokens that most attack languages share.

use crate::canonical::{FOREIGN, TOKEN};
use crate::hash::fnv1a;

/// Words that mean something to an interpreter; any other word is just a word. This is vocabulary for the model,
/// not a signature: a keyword alone weighs what training gave it.
const KEYWORDS: &str = "select union insert update delete drop from where and or not like having group order by limit into \
values table database schema information_schema sleep benchmark waitfor delay exec execute xp_cmdshell concat char chr ascii \
substring substr mid cast convert null case when then else end if exists between load_file outfile dumpfile version user \
script svg img iframe body onerror onload onclick onfocus onmouseover ontoggle alert prompt confirm eval document cookie \
window location javascript vbscript data src href style expression fromcharcode atob function return var let const new this \
constructor prototype __proto__ require process child_process import export base64 php system passthru shell_exec popen \
proc_open assert include require_once file_get_contents phpinfo echo print cat ls id whoami uname wget curl nc bash sh cmd \
powershell ping nslookup dig etc passwd shadow proc self environ hosts windows win ini boot inf web xml jndi ldap rmi dns \
http https ftp file gopher dict phar expect input filter localhost metadata latest runtime getruntime processbuilder class \
classloader forname java lang ognl context request session application config self globals builtins subclasses mro popen os \
subprocess doctype entity system public element xinclude ne gt lt regex where in nin exists objectclass uid cn mail content \
type set location host bcc to subject admin password username true false";

/// One token; `code` is equal for equal kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub code: u32,
    /// Whether it is a keyword.
    pub is_word: bool,
}

/// The tokens of a text; white space is none.
pub fn tokens(bytes: &[u8]) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|byte| *byte == b' ') {
            at += 1;
        }
        let first = *bytes.get(at)?;
        let start = at;
        at += 1;
        let (code, is_word) = match first {
            b'0'..=b'9' => {
                while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                    at += 1;
                }
                (NUMBER, false)
            }
            b'a'..=b'z' | b'_' | FOREIGN | TOKEN => {
                while bytes.get(at).is_some_and(|byte| {
                    byte.is_ascii_lowercase()
                        || byte.is_ascii_digit()
                        || matches!(*byte, b'_' | FOREIGN | TOKEN)
                }) {
                    at += 1;
                }
                word(bytes.get(start..at).unwrap_or_default())
            }
            other => (u32::from(other), false),
        };
        Some(Token { start, end: at, code, is_word })
    })
}

const NUMBER: u32 = 256;
const WORD: u32 = 257;
const LETTER: u32 = 258;

fn word(bytes: &[u8]) -> (u32, bool) {
    if bytes.len() == 1 {
        return (LETTER, false);
    }
    if is_keyword(bytes) { (keyword_code(bytes), true) } else { (WORD, false) }
}

fn keyword_code(bytes: &[u8]) -> u32 {
    // The upper half keeps clear of the codes of single bytes.
    let [a, b, c, _, ..] = fnv1a(bytes).to_le_bytes();
    u32::from_le_bytes([a, b, c, 1])
}

fn is_keyword(bytes: &[u8]) -> bool {
    KEYWORD_SET.with(|set| set.contains(bytes))
}

thread_local! {
    static KEYWORD_SET: std::collections::HashSet<&'static [u8]> =
        KEYWORDS.split_ascii_whitespace().map(str::as_bytes).collect();
}
