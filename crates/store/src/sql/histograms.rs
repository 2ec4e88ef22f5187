//! Latency histograms of buckets, one text each: a row for every bin would be five times as slow to read and thirty times as
//! large.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use bartizan_model::LatencyHistogram;

use super::dialect::{Builder, Connection};
use super::places::push_ids;
use super::store::failed;
use crate::StoreError;
use crate::delta::BucketKey;

/// Buckets that are asked for at once.
const ASKED_AT_ONCE: usize = 256;

/// What is stored for these buckets; those that are new are left out. Whoever adds holds the lock of the sequences, so
/// nobody else adds meanwhile.
pub(super) async fn known<'k>(
    connection: &mut Connection,
    keys: impl Iterator<Item = &'k BucketKey>,
) -> Result<HashMap<BucketKey, LatencyHistogram>, StoreError> {
    let keys: Vec<&BucketKey> = keys.collect();
    let mut found = HashMap::new();
    for of_level in keys.chunk_by(|left, right| left.0 == right.0) {
        for some in of_level.chunks(ASKED_AT_ONCE) {
            let Some((level, ..)) = some.first() else { continue };
            let buckets: BTreeSet<i64> = some.iter().map(|(_, bucket, _)| *bucket).collect();
            let hosts: BTreeSet<&str> = some.iter().map(|(.., host)| host.as_str()).collect();
            let mut query = Builder::new("SELECT bucket, host, latency FROM rollups WHERE width = ");
            query.push_bind(level.seconds()).push(" AND bucket");
            push_ids(&mut query, &buckets.into_iter().collect::<Vec<_>>());
            query.push(" AND host IN (");
            let mut list = query.separated(", ");
            for host in hosts {
                list.push_bind(host.to_owned());
            }
            query.push(")");
            let rows: Result<Vec<(i64, String, String)>, sqlx::Error> =
                query.build_query_as().fetch_all(&mut *connection).await;
            for (bucket, host, latency) in rows.map_err(failed("adding to the rollups"))? {
                found.insert((*level, bucket, host), histogram(&latency)?);
            }
        }
    }
    Ok(found)
}

/// Reads `bin:samples,bin:samples`.
pub(super) fn histogram(text: &str) -> Result<LatencyHistogram, StoreError> {
    let mut histogram = LatencyHistogram::default();
    for entry in text.split(',').filter(|entry| !entry.is_empty()) {
        let bin =
            entry.split_once(':').and_then(|(bin, samples)| Some((bin.parse().ok()?, samples.parse().ok()?)));
        let (bin, samples) =
            bin.ok_or_else(|| StoreError::Corrupt { what: "latency histogram".to_owned() })?;
        histogram.add(bin, samples);
    }
    Ok(histogram)
}

/// Writes what [`histogram`] reads.
pub(super) fn text(histogram: &LatencyHistogram) -> String {
    let mut text = String::new();
    for (bin, samples) in histogram.bins() {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{bin}:{samples}");
    }
    text
}

/// Both together.
pub(super) fn sum(known: &LatencyHistogram, added: &LatencyHistogram) -> String {
    let mut sum = known.clone();
    sum.merge(added);
    text(&sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(values in prop::collection::vec(0.0f64..1e7, 0..60)) {
            let mut whole = LatencyHistogram::default();
            for value in &values {
                whole.record(*value);
            }
            prop_assert_eq!(histogram(&text(&whole)).expect("well formed"), whole);
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = histogram(&text);
        }
    }

    #[test]
    fn what_is_no_histogram_is_reported() {
        for text in ["1", "1:", ":1", "1:-1", "70000:1", "1:1;2:2"] {
            assert!(histogram(text).is_err(), "{text}");
        }
    }
}
