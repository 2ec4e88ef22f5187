//! The book in `docs/` speaks of what there is: its commands are parsed by the real parser, its settings read as a
//! configuration, and its reference pages are written from the definitions.
//!
//! `UPDATE_BOOK=1 cargo test -p bartizan-cli book` writes the reference pages.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser as _};

use crate::args::Cli;
use crate::settings::Settings;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.take(4 << 20).read_to_string(&mut text).expect("UTF-8");
    text
}

/// The README and every page of the book, by name.
fn pages() -> Vec<(String, String)> {
    let docs = std::fs::read_dir(root().join("docs")).expect("the folder of the book");
    let mut paths: Vec<PathBuf> = docs.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.push(root().join("README.md"));
    paths.iter().map(|path| (path.display().to_string(), read(path))).collect()
}

/// The fenced blocks of a page that are of one kind.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<(bool, String)> = None;
    for line in page.lines() {
        match (&mut block, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => block = Some((info.trim() == kind, String::new())),
            (Some(_), Some(_)) => {
                found.extend(block.take().filter(|(is_ours, _)| *is_ours).map(|(_, text)| text));
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The commands of ours in a console block, as words: after a prompt or a pipe, up to whatever belongs to the shell.
fn commands(block: &str) -> Vec<Vec<String>> {
    let joined = block.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| line.strip_prefix("$ ").or_else(|| line.strip_prefix("# ")));
    let mut found = Vec::new();
    for line in lines {
        let mut command: Vec<String> = Vec::new();
        for word in words(line).into_iter().chain([Word::End]) {
            match word {
                Word::Text(text) => command.push(text),
                Word::End => {
                    if command.first().is_some_and(|program| program == "bartizan") {
                        found.push(std::mem::take(&mut command));
                    }
                    command.clear();
                }
            }
        }
    }
    found
}

enum Word {
    Text(String),
    End,
}

/// Splits a line as a shell does, as far as the book needs it.
fn words(line: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), inner) => word.get_or_insert_default().push(inner),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | '>' | '<' | ';' | '&') => {
                found.extend(word.take().map(Word::Text));
                found.push(Word::End);
            }
            (None, ' ') => found.extend(word.take().map(Word::Text)),
            (None, other) => word.get_or_insert_default().push(other),
        }
    }
    found.extend(word.map(Word::Text));
    found
}

#[test]
fn every_command_in_the_book_is_one_that_there_is() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for command in blocks(&page, "console").iter().flat_map(|block| commands(block)) {
            seen += 1;
            if let Err(error) = Cli::try_parse_from(&command) {
                wrong.push(format!("{name}: {}\n{error}", command.join(" ")));
            }
        }
    }
    assert!(seen > 25, "only {seen} commands were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_configuration_in_the_book_is_valid() {
    let mut seen = 0;
    for (name, page) in pages() {
        for yaml in blocks(&page, "yaml") {
            if yaml.starts_with("{{#include") {
                continue;
            }
            seen += 1;
            let file = tempfile::NamedTempFile::new().expect("a temporary file");
            std::fs::write(file.path(), &yaml).expect("written");
            if let Err(error) = Settings::load(Some(file.path())) {
                panic!("{name}: {error:#}\n{yaml}");
            }
        }
    }
    assert!(seen >= 5, "only {seen} configurations were found");
}

#[test]
fn every_page_stands_in_the_summary_and_every_link_leads_somewhere() {
    let docs = root().join("docs");
    let summary = read(&docs.join("SUMMARY.md"));
    for (name, page) in pages() {
        let path = Path::new(&name);
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        let folder = path.parent().expect("in a folder");
        if file != "README.md" && file != "SUMMARY.md" {
            assert!(summary.contains(&format!("({file})")), "{file} is missing in docs/SUMMARY.md");
        }
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_elsewhere = target.is_empty() || target.contains("://") || target.contains(' ');
            assert!(is_elsewhere || folder.join(target).exists(), "{name} links to {target}");
        }
        for included in page.split("{{#include ").skip(1).filter_map(|rest| rest.split("}}").next()) {
            assert!(folder.join(included).is_file(), "{name} includes {included}");
        }
    }
}

/// Compares a reference page with what it should be, or writes it.
fn assert_page(name: &str, expected: &str) {
    let path = root().join("docs").join(name);
    if std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(&path, expected).expect("written");
        return;
    }
    assert!(
        read(&path) == expected,
        "docs/{name} is not what the definitions give; run `UPDATE_BOOK=1 cargo test -p bartizan-cli book`"
    );
}

#[test]
fn the_reference_of_commands_is_that_of_the_parser() {
    let mut page = "# Commands\n\nWritten from the definitions of the command line; `bartizan help` and the man pages say the \
                    same.\n"
        .to_owned();
    let mut command = Cli::command().term_width(100);
    command.build();
    describe(&mut page, &mut command, "bartizan");
    assert_page("commands.md", &page);
}

fn describe(page: &mut String, command: &mut clap::Command, name: &str) {
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(page, "\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim())
        .expect("a String takes everything");
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        let name = format!("{name} {}", inner.get_name());
        describe(page, inner, &name);
    }
}

#[test]
fn the_reference_of_the_api_is_that_of_its_document() {
    let document: serde_json::Value =
        serde_json::from_str(&read(&root().join("crates/api/openapi.json"))).expect("JSON");
    let mut page = "# API\n\nWritten from the OpenAPI document, which `GET /api/v1/openapi.json` and `bartizan openapi` give with \
                    every parameter and type. Scopes are explained in [who may ask](access.md); *open* needs none.\n\n\
                    | call | what it does | scope |\n|---|---|---|\n"
        .to_owned();
    let paths = document["paths"].as_object().expect("paths");
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            let summary =
                operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
            let summary = summary.lines().next().unwrap_or_default().replace('|', "\\|");
            let scopes: Vec<&str> = operation["security"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|scheme| scheme.as_object())
                .flat_map(|scheme| scheme.values())
                .filter_map(|scopes| scopes.get(0)?.as_str())
                .collect();
            let scope = scopes.first().map_or("open", |scope| *scope);
            writeln!(page, "| `{} {path}` | {summary} | {scope} |", method.to_uppercase())
                .expect("a String takes everything");
        }
    }
    assert_page("api.md", &page);
}
