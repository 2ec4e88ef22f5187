//! How far a scan is, for whoever draws a bar.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters that a scan keeps up to date and that another thread may read at any time.
#[derive(Debug, Default)]
pub struct Progress {
    bytes_expected: AtomicU64,
    bytes_read: AtomicU64,
    lines: AtomicU64,
    files_expected: AtomicU64,
    files_done: AtomicU64,
}

impl Progress {
    /// Sizes on disk of all files that will be read; 0 as long as they are looked for.
    pub fn bytes_expected(&self) -> u64 {
        self.bytes_expected.load(Ordering::Relaxed)
    }

    /// Bytes read from disk so far, compressed where files are.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// Lines judged so far.
    pub fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Files that will be read.
    pub fn files_expected(&self) -> u64 {
        self.files_expected.load(Ordering::Relaxed)
    }

    /// Files that were read to their end.
    pub fn files_done(&self) -> u64 {
        self.files_done.load(Ordering::Relaxed)
    }

    pub(crate) fn expect(&self, files: u64, bytes: u64) {
        self.files_expected.store(files, Ordering::Relaxed);
        self.bytes_expected.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn read(&self, bytes: u64) {
        self.bytes_read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn judged(&self, lines: u64) {
        self.lines.fetch_add(lines, Ordering::Relaxed);
    }

    pub(crate) fn file_done(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }
}
