//! A configuration file as its author sees it: what is wrong, and in which line and column.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format as _, Yaml};
use figment::value::Value;
use saphyr_parser::{Event, Parser, Span};

use crate::settings::{DEFAULT_YAML, Settings};
use crate::settings_names::{canonical, one};
use crate::settings_sources;

/// Longest file and deepest nesting that is read.
const MAX_BYTES: u64 = 1 << 20;
const MAX_DEPTH: usize = 32;

/// How alike a name must be to one that exists to be suggested, 1 for the same.
const ALIKE: f64 = 0.7;

/// Something wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Line and column, from 1, where they are known.
    at: Option<(usize, usize)>,
    what: String,
}

impl Problem {
    /// `FILE:LINE:COLUMN: what`, as compilers write it.
    pub(crate) fn shown<'a>(&'a self, file: &'a Path) -> impl fmt::Display + 'a {
        let place = self.at.map_or(String::new(), |(line, column)| format!("{line}:{column}:"));
        format!("{}:{place} {}", file.display(), self.what)
    }
}

/// Everything that is wrong in the file; nothing when it is valid.
///
/// # Errors
/// When it cannot be read at all.
pub(crate) fn problems(file: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|opened| opened.take(MAX_BYTES).read_to_string(&mut text))
        .with_context(|| format!("cannot read {}", file.display()))?;
    let tree = match Tree::read(&text) {
        Ok(tree) => tree,
        Err(problem) => return Ok(vec![problem]),
    };
    let defaults = Figment::from(Yaml::string(DEFAULT_YAML));
    let given = Figment::from(Yaml::string(&text));
    let mut leaves = Vec::new();
    tree.leaves(&mut Vec::new(), &defaults, &mut leaves);
    // Each by itself on top of the defaults, so that one mistake does not hide the next.
    let mut found: Vec<Problem> =
        leaves.iter().filter_map(|key| of_leaf(key, &tree, &given, &defaults)).collect();
    if found.is_empty()
        && let Err(error) =
            Settings::load(Some(file)).and_then(|settings| settings_sources::check_files(&settings.sources))
    {
        let what = format!("{error:#}");
        found.push(Problem { at: tree.named_in(&what), what });
    }
    Ok(found)
}

/// What is wrong with one setting.
fn of_leaf(key: &[String], tree: &Tree, given: &Figment, defaults: &Figment) -> Option<Problem> {
    let name = key.join(".");
    let value = given.find_value(&name).ok()?;
    let error = defaults.clone().merge(one(&name, value)).extract::<Settings>().err()?;
    let path = if error.path.is_empty() { key.to_vec() } else { error.path.clone() };
    if let Kind::UnknownField(unknown, expected) = &error.kind {
        let mut full = path.clone();
        if full.last() != Some(unknown) {
            full.push(unknown.clone());
        }
        let what = format!("{}: there is no such setting{}", full.join("."), suggestion(unknown, expected));
        return Some(Problem { at: tree.place(&full).or_else(|| tree.place(key)), what });
    }
    let at = tree.place(&path).or_else(|| tree.place(key));
    Some(Problem { at, what: format!("{}: {}", path.join("."), error.kind) })
}

fn suggestion(unknown: &str, expected: &[&str]) -> String {
    let likeness = |name: &&&str| strsim::jaro_winkler(unknown, name);
    let best = expected.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match best {
        Some(best) if likeness(&best) >= ALIKE => format!("; did you mean {best}?"),
        _ => format!("; known here are {}", expected.join(", ")),
    }
}

/// A node of the file, with the place where it, or its key, begins.
#[derive(Debug, Default)]
struct Tree {
    at: (usize, usize),
    /// Members of a mapping by name, of a list by number; a scalar has none.
    members: Vec<(String, Tree)>,
    is_mapping: bool,
}

impl Tree {
    fn read(text: &str) -> Result<Self, Problem> {
        let mut open: Vec<Self> = vec![Self::default()];
        // Per open node: the key that waits for its value.
        let mut keys: Vec<Option<(String, (usize, usize))>> = vec![None];
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| Problem {
                at: Some((error.marker().line(), error.marker().col() + 1)),
                what: error.info().to_owned(),
            })?;
            let at = place(&span);
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => {
                    if open.len() > MAX_DEPTH {
                        let what = format!("nested deeper than {MAX_DEPTH} levels");
                        return Err(Problem { at: Some(at), what });
                    }
                    let is_mapping = matches!(event, Event::MappingStart(..));
                    open.push(Self { at, members: Vec::new(), is_mapping });
                    keys.push(None);
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    keys.pop();
                    if let Some(node) = open.pop() {
                        add(&mut open, &mut keys, node);
                    }
                }
                Event::Scalar(name, ..) => {
                    let is_key = open.last().is_some_and(|node| node.is_mapping);
                    match keys.last_mut() {
                        Some(key @ None) if is_key => *key = Some((name.into_owned(), at)),
                        _ => add(&mut open, &mut keys, Self { at, ..Self::default() }),
                    }
                }
                Event::Alias(_) => add(&mut open, &mut keys, Self { at, ..Self::default() }),
                _ => {}
            }
        }
        let root = open.pop().and_then(|mut stream| stream.members.pop());
        Ok(root.map(|(_, root)| root).unwrap_or_default())
    }

    /// Where the key begins; a list has its numbers as keys.
    fn place(&self, key: &[String]) -> Option<(usize, usize)> {
        let Some((first, rest)) = key.split_first() else { return Some(self.at) };
        let (_, member) = self.members.iter().find(|(name, _)| name == first)?;
        member.place(rest)
    }

    /// The place of the setting that a message names, the deepest of several: by its whole name, as in
    /// `sources.1.path`, and from there on by what the message says first of its members.
    fn named_in(&self, message: &str) -> Option<(usize, usize)> {
        let mut named = Vec::new();
        self.all_named_in(message, &mut Vec::new(), &mut named);
        let (_, end, mut node) = named.into_iter().max_by_key(|(depth, ..)| *depth)?;
        let mut rest = message.get(end..).unwrap_or_default();
        while node.is_mapping
            && let Some((at, member)) = node
                .members
                .iter()
                .filter_map(|(name, member)| Some((find_word(rest, name)?, member)))
                .min_by_key(|(at, _)| *at)
        {
            rest = rest.get(at..).unwrap_or_default();
            node = member;
        }
        Some(node.at)
    }

    /// Every node whose whole name stands in a message, with its depth and where the name ends there.
    fn all_named_in<'a>(
        &'a self,
        message: &str,
        key: &mut Vec<String>,
        named: &mut Vec<(usize, usize, &'a Self)>,
    ) {
        for (name, member) in &self.members {
            key.push(name.clone());
            let whole = canonical(key).join(".");
            if let Some(at) = find_word(message, &whole).filter(|_| key.len() > 1) {
                named.push((key.len(), at + whole.len(), member));
            }
            member.all_named_in(message, key, named);
            key.pop();
        }
    }

    /// The settings in it: what is no mapping in the default, or is unknown there.
    fn leaves(&self, key: &mut Vec<String>, defaults: &Figment, found: &mut Vec<Vec<String>>) {
        for (name, member) in &self.members {
            key.push(name.clone());
            let default = defaults.find_value(&canonical(key).join("."));
            if member.is_mapping && matches!(default, Ok(Value::Dict(..))) {
                member.leaves(key, defaults, found);
            } else {
                found.push(key.clone());
            }
            key.pop();
        }
    }
}

/// Puts a finished node into the one that holds it.
fn add(open: &mut [Tree], keys: &mut [Option<(String, (usize, usize))>], mut node: Tree) {
    let (Some(parent), Some(key)) = (open.last_mut(), keys.last_mut()) else { return };
    let name = match key.take() {
        Some((name, at)) => {
            node.at = at;
            name
        }
        None => parent.members.len().to_string(),
    };
    parent.members.push((name, node));
}

/// Where a name stands in a message that is not a part of a longer one.
fn find_word(message: &str, name: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    message.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = message.get(..*at).and_then(|before| before.chars().next_back());
        let after = message.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn place(span: &Span) -> (usize, usize) {
    (span.start.line(), span.start.col() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(yaml: &str) -> Vec<String> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), yaml).expect("written");
        let problems = problems(file.path()).expect("readable");
        let prefix = format!("{}:", file.path().display());
        problems
            .iter()
            .map(|problem| problem.shown(file.path()).to_string())
            .map(|text| text.strip_prefix(&prefix).map(str::to_owned).unwrap_or(text))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_column() {
        let yaml = "server:\n  lisen: 127.0.0.1:1\n  grace_s: soon\nretention:\n  traffic_days: 3\n\
                    sources:\n  - path: /a\n    nmae: shop\nalerts: {attack_rate: {percnt: 5}}\n";
        let told = told(yaml);
        let starts = [
            "2:3: server.lisen:",
            "3:3: server.grace_s:",
            "8:5: sources.0.nmae:",
            "9:24: alerts.attack_rate.percnt:",
        ];
        assert_eq!(told.len(), starts.len(), "{told:#?}");
        for (text, start) in told.iter().zip(starts) {
            assert!(text.starts_with(start), "{start}: {told:#?}");
        }
        assert!(
            told[0].ends_with("did you mean listen?") && told[3].ends_with("did you mean percent?"),
            "{told:#?}"
        );
    }

    #[test]
    fn what_only_the_whole_shows_has_its_place_too() {
        let text = told("# days\nretention:\n  traffic_days: 0\n");
        assert_eq!(text.len(), 1);
        assert!(text[0].starts_with("3:3: retention.traffic_days"), "{text:?}");
    }

    /// A mistake in one of several sources was told as one of `sources`, in line 1.
    #[test]
    fn mistakes_in_a_list_are_told_where_they_stand() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sources = |second: &str| format!("sources:\n  - path: /a\n  - name: b\n    {second}\n");
        for (yaml, start) in [
            (sources("path: /a"), "4:5: sources.1.path: /a is given twice"),
            (sources(&format!("path: {}", folder.path().display())), "4:5: sources.1.path: "),
            (sources("syslog: udp://127.0.0.1:70000"), "4:5: sources.1.syslog cannot be used"),
            (sources("syslog: tcp://127.0.0.1:0"), "4:5: sources.1.syslog: "),
            (sources("path: /b\n    format: squid"), "5:5: sources.1: format: "),
            (sources("path: /b\n    time_zone: Nowhere"), "5:5: sources.1: time_zone: "),
            ("sources:\n  - path: /a\n  - name: b\n".to_owned(), "3:5: sources.1: "),
            (
                "notifications:\n  channels:\n  - name: a\n    syslog: udp://127.0.0.1:1\n    window_s: 5\n"
                    .to_owned(),
                "5:5: notifications.channels.0 (a): window_s",
            ),
            ("alerts:\n  attack_rate: {percent: 0}\n".to_owned(), "2:17: alerts.attack_rate.percent"),
            ("server:\n  listen: 127.0.0.1:70000\n".to_owned(), "2:3: server.listen"),
            ("server:\n  grace_s: 5\n  listen: 0.0.0.0:1\nauth:\n  mode: off\n".to_owned(), "5:3: refusing"),
            ("database: {}\nprivacy:\n  mask: {fields: ['?']}\n".to_owned(), "3:10: privacy.mask.fields"),
        ] {
            let told = told(&yaml);
            assert!(told.len() == 1 && told[0].starts_with(start), "{start}: {told:?} of\n{yaml}");
        }
    }

    #[test]
    fn a_valid_file_has_no_problems_and_broken_yaml_has_one() {
        assert_eq!(told(""), Vec::<String>::new());
        assert_eq!(told(DEFAULT_YAML), Vec::<String>::new());
        let broken = told("server:\n  listen: [\n");
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(told(&"[".repeat(1_000)).len(), 1);
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
        assert!(told(&deep)[0].contains("nested"), "{:?}", told(&deep));
    }

    #[test]
    fn a_secret_is_not_repeated() {
        let text = told("privacy: {key: hunter2}\n").concat();
        assert!(!text.is_empty() && !text.contains("hunter2"), "{text}");
    }
}
