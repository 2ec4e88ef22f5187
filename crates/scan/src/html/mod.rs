//! The report as one page that can be mailed: no scripts, no requests to anywhere, light and dark by the reader's
//! system, readable on a phone and on paper.

mod chart;
mod escape;
mod section;
mod table;

use std::fmt::Write as _;

use crate::{Report, number};
use escape::Escaped;

/// Colours are those of the dashboard.
const STYLE: &str = include_str!("style.css");

/// The watchtower of the dashboard's mark.
const MARK: &str = "<svg class=mark viewBox=\"0 0 24 24\" aria-hidden=true><path d=\"M5 3h3v2h2.5V3h3v2H16V3h3v6l-2 \
                    2v8h2v2H5v-2h2v-8L5 9zm7 9a2 2 0 0 0-2 2v3h4v-3a2 2 0 0 0-2-2z\"/></svg>";

impl Report {
    /// A self-contained page of HTML. Everything that comes from a log is escaped, and a policy in the page forbids
    /// scripts and requests besides.
    pub fn to_html(&self) -> String {
        let mut page = String::with_capacity(64 * 1024);
        let _ = write!(
            page,
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <meta name=viewport content=\"width=device-width, initial-scale=1\">\
             <meta name=color-scheme content=\"light dark\"><meta name=referrer content=no-referrer>\
             <title>Log report: {} in {}</title><style>{STYLE}</style></head><body>",
            number::plural(self.totals.attacks, "attack", "attacks"),
            number::plural(self.totals.requests, "request", "requests"),
        );
        self.write_heading(&mut page);
        page.push_str("<main>");
        for section in [
            section::problems(self),
            section::tiles(self),
            section::timeline(self),
            section::answers(self),
            section::classes(self),
            section::attackers(self),
            section::targets(self),
            section::slowest(self),
            section::unreadable(self),
            section::files(self),
        ] {
            page.push_str(&section);
            page.push('\n');
        }
        page.push_str("</main>");
        self.write_foot(&mut page);
        page.push_str("</body></html>\n");
        page
    }

    fn write_heading(&self, page: &mut String) {
        let range = self
            .time
            .as_ref()
            .map(|time| format!("<p>{} to {} UTC</p>", number::time(time.first), number::time(time.last)));
        let names: Vec<&str> = self.input.files.iter().map(|file| file.path.as_str()).take(3).collect();
        let more = if self.input.files_read > 3 { ", …" } else { "" };
        let _ = write!(
            page,
            "<header>{MARK}<div><h1>Log report</h1>{}<p class=files>{}, {}: <code>{}</code>{more}</p></div></header>",
            range.unwrap_or_default(),
            number::plural(self.input.files_read, "file", "files"),
            number::bytes(self.input.bytes),
            Escaped(&names.join(", ")),
        );
    }

    fn write_foot(&self, page: &mut String) {
        page.push_str("<footer>");
        for sentence in &self.limits {
            let _ = write!(page, "<p>{}</p>", Escaped(sentence));
        }
        let _ = write!(
            page,
            "<p>Made by Bartizan {} with model {}: attacks score {} or more, suspicious requests {} or more, or show a \
             known sign. A log shows no bodies and few headers: what hides there is not seen. An answer of 2xx does \
             not prove that an attack worked.</p></footer>",
            Escaped(&self.scan.version),
            Escaped(&self.scan.model),
            number::score(self.scan.block_threshold),
            number::score(self.scan.flag_threshold),
        );
    }
}
