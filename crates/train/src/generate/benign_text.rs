//! What people write.

use crate::rng::Rng;

const WORDS: &str = "the a of to in and is for on with that this it you from by select option table order group update drop \
delete insert union where like not or null script alert system file path user admin password login account cat dog list \
price cheap best new old summer winter shoes jacket phone laptop red blue green large small house garden music video \
review guide how what why when which where who can should would use make get set find search buy sell compare report \
data code test error server client request response image page site web online free shipping delivery return policy \
café über naïve señor größe 東京 学习 привет мир שלום नमस्ते 한국어 time day week year month hour country city street \
print echo sleep wait ping host process exec eval class function variable value key index array string number object \
document window location cookie event click load change input form submit button header footer left right top bottom \
coffee tea bread cheese wine beer water road trip travel hotel flight ticket train bus car bike walk run school work";

const NAMES: &str = "O'Brien D'Angelo O'Neill McDonald Müller García Nguyễn Smith Jones Li Wang Kim Sato Ivanov Silva \
Anne-Marie Jean-Luc N'Golo L'Oréal K'naan Dvořák Ångström Kowalski Rossi Martin Dubois Jansen";

const SENTENCES: &str = "I don't know what you're looking for, but it's here somewhere.
Please select an option from the list below and press \"Continue\".
We'd like to update our order #48213 (2 items) - can you drop off at the back door?
Hi Tom, the union meeting is at 5pm; where's the agenda? Thanks!
It's 50% off today & tomorrow only!!! Don't miss it :)
Rock 'n' roll isn't dead - it's just sleeping.
Price: $19.99 (was $24.99), you save 20%.
She said: \"I'll be there by 10:30, or maybe 11.\"
What is the difference between inner join and outer join in SQL?
How do I delete duplicate rows from a table where id > 10?
TypeError: Cannot read property 'length' of undefined at n.render (https://cdn.example.com/static/js/main.8f2c.js:2:48211)
Uncaught ReferenceError: $ is not defined at HTMLDocument.<anonymous> (app.js:14:3)
ChunkLoadError: Loading chunk 17 failed. (missing: https://app.example.com/17.4f1e.js)
Q&A: R&D at AT&T, 3 < 5 and 7 > 2, C++ vs C#, <3 from Zürich -> Genève
Terms & Conditions (v2.1) - accepted on 12/03/2024 at 09:41
1. First item; 2. second item; 3. third item...
Re: Fwd: meeting notes [updated] - see attachment (final_v3.docx)
Can't log in? Reset your password or contact us: support@example.com
Dear Sir/Madam, I am writing with regard to invoice no. 2024/0815-B.
He's the best -- no doubt about it... #winning @coach
Either 1 or 2 is fine and 3 is not; and if 4 = 2 + 2 then why not?
The command 'npm install' failed with exit code 1
Meet me at Joe's Bar & Grill, 12 Main St., Apt #4; or call +1 (555) 010-9999
Breaking: \"Council approves plan\" | Local News | Example Times
error: expected ';' before '}' token in line 42
Looking for a table for 2 or 3 where we can sit together like last time
Sort by price (low to high); filter: size = M, colour = 'navy'
It was 20:15 -- and then? Nothing. 'Nothing at all', he said.
User can select from the drop-down and order by name or date
My favourite editors: vim, emacs & nano (in that order)";

/// A value that a person typed: a search, a sentence, a name, a comment.
pub(crate) fn text(rng: &mut Rng) -> String {
    match rng.below(12) {
        0..=3 => {
            let len = rng.between(1, 8);
            phrase(rng, len)
        }
        4 | 5 => rng.line(SENTENCES).to_owned(),
        6 => {
            let (left, right) = (rng.line(SENTENCES), rng.line(SENTENCES));
            format!("{left}{}{right}", rng.pick(&[" ", "\n", "\n\n", "  "]))
        }
        7 => format!("{} {}", capital(rng.word(WORDS)), rng.word(NAMES)),
        8 => {
            let len = rng.between(2, 5);
            let words = phrase(rng, len);
            match rng.below(8) {
                0 => format!("\"{words}\""),
                1 => format!("'{words}'"),
                2 => format!("{words}?"),
                3 => format!("({words})"),
                4 => format!("{words} - {}", rng.word(NAMES)),
                5 => format!("{words}: {}", rng.word(WORDS)),
                6 => format!("{words}'s {}", rng.word(WORDS)),
                _ => format!("{words} & {}", rng.word(WORDS)),
            }
        }
        9 => {
            let (first, second, third) = (phrase(rng, 3), phrase(rng, 6), phrase(rng, 2));
            match rng.below(5) {
                0 => format!("<p>{first}</p><p>{second} <strong>{third}</strong></p>"),
                1 => format!(
                    "# {first}\n\n* {second}\n* {third}\n\n**bold** and `code` and [link](https://example.com/{})",
                    rng.word(WORDS)
                ),
                2 => format!("<p>{second}<br /><em>{third}</em></p><ul><li>{first}</li></ul>"),
                3 => format!("[b]{first}[/b] {second} [quote={}]{third}[/quote]", rng.word(WORDS)),
                _ => format!("> {first}\n{second}\n-- \n{third}"),
            }
        }
        10 => {
            let len = rng.between(10, 40);
            let mut words = phrase(rng, len);
            words.push('.');
            words
        }
        _ => {
            let word = rng.word(WORDS);
            let cut = word.chars().take(rng.between(1, 6)).collect::<String>();
            format!("{}{}", phrase(rng, 1), rng.pick(&[" ", "-", "'", "", "_", "."])) + &cut
        }
    }
}

fn phrase(rng: &mut Rng, len: usize) -> String {
    let words: Vec<&str> = (0..len).map(|_| rng.word(WORDS)).collect();
    words.join(" ")
}

pub(crate) fn word(rng: &mut Rng) -> &'static str {
    rng.word(WORDS)
}

pub(crate) fn name(rng: &mut Rng) -> &'static str {
    rng.word(NAMES)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
