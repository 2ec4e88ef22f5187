//! One measured figure, what it must be and what is aimed at, and the table of all.

/// What a figure must be.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Below(f64),
    Above(f64),
    /// For comparison; no target is set.
    None,
}

pub(super) struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    must: Target,
    /// A stricter limit on the same side; missing it fails nothing.
    aim: Option<f64>,
}

pub(super) fn figure(name: &'static str, value: f64, unit: &'static str, must: Target) -> Figure {
    Figure { name, value, unit, must, aim: None }
}

impl Figure {
    pub(super) fn aiming_at(mut self, aim: f64) -> Self {
        self.aim = Some(aim);
        self
    }

    pub(super) fn is_missed(&self) -> bool {
        self.meets_must() == Some(false)
    }

    fn meets_must(&self) -> Option<bool> {
        match self.must {
            Target::Below(limit) => Some(self.value <= limit),
            Target::Above(limit) => Some(self.value >= limit),
            Target::None => None,
        }
    }

    fn meets_aim(&self) -> bool {
        self.aim.is_some_and(|aim| match self.must {
            Target::Below(_) => self.value <= aim,
            Target::Above(_) => self.value >= aim,
            Target::None => false,
        })
    }
}

/// The last column: `NO` when the must is missed, `aim` when even the aim is met, `yes` in between.
pub(super) fn table(figures: &[Figure]) -> String {
    let mut lines =
        vec![format!("{:38} {:>10} {:8} {:>10} {:>10}  met", "figure", "value", "unit", "must", "aim")];
    for figure in figures {
        let sign = if matches!(figure.must, Target::Above(_)) { ">=" } else { "<=" };
        let must = match figure.must {
            Target::Below(limit) | Target::Above(limit) => format!("{sign} {limit}"),
            Target::None => "-".to_owned(),
        };
        let aim = figure.aim.map_or_else(|| "-".to_owned(), |aim| format!("{sign} {aim}"));
        let met = match figure.meets_must() {
            Some(true) if figure.meets_aim() => "aim",
            Some(true) => "yes",
            Some(false) => "NO",
            None => "-",
        };
        let decimals = if figure.value < 1000.0 { 2 } else { 0 };
        lines.push(format!(
            "{:38} {:>10.decimals$} {:8} {must:>10} {aim:>10}  {met}",
            figure.name, figure.value, figure.unit
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_which_targets_are_met() {
        let figures = [
            figure("start", 0.2, "s", Target::Below(1.0)),
            figure("speed", 19_999.0, "lines/s", Target::Above(20_000.0)),
            figure("clock", 5.0, "s", Target::None),
            figure("close", 25.0, "us", Target::Below(30.0)).aiming_at(5.0),
            figure("quick", 4.0, "us", Target::Below(30.0)).aiming_at(5.0),
            figure("slow", 31.0, "us", Target::Below(30.0)).aiming_at(5.0),
        ];
        let text = table(&figures);
        let ends: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().last()).collect();
        assert_eq!(ends, ["met", "yes", "NO", "-", "yes", "aim", "NO"], "{text}");
        let missed: Vec<bool> = figures.iter().map(Figure::is_missed).collect();
        assert_eq!(missed, [false, true, false, false, false, true]);
    }
}
