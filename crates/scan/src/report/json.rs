//! The report as JSON.

use super::Report;

impl Report {
    /// Indented JSON; the shape is that of [`Report`], times are RFC 3339 in UTC.
    ///
    /// # Errors
    /// Never for a report that a scan made: its numbers are finite and its keys are text.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
