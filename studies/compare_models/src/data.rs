//! Labelled rows to texts, by the detector's own way of taking a request apart.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bartizan_detect::{Detector, Flags, Token, Tracking, Weights, fields, leaves, marks, tokens};
use bartizan_model::{HttpRequest, Timestamp, Via};
use bartizan_train::{LabelledValue, TrainOptions, labelled_values};
use serde_json::Value;

use crate::Failure;
use crate::rng::Rng;

/// Bytes that a network sees at once.
pub(crate) const WINDOW: usize = 256;
/// Bytes of a file that are read.
const MAX_FILE: u64 = 1 << 30;
/// Windows of one text that are looked at.
const MAX_WINDOWS: usize = 64;
/// Texts that are learnt from at most.
const MAX_SAMPLES: usize = 150_000;
/// The seed that the shipped model was trained with.
const TRAINING_SEED: u64 = 1;

/// A labelled request.
pub(crate) struct Row {
    pub(crate) is_attack: bool,
    pub(crate) request: HttpRequest,
}

/// One canonical text of a request that is not innocent before any model is asked.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) flags: Flags,
}

impl Piece {
    /// Its tokens and those of its marks, as the shipped network reads them.
    pub(crate) fn marked(&self) -> Vec<Token> {
        self.tokens.iter().copied().chain(marks(self.flags, self.bytes.len())).collect()
    }
}

/// What is learnt from.
pub(crate) struct Sample {
    pub(crate) piece: Piece,
    pub(crate) is_attack: bool,
}

/// The `.jsonl` files of a folder, by name.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn rows(file: &Path) -> Result<Vec<Row>, Failure> {
    let mut text = String::new();
    File::open(file)?.take(MAX_FILE).read_to_string(&mut text)?;
    text.lines().map(|line| Ok(row(&serde_json::from_str(line)?))).collect()
}

/// A bare payload becomes the value of a query parameter.
fn row(value: &Value) -> Row {
    let text = |name: &str| value[name].as_str().unwrap_or_default();
    let mut target = if text("path").is_empty() { "/" } else { text("path") }.as_bytes().to_vec();
    if let Some(payload) = value["payload"].as_str() {
        target.extend_from_slice(b"?q=");
        for byte in payload.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~*".contains(&byte) {
                target.push(byte);
            } else {
                target.extend_from_slice(format!("%{byte:02X}").as_bytes());
            }
        }
    } else if !text("query").is_empty() {
        target.extend_from_slice(format!("?{}", text("query")).as_bytes());
    }
    let method = if text("method").is_empty() { "GET" } else { text("method") }.to_ascii_uppercase();
    let mut request = HttpRequest::new(Timestamp::default(), &method, &target, Via::Check);
    for (name, value) in value["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default().as_bytes().to_vec();
        request.headers.push((name.to_ascii_lowercase(), value));
    }
    request.body = Some(text("body").as_bytes().to_vec()).filter(|body| !body.is_empty());
    Row { is_attack: text("label") == "attack", request }
}

/// The texts of a request that a model is asked about.
pub(crate) fn pieces(request: &HttpRequest) -> Vec<Piece> {
    let mut found = Vec::new();
    for field in fields(request).iter().filter(|field| !field.is_plain()) {
        for leaf in leaves(field.value, field.wrapping, Tracking::Off) {
            let bytes = leaf.text.bytes().to_vec();
            let tokens = tokens(&bytes);
            if !bytes.is_empty() && !Weights::skips(&bytes, &tokens, leaf.flags) {
                found.push(Piece { bytes, tokens, flags: leaf.flags });
            }
        }
    }
    found
}

/// A sample of the texts that `bartizan train` learns from, recorded and generated values included: all of a benign
/// value, and of an attack the one that carries it. Which one that is, and where in a long text, the shipped model says,
/// as a first model does in `bartizan train`; so nobody is given less.
pub(crate) fn samples(folder: &Path, teacher: &Detector, rng: &mut Rng) -> Result<Vec<Sample>, Failure> {
    let options = TrainOptions { data: folder.to_owned(), out: PathBuf::new(), seed: TRAINING_SEED };
    let mut samples = Vec::new();
    for LabelledValue { texts, is_attack } in labelled_values(&options, &|_, _, _| {})? {
        let pieces = texts.into_iter().map(|(bytes, flags)| {
            let bytes = bytes.into_vec();
            Piece { tokens: tokens(&bytes), bytes, flags }
        });
        let worst = |left: &Piece, right: &Piece| evidence(teacher, left).total_cmp(&evidence(teacher, right));
        let pieces: Vec<Piece> =
            if is_attack { pieces.max_by(worst).into_iter().collect() } else { pieces.collect() };
        samples.extend(pieces.into_iter().map(|piece| Sample { piece: cut(piece, teacher), is_attack }));
    }
    rng.shuffle(&mut samples);
    samples.truncate(MAX_SAMPLES);
    Ok(samples)
}

/// What the shipped model says of a text, before it becomes a score.
pub(crate) fn evidence(detector: &Detector, piece: &Piece) -> f64 {
    let weights = detector.weights();
    let linear = weights.linear.worst_window(&piece.bytes, &piece.tokens, piece.flags).logit;
    let network = weights.network.worst_window(&piece.marked());
    let network = network.map_or(f64::NEG_INFINITY, |window| f64::from(window.logit));
    detector.manifest().calibration.evidence(f64::from(linear), network)
}

/// One window of the text, around its worst place.
fn cut(piece: Piece, teacher: &Detector) -> Piece {
    if piece.bytes.len() <= WINDOW {
        return piece;
    }
    let worst = teacher.weights().linear.worst_window(&piece.bytes, &piece.tokens, piece.flags);
    let middle = usize::midpoint(worst.start, worst.end);
    let start = middle.saturating_sub(WINDOW / 2).min(piece.bytes.len() - WINDOW);
    let bytes = piece.bytes[start..start + WINDOW].to_vec();
    Piece { tokens: tokens(&bytes), bytes, flags: piece.flags }
}

/// Half-overlapping windows of a text.
pub(crate) fn windows(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let last = bytes.len().saturating_sub(WINDOW);
    let starts = (0..last).step_by(WINDOW / 2).chain([last]);
    starts.take(MAX_WINDOWS).map(|start| &bytes[start..bytes.len().min(start + WINDOW)])
}
