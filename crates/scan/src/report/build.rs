//! From counts to a report.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bartizan_model::{ThreatClass, Timestamp};

use super::{
    Answers, AttackerRow, BucketRow, ClassRow, Example, FileRow, Input, Problem, ReasonRow, Report,
    SampleRow, ScanFacts, SlowRow, SuccessRow, TargetRow, TimeRange, Timeline, Totals, Unreadable,
};
use crate::ScanOptions;
use crate::input::{FileRecord, Trouble};
use crate::number;
use crate::tally::{AnswerCounts, Attacker, Counted, FileCounts, Place, Sighting, Tally, Top};

/// Version of the shape of a report.
const FORMAT: u32 = 1;

/// Buckets of the timeline: as many as a terminal shows beside each other, and enough for a page.
const COLUMNS: usize = 72;

/// Files and problems that are listed.
const MAX_LISTED: usize = 100;

/// Requests below which the times of an endpoint say little; where no endpoint has so many, all are shown.
const MIN_TIMED: u64 = 5;

/// Makes the report.
pub(crate) fn build(
    tally: &Tally,
    records: &[FileRecord],
    troubles: &[Trouble],
    options: &ScanOptions,
) -> Report {
    let unreadable = tally.unreadable.total();
    Report {
        scan: ScanFacts {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model: options.model.clone(),
            flag_threshold: options.policy.thresholds.flag,
            block_threshold: options.policy.thresholds.block,
        },
        input: input(tally, records, troubles),
        totals: Totals {
            lines: tally.requests + unreadable,
            requests: tally.requests,
            unreadable,
            clients: count(tally.clients.len()),
            attackers: count(tally.attackers.len()),
            attacks: tally.attacks,
            suspicious: tally.suspicious,
            attacks_answered: tally.attack_answers.success,
            response_bytes: tally.response_bytes,
        },
        time: tally.range.map(time_range),
        answers: tally.answers.into(),
        attack_answers: tally.attack_answers.into(),
        classes: classes(tally, records),
        successes: successes(tally, records, options.top),
        attackers: attackers(tally, records, options.top),
        targets: targets(tally, options.top),
        timeline: timeline(tally),
        slowest: slowest(tally, options.top),
        unreadable: unreadable_rows(tally, records),
        limits: limits(tally),
    }
}

fn input(tally: &Tally, records: &[FileRecord], troubles: &[Trouble]) -> Input {
    let counts = |file: usize| tally.files.get(file).copied().unwrap_or_default();
    let mut listed: Vec<(usize, &FileRecord, FileCounts)> = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.was_read)
        .map(|(number, record)| (number, record, counts(number)))
        .collect();
    let files_read = count(listed.len());
    listed.sort_by_key(|(number, _, counts)| (Reverse(counts.requests), *number));
    listed.truncate(MAX_LISTED);
    listed.sort_by_key(|(number, ..)| *number);
    let files = listed.into_iter().map(|(_, record, counts)| FileRow {
        path: record.shown.clone(),
        bytes: record.bytes,
        requests: counts.requests,
        unreadable: counts.unreadable,
    });
    let files_broken_off =
        count(records.iter().filter(|record| record.was_read && record.problem.is_some()).count());
    let of_files = records.iter().enumerate().filter_map(|(at, record)| {
        let mut reason = record.problem.clone()?;
        if record.was_read {
            let before = number::count(counts(at).requests);
            reason = format!("{reason}; the {before} requests before that were read");
        }
        Some(Problem { path: record.shown.clone(), reason })
    });
    let of_names =
        troubles.iter().map(|trouble| Problem { path: trouble.path.clone(), reason: trouble.reason.clone() });
    let mut problems: Vec<Problem> = of_names.chain(of_files).collect();
    let problems_total = count(problems.len());
    problems.truncate(MAX_LISTED);
    Input {
        files_read,
        files_broken_off,
        bytes: records.iter().map(|record| record.bytes).sum(),
        files: files.collect(),
        problems_total,
        problems,
    }
}

fn classes(tally: &Tally, records: &[FileRecord]) -> Vec<ClassRow> {
    let mut rows: Vec<ClassRow> = tally
        .classes
        .iter()
        .map(|(class, counts)| ClassRow {
            class: *class,
            name: class.display_name(),
            severity: class.base_severity(),
            attacks: counts.attacks,
            suspicious: counts.suspicious,
            answered: counts.answered,
            example: counts.sighting.as_ref().map(|sighting| example(sighting, records)),
        })
        .collect();
    rows.sort_by_key(|row| Reverse((row.attacks, row.suspicious)));
    rows
}

fn successes(tally: &Tally, records: &[FileRecord], top: usize) -> Vec<SuccessRow> {
    let rank = |counted: &Counted<crate::tally::SuccessTally>| {
        (counted.value.sighting.as_ref().map(|sighting| sighting.severity), counted.count)
    };
    let rows = tally.successes.ranked(top, rank).into_iter().filter_map(|(_, counted)| {
        let sighting = counted.value.sighting.as_ref()?;
        Some(SuccessRow {
            class: sighting.class,
            endpoint: counted.value.endpoint.clone(),
            count: counted.count,
            missed: counted.missed,
            example: example(sighting, records),
        })
    });
    rows.collect()
}

fn attackers(tally: &Tally, records: &[FileRecord], top: usize) -> Vec<AttackerRow> {
    let rank = |counted: &Counted<Attacker>| (counted.value.attacks, counted.value.suspicious);
    let rows = tally.attackers.ranked(top, rank).into_iter().map(|(client, counted)| {
        let attacker = &counted.value;
        AttackerRow {
            client: client.to_owned(),
            agent: attacker.agent.clone(),
            attacks: attacker.attacks,
            suspicious: attacker.suspicious,
            missed: counted.missed,
            requests: tally.clients.get(client).map(|counted| counted.count),
            answered: attacker.answered,
            time: time_range(attacker.range.unwrap_or_default()),
            classes: by_count(&attacker.classes),
            examples: attacker.sightings.iter().map(|sighting| example(sighting, records)).collect(),
        }
    });
    rows.collect()
}

fn targets(tally: &Tally, top: usize) -> Vec<TargetRow> {
    let rows = tally
        .targets
        .ranked(top, |counted| (counted.value.attacks, counted.value.suspicious))
        .into_iter()
        .map(|(endpoint, counted)| TargetRow {
            endpoint: endpoint.to_owned(),
            attacks: counted.value.attacks,
            suspicious: counted.value.suspicious,
            missed: counted.missed,
            answered: counted.value.answered,
            classes: by_count(&counted.value.classes),
        });
    rows.collect()
}

fn timeline(tally: &Tally) -> Option<Timeline> {
    let columns = tally.timeline.columns(COLUMNS)?;
    let starts = (0..).map(|number: i64| {
        Timestamp::from_secs(columns.start_s.saturating_add(number.saturating_mul(columns.width_s)))
    });
    let buckets = columns.counts.iter().zip(starts).map(|(counts, start)| BucketRow {
        start,
        requests: counts.requests,
        attacks: counts.attacks,
        suspicious: counts.suspicious,
    });
    Some(Timeline { bucket_s: columns.width_s, buckets: buckets.collect(), outside: columns.outside })
}

fn slowest(tally: &Tally, top: usize) -> Vec<SlowRow> {
    let mut rows: Vec<SlowRow> = tally
        .endpoints
        .ranked(usize::MAX, |counted| counted.count)
        .into_iter()
        .filter_map(|(endpoint, counted)| {
            let times = &counted.value;
            let percentile = |share| times.latency.percentile(share).map(|ms| rounded(ms.min(times.max_ms)));
            Some(SlowRow {
                endpoint: endpoint.to_owned(),
                requests: counted.count,
                missed: counted.missed,
                server_errors: times.server_errors,
                p50_ms: percentile(0.5)?,
                p95_ms: percentile(0.95)?,
                max_ms: rounded(times.max_ms),
            })
        })
        .collect();
    if rows.iter().any(|row| row.requests >= MIN_TIMED) {
        rows.retain(|row| row.requests >= MIN_TIMED);
    }
    rows.sort_by(|left, right| {
        right.p95_ms.total_cmp(&left.p95_ms).then_with(|| right.requests.cmp(&left.requests))
    });
    rows.truncate(top);
    rows
}

fn unreadable_rows(tally: &Tally, records: &[FileRecord]) -> Unreadable {
    let mut reasons: Vec<ReasonRow> = tally
        .unreadable
        .reasons
        .iter()
        .map(|(reason, lines)| ReasonRow { reason: reason.clone(), lines: *lines })
        .collect();
    reasons.sort_by_key(|row| Reverse(row.lines));
    let samples = tally.unreadable.samples.iter().map(|sample| SampleRow {
        file: file_name(sample.place, records),
        line: sample.place.line,
        reason: sample.reason.clone(),
        text: sample.line.clone(),
    });
    Unreadable { total: tally.unreadable.total(), reasons, samples: samples.collect() }
}

/// A sentence for each table that was full.
fn limits(tally: &Tally) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut note = |is_exact: bool, capacity: usize, what: &str| {
        if !is_exact {
            sentences.push(format!(
                "There were more than {capacity} {what}: the rarest were forgotten, their number is a lower bound, and \
                 counts with \"+\" may miss some."
            ));
        }
    };
    let of = |top: &Top<()>| (top.is_exact(), top.capacity());
    let (is_exact, capacity) = of(&tally.clients);
    note(is_exact, capacity, "clients");
    note(tally.attackers.is_exact(), tally.attackers.capacity(), "clients with attacks");
    note(tally.targets.is_exact(), tally.targets.capacity(), "attacked endpoints");
    note(tally.successes.is_exact(), tally.successes.capacity(), "kinds of attacks answered with success");
    note(tally.endpoints.is_exact(), tally.endpoints.capacity(), "endpoints with response times");
    sentences
}

fn example(sighting: &Sighting, records: &[FileRecord]) -> Example {
    Example {
        file: file_name(sighting.place, records),
        line: sighting.place.line,
        time: sighting.time,
        client: sighting.client.clone(),
        method: sighting.method.clone(),
        target: sighting.target.clone(),
        status: sighting.status,
        response_bytes: sighting.response_bytes,
        class: sighting.class,
        severity: sighting.severity,
        action: sighting.action,
        score: sighting.score.map(|score| (score * 1e4).round() / 1e4),
        details: sighting.details.clone(),
        payload: sighting.payload.clone(),
    }
}

fn file_name(place: Place, records: &[FileRecord]) -> String {
    records.get(place.file).map(|record| record.shown.clone()).unwrap_or_default()
}

fn by_count(classes: &BTreeMap<ThreatClass, u64>) -> Vec<(ThreatClass, u64)> {
    let mut classes: Vec<(ThreatClass, u64)> =
        classes.iter().map(|(class, count)| (*class, *count)).collect();
    classes.sort_by_key(|(_, count)| Reverse(*count));
    classes
}

fn time_range((first, last): (Timestamp, Timestamp)) -> TimeRange {
    TimeRange { first, last }
}

/// Three digits of a millisecond are more than any log shows.
fn rounded(ms: f64) -> f64 {
    if ms.is_finite() { (ms * 1e3).round() / 1e3 } else { 0.0 }
}

/// A length as a count.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl From<AnswerCounts> for Answers {
    fn from(counts: AnswerCounts) -> Self {
        let AnswerCounts { success, redirect, client_error, server_error, other } = counts;
        Self { success, redirect, client_error, server_error, other }
    }
}
