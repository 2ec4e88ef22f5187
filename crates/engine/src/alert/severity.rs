//! How grave an alert is: its worst threat, and one or two steps more for count and breadth.

use bartizan_model::{AlertKind, Severity};

/// Events, clients, paths and kinds of attack from which on an alert is one step graver, and two.
const STEPS: [Breadth; 2] = [
    Breadth { count: 500, clients: 10, targets: 200, kinds: 6 },
    Breadth { count: 5_000, clients: 40, targets: 2_000, kinds: 12 },
];

/// How much there is of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Breadth {
    pub(super) count: u64,
    pub(super) clients: u64,
    pub(super) targets: u64,
    pub(super) kinds: u64,
}

/// 0 for low to 3 for critical.
pub(super) fn level(worst: Severity, breadth: Breadth) -> u8 {
    let base = match worst {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    };
    let reached = |step: &&Breadth| {
        breadth.count >= step.count
            || breadth.clients >= step.clients
            || breadth.targets >= step.targets
            || breadth.kinds >= step.kinds
    };
    let steps = STEPS.iter().filter(reached).count();
    (base + u8::try_from(steps).unwrap_or(0)).min(3)
}

/// The icon and the badge of a level: the badge knows three steps, and critical is `type: critical` with the badge
/// `high` (API.md 4.2).
pub(super) fn shown(level: u8) -> (AlertKind, Severity) {
    match level {
        0 => (AlertKind::Warning, Severity::Low),
        1 => (AlertKind::Warning, Severity::Medium),
        2 => (AlertKind::Warning, Severity::High),
        _ => (AlertKind::Critical, Severity::High),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_and_breadth_make_it_graver_and_critical_is_the_end() {
        let breadth = |count, clients, targets| Breadth { count, clients, targets, kinds: 1 };
        let many = Breadth { kinds: 6, ..breadth(6, 1, 6) };
        for (worst, breadth, expected) in [
            (Severity::Low, breadth(1, 1, 1), 0),
            (Severity::Low, breadth(500, 1, 1), 1),
            (Severity::Low, breadth(1, 10, 1), 1),
            (Severity::Medium, breadth(1, 1, 200), 2),
            (Severity::Medium, breadth(5_000, 1, 1), 3),
            (Severity::Critical, breadth(1, 1, 1), 3),
            (Severity::Critical, breadth(9_999, 99, 9_999), 3),
            (Severity::Medium, many, 2),
        ] {
            assert_eq!(level(worst, breadth), expected, "{worst:?} {breadth:?}");
        }
        assert_eq!(shown(3), (AlertKind::Critical, Severity::High));
        assert_eq!(shown(0), (AlertKind::Warning, Severity::Low));
    }
}
