//! How far a source has been read; committed in the same transaction as the rows it covers.

use serde::{Deserialize, Serialize};

/// What makes a file the same file after a rename: its place on the disk and the hash of its first bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// How many first bytes `head_hash` covers; fewer than the cap while the file was still short.
    pub head_len: u64,
    /// SHA-256 of those bytes, in hex.
    pub head_hash: String,
}

/// The position after the last line whose row is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The file it refers to.
    pub fingerprint: Fingerprint,
    /// Byte offset of the next unread line.
    pub offset: u64,
    /// Name of the line format that was detected, so that a restart needs no second look; null before the first line.
    pub format: Option<String>,
}
