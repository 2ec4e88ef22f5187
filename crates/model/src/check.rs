//! How a security check went.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownName;

/// The outcome of a security check (API.md 4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// As it should be.
    Pass,
    /// Works, and someone should look at it.
    Warning,
    /// Does not do its work.
    Fail,
}

impl CheckStatus {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Warning, Self::Fail];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warning => "warning",
            Self::Fail => "fail",
        }
    }
}

impl FromStr for CheckStatus {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(|| UnknownName { what: "check status", given: name.to_owned() })
    }
}
