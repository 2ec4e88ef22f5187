//! Generated values: kinds of ordinary ones, and attacks of every class, from grammars in text files.
//!
//! A grammar is a list of rules. `@name` opens a rule, each following line is one of its alternatives, blank lines
//! and lines that begin with `##` are skipped. `‹name›` stands for any alternative of that rule, `‹name*2-5›`
//! for two to five of them one after the other. Rules whose name holds a `/` are the kinds that are generated;
//! of an attack, what stands before the `/` is the class. What no rule defines is built in, see [`built_in`].

mod built_in;

use std::collections::{BTreeMap, BTreeSet};

use crate::rng::Rng;

const WORDS: &str = include_str!("words.txt");
const BENIGN: [&str; 12] = [
    include_str!("benign.txt"),
    include_str!("benign_http.txt"),
    include_str!("benign_web.txt"),
    include_str!("benign_cookie.txt"),
    include_str!("benign_snippet.txt"),
    include_str!("benign_people.txt"),
    include_str!("benign_code.txt"),
    include_str!("benign_api.txt"),
    include_str!("benign_file.txt"),
    include_str!("benign_document.txt"),
    include_str!("benign_unicode.txt"),
    WORDS,
];
const ATTACK: [&str; 13] = [
    include_str!("attack.txt"),
    include_str!("attack_rare.txt"),
    include_str!("attack_sql.txt"),
    include_str!("attack_script.txt"),
    include_str!("attack_system.txt"),
    include_str!("attack_code.txt"),
    include_str!("attack_data.txt"),
    include_str!("attack_lines.txt"),
    include_str!("attack_log.txt"),
    include_str!("attack_url.txt"),
    include_str!("attack_other.txt"),
    include_str!("attack_hidden.txt"),
    WORDS,
];
/// Attacks as testers' lists have them in great number, many of which come close to what people write.
const BROAD: [&str; 3] =
    [include_str!("attack_query.txt"), include_str!("attack_remote.txt"), include_str!("attack_various.txt")];

/// Expansions inside expansions; a rule that refers to itself ends here.
const MAX_DEPTH: usize = 8;

/// Rules by name.
#[derive(Debug)]
pub(crate) struct Grammar {
    rules: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Grammar {
    /// Values as ordinary clients send them.
    pub(crate) fn benign() -> Self {
        Self::parse(&BENIGN)
    }

    /// Payloads of attacks.
    pub(crate) fn attack() -> Self {
        Self::parse(&[ATTACK.as_slice(), &BROAD].concat())
    }

    /// The kinds of attack that are broad.
    pub(crate) fn broad_kinds() -> BTreeSet<&'static str> {
        Self::parse(&BROAD).kinds().into_iter().collect()
    }

    fn parse(texts: &[&'static str]) -> Self {
        let mut rules: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for text in texts {
            let mut current = "";
            for line in text.lines() {
                // `@media` and `@name` also begin lines that are alternatives, but never without anything behind.
                let name = line.strip_prefix('@').filter(|name| name.bytes().all(is_name_byte));
                if let Some(name) = name {
                    current = name;
                } else if !line.is_empty() && !line.starts_with("##") {
                    rules.entry(current).or_default().push(line);
                }
            }
        }
        Self { rules }
    }

    /// Names of the kinds, in alphabetical order.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.rules.keys().copied().filter(|name| name.contains('/')).collect()
    }

    /// One value of a kind.
    pub(crate) fn generate(&self, kind: &str, rng: &mut Rng) -> String {
        let mut out = String::new();
        self.expand_rule(kind, rng, 0, &mut out);
        out
    }

    fn expand_rule(&self, name: &str, rng: &mut Rng, depth: usize, out: &mut String) {
        if depth > MAX_DEPTH {
            return;
        }
        match self.rules.get(name).and_then(|lines| pick(lines, rng)) {
            Some(template) => self.expand(template, rng, depth, out),
            None => built_in::write(name, rng, out),
        }
    }

    fn expand(&self, template: &str, rng: &mut Rng, depth: usize, out: &mut String) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('‹') {
            out.push_str(before);
            let Some((reference, tail)) = after.split_once('›') else {
                rest = after;
                continue;
            };
            let (name, times) = repeated(reference, rng);
            for _ in 0..times {
                self.expand_rule(name, rng, depth + 1, out);
            }
            rest = tail;
        }
        out.push_str(rest);
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/')
}

fn pick(lines: &[&'static str], rng: &mut Rng) -> Option<&'static str> {
    lines.get(rng.below(lines.len())).copied()
}

fn repeated<'a>(reference: &'a str, rng: &mut Rng) -> (&'a str, usize) {
    let Some((name, range)) = reference.split_once('*') else { return (reference, 1) };
    let (low, high) = range.split_once('-').unwrap_or((range, range));
    let (Ok(low), Ok(high)) = (low.parse(), high.parse()) else { return (name, 1) };
    (name, rng.between(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_is_defined() {
        for grammar in [Grammar::benign(), Grammar::attack()] {
            for (rule, lines) in &grammar.rules {
                for line in lines {
                    for reference in line.split('‹').skip(1) {
                        let name = reference.split('›').next().expect("one part");
                        let name = name.split('*').next().expect("one part");
                        assert!(
                            grammar.rules.contains_key(name) || built_in::is_known(name),
                            "{rule} refers to {name}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn attack_kinds_begin_with_a_threat_class() {
        for kind in Grammar::attack().kinds() {
            let class = kind.split('/').next().expect("one part");
            assert!(class.parse::<bartizan_model::ThreatClass>().is_ok(), "{kind}");
        }
    }

    #[test]
    fn the_same_seed_generates_the_same_values() {
        let grammar = Grammar::benign();
        let make = || {
            let mut rng = Rng::new(7);
            grammar.kinds().iter().map(|kind| grammar.generate(kind, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(make(), make());
        assert!(grammar.kinds().len() > 40);
    }
}
