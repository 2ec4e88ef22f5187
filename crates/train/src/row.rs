//! Rows of the labelled-traffic schema, one JSON object per line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use bartizan_model::{HttpRequest, Timestamp, Via};
use serde::Deserialize;

use crate::DataError;
use crate::example::content_hash;

/// Longest row read, in bytes.
const MAX_ROW: u64 = 8 * 1024 * 1024;

/// One labelled request or payload.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Row {
    #[serde(default)]
    pub(crate) source: String,
    pub(crate) label: Label,
    #[serde(default)]
    pub(crate) class: String,
    #[serde(default)]
    payload: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    headers: Option<BTreeMap<String, String>>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Label {
    Benign,
    Attack,
}

impl Row {
    /// The part of cross-fitting that a request belongs to: by its host and the beginning of its path, so that the
    /// requests of one page never stand on both sides.
    pub(crate) fn fold(&self) -> usize {
        let host = self.headers.iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("host"));
        let host = host.map_or("", |(_, value)| value.as_str());
        let path = self.path.as_deref().unwrap_or_default();
        let head: String = path.split('/').take(3).collect();
        content_hash(format!("{host} {head}").as_bytes())
    }

    /// The bare value of a `payload` row.
    pub(crate) fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    /// The request; a bare value becomes the value of one query parameter.
    pub(crate) fn request(&self) -> HttpRequest {
        let method = self.method.as_deref().unwrap_or("GET").to_ascii_uppercase();
        let mut target = self.path.clone().unwrap_or_else(|| "/".to_owned()).into_bytes();
        match (&self.payload, &self.query) {
            (Some(payload), _) => {
                target.extend_from_slice(b"?q=");
                target.extend(percent_encode(payload.as_bytes()));
            }
            (None, Some(query)) if !query.is_empty() => {
                target.push(b'?');
                target.extend_from_slice(query.as_bytes());
            }
            _ => {}
        }
        let mut request = HttpRequest::new(Timestamp::default(), &method, &target, Via::Check);
        for (name, value) in self.headers.iter().flatten() {
            request.headers.push((name.to_ascii_lowercase(), value.clone().into_bytes()));
        }
        request.body =
            self.body.as_ref().filter(|body| !body.is_empty()).map(|body| body.clone().into_bytes());
        request
    }
}

/// A value as a form would send it.
pub(crate) fn percent_encode(value: &[u8]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(value.len() * 2);
    for byte in value {
        if byte.is_ascii_alphanumeric() || b"-_.~*".contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0'));
            }
        }
    }
    out
}

/// The bytes of a file, as far as the cap goes.
pub(crate) fn read_capped(path: &Path, cap: u64) -> Result<Vec<u8>, DataError> {
    let failed = |source| DataError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(cap).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Hands every line of a file to `take`, with its number; lines beyond the cap are an error.
pub(crate) fn each_line(
    path: &Path,
    take: impl FnMut(u64, &[u8]) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let failed = |source| DataError::Read { path: path.to_owned(), source };
    each_line_of(BufReader::new(File::open(path).map_err(failed)?), path, take)
}

fn each_line_of(
    mut reader: impl BufRead,
    path: &Path,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let failed = |source| DataError::Read { path: path.to_owned(), source };
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        let read = (&mut reader).take(MAX_ROW + 1).read_until(b'\n', &mut line).map_err(failed)?;
        if read == 0 {
            return Ok(());
        }
        if line.len() as u64 > MAX_ROW {
            let problem = format!("the line is longer than {MAX_ROW} bytes");
            return Err(DataError::Row { path: path.to_owned(), line: number, problem });
        }
        take(number, line.trim_ascii())?;
    }
}

/// The rows of a file.
pub(crate) fn read_rows(path: &Path) -> Result<Vec<Row>, DataError> {
    let failed = |source| DataError::Read { path: path.to_owned(), source };
    parse_rows(BufReader::new(File::open(path).map_err(failed)?), path)
}

/// The rows of a text that was read from somewhere else; `path` is for messages.
pub(crate) fn parse_rows(reader: impl BufRead, path: &Path) -> Result<Vec<Row>, DataError> {
    let mut rows = Vec::new();
    each_line_of(reader, path, |number, line| {
        if !line.is_empty() {
            rows.push(serde_json::from_slice(line).map_err(|error| DataError::Row {
                path: path.to_owned(),
                line: number,
                problem: error.to_string(),
            })?);
        }
        Ok(())
    })?;
    Ok(rows)
}
