//! What no text model can see: sensitive files, scanners by name, endpoints that are exploits by themselves, abuse of
//! the protocol, and connections that do not speak it. A curated list, named as what it is, and never part of the
//! model's score.

mod catalogue;
mod evidence;
mod garbage;
mod header;
mod protocol;
mod target;

use std::cmp::Reverse;

use bartizan_model::{Action, Finding, HttpRequest, MISSING};

use catalogue::{CATALOGUE, Signal};

/// Bytes of a target and of a header that are searched.
const MAX_SEARCHED: usize = 16 * 1024;
/// Findings of one request; more say nothing new.
const MAX_FINDINGS: usize = 4;

/// What the list says about a request, gravest first, at most one finding per signal.
pub(crate) fn findings(request: &HttpRequest) -> Vec<Finding> {
    if request.method == MISSING {
        return garbage::read(request).into_iter().collect();
    }
    let mut found = all(request);
    found.sort_by_key(|finding| Reverse((finding.action == Action::Block, finding.class.base_severity())));
    found.truncate(MAX_FINDINGS);
    found
}

/// Everything that the list says about a readable request.
fn all(request: &HttpRequest) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(catalogue) = CATALOGUE.as_ref() {
        target::search(catalogue, request, &mut found);
        header::search(catalogue, request, &mut found);
    }
    protocol::search(request, &mut found);
    found
}

/// Whether the request has a method that the signal asks for.
fn fits(signal: &Signal, request: &HttpRequest) -> bool {
    signal.methods.is_empty() || signal.methods.contains(&request.method)
}

/// The signals about which all is known already. Most requests meet none, and then it costs nothing.
#[derive(Default)]
struct Settled(Vec<bool>);

impl Settled {
    /// Whether a signal is met for the first time.
    fn is_first(&mut self, number: usize) -> bool {
        if number >= self.0.len() {
            self.0.resize(number + 1, false);
        }
        self.0.get_mut(number).is_some_and(|met| !std::mem::replace(met, true))
    }
}

#[cfg(test)]
mod tests;
