//! Names of times of response in JSON logs, and the unit that a name tells: `latency_us`, `durationMs`, `elapsed-seconds`.

/// Most words of a name that are looked at; no known name has more with its unit.
const MAX_WORDS: usize = 6;

/// Names of the time that a request took, without separators and in lower case, those of the application first.
const NAMES: [&str; 14] = [
    "upstreamresponsetime",
    "responsetime",
    "resptime",
    "processingtime",
    "latency",
    "duration",
    "requestduration",
    "responseduration",
    "requesttime",
    "elapsed",
    "elapsedtime",
    "timetaken",
    "took",
    "totaltime",
];

/// The last words of such names, with what one of the unit is in milliseconds.
const UNITS: [(&str, f64); 23] = [
    ("s", 1e3),
    ("sec", 1e3),
    ("secs", 1e3),
    ("second", 1e3),
    ("seconds", 1e3),
    ("ms", 1.0),
    ("msec", 1.0),
    ("msecs", 1.0),
    ("milli", 1.0),
    ("millis", 1.0),
    ("milliseconds", 1.0),
    ("us", 1e-3),
    ("µs", 1e-3),
    ("usec", 1e-3),
    ("usecs", 1e-3),
    ("micro", 1e-3),
    ("micros", 1e-3),
    ("microseconds", 1e-3),
    ("ns", 1e-6),
    ("nsec", 1e-6),
    ("nano", 1e-6),
    ("nanos", 1e-6),
    ("nanoseconds", 1e-6),
];

/// What the name of a time of response tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DurationName {
    /// The lower, the more it is the application's own time.
    pub(crate) rank: usize,
    /// What one is in milliseconds; `None` when the name does not say.
    pub(crate) unit_ms: Option<f64>,
}

impl DurationName {
    /// Reads a name; `None` when it is none of a time of response.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let words = words(key)?;
        let (last, before) = words.split_last()?;
        let unit_ms = UNITS.iter().find(|(unit, _)| unit == last).map(|(_, unit_ms)| *unit_ms);
        let name = match unit_ms {
            Some(_) => before.strip_suffix(&["in".to_owned()]).unwrap_or(before).concat(),
            None => words.concat(),
        };
        let rank = NAMES.iter().position(|known| *known == name)?;
        Some(Self { rank, unit_ms })
    }
}

/// The words of `response_time_ms`, `response-time.ms` or `responseTimeMS`, in lower case.
fn words(key: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in key.chars() {
        let is_separator = matches!(c, '_' | '-' | '.' | ' ');
        let begins = before.is_lowercase() && c.is_uppercase() || matches!(before, '_' | '-' | '.' | ' ');
        before = c;
        if is_separator {
            continue;
        }
        if begins {
            if words.len() >= MAX_WORDS {
                return None;
            }
            words.push(String::new());
        }
        words.last_mut()?.extend(c.to_lowercase());
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_unit_or_leave_it_to_the_value() {
        for (name, unit_ms) in [
            ("duration_s", Some(1e3)),
            ("latency_seconds", Some(1e3)),
            ("response_time_us", Some(1e-3)),
            ("responseTimeMs", Some(1.0)),
            ("elapsedMS", Some(1.0)),
            ("duration-micros", Some(1e-3)),
            ("duration_in_ms", Some(1.0)),
            ("request.duration.ns", Some(1e-6)),
            ("upstream_response_time_ms", Some(1.0)),
            ("latency", None),
            ("Elapsed", None),
        ] {
            let read = DurationName::of(name).unwrap_or_else(|| panic!("{name} is one"));
            assert_eq!(read.unit_ms, unit_ms, "{name}");
        }
        for name in ["", "_", "ms", "durations", "time_ms", "user_s", "latency_m", "cache_age_s", "in_ms"] {
            assert_eq!(DurationName::of(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_panic(name in "\\PC{0,60}") {
            let _ = DurationName::of(&name);
        }
    }
}
