//! Where the rows of a list lie: from which instant to which, and in which days of arrival.

use super::days;
use super::dialect::{Builder, Connection};
use super::filter::List;
use super::store::failed;
use super::stretch::Stretch;
use crate::StoreError;

/// One day in µs.
const DAY: i64 = 86_400_000_000;

/// What arrived on one day, where each day is a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// Its first instant, in µs.
    pub(crate) begins: i64,
    /// The earliest event that arrived on it, in µs; `None` while nothing has.
    pub(crate) earliest: Option<i64>,
}

/// The instants between which all rows lie, and the days. A question that names few days is planned in a tenth of the time.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) first: i64,
    pub(super) last: i64,
    /// In their order; none where all rows are in one table.
    days: Vec<Day>,
}

impl Reach {
    /// The reach of a list; `None` when it has no rows.
    pub(super) async fn of(connection: &mut Connection, list: List) -> Result<Option<Self>, StoreError> {
        if list != List::Threats {
            let days = days::list(connection).await?;
            if !days.is_empty() {
                return Ok(Self::of_days(days));
            }
        }
        let mut query = Builder::new("SELECT MIN(ts), MAX(ts) FROM (SELECT (SELECT MIN(ts) FROM ");
        query.push(list.table()).push(") AS ts UNION ALL SELECT (SELECT MAX(ts) FROM ");
        query.push(list.table()).push(")) AS ends");
        let ends: Result<(Option<i64>, Option<i64>), sqlx::Error> =
            query.build_query_as().fetch_one(connection).await;
        let (first, last) = ends.map_err(failed("reading a list"))?;
        Ok(first.zip(last).map(|(first, last)| Self { first, last, days: Vec::new() }))
    }

    /// No event is later than its arrival, so the last day with rows ends after all of them.
    fn of_days(days: Vec<Day>) -> Option<Self> {
        let first = days.iter().filter_map(|day| day.earliest).min()?;
        let last = days.iter().rfind(|day| day.earliest.is_some())?.begins + DAY - 1;
        Some(Self { first, last, days })
    }

    /// The instant before which everything arrived whose event is not after this one.
    pub(super) fn arrived_before(&self, last: i64) -> i64 {
        let later = |day: &&Day| day.earliest.is_none_or(|earliest| earliest > last);
        let before = self.days.iter().rev().take_while(later).last();
        before.map_or(i64::MAX, |day| day.begins)
    }

    /// When the newest day with rows began, where days are tables.
    pub(super) fn newest_day(&self) -> i64 {
        self.days.iter().rfind(|day| day.earliest.is_some()).map_or(i64::MIN, |day| day.begins)
    }

    /// The beginning of what is left of a list, within so many days; `None` where days are no tables.
    pub(super) fn near(&self, left: Stretch, ascending: bool, days: i64) -> Option<Stretch> {
        (!self.days.is_empty()).then(|| self.within(left, ascending, DAY, days))
    }

    /// The beginning of what is left of a list, within so many days, minutes or whatever has that width in µs.
    pub(super) fn within(&self, left: Stretch, ascending: bool, width: i64, count: i64) -> Stretch {
        let begins = |instant: i64| instant.div_euclid(width).saturating_mul(width);
        let more = count.saturating_sub(1).saturating_mul(width);
        let near = if ascending {
            let last = begins(left.first).saturating_add(width - 1).saturating_add(more);
            Stretch { last: last.min(left.last), ..left }
        } else {
            Stretch { first: begins(left.last).saturating_sub(more).max(left.first), ..left }
        };
        Stretch { arrived_before: self.arrived_before(near.last), ..near }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reach(days: &[(i64, Option<i64>)]) -> Reach {
        let days = days.iter().map(|(day, earliest)| Day { begins: day * DAY, earliest: *earliest });
        Reach::of_days(days.collect()).expect("has rows")
    }

    #[test]
    fn days_of_later_events_are_left_out_but_not_what_came_late() {
        let reach =
            reach(&[(10, Some(10 * DAY)), (11, Some(11 * DAY + 5)), (12, Some(12 * DAY)), (13, None)]);
        assert_eq!(reach.first, 10 * DAY);
        assert_eq!(reach.last, 13 * DAY - 1);
        assert_eq!(reach.arrived_before(11 * DAY), 11 * DAY);
        assert_eq!(reach.arrived_before(11 * DAY + 5), 12 * DAY);
        assert_eq!(reach.arrived_before(12 * DAY), 13 * DAY);
        let late = self::reach(&[(10, Some(10 * DAY)), (11, Some(11 * DAY)), (12, Some(9 * DAY))]);
        assert_eq!(late.first, 9 * DAY);
        assert_eq!(late.arrived_before(10 * DAY), i64::MAX);
    }

    #[test]
    fn days_without_rows_have_no_reach() {
        assert!(Reach::of_days(vec![Day { begins: 0, earliest: None }]).is_none());
    }

    proptest! {
        #[test]
        fn no_row_is_left_out(
            rows in prop::collection::vec((0i64..5 * DAY, 0i64..3 * DAY), 1..20),
            asked in 0i64..6 * DAY,
        ) {
            let mut days: std::collections::BTreeMap<i64, Option<i64>> = (0..9).map(|day| (day, None)).collect();
            for (instant, late) in &rows {
                let earliest = days.entry((instant + late) / DAY).or_default();
                *earliest = Some(earliest.map_or(*instant, |known| known.min(*instant)));
            }
            let reach = reach(&days.into_iter().collect::<Vec<_>>());
            for (instant, late) in rows {
                prop_assert!(reach.first <= instant && instant <= reach.last);
                prop_assert!(instant > asked || instant + late < reach.arrived_before(asked));
            }
        }
    }
}
