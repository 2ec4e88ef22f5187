//! Files to requests.

use std::path::{Path, PathBuf};

use bartizan_ingest::parse_line;
use bartizan_model::Timestamp;

use super::judging::Sample;
use super::raw_http;
use crate::DataError;
use crate::row::{Label, Row, each_line, read_capped, read_rows};

/// Bytes of a file of raw requests.
const MAX_RAW: u64 = 64 * 1024 * 1024;
/// Endings of files that hold raw requests.
const RAW_ENDINGS: [&str; 3] = ["http", "req", "raw"];

/// The requests of one file.
pub(super) struct Samples {
    pub(super) requests: Vec<Sample>,
    /// Lines or requests that cannot be read.
    pub(super) unreadable: u64,
    pub(super) is_log: bool,
}

/// The files themselves, and in place of a folder those in it, by name.
pub(super) fn all_files(given: &[PathBuf]) -> Result<Vec<PathBuf>, DataError> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |source| DataError::Read { path: path.clone(), source };
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            inside.push(entry.map_err(failed)?.path());
        }
        inside.retain(|path| path.is_file());
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

pub(super) fn read(file: &Path, label: Option<Label>) -> Result<Samples, DataError> {
    let ending =
        file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if ending == "jsonl" {
        let samples = read_rows(file)?.into_iter().map(labelled).collect();
        return Ok(Samples { requests: samples, unreadable: 0, is_log: false });
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut samples = Vec::new();
    let mut unreadable = 0;
    let is_raw = RAW_ENDINGS.contains(&ending.as_str());
    let class = if is_raw { "raw" } else { "log" };
    let mut take = |request: Option<_>| match request {
        Some(request) => {
            samples.push(Sample { label, source: name.clone(), class: class.to_owned(), request });
        }
        None => unreadable += 1,
    };
    if is_raw {
        let bytes = read_capped(file, MAX_RAW)?;
        raw_http::split(&bytes).for_each(|text| take(raw_http::parse(text)));
    } else {
        each_line(file, |_, line| {
            take(parse_line(line, Timestamp::default()).ok());
            Ok(())
        })?;
    }
    Ok(Samples { requests: samples, unreadable, is_log: !is_raw })
}

fn labelled(row: Row) -> Sample {
    Sample { request: row.request(), label: Some(row.label), source: row.source, class: row.class }
}

/// The folder and the name of a file: enough to tell `train/browser_har.jsonl` from `validate/browser_har.jsonl`.
pub(super) fn set_name(file: &Path) -> String {
    let mut parts: Vec<String> =
        file.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.reverse();
    parts.join("/")
}
