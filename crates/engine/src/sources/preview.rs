//! What a source would read, before it is added.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_ingest::{FirstLines, Glob, LogFormat, MAX_GLOB_FILES, SourceConfig, SourceError};
use bartizan_model::{Assessment, HttpRequest, Timestamp, Verdict};
use bartizan_store::Judged;

use super::{NewSource, claim, pattern};
use crate::{Engine, EngineError, Masking};

/// Files that are listed.
const MAX_FILES: usize = 20;

/// What a source would read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourcePreview {
    /// The name that it would have.
    pub name: String,
    /// The path in its one form.
    pub path: PathBuf,
    /// Whether the path is a pattern, which brings new files as well.
    pub is_pattern: bool,
    /// The first twenty files.
    pub files: Vec<FilePreview>,
    /// How many there are; beyond 256 they are not read.
    pub file_count: usize,
    /// Bytes of all of them.
    pub bytes: u64,
    /// The format of the first file that has one.
    pub format: Option<LogFormat>,
    /// Why it is taken to be that.
    pub reason: Option<String>,
    /// Lines that were looked at, of all files.
    pub lines: usize,
    /// Of these, requests.
    pub parsed: usize,
    /// What is wrong with the others, and with how many of them.
    pub problems: Vec<(String, usize)>,
    /// Some of the requests, without secrets.
    pub requests: Vec<HttpRequest>,
    /// Where reading would go on, because a source of this name has read before; otherwise it begins at the start.
    pub resumes_at: Option<u64>,
}

/// One file that a source would read.
#[derive(Debug, Clone, PartialEq)]
pub struct FilePreview {
    /// The file.
    pub path: PathBuf,
    /// Its size, as far as it is known.
    pub bytes: u64,
    /// Its format.
    pub format: Option<LogFormat>,
    /// Lines that were looked at.
    pub lines: usize,
    /// Of these, requests.
    pub parsed: usize,
    /// Why it would not be read.
    pub problem: Option<String>,
}

impl Engine {
    /// What a source would read. Nothing of it is kept.
    ///
    /// # Errors
    /// As [`Engine::add_source`].
    pub async fn preview_source(&self, new: NewSource) -> Result<SourcePreview, EngineError> {
        let shared = &self.shared;
        if !shared.sources.may_add() {
            return Err(EngineError::AddingOff);
        }
        let config = new.config()?;
        let others = shared.sources.entries();
        let (asked, now) = (config.clone(), shared.clock.now());
        let masking = shared.judge.masking();
        let preview = tokio::task::spawn_blocking(move || {
            if let Some(problem) = claim::clash(&asked, &others) {
                return Err(EngineError::SourceTaken { problem });
            }
            look(&asked, now, &masking)
        })
        .await
        .map_err(|_| EngineError::Reading { name: config.name.clone() })??;
        super::added::check_name(shared, &config.name)?;
        let stored = shared.store.source(&config.name).await?;
        let resumes_at = stored.and_then(|row| row.checkpoint).map(|checkpoint| checkpoint.offset);
        Ok(SourcePreview { resumes_at: resumes_at.filter(|offset| *offset > 0), ..preview })
    }
}

/// Looks at the files of a source, and refuses it when none of those that hold lines is an access log.
pub(super) fn look(
    config: &SourceConfig,
    now: Timestamp,
    masking: &Arc<Masking>,
) -> Result<SourcePreview, EngineError> {
    let files = match pattern(config) {
        Some(glob) => matching(&glob)?,
        None => vec![config.path.clone()],
    };
    let mut preview = SourcePreview {
        name: config.name.clone(),
        path: config.path.clone(),
        is_pattern: pattern(config).is_some(),
        files: Vec::new(),
        file_count: files.len(),
        bytes: 0,
        format: None,
        reason: None,
        lines: 0,
        parsed: 0,
        problems: Vec::new(),
        requests: Vec::new(),
        resumes_at: None,
    };
    let is_given = config.lines.format.is_some();
    let (mut is_any_read, mut refusal) = (false, None);
    for path in files.into_iter().take(MAX_GLOB_FILES) {
        let mut file = FilePreview { path, bytes: 0, format: None, lines: 0, parsed: 0, problem: None };
        let found = on_disk(&file.path).and_then(|()| FirstLines::of(&file.path, &config.lines, now));
        match found {
            Ok(first) => {
                (file.bytes, file.lines, file.parsed) = (first.bytes, first.lines, first.parsed);
                if first.is_early() || first.is_access_log() {
                    is_any_read = true;
                    file.format = first.format;
                    preview.take(first, masking);
                } else {
                    file.problem = Some(not_a_log(&file.path, is_given, &first));
                }
            }
            Err(error) => {
                file.bytes = file.path.metadata().map_or(0, |metadata| metadata.len());
                file.problem = Some(problem(error));
            }
        }
        preview.bytes = preview.bytes.saturating_add(file.bytes);
        if let Some(problem) = &file.problem {
            refusal.get_or_insert_with(|| problem.clone());
        }
        if preview.files.len() < MAX_FILES {
            preview.files.push(file);
        }
    }
    match refusal.filter(|_| !is_any_read) {
        Some(problem) => Err(EngineError::NewSource { field: "path", problem }),
        None => Ok(preview),
    }
}

impl SourcePreview {
    /// Files beyond those that a pattern follows.
    pub fn left_out(&self) -> usize {
        self.file_count.saturating_sub(MAX_GLOB_FILES)
    }

    fn take(&mut self, first: FirstLines, masking: &Masking) {
        self.lines += first.lines;
        self.parsed += first.parsed;
        if self.format.is_none() {
            (self.format, self.reason) = (first.format, first.reason);
        }
        for (problem, count) in first.problems {
            let problem = problem.to_string();
            match self.problems.iter_mut().find(|(known, _)| *known == problem) {
                Some((_, known)) => *known += count,
                None => self.problems.push((problem, count)),
            }
        }
        if self.requests.is_empty() {
            self.requests = first.requests.into_iter().map(|request| hidden(request, masking)).collect();
        }
    }
}

/// The request without its secrets.
fn hidden(request: HttpRequest, masking: &Masking) -> HttpRequest {
    let verdict = Verdict::allow(None);
    let mut judged = Judged { request, assessment: Assessment::default(), verdict, judged_us: 0 };
    masking.hide(&mut judged);
    judged.request
}

/// The files that match; a pattern of something else than logs is no mistake, since they may come.
fn matching(glob: &Glob) -> Result<Vec<PathBuf>, EngineError> {
    let files = glob.files();
    match files.iter().find_map(|path| on_disk(path).err()) {
        Some(error) => Err(EngineError::NewSource { field: "path", problem: problem(error) }),
        None => Ok(files),
    }
}

/// Refuses what the kernel makes up: reading there may block, or do something.
fn on_disk(path: &Path) -> Result<(), SourceError> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_made_up = ["/proc", "/sys", "/dev"].iter().any(|folder| real.starts_with(folder));
    if is_made_up { Err(SourceError::NotAFile { path: path.to_owned() }) } else { Ok(()) }
}

/// What is wrong with a file, told so that it can follow the name of the member.
fn problem(error: SourceError) -> String {
    match error {
        SourceError::Missing { path } => {
            let path = path.display();
            format!(
                "names a file that does not exist, or lies in a folder that may not be entered: check {path}, or create \
                 it (touch {path}) if the web server has not written yet"
            )
        }
        SourceError::Directory { path } => format!(
            "names a folder: name the log file itself, or all logs in the folder: {}",
            path.join("*.log").display()
        ),
        error => format!("cannot be read: {error}"),
    }
}

/// Why a file is no access log; nothing of it is told.
pub(super) fn not_a_log(path: &Path, is_given: bool, first: &FirstLines) -> String {
    let path = path.display();
    let reasons: Vec<String> =
        first.problems.iter().take(3).map(|(problem, _)| problem.to_string()).collect();
    let reasons = reasons.join("; ");
    let (lines, parsed) = (first.lines, first.parsed);
    let found = if parsed == 0 { "none".to_owned() } else { format!("only {parsed}") };
    if is_given {
        return format!(
            "names a file that does not have the given format: of the first {lines} lines of {path}, {found} is a request \
             in it ({reasons}); correct the format, or leave it out to have it found"
        );
    }
    format!(
        "names no access log: of the first {lines} lines of {path}, {found} is a request ({reasons}); name the log that the \
         web server writes, or give its format if it has one of its own (nginx:<log_format> or apache:<LogFormat>)"
    )
}
