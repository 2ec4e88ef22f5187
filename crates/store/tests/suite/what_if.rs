//! What another threshold would have decided.

use std::collections::BTreeMap;

use bartizan_model::{Action, AnomalyScore, DecidedBy, Span, ThreatClass, TrafficRecord};
use bartizan_store::{ChangeGroup, Judged, LOWEST_THRESHOLD, MOST_EXAMINED, WhatIf};

use super::Site;
use super::sample::{DAY, Random, at, attack, batch, plain, read_all};

/// Whether a threshold blocks the request: the policy once more, from what the row holds.
fn is_blocked(row: &TrafficRecord, threshold: f64) -> bool {
    let by_another = row.action == Action::Block && row.decided_by != DecidedBy::Model;
    let is_settled = matches!(row.decided_by, DecidedBy::List | DecidedBy::Exception | DecidedBy::Failure);
    by_another || (!is_settled && row.score.is_some_and(|score| score >= threshold))
}

fn groups(rows: &[&TrafficRecord], value: fn(&TrafficRecord) -> &String) -> Vec<u64> {
    let mut counts = BTreeMap::<&str, u64>::new();
    for row in rows {
        *counts.entry(value(row)).or_default() += 1;
    }
    let mut sizes: Vec<u64> = counts.into_values().collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.truncate(10);
    sizes
}

/// A request of any score, decided by anything, at a threshold of 0.5 as well as at others that were in force before.
fn any(random: &mut Random) -> Judged {
    let when = i64::try_from(random.below(3 * 86_400)).expect("small");
    let target = format!("/p{}", random.below(14));
    let decided_by = random.one_of(&DecidedBy::ALL);
    let action = random.one_of(&Action::ALL);
    let mut judged = if action == Action::Allow { plain(when, &target) } else { attack(when, &target) };
    judged.request.client = format!("198.51.100.{}", random.below(14));
    // Also exactly at the thresholds, where a row belongs to one side.
    let scores = [0.1, 0.3, 0.5, 0.7, 0.9, 1.0, random.below(1_000_000) as f64 / 1e6];
    let score = random.one_of(&scores);
    judged.verdict.score = (random.below(10) > 0).then(|| AnomalyScore::new(score));
    judged.verdict.action = action;
    judged.verdict.decided_by = decided_by;
    judged.verdict.class = (action != Action::Allow).then_some(ThreatClass::SqlInjection);
    judged
}

pub(crate) async fn changes_equal_a_second_judgement_of_every_row(site: Site) {
    let mut random = Random(11);
    for _ in 0..6 {
        let judged = (0..500).map(|_| any(&mut random)).collect();
        site.store.commit(batch(judged)).await.expect("committed");
    }
    let rows = read_all(&site.store).await;
    assert_eq!(rows.len(), 3_000);
    let whole = Span::new(at(-DAY), at(5 * DAY));
    let part = Span::new(at(7 * 3_600 + 17), at(2 * DAY + 61));
    for (from, to) in [
        (0.5, 0.3),
        (0.5, 0.7),
        (0.5, LOWEST_THRESHOLD),
        (0.5, 1.0),
        (0.9, 0.123_456),
        (0.1, 0.100_001),
        (0.5, 0.5),
    ] {
        for span in [whole, part] {
            let asked = WhatIf { span, from, to, limit: MOST_EXAMINED };
            let changes = site.store.changes(&asked).await.expect("read");
            let changed: Vec<&TrafficRecord> = rows
                .iter()
                .filter(|row| span.contains(row.timestamp) && is_blocked(row, from) != is_blocked(row, to))
                .collect();
            assert_eq!(changes.requests, changed.len() as u64, "{asked:?}");
            let sizes =
                |groups: &[ChangeGroup]| groups.iter().map(|group| group.requests).collect::<Vec<_>>();
            assert_eq!(sizes(&changes.paths), groups(&changed, |row| &row.path), "{asked:?}");
            assert_eq!(sizes(&changes.clients), groups(&changed, |row| &row.ip), "{asked:?}");
            for group in &changes.clients {
                let own = changed.iter().filter(|row| row.ip == group.value).count() as u64;
                assert_eq!(group.requests, own, "{}", group.value);
            }
            for group in &changes.paths {
                let own = changed.iter().filter(|row| row.path == group.value).count() as u64;
                assert_eq!(group.requests, own, "{}", group.value);
            }
            let newest: Vec<&TrafficRecord> = changed.iter().take(20).copied().collect();
            assert_eq!(changes.samples.iter().collect::<Vec<_>>(), newest, "{asked:?}");
            assert_eq!(changes.examined_from, None);
        }
    }
}

pub(crate) async fn a_limit_is_told_with_the_oldest_request_that_was_looked_at(site: Site) {
    let judged = (0..30).map(|seconds| attack(seconds, "/a")).collect();
    site.store.commit(batch(judged)).await.expect("committed");
    let asked = WhatIf { span: Span::new(at(0), at(60)), from: 0.5, to: 0.99, limit: 7 };
    let changes = site.store.changes(&asked).await.expect("read");
    assert_eq!((changes.requests, changes.examined), (7, 7));
    assert_eq!(changes.examined_from, Some(at(23)));
    assert_eq!(changes.samples.first().map(|row| row.timestamp), Some(at(29)));
    let all = site.store.changes(&WhatIf { limit: 100, ..asked }).await.expect("read");
    assert_eq!((all.requests, all.examined, all.examined_from), (30, 30, None));
}
