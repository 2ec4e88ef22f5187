//! Tables that become lists of cards on a phone.

use std::fmt::Write as _;

use super::escape::Escaped;

/// What stands in a cell.
pub(super) enum Cell {
    /// Any text; it is escaped.
    Text(String),
    /// A name, path or line; it is escaped and set in a fixed width.
    Code(String),
    /// A number or the like, set to the right.
    Number(String),
    /// Markup that was made by us, everything from a log in it escaped.
    Made(String),
}

/// A table; the headings are ours.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: Vec<[Cell; N]>) -> String {
    let mut html = String::from("<div class=scroll><table><thead><tr>");
    let is_number = |at: usize| {
        rows.first().and_then(|row| row.get(at)).is_some_and(|cell| matches!(cell, Cell::Number(_)))
    };
    for (at, heading) in headings.iter().enumerate() {
        let class = if is_number(at) { " class=n" } else { "" };
        let _ = write!(html, "<th scope=col{class}>{heading}</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for (cell, heading) in row.into_iter().zip(headings) {
            let (class, content) = match cell {
                Cell::Text(text) => ("", Escaped(&text).to_string()),
                Cell::Code(text) => (" class=c", format!("<code>{}</code>", Escaped(&text))),
                Cell::Number(text) => (" class=n", Escaped(&text).to_string()),
                Cell::Made(markup) => ("", markup),
            };
            let _ = write!(html, "<td{class} data-label=\"{heading}\">{content}</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}
