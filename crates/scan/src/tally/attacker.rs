//! What one client tried.

use std::collections::BTreeMap;

use bartizan_model::{Action, HttpRequest, ThreatClass, Timestamp, Verdict};

use super::threat::{Place, Sighting};
use crate::plain;

/// Requests of one client that are shown, each of another class.
const MAX_SIGHTINGS: usize = 3;

/// Threats of one client.
#[derive(Debug, Default)]
pub(crate) struct Attacker {
    pub(crate) attacks: u64,
    pub(crate) suspicious: u64,
    /// Attacks answered with success.
    pub(crate) answered: u64,
    pub(crate) classes: BTreeMap<ThreatClass, u64>,
    pub(crate) range: Option<(Timestamp, Timestamp)>,
    /// The name by which it first called itself.
    pub(crate) agent: Option<String>,
    /// The first of each class, attacks before suspicious ones.
    pub(crate) sightings: Vec<Sighting>,
}

impl Attacker {
    pub(crate) fn add(&mut self, request: &HttpRequest, verdict: &Verdict, class: ThreatClass, place: Place) {
        let is_attack = verdict.action == Action::Block;
        self.attacks += u64::from(is_attack);
        self.suspicious += u64::from(!is_attack);
        self.answered += u64::from(is_attack && (200..300).contains(&request.status));
        *self.classes.entry(class).or_default() += 1;
        let (first, last) = self.range.unwrap_or((request.time, request.time));
        self.range = Some((first.min(request.time), last.max(request.time)));
        if self.agent.is_none() {
            self.agent = request.header("user-agent").map(plain::bytes);
        }
        self.show(request, verdict, class, place);
    }

    fn show(&mut self, request: &HttpRequest, verdict: &Verdict, class: ThreatClass, place: Place) {
        let is_attack = verdict.action == Action::Block;
        let of_class = self.sightings.iter_mut().find(|sighting| sighting.class == class);
        if let Some(shown) = of_class {
            if is_attack && shown.action != Action::Block {
                *shown = Sighting::new(request, verdict, class, place);
            }
        } else if self.sightings.len() < MAX_SIGHTINGS {
            self.sightings.push(Sighting::new(request, verdict, class, place));
        } else if is_attack
            && let Some(shown) = self.sightings.iter_mut().find(|sighting| sighting.action != Action::Block)
        {
            *shown = Sighting::new(request, verdict, class, place);
        }
    }
}
