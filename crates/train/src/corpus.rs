//! All that one training sees: the shared files and what the generators make.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;

use bartizan_detect::{DataSource, Wrapping, fields, sha256_hex};
use bartizan_model::{HttpRequest, ThreatClass};

use crate::example::{Example, Truth, threat_class};
use crate::generate::{attack, benign, encode};
use crate::grammar::Grammar;
use crate::rng::Rng;
use crate::row::{Label, Row, read_rows};
use crate::{DataError, TrainError};

/// Bytes of a data file that its hash covers: more than any has.
const MAX_FILE: u64 = 1 << 31;
/// Generated attacks.
const GENERATED_ATTACKS: usize = 90_000;
/// Values of each ordinary kind of the grammar.
const BENIGN_PER_RULE: usize = 2_000;
/// Payloads of each attack kind of the grammar.
const ATTACKS_PER_RULE: usize = 1_500;
/// Kinds of the grammar that no weight is trained on.
const HELD_OUT_KINDS: [&str; 8] = [
    "code/policy",
    "cookie/consent",
    "data/telemetry",
    "text/foreign",
    "url/encoded",
    "header/proxy",
    "code/error",
    "person/address",
];
/// Generated benign values of each kind.
const GENERATED_PER_KIND: usize = 5_500;

/// The examples of a training.
pub(crate) struct Corpus {
    pub(crate) examples: Vec<Example>,
    /// Attacks that are whole requests: which field carries them is for a first model to say.
    pub(crate) whole: Vec<(HttpRequest, Option<ThreatClass>)>,
    pub(crate) sources: Vec<DataSource>,
}

impl Corpus {
    /// Reads `train/` of the data folder and generates the rest.
    pub(crate) fn read(
        data: &Path,
        seed: u64,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<Self, TrainError> {
        let files = jsonl_files(&data.join("train"));
        if files.is_empty() {
            return Err(TrainError::NoData { path: data.to_owned() });
        }
        let mut corpus = Self { examples: Vec::new(), whole: Vec::new(), sources: Vec::new() };
        let mut rng = Rng::new(seed ^ 0x0005_eed0_fda7_a000);
        for (at, file) in files.iter().enumerate() {
            progress("read", at as u64, files.len() as u64);
            let rows = read_rows(file)?;
            corpus.sources.push(source(file, &rows)?);
            for row in rows {
                corpus.add_row(&row, &mut rng);
            }
        }
        progress("generate", 0, 2);
        let (benign, attacks) = thread::scope(|scope| {
            let benign = scope.spawn(|| generated_benign(seed));
            let attacks = generated_attacks(seed);
            (benign.join().unwrap_or_default(), attacks)
        });
        for (name, attack, benign) in [
            ("generated benign values", 0, benign.len() as u64),
            ("generated attacks", attacks.len() as u64, 0),
        ] {
            let licence = "Apache-2.0".to_owned();
            corpus.sources.push(DataSource { name: name.to_owned(), sha256: None, licence, attack, benign });
        }
        corpus.examples.extend(benign);
        corpus.examples.extend(attacks);
        corpus.drop_contradictions();
        Ok(corpus)
    }

    fn add_row(&mut self, row: &Row, rng: &mut Rng) {
        let class = threat_class(&row.class);
        match (row.label, row.payload()) {
            (Label::Attack, Some(payload)) => {
                let payload = payload.strip_prefix("exploit string: ").unwrap_or(payload);
                if is_payload(payload) {
                    let (raw, wrapping) = encode::spelled(payload, rng);
                    self.examples.extend(Example::of_value(&raw, wrapping, Truth::Attack(class), 1.0));
                }
            }
            (Label::Attack, None) => self.whole.push((row.request(), class)),
            (Label::Benign, Some(value)) => {
                let (raw, wrapping) = encode::spelled(value, rng);
                self.examples.extend(Example::of_value(&raw, wrapping, Truth::Benign, 1.0));
            }
            (Label::Benign, None) => {
                let request = row.request();
                for field in fields(&request).iter().filter(|field| !field.is_plain()) {
                    self.examples.extend(Example::of_value(field.value, field.wrapping, Truth::Benign, 1.0));
                }
            }
        }
    }

    /// Benign texts that are also attacks teach nothing but doubt (lesson 6 of the study).
    fn drop_contradictions(&mut self) {
        let attacks: std::collections::HashSet<Vec<u8>> =
            self.examples.iter().filter(|e| e.truth.is_attack()).map(|e| e.bytes.clone()).collect();
        self.examples.retain(|e| e.truth.is_attack() || !attacks.contains(&e.bytes));
        // Repeats of one text count a few times at most.
        let mut seen: std::collections::HashMap<Vec<u8>, u8> = std::collections::HashMap::new();
        self.examples.retain(|e| {
            let count = seen.entry(e.bytes.clone()).or_default();
            *count = count.saturating_add(1);
            *count <= 3
        });
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

fn generated_benign(seed: u64) -> Vec<Example> {
    let mut rng = Rng::new(seed ^ 0xbe61);
    let mut examples = Vec::new();
    for kind in 0..benign::KINDS {
        for _ in 0..GENERATED_PER_KIND {
            let value = benign::value(kind, &mut rng);
            let (raw, wrapping) = encode::spelled(&value, &mut rng);
            let mut made = Example::of_value(&raw, wrapping, Truth::Benign, 1.0);
            for example in &mut made {
                example.held_out |= benign::is_held_out_kind(kind);
            }
            examples.extend(made);
        }
    }
    let grammar = Grammar::benign();
    for kind in grammar.kinds() {
        for _ in 0..BENIGN_PER_RULE {
            let value = grammar.generate(kind, &mut rng);
            let (raw, wrapping) = encode::spelled(&value, &mut rng);
            let mut made = Example::of_value(&raw, wrapping, Truth::Benign, 1.0);
            for example in &mut made {
                example.held_out |= HELD_OUT_KINDS.contains(&kind);
            }
            examples.extend(made);
        }
    }
    examples
}

fn generated_attacks(seed: u64) -> Vec<Example> {
    let mut rng = Rng::new(seed ^ 0xa77a);
    let mut examples = Vec::new();
    for _ in 0..GENERATED_ATTACKS {
        let (class, value) = attack::attack(&mut rng);
        let (raw, wrapping) = if rng.percent(15) {
            (value.into_bytes(), Wrapping::None)
        } else {
            encode::spelled(&value, &mut rng)
        };
        examples.extend(Example::of_value(&raw, wrapping, Truth::Attack(Some(class)), 1.0));
    }
    let grammar = Grammar::attack();
    for kind in grammar.kinds() {
        let class = kind.split('/').next().and_then(|name| name.parse().ok());
        for _ in 0..ATTACKS_PER_RULE {
            let value = grammar.generate(kind, &mut rng);
            let (raw, wrapping) = encode::spelled(&value, &mut rng);
            examples.extend(Example::of_value(&raw, wrapping, Truth::Attack(class), 1.0));
        }
    }
    examples
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
    let failed = |source| DataError::Read { path: file.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(file).map_err(failed)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(failed)?;
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
