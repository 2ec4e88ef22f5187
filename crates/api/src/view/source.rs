//! Sources that are added while the server runs, and what they would read.

use bartizan_engine::{AddedSource as Added, FilePreview as File, SourcePreview as Preview};
use bartizan_model::HttpRequest;
use serde::Serialize;
use utoipa::ToSchema;

/// Longest target and header that is shown, in characters.
const MAX_SHOWN: usize = 512;

/// A source that was added, in the words of the configuration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedSource {
    /// The name that it is shown under and removed by; files of a pattern are named after it.
    name: String,
    path: String,
    /// The format that was given; null: it is found in the lines.
    format: Option<String>,
    /// The zone of times that name none; null: UTC.
    time_zone: Option<String>,
}

impl From<&Added> for AddedSource {
    fn from(added: &Added) -> Self {
        Self {
            name: added.name.clone(),
            path: added.path.display().to_string(),
            format: added.format.clone(),
            time_zone: added.time_zone.clone(),
        }
    }
}

/// What a source would read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcePreview {
    /// The name that it would have.
    name: String,
    /// The path without `..` and linked folders.
    path: String,
    /// Whether the path is a pattern: then files that match later are read as well.
    is_pattern: bool,
    /// The first twenty files.
    files: Vec<FilePreview>,
    /// How many files there are.
    file_count: usize,
    /// Files beyond those that a pattern follows.
    left_out: usize,
    /// Bytes of the files.
    bytes: u64,
    /// The stable name of the format; null before the first line.
    format: Option<&'static str>,
    /// The format in words.
    format_title: Option<&'static str>,
    /// Why it is taken to be that.
    reason: Option<String>,
    /// First lines that were looked at, of all files.
    lines: usize,
    /// Of these, requests.
    parsed: usize,
    /// What is wrong with the other lines.
    problems: Vec<ProblemCount>,
    /// At most five of the requests; secrets are hidden.
    requests: Vec<SampleRequest>,
    /// Byte at which reading would go on, because a source of this name has read before; null: from the start.
    resumes_at: Option<u64>,
}

/// One file that a source would read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilePreview {
    path: String,
    bytes: u64,
    /// The stable name of its format.
    format: Option<&'static str>,
    /// First lines that were looked at.
    lines: usize,
    /// Of these, requests.
    parsed: usize,
    /// Why it would not be read.
    problem: Option<String>,
}

/// What is wrong with so many lines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemCount {
    problem: String,
    lines: usize,
}

/// A request that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SampleRequest {
    #[schema(format = DateTime)]
    timestamp: String,
    ip: String,
    host: Option<String>,
    method: String,
    /// Path and query as sent, cut.
    endpoint: String,
    /// 0 when unknown.
    status: u16,
    user_agent: Option<String>,
}

impl From<Preview> for SourcePreview {
    fn from(preview: Preview) -> Self {
        Self {
            left_out: preview.left_out(),
            name: preview.name,
            path: preview.path.display().to_string(),
            is_pattern: preview.is_pattern,
            files: preview.files.into_iter().map(FilePreview::from).collect(),
            file_count: preview.file_count,
            bytes: preview.bytes,
            format: preview.format.map(bartizan_engine::LogFormat::as_str),
            format_title: preview.format.map(bartizan_engine::LogFormat::title),
            reason: preview.reason,
            lines: preview.lines,
            parsed: preview.parsed,
            problems: preview
                .problems
                .into_iter()
                .map(|(problem, lines)| ProblemCount { problem, lines })
                .collect(),
            requests: preview.requests.into_iter().map(SampleRequest::from).collect(),
            resumes_at: preview.resumes_at,
        }
    }
}

impl From<File> for FilePreview {
    fn from(file: File) -> Self {
        Self {
            path: file.path.display().to_string(),
            bytes: file.bytes,
            format: file.format.map(bartizan_engine::LogFormat::as_str),
            lines: file.lines,
            parsed: file.parsed,
            problem: file.problem,
        }
    }
}

impl From<HttpRequest> for SampleRequest {
    fn from(request: HttpRequest) -> Self {
        let cut = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(MAX_SHOWN).collect::<String>();
        let agent = request.headers.iter().find(|(name, _)| name == "user-agent");
        Self {
            timestamp: request.time.to_string(),
            user_agent: agent.map(|(_, value)| cut(value)),
            ip: request.client,
            host: request.host,
            method: request.method,
            endpoint: cut(&request.target),
            status: request.status,
        }
    }
}
