//! What is counted, in the order of the files and their lines, in memory that does not grow with them.

mod attacker;
mod endpoint;
mod threat;
mod timeline;
mod top;
mod unreadable;

use std::collections::BTreeMap;

use bartizan_detect::{Behaviour, BehaviourConfig, Policy};
use bartizan_model::{Action, HttpRequest, LatencyHistogram, ThreatClass, Timestamp, Verdict};

pub(crate) use attacker::Attacker;
pub(crate) use threat::{Place, Sighting};
pub(crate) use timeline::{BucketCounts, TimelineTally};
pub(crate) use top::{Counted, Top};
pub(crate) use unreadable::UnreadableTally;

use crate::judge::{JudgedBlock, JudgedRequest};
use crate::plain;

/// Clients that are told apart, 8 MB of them.
const MAX_CLIENTS: usize = 100_000;
/// Longest name of a client that is kept as it is, in bytes; an address has at most 45.
const MAX_CLIENT_BYTES: usize = 128;
/// Clients with threats whose doings are kept, some hundred bytes to two kilobytes each.
const MAX_ATTACKERS: usize = 5_000;
/// Endpoints whose times are kept; a histogram takes up to four kilobytes.
const MAX_ENDPOINTS: usize = 2_000;
/// Endpoints that were attacked.
const MAX_TARGETS: usize = 5_000;
/// Pairs of class and endpoint of attacks that were answered with success.
const MAX_SUCCESSES: usize = 2_000;

/// How far back the time of a log may jump before the counters begin anew, in microseconds. Servers write a line when
/// a request ends, so lines are late by as long as requests take; a jump of more than that is another log behind the
/// first, and its requests must not count as if they came at once.
const MAX_LATENESS_MICROS: i64 = 5 * 60 * Timestamp::SECOND_MICROS;

/// Counts by class of the answer's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AnswerCounts {
    pub(crate) success: u64,
    pub(crate) redirect: u64,
    pub(crate) client_error: u64,
    pub(crate) server_error: u64,
    /// Not in the log, or informational.
    pub(crate) other: u64,
}

impl AnswerCounts {
    fn count(&mut self, status: u16) {
        *match status {
            200..300 => &mut self.success,
            300..400 => &mut self.redirect,
            400..500 => &mut self.client_error,
            500..600 => &mut self.server_error,
            _ => &mut self.other,
        } += 1;
    }
}

/// What is known of one class.
#[derive(Debug, Default)]
pub(crate) struct ClassTally {
    pub(crate) attacks: u64,
    pub(crate) suspicious: u64,
    /// Attacks answered with success.
    pub(crate) answered: u64,
    /// The surest one.
    pub(crate) sighting: Option<Sighting>,
}

/// What is known of one attacked endpoint.
#[derive(Debug, Default)]
pub(crate) struct TargetTally {
    pub(crate) attacks: u64,
    pub(crate) suspicious: u64,
    pub(crate) answered: u64,
    pub(crate) classes: BTreeMap<ThreatClass, u64>,
}

/// How quickly one endpoint was answered.
#[derive(Debug, Default)]
pub(crate) struct EndpointTally {
    pub(crate) latency: LatencyHistogram,
    pub(crate) max_ms: f64,
    pub(crate) server_errors: u64,
}

/// Attacks of one class on one endpoint that were answered with success.
#[derive(Debug, Default)]
pub(crate) struct SuccessTally {
    pub(crate) sighting: Option<Sighting>,
    pub(crate) endpoint: String,
}

/// Lines of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FileCounts {
    /// All lines, blank ones included: the number of the last line.
    pub(crate) numbered: u64,
    pub(crate) requests: u64,
    pub(crate) unreadable: u64,
}

/// Everything that a report is made of.
#[derive(Debug)]
pub(crate) struct Tally {
    policy: Policy,
    behaviour_config: BehaviourConfig,
    behaviour: Behaviour,
    /// The file and the newest time that the counters of behaviour have seen.
    followed: Option<(usize, Timestamp)>,
    endpoint: String,
    pub(crate) files: Vec<FileCounts>,
    pub(crate) blank: u64,
    pub(crate) requests: u64,
    pub(crate) attacks: u64,
    pub(crate) suspicious: u64,
    pub(crate) response_bytes: u64,
    pub(crate) range: Option<(Timestamp, Timestamp)>,
    pub(crate) answers: AnswerCounts,
    pub(crate) attack_answers: AnswerCounts,
    pub(crate) timeline: TimelineTally,
    pub(crate) clients: Top<()>,
    pub(crate) attackers: Top<Attacker>,
    pub(crate) targets: Top<TargetTally>,
    pub(crate) endpoints: Top<EndpointTally>,
    pub(crate) successes: Top<SuccessTally>,
    pub(crate) classes: BTreeMap<ThreatClass, ClassTally>,
    pub(crate) unreadable: UnreadableTally,
    /// Requests whose answer took a known time.
    pub(crate) timed: u64,
}

impl Tally {
    pub(crate) fn new(policy: Policy, behaviour_config: BehaviourConfig) -> Self {
        Self {
            policy,
            behaviour: Behaviour::new(behaviour_config.clone()),
            behaviour_config,
            followed: None,
            endpoint: String::new(),
            files: Vec::new(),
            blank: 0,
            requests: 0,
            attacks: 0,
            suspicious: 0,
            response_bytes: 0,
            range: None,
            answers: AnswerCounts::default(),
            attack_answers: AnswerCounts::default(),
            timeline: TimelineTally::default(),
            clients: Top::new(MAX_CLIENTS),
            attackers: Top::new(MAX_ATTACKERS),
            targets: Top::new(MAX_TARGETS),
            endpoints: Top::new(MAX_ENDPOINTS),
            successes: Top::new(MAX_SUCCESSES),
            classes: BTreeMap::new(),
            unreadable: UnreadableTally::default(),
            timed: 0,
        }
    }

    /// Counts a block; blocks come in the order of their sequence.
    pub(crate) fn add(&mut self, block: &JudgedBlock) {
        if self.files.len() <= block.file {
            self.files.resize(block.file + 1, FileCounts::default());
        }
        let file = self.files.get(block.file).copied().unwrap_or_default();
        // Lines are numbered from 1.
        let first_line = file.numbered + 1;
        for line in &block.unreadable {
            let place = Place { file: block.file, line: first_line + line.line };
            self.unreadable.add(line.error, line.sample.as_deref(), place);
        }
        for judged in &block.requests {
            let place = Place { file: block.file, line: first_line + judged.line };
            self.add_request(judged, place);
        }
        self.blank += block.blank;
        if let Some(file) = self.files.get_mut(block.file) {
            file.numbered += block.lines;
            file.requests += count(block.requests.len());
            file.unreadable += count(block.unreadable.len());
        }
    }

    fn add_request(&mut self, judged: &JudgedRequest, place: Place) {
        let request = &judged.request;
        let verdict = self.verdict(judged, place.file);
        let action = verdict.as_ref().map_or(Action::Allow, |verdict| verdict.action);
        self.requests += 1;
        self.answers.count(request.status);
        self.response_bytes = self.response_bytes.saturating_add(request.response_bytes.unwrap_or_default());
        let (first, last) = self.range.unwrap_or((request.time, request.time));
        self.range = Some((first.min(request.time), last.max(request.time)));
        self.timeline.add(
            request.time,
            BucketCounts {
                requests: 1,
                attacks: u64::from(action == Action::Block),
                suspicious: u64::from(action == Action::Flag),
            },
        );
        self.count_client(&request.client);
        if request.response_time_ms.is_some() || action != Action::Allow {
            endpoint::write_endpoint(request, &mut self.endpoint);
        }
        if let Some(latency_ms) = request.response_time_ms {
            self.timed += 1;
            let endpoint = self.endpoints.count(&self.endpoint, 1);
            endpoint.latency.record(latency_ms);
            endpoint.max_ms = endpoint.max_ms.max(latency_ms);
            endpoint.server_errors += u64::from(request.status >= 500);
        }
        if let Some(verdict) = verdict
            && let Some(class) = verdict.class
        {
            self.add_threat(request, &verdict, class, place);
        }
    }

    fn count_client(&mut self, client: &str) {
        if client.len() <= MAX_CLIENT_BYTES {
            self.clients.count(client, 1);
        } else {
            self.clients.count(&plain::text(client), 1);
        }
    }

    /// The verdict on a request with what the ones before it show; `None` when there is nothing to remark.
    fn verdict(&mut self, judged: &JudgedRequest, file: usize) -> Option<Verdict> {
        self.follow(file, judged.request.time);
        let finding = self.behaviour.observe(&judged.request);
        let verdict = match (&judged.assessment, finding) {
            (None, None) => return None,
            (Some(assessment), None) => self.policy.decide(assessment),
            (known, Some(finding)) => {
                let mut assessment =
                    known.as_ref().map(|assessment| (**assessment).clone()).unwrap_or_default();
                assessment.findings.push(finding);
                self.policy.decide(&assessment)
            }
        };
        (verdict.action != Action::Allow).then_some(verdict)
    }

    /// Begins the counters of behaviour anew where another log begins.
    fn follow(&mut self, file: usize, time: Timestamp) {
        let newest = match self.followed {
            Some((followed, newest))
                if followed == file && newest.micros() - time.micros() <= MAX_LATENESS_MICROS =>
            {
                newest.max(time)
            }
            None => time,
            Some(_) => {
                self.behaviour = Behaviour::new(self.behaviour_config.clone());
                time
            }
        };
        self.followed = Some((file, newest));
    }

    fn add_threat(&mut self, request: &HttpRequest, verdict: &Verdict, class: ThreatClass, place: Place) {
        let is_attack = verdict.action == Action::Block;
        let is_answered = is_attack && (200..300).contains(&request.status);
        let (attack, suspicious, answered) =
            (u64::from(is_attack), u64::from(!is_attack), u64::from(is_answered));
        self.attacks += attack;
        self.suspicious += suspicious;
        if is_attack {
            self.attack_answers.count(request.status);
        }

        let tally = self.classes.entry(class).or_default();
        tally.attacks += attack;
        tally.suspicious += suspicious;
        tally.answered += answered;
        Sighting::keep_surest(&mut tally.sighting, request, verdict, class, place);

        let client = plain::text(&request.client);
        self.attackers.count(&client, 1).add(request, verdict, class, place);

        let target = self.targets.count(&self.endpoint, 1);
        target.attacks += attack;
        target.suspicious += suspicious;
        target.answered += answered;
        *target.classes.entry(class).or_default() += 1;

        if is_answered {
            let key = format!("{class} {}", self.endpoint);
            let success = self.successes.count(&key, 1);
            if success.endpoint.is_empty() {
                success.endpoint.clone_from(&self.endpoint);
            }
            Sighting::keep_surest(&mut success.sighting, request, verdict, class, place);
        }
    }
}

/// A length as a count.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
