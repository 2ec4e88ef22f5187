//! Labelled files: those of the data folder, and the clients that were recorded for this repository.

use std::path::{Path, PathBuf};

use bartizan_detect::{DataSource, fields, sha256_hex};

use super::{Corpus, Whole};
use crate::example::{Example, Truth, content_hash, threat_class};
use crate::generate::encode;
use crate::rng::Rng;
use crate::row::{Label, Row, parse_rows, read_capped, read_rows};
use crate::{DataError, TrainError};

/// Bytes of a data file that its hash covers: more than any has.
const MAX_FILE: u64 = 1 << 31;
/// What real clients sent to pages and APIs on loopback (tools/capture).
const RECORDED: &str = include_str!("../../captured/clients.jsonl");

impl Corpus {
    pub(super) fn read_shared(
        &mut self,
        data: &Path,
        seed: u64,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<(), TrainError> {
        let files = jsonl_files(&data.join("train"));
        if files.is_empty() {
            return Err(TrainError::NoData { path: data.to_owned() });
        }
        let mut rng = Rng::new(seed ^ 0x0005_eed0_fda7_a000);
        for (at, file) in files.iter().enumerate() {
            progress("read", at as u64, files.len() as u64);
            let rows = read_rows(file)?;
            self.sources.push(source(file, &rows)?);
            let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            for row in rows {
                self.add_row(&row, &name, &mut rng);
            }
        }
        Ok(())
    }

    pub(super) fn read_recorded(&mut self) -> Result<(), TrainError> {
        let rows = parse_rows(RECORDED.as_bytes(), Path::new("captured/clients.jsonl"))?;
        let mut rng = Rng::new(0);
        for row in &rows {
            let name = format!("recorded/{}", row.source);
            self.add_row(row, &name, &mut rng);
        }
        self.sources.push(DataSource {
            name: "recorded clients".to_owned(),
            sha256: Some(sha256_hex(RECORDED.as_bytes())),
            licence: "Apache-2.0".to_owned(),
            attack: 0,
            benign: rows.len() as u64,
        });
        Ok(())
    }

    fn add_row(&mut self, row: &Row, name: &str, rng: &mut Rng) {
        let class = threat_class(&row.class);
        let truth = if row.label == Label::Attack { Truth::Attack(class) } else { Truth::Benign };
        let kind = self.kinds.number(name);
        if let Some(value) = row.payload() {
            let value = value.strip_prefix("exploit string: ").unwrap_or(value);
            if truth.is_attack() && !is_payload(value) {
                return;
            }
            let (raw, wrapping) = encode::spelled(value, rng);
            let fold = content_hash(value.as_bytes());
            self.examples
                .extend(Example::of_value(&raw, wrapping, truth, 1.0).map(|e| e.belonging(kind, fold)));
            return;
        }
        let request = row.request();
        let fold = row.fold();
        if truth.is_attack() {
            self.whole.push(Whole { request, class, kind, fold });
            return;
        }
        for field in fields(&request).iter().filter(|field| !field.is_plain()) {
            let example = Example::of_value(field.value, field.wrapping, truth, 1.0);
            self.examples.extend(example.map(|example| example.belonging(kind, fold)));
        }
    }
}

/// Whether a listed payload carries any sign of one: lists hold bare words, placeholders and remarks too.
fn is_payload(payload: &str) -> bool {
    let comment = ["# ", "exploit name:", "exploit description:", "exploit tags:"];
    if comment.iter().any(|head| payload.to_ascii_lowercase().starts_with(head))
        || payload.contains("XXpathXX")
    {
        return false;
    }
    let signs = payload.chars().any(|c| !c.is_alphanumeric() && !"-_. ,".contains(c));
    signs || payload.split_whitespace().count() > 2
}

/// The `.jsonl` files of a folder, by name.
pub(crate) fn jsonl_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
}

fn source(file: &Path, rows: &[Row]) -> Result<DataSource, DataError> {
    let bytes = read_capped(file, MAX_FILE)?;
    let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let attack = rows.iter().filter(|row| row.label == Label::Attack).count() as u64;
    Ok(DataSource {
        licence: licence(&name).to_owned(),
        sha256: Some(sha256_hex(&bytes)),
        attack,
        benign: rows.len() as u64 - attack,
        name,
    })
}

/// Licences as the data folder states them.
fn licence(name: &str) -> &'static str {
    match name {
        "libinjection" => "BSD-3-Clause",
        "fuzzdb" => "BSD-3-Clause AND CC-BY-3.0",
        "stackoverflow" => "CC-BY-SA-4.0",
        "httpparams"
        | "grananqvist"
        | "payloadbox"
        | "payloadsallthethings"
        | "cve_until_2020"
        | "crowdsec_hub"
        | "openapi_examples"
        | "browser_har" => "MIT",
        _ => "NOASSERTION",
    }
}
