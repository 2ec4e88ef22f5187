//! The list as data: readable, without leftovers, and every pattern of it alive.

use std::collections::HashSet;
use std::sync::Arc;

use super::*;
use crate::signal::catalogue::{CATALOGUE, Where, shipped, signs};

fn listed() -> Vec<Arc<Signal>> {
    shipped().expect("the files of the list parse")
}

fn tested() -> impl Iterator<Item = &'static Line> {
    [
        files::MET,
        agents::MET,
        devices::MET,
        gateways::MET,
        platforms::MET,
        cms::MET,
        probes::MET,
        lookups::MET,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn the_list_can_be_matched() {
    assert!(CATALOGUE.is_some());
}

#[test]
fn names_are_unique_and_every_one_is_tested() {
    let signals = listed();
    let listed: Vec<&str> = signals.iter().map(|signal| signal.name.as_str()).collect();
    let unique: HashSet<&str> = listed.iter().copied().collect();
    assert_eq!(unique.len(), listed.len());
    let tested: HashSet<&str> = tested().map(|(name, _)| *name).collect();
    let untested: Vec<_> = unique.difference(&tested).collect();
    assert!(untested.is_empty(), "without a line that they must meet: {untested:?}");
}

#[test]
fn a_pattern_stands_in_one_place_once() {
    let mut seen = HashSet::new();
    for (pattern, sign) in signs(&listed()) {
        let signal = &sign.signal;
        let place = (format!("{:?}", signal.place), signal.header.clone(), signal.missing, pattern.clone());
        // What asks for more besides may be asked for twice.
        if signal.methods.is_empty() && signal.also.is_empty() && signal.within.is_empty() {
            assert!(seen.insert(place), "{pattern} is listed twice");
        }
    }
}

/// A request that holds nothing but the pattern, and what its signal asks for besides.
fn made_for(pattern: &str, signal: &Signal) -> HttpRequest {
    let encoded: String = pattern
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '/' | '.' | '-' | '_' | ';' | '=' | '+' | ':' | '~' => c.to_string(),
            '?' if matches!(signal.place, Where::Target | Where::Anywhere) => c.to_string(),
            '&' if signal.place == Where::Anywhere => c.to_string(),
            _ => format!("%{:02X}", u32::from(c)),
        })
        .collect();
    let within = signal.within.first().map_or("/site", |within| within.trim_end_matches('/'));
    let within = if within.starts_with('/') { within.to_owned() } else { format!("/{within}") };
    let also = signal.also.first().map(|also| format!("zz={also}")).unwrap_or_default();
    let target = match signal.place {
        Where::Segment => format!("{within}/{encoded}/x?{also}"),
        Where::Path | Where::Target if encoded.contains('?') => format!("{within}/x{encoded}&{also}"),
        Where::Suffix | Where::Path | Where::Target => format!("{within}/x{encoded}?{also}"),
        Where::Root => format!("{encoded}x?{also}"),
        Where::Anywhere => format!("/site?x{encoded}&{also}"),
        Where::Query if signal.digits => format!("/site?{also}&{encoded}1"),
        Where::Query => format!("/site?a=b&{encoded}1&{also}"),
        Where::Agent | Where::Header | Where::HeaderName => "/".to_owned(),
    };
    let method = signal.methods.first().map_or("GET", String::as_str);
    let mut request = request(method, &target, 404);
    let value = format!("x{pattern}");
    match (signal.place, &signal.header) {
        (Where::Agent, _) => request.headers = vec![("user-agent".to_owned(), value.into_bytes())],
        (Where::HeaderName, _) => request.headers.push((pattern.to_owned(), b"x".to_vec())),
        (_, Some(header)) => request.headers.push((header.clone(), value.into_bytes())),
        _ => {}
    }
    request
}

#[test]
fn every_pattern_can_be_met() {
    for (pattern, sign) in signs(&listed()) {
        let request = made_for(&pattern, &sign.signal);
        let target = String::from_utf8_lossy(&request.target);
        let met = names(&request);
        assert!(met.contains(&sign.signal.name), "{pattern} of {} in {target}: {met:?}", sign.signal.name);
    }
}

#[test]
fn a_hole_is_given_by_its_number() {
    for (_, sign) in signs(&listed()) {
        let sentence = sign.sentence();
        for (at, _) in sentence.match_indices("CVE-") {
            let number: Vec<&str> = sentence[at..].splitn(3, '-').collect();
            let year: u16 = number[1].parse().expect("a year");
            let digits = number[2].bytes().take_while(u8::is_ascii_digit).count();
            assert!((2010..=2025).contains(&year) && (4..=7).contains(&digits), "{sentence}");
        }
    }
}

#[test]
fn a_header_is_named_where_one_is_searched() {
    for signal in listed() {
        assert_eq!(signal.header.is_some(), signal.place == Where::Header, "{}", signal.name);
        let lists = [&signal.also, &signal.within, &signal.unless];
        assert!(lists.into_iter().flatten().all(|word| *word == word.to_lowercase()), "{}", signal.name);
    }
}
