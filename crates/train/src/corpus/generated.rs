//! Values from the generators: ordinary ones of many kinds, attacks of every class.

use bartizan_detect::Wrapping;

use super::{Kinds, fold_of};
use crate::example::{Example, Truth};
use crate::generate::{attack, benign as programs, binary, encode};
use crate::grammar::Grammar;
use crate::rng::Rng;

/// Values of each ordinary kind of the grammar, and of the generators in code.
const BENIGN_PER_RULE: usize = 1_500;
const BENIGN_PER_KIND: usize = 4_000;
/// Payloads of each attack kind of the grammar, and of the generators in code.
const ATTACKS_PER_RULE: usize = 800;
const ATTACKS: usize = 50_000;

/// What the names of kinds begin with in which bytes outside ASCII stand for themselves.
const FILES: &str = "file/";
/// Of a hundred payloads, where those end that stand as they are, inside files, with control characters for blanks.
const PLAIN: usize = 15;
const IN_FILES: usize = PLAIN + 1;
const SPACED: usize = IN_FILES + 1;

/// A kind of generated value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// A rule of a grammar.
    Rule(&'static str),
    /// A number of a generator in code.
    Code(usize),
    /// A format of files.
    File(usize),
}

/// A kind with its number and its part of cross-fitting.
pub(crate) type Numbered = (Source, u16, usize);

fn numbered(source: Source, name: &str, kinds: &mut Kinds) -> Numbered {
    (source, kinds.number(name), fold_of(name))
}

/// Every ordinary kind.
pub(crate) fn benign_kinds(kinds: &mut Kinds) -> Vec<Numbered> {
    let code = (0..programs::KINDS).map(|kind| (Source::Code(kind), format!("program/{kind}")));
    let rules = Grammar::benign().kinds();
    let rules = rules.into_iter().map(|rule| (Source::Rule(rule), rule.to_owned()));
    // One kind, divided by content: a format resembles no other, and one that was not learnt would set the threshold.
    let files = (0..binary::FORMATS).map(|format| (Source::File(format), "binary".to_owned()));
    code.chain(rules).chain(files).map(|(source, name)| numbered(source, &name, kinds)).collect()
}

/// Every kind of attack; the generators in code are one.
pub(crate) fn attack_kinds(kinds: &mut Kinds) -> Vec<Numbered> {
    let mut found = vec![numbered(Source::Code(0), "attack/code", kinds)];
    found.extend(
        Grammar::attack()
            .kinds()
            .into_iter()
            .map(|rule| numbered(Source::Rule(rule), &format!("attack/{rule}"), kinds)),
    );
    found
}

/// Ordinary values of every kind.
pub(crate) fn benign(kinds: &[Numbered], seed: u64) -> Vec<Example> {
    let mut rng = Rng::new(seed ^ 0xbe61);
    let mut examples = Vec::new();
    let grammar = Grammar::benign();
    for (source, kind, fold) in kinds {
        let count = match source {
            Source::Code(_) => BENIGN_PER_KIND,
            Source::Rule(_) | Source::File(_) => BENIGN_PER_RULE,
        };
        for _ in 0..count {
            examples.extend(benign_value(&grammar, (*source, *kind, *fold), &mut rng));
        }
    }
    examples
}

/// More ordinary values, for the search for hard ones: `count` of every kind, given one by one.
pub(crate) fn more_benign(kinds: &mut Kinds, seed: u64, count: usize, mut take: impl FnMut(Example)) {
    let mut rng = Rng::new(seed ^ 0x003e_a7a6);
    let grammar = Grammar::benign();
    for (source, kind, fold) in benign_kinds(kinds) {
        for _ in 0..count {
            if let Some(example) = benign_value(&grammar, (source, kind, fold), &mut rng) {
                take(example);
            }
        }
    }
}

fn benign_value(grammar: &Grammar, (source, kind, fold): Numbered, rng: &mut Rng) -> Option<Example> {
    let (raw, wrapping) = match source {
        Source::Rule(rule) if rule.starts_with(FILES) => {
            encode::sent(encode::latin(&grammar.generate(rule, rng)), rng)
        }
        Source::Rule(rule) => encode::spelled(&grammar.generate(rule, rng), rng),
        Source::Code(kind) => encode::spelled(&programs::value(kind, rng), rng),
        Source::File(format) => encode::sent(binary::file(format, rng), rng),
    };
    let fold = if matches!(source, Source::File(_)) { crate::example::content_hash(&raw) } else { fold };
    Example::of_value(&raw, wrapping, Truth::Benign, 1.0).map(|example| example.belonging(kind, fold))
}

/// Attacks of every class.
pub(crate) fn attacks(kinds: &[Numbered], seed: u64) -> Vec<Example> {
    let mut rng = Rng::new(seed ^ 0xa77a);
    let mut examples = Vec::new();
    let grammar = Grammar::attack();
    let broad = Grammar::broad_kinds();
    for (source, kind, fold) in kinds {
        let is_broad = matches!(source, Source::Rule(rule) if broad.contains(rule));
        let count = if matches!(source, Source::Code(_)) { ATTACKS } else { ATTACKS_PER_RULE };
        for _ in 0..count {
            let (class, value) = match source {
                Source::Rule(rule) => (
                    rule.split('/').next().and_then(|name| name.parse().ok()),
                    grammar.generate(rule, &mut rng),
                ),
                Source::Code(_) | Source::File(_) => {
                    let (class, value) = attack::attack(&mut rng);
                    (Some(class), value)
                }
            };
            let (raw, wrapping) = match rng.below(100) {
                0..PLAIN => (value.into_bytes(), Wrapping::None),
                PLAIN..IN_FILES => encode::sent(binary::around(value.as_bytes(), &mut rng), &mut rng),
                IN_FILES..SPACED => encode::sent(binary::spaced(value.as_bytes(), &mut rng), &mut rng),
                _ => encode::spelled(&value, &mut rng),
            };
            let example = Example::of_value(&raw, wrapping, Truth::Attack(class), 1.0);
            examples.extend(example.map(|mut e| {
                e.is_broad = is_broad;
                // The generators in code are many kinds in one: they are divided by content.
                let fold = if matches!(source, Source::Code(_)) {
                    crate::example::content_hash(&raw)
                } else {
                    *fold
                };
                e.belonging(*kind, fold)
            }));
        }
    }
    examples
}
