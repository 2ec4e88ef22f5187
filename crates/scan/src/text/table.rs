//! Columns of plain text.

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Lines with aligned columns, each indented by two; the last column is not filled up, and long cells are cut.
pub(super) fn table<const N: usize>(columns: [(&str, Align, usize); N], rows: &[[String; N]]) -> Vec<String> {
    let headings = columns.map(|(heading, ..)| heading.to_owned());
    let lines = || std::iter::once(&headings).chain(rows);
    let mut widths = [0; N];
    for line in lines() {
        for ((width, cell), (_, _, most)) in widths.iter_mut().zip(line).zip(columns) {
            *width = (*width).max(cell.chars().count().min(most));
        }
    }
    let written = lines().map(|line| {
        let mut text = String::from(" ");
        for ((width, cell), (_, align, _)) in widths.iter().zip(line).zip(columns) {
            let cell = cut(cell, *width);
            let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
            text.push(' ');
            match align {
                Align::Left => text.extend([cell.as_str(), &padding, " "]),
                Align::Right => text.extend([padding.as_str(), &cell, " "]),
            }
        }
        text.trim_end().to_owned()
    });
    written.collect()
}

/// The text, cut to that many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// `▁▂▃▄▅▆▇█`, a space where there is nothing; the highest value fills the line.
pub(super) fn sparkline(values: impl Iterator<Item = u64> + Clone) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let highest = u128::from(values.clone().max().unwrap_or_default().max(1));
    let bar = |value: u64| {
        if value == 0 {
            return ' ';
        }
        let eighths = (u128::from(value) * 8).div_ceil(highest);
        let at = usize::try_from(eighths).unwrap_or(8).saturating_sub(1);
        BARS.get(at).copied().unwrap_or('█')
    };
    values.map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_long_cells_cut() {
        let rows = [["a".to_owned(), "1".to_owned()], ["abcdefgh".to_owned(), "1,000".to_owned()]];
        let lines = table([("name", Align::Left, 5), ("count", Align::Right, 9)], &rows);
        assert_eq!(lines, ["  name   count", "  a          1", "  abcd…  1,000"]);
    }

    #[test]
    fn a_sparkline_shows_the_least_and_the_most() {
        assert_eq!(sparkline([0, 1, 50, 100].into_iter()), " ▁▄█");
        assert_eq!(sparkline([u64::MAX, 1].into_iter()), "█▁");
        assert_eq!(sparkline(std::iter::empty()), "");
    }
}
