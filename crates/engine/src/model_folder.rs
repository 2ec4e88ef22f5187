//! Following the folder of the model: what changes there and is sound replaces the model in force.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bartizan_detect::{Detector, ModelFiles};
use bartizan_model::{Clock, Timestamp};

use crate::judge::Judge;

/// A model that was not put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRefusal {
    /// When it was looked at.
    pub at: Timestamp,
    /// What is wrong with it and what to do; names files without their folder.
    pub problem: String,
}

/// The folder that a model came from.
#[derive(Debug)]
pub(crate) struct ModelFolder {
    folder: PathBuf,
    judge: Arc<Judge>,
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
    refusal: Mutex<Option<ModelRefusal>>,
}

/// What earlier looks saw.
#[derive(Debug, Default)]
struct Seen {
    stamps: Option<[Option<Stamp>; 2]>,
    /// Whether the files behind `stamps` were read.
    read: bool,
    /// Fingerprint of what was read, or why it could not be.
    contents: Option<String>,
}

/// What tells of a change without reading.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    size_bytes: u64,
    modified: Option<SystemTime>,
    /// Inode and time of its last change: it differs for a file moved here, whatever its age says.
    identity: (u64, i64, i64),
}

impl ModelFolder {
    pub(crate) fn new(folder: PathBuf, judge: Arc<Judge>, clock: Arc<dyn Clock>) -> Self {
        Self { folder, judge, clock, seen: Mutex::default(), refusal: Mutex::default() }
    }

    /// Why the files that lie in the folder now are not in force; `None` when they are.
    pub(crate) fn refusal(&self) -> Option<ModelRefusal> {
        lock(&self.refusal).clone()
    }

    /// Looks at the files and puts what they hold in force, if it is sound and not in force already. Blocks.
    ///
    /// Files that changed since the last look may still be in the making: unless `at_once`, they are read when two
    /// looks saw them alike. What was refused is read again only after another change.
    /// Returns the versions of the model that was put in force and of the one before.
    pub(crate) fn look(&self, at_once: bool) -> Option<Replaced> {
        let mut seen = lock(&self.seen);
        let stamps = Some(ModelFiles::NAMES.map(|name| Stamp::of(&self.folder.join(name))));
        if seen.stamps != stamps {
            seen.stamps = stamps;
            seen.read = false;
            if !at_once {
                return None;
            }
        }
        if seen.read && !at_once {
            return None;
        }
        // Noted first, so that even a defect in what follows does not come back with every look.
        seen.read = true;
        let files = ModelFiles::read(&self.folder);
        let contents = Some(match &files {
            Ok(files) => files.fingerprint(),
            Err(error) => error.to_string(),
        });
        if seen.contents == contents {
            return None;
        }
        seen.contents = contents;
        match files.and_then(|files| files.load()) {
            Ok(detector) => self.put_in_force(detector),
            Err(error) => {
                let shown = error.to_string();
                self.refuse(&shown, error.without_folder().to_string());
                None
            }
        }
    }

    fn put_in_force(&self, detector: Detector) -> Option<Replaced> {
        let before = self.judge.in_force();
        // The manifest holds the hash of the weights, and that was checked: equal manifests are equal models.
        if detector.manifest() == before.detector.manifest() {
            if lock(&self.refusal).take().is_some() {
                tracing::info!(
                    model.version = before.version(),
                    "the model folder holds {} again, which stayed in force",
                    before.version()
                );
            }
            return None;
        }
        let version = detector.manifest().version.clone();
        match self.judge.set_detector(detector) {
            Ok(before) => {
                let thresholds = self.judge.in_force().policy.thresholds;
                *lock(&self.refusal) = None;
                tracing::info!(
                    model.version = version,
                    model.threshold = thresholds.block,
                    model.flag_threshold = thresholds.flag,
                    "model {version} replaced {}",
                    before.version()
                );
                Some(Replaced { before: before.version().to_owned(), now: version })
            }
            Err(error) => {
                self.refuse(&error, error.to_string());
                None
            }
        }
    }

    fn refuse(&self, error: &dyn std::fmt::Display, problem: String) {
        let in_force = self.judge.in_force();
        tracing::error!(
            error = %error,
            model.folder = %self.folder.display(),
            model.version = in_force.version(),
            "the changed model was refused, {} stays in force; it is looked at again when its files change",
            in_force.version()
        );
        *lock(&self.refusal) = Some(ModelRefusal { at: self.clock.now(), problem });
    }
}

/// A model that took the place of another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) before: String,
    pub(crate) now: String,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let identity = (0, 0, 0);
        Some(Self { size_bytes: metadata.len(), modified: metadata.modified().ok(), identity })
    }
}

/// A panic while looking leaves what was seen so far: go on with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use bartizan_detect::BehaviourConfig;
    use bartizan_model::Mode;

    use super::*;
    use crate::masking::{Masking, MaskingSettings};
    use crate::model::{ModelInForce, PolicySettings};

    const MANIFEST: &str = include_str!("../../../models/wall-3/manifest.json");
    const WEIGHTS: &[u8] = include_bytes!("../../../models/wall-3/weights.safetensors");

    /// Each look at it is a second later.
    #[derive(Debug)]
    struct Counting(AtomicI64);

    impl Clock for Counting {
        fn now(&self) -> Timestamp {
            Timestamp::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
        }
    }

    struct Site {
        folder: tempfile::TempDir,
        model: ModelFolder,
    }

    impl Site {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let clock: Arc<dyn Clock> = Arc::new(Counting(AtomicI64::new(0)));
            let settings = PolicySettings { mode: Mode::Monitor, flag_threshold: None, threshold: None };
            let embedded = Detector::embedded().expect("the model in the binary is sound");
            let in_force = ModelInForce::new(embedded, settings).expect("its own thresholds agree");
            let masking = Masking::new(&MaskingSettings::default(), None).expect("the default is sound");
            let behaviour = BehaviourConfig::default();
            let judge = Arc::new(Judge::new(in_force, behaviour, masking, Arc::clone(&clock)));
            let model = ModelFolder::new(folder.path().to_owned(), judge, clock);
            let site = Self { folder, model };
            site.write("manifest.json", MANIFEST.as_bytes());
            site.write("weights.safetensors", WEIGHTS);
            site.model.look(true);
            site
        }

        fn write(&self, name: &str, bytes: &[u8]) {
            std::fs::write(self.folder.path().join(name), bytes).expect("written");
        }

        fn version(&self) -> String {
            self.model.judge.in_force().version().to_owned()
        }
    }

    fn named(version: &str) -> String {
        MANIFEST.replacen("wall-3", version, 1)
    }

    #[test]
    fn files_are_read_when_two_looks_saw_them_alike_or_at_once_when_asked() {
        let site = Site::new();
        site.write("manifest.json", named("wall-3").as_bytes());
        site.model.look(false);
        assert_eq!(site.version(), "wall-3", "it may still be written");
        site.write("manifest.json", named("wall-10").as_bytes());
        site.model.look(false);
        assert_eq!(site.version(), "wall-3", "it was still written");
        site.model.look(false);
        assert_eq!(site.version(), "wall-10");
        site.write("manifest.json", named("wall-4").as_bytes());
        site.model.look(true);
        assert_eq!(site.version(), "wall-4");
    }

    #[test]
    fn a_refused_model_is_refused_again_only_after_its_contents_changed() {
        let site = Site::new();
        site.write("weights.safetensors", b"damaged");
        site.model.look(true);
        let first = site.model.refusal().expect("refused");
        for at_once in [false, true, false, false] {
            // The same bytes once more are a change of the file's age, not of the model.
            site.write("weights.safetensors", b"damaged");
            site.model.look(at_once);
            assert_eq!(site.model.refusal().as_ref(), Some(&first));
        }
        site.write("weights.safetensors", b"otherwise damaged");
        site.model.look(true);
        let second = site.model.refusal().expect("refused");
        assert!(second.at > first.at && second.problem != first.problem, "{first:?} {second:?}");
        site.write("weights.safetensors", WEIGHTS);
        site.model.look(true);
        assert_eq!(site.model.refusal(), None);
        assert_eq!(site.version(), "wall-3");
    }
}
