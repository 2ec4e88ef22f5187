//! All that one training sees: the shared files, recorded clients and what the generators make.

mod generated;
mod shared;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::thread;

use bartizan_detect::DataSource;
use bartizan_model::{HttpRequest, ThreatClass};

use crate::TrainError;
use crate::example::{Example, FOLDS};

pub(crate) use generated::more_benign;
pub(crate) use shared::jsonl_files;

/// Copies of one text that are learnt from.
const MAX_COPIES: u8 = 3;

/// The examples of a training.
pub(crate) struct Corpus {
    pub(crate) examples: Vec<Example>,
    /// Attacks that are whole requests: which field carries them is for a first model to say.
    pub(crate) whole: Vec<Whole>,
    pub(crate) sources: Vec<DataSource>,
    pub(crate) kinds: Kinds,
}

/// An attack that is a whole request.
pub(crate) struct Whole {
    pub(crate) request: HttpRequest,
    pub(crate) class: Option<ThreatClass>,
    pub(crate) kind: u16,
    pub(crate) fold: usize,
}

/// Names of sources and kinds of value, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kinds {
    names: Vec<String>,
}

impl Kinds {
    /// The number of a name.
    pub(crate) fn number(&mut self, name: &str) -> u16 {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    pub(crate) fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }
}

/// The part of cross-fitting that a kind belongs to.
fn fold_of(name: &str) -> usize {
    crate::example::content_hash(name.as_bytes()) % FOLDS
}

impl Corpus {
    /// Reads `train/` of the data folder and generates the rest.
    pub(crate) fn read(
        data: &Path,
        seed: u64,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<Self, TrainError> {
        let mut corpus =
            Self { examples: Vec::new(), whole: Vec::new(), sources: Vec::new(), kinds: Kinds::default() };
        corpus.read_shared(data, seed, progress)?;
        corpus.read_recorded()?;
        progress("generate", 0, 1);
        let mut kinds = corpus.kinds.clone();
        let benign_kinds = generated::benign_kinds(&mut kinds);
        let attack_kinds = generated::attack_kinds(&mut kinds);
        let (benign, attacks) = thread::scope(|scope| {
            let benign = scope.spawn(|| generated::benign(&benign_kinds, seed));
            let attacks = generated::attacks(&attack_kinds, seed);
            (benign.join().unwrap_or_default(), attacks)
        });
        progress("generate", 1, 1);
        corpus.kinds = kinds;
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

    /// Benign texts that are also attacks teach nothing but doubt (lesson 6 of the study); repeats of one text count
    /// a few times at most.
    pub(crate) fn drop_contradictions(&mut self) {
        let mut attacks: HashSet<Box<[u8]>> = HashSet::new();
        for example in self.examples.iter().filter(|example| example.truth.is_attack()) {
            // Of several texts any may be the innocent one.
            if let [only] = example.pieces.as_slice() {
                attacks.insert(only.bytes.clone());
            }
        }
        for example in self.examples.iter_mut().filter(|example| !example.truth.is_attack()) {
            example.pieces.retain(|piece| !attacks.contains(&piece.bytes));
        }
        let mut seen: HashMap<Vec<Box<[u8]>>, u8> = HashMap::new();
        self.examples.retain(|example| {
            let texts = example.pieces.iter().map(|piece| piece.bytes.clone()).collect();
            let count = seen.entry(texts).or_default();
            *count = count.saturating_add(1);
            !example.pieces.is_empty() && *count <= MAX_COPIES
        });
    }
}
