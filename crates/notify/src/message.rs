//! What is sent: one or more alerts, in words and as data.

use bartizan_model::{Alert, Occasion, Timestamp};

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Names the delivery: the same in every try, so that a receiver can tell a repetition.
    pub id: String,
    /// When it is sent.
    pub at: Timestamp,
    /// What it tells, gravest first; at least one.
    pub notices: Vec<Notice>,
}

/// What is told about one alert.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Why it is told.
    pub occasion: Occasion,
    /// The alert as it is now.
    pub alert: Alert,
}

/// Alerts that a message tells in words; the others are counted.
pub(crate) const MAX_NOTICES: usize = 10;
/// Longest line of a message, in characters.
const MAX_LINE_CHARS: usize = 400;

impl Message {
    /// One line that says it all, for subjects.
    pub(crate) fn headline(&self) -> String {
        let Some(first) = self.notices.first() else { return "nothing".to_owned() };
        let more = match self.notices.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        format!("[{}] {}{more}", first.label(), line(&first.alert.title))
    }

    /// The notices that are told in words, and how many are not.
    pub(crate) fn told(&self) -> (&[Notice], usize) {
        let told = self.notices.get(..MAX_NOTICES).unwrap_or(&self.notices);
        (told, self.notices.len() - told.len())
    }

    /// The whole message as plain text.
    pub(crate) fn text(&self) -> String {
        let (told, more) = self.told();
        let mut text: Vec<String> = told.iter().map(Notice::text).collect();
        if more > 0 {
            text.push(format!("and {more} more alerts"));
        }
        text.join("\n\n")
    }
}

impl Notice {
    /// `critical`, `high, resolved` and the like.
    pub(crate) fn label(&self) -> String {
        let grave = match self.alert.kind {
            bartizan_model::AlertKind::Critical => "critical",
            _ => self.alert.severity.as_str(),
        };
        match self.occasion {
            Occasion::Raised => grave.to_owned(),
            Occasion::Escalated => format!("{grave}, escalated"),
            Occasion::Resolved => format!("{grave}, resolved"),
            Occasion::Test => "test".to_owned(),
        }
    }

    /// The lines below the title.
    pub(crate) fn lines(&self) -> Vec<String> {
        let alert = &self.alert;
        let site = alert.host.as_deref().map(|host| format!("Site: {}", line(host)));
        let seen = format!(
            "Seen: {} to {}",
            alert.first_seen.to_rfc3339_seconds(),
            alert.last_seen.to_rfc3339_seconds()
        );
        let advice = Some(alert.advice.as_str()).filter(|advice| !advice.is_empty());
        [
            Some(line(&alert.description)),
            site,
            Some(seen),
            advice.map(|advice| format!("Next: {}", line(advice))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn text(&self) -> String {
        format!("[{}] {}\n{}", self.label(), line(&self.alert.title), self.lines().join("\n"))
    }
}

/// Text of strangers on one line: without control characters, cut.
pub(crate) fn line(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_LINE_CHARS).collect();
    clean.trim().to_owned()
}
