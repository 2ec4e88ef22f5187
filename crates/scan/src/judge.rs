//! Blocks of lines to judged requests: what every thread does by itself.

use std::collections::HashMap;
use std::sync::Arc;

use bartizan_detect::{Detector, Policy};
use bartizan_ingest::{LineError, MAX_LINE_BYTES};
use bartizan_model::{Action, Assessment, HttpRequest, Timestamp};

use crate::input::{Block, Content};
use crate::{parse, plain};

/// Whoever judges a single request. A trait, so that counting can be tested without a trained model.
pub trait Assess: Sync {
    /// What is seen in the request.
    fn assess(&self, request: &HttpRequest) -> Assessment;
}

impl Assess for Detector {
    fn assess(&self, request: &HttpRequest) -> Assessment {
        Self::assess(self, request)
    }
}

/// Requests whose assessment one thread remembers.
const MAX_REMEMBERED: usize = 8_192;

/// Longest request that is remembered, in bytes.
const MAX_REMEMBERED_BYTES: usize = 1_024;

/// Samples of unreadable lines that one block keeps per reason.
const SAMPLES_PER_BLOCK: usize = 10;

/// A block after judging.
#[derive(Debug, Default)]
pub(crate) struct JudgedBlock {
    pub(crate) sequence: u64,
    pub(crate) file: usize,
    /// Lines of the block, blank ones included, for counting on.
    pub(crate) lines: u64,
    pub(crate) blank: u64,
    pub(crate) requests: Vec<JudgedRequest>,
    pub(crate) unreadable: Vec<UnreadableLine>,
}

/// A request with what was seen in it alone.
#[derive(Debug)]
pub(crate) struct JudgedRequest {
    /// Line within the block, from 0.
    pub(crate) line: u64,
    pub(crate) request: HttpRequest,
    /// `None` when nothing was found.
    pub(crate) assessment: Option<Arc<Assessment>>,
}

/// A line that is no request.
#[derive(Debug)]
pub(crate) struct UnreadableLine {
    /// Line within the block, from 0.
    pub(crate) line: u64,
    pub(crate) error: LineError,
    /// Its text for people, kept of the first ones only.
    pub(crate) sample: Option<String>,
}

/// Judges blocks, and remembers what it judged last: in a log the same pages are asked for again and again.
pub(crate) struct BlockJudge<'a> {
    judge: &'a dyn Assess,
    policy: Policy,
    remembered: HashMap<Box<[u8]>, Option<Arc<Assessment>>>,
    key: Vec<u8>,
}

impl<'a> BlockJudge<'a> {
    pub(crate) fn new(judge: &'a dyn Assess, policy: Policy) -> Self {
        Self { judge, policy, remembered: HashMap::new(), key: Vec::new() }
    }

    pub(crate) fn judge(&mut self, block: &Block) -> JudgedBlock {
        let mut judged = JudgedBlock { sequence: block.sequence, file: block.file, ..JudgedBlock::default() };
        match &block.content {
            Content::TooLong(beginning) => {
                judged.lines = 1;
                judged.unreadable.push(unreadable(0, LineError::TooLong, beginning, true));
            }
            Content::Lines(text) => self.judge_lines(text, block.read_at, &mut judged),
        }
        judged
    }

    fn judge_lines(&mut self, text: &[u8], read_at: Timestamp, judged: &mut JudgedBlock) {
        // A line end at the end of a block does not begin another line.
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        for (line, number) in text.split(|byte| *byte == b'\n').zip(0_u64..) {
            judged.lines = number + 1;
            if parse::is_blank(line) {
                judged.blank += 1;
                continue;
            }
            let read = if line.len() > MAX_LINE_BYTES {
                Err(LineError::TooLong)
            } else {
                parse::request(line, read_at)
            };
            match read {
                Ok(request) => {
                    let assessment = self.assess(&request);
                    judged.requests.push(JudgedRequest { line: number, request, assessment });
                }
                Err(error) => {
                    let is_sampled = judged.unreadable.len() < SAMPLES_PER_BLOCK;
                    judged.unreadable.push(unreadable(number, error, line, is_sampled));
                }
            }
        }
    }

    fn assess(&mut self, request: &HttpRequest) -> Option<Arc<Assessment>> {
        if !write_key(request, &mut self.key) {
            return self.assess_anew(request);
        }
        if let Some(known) = self.remembered.get(self.key.as_slice()) {
            return known.clone();
        }
        let assessment = self.assess_anew(request);
        if self.remembered.len() >= MAX_REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(self.key.as_slice().into(), assessment.clone());
        assessment
    }

    fn assess_anew(&self, request: &HttpRequest) -> Option<Arc<Assessment>> {
        let mut assessment = self.judge.assess(request);
        if assessment.findings.is_empty() && self.policy.decide(&assessment).action == Action::Allow {
            return None;
        }
        // A report shows the verdict, not its explanation.
        assessment.fields = Vec::new();
        assessment.explanation = Vec::new();
        assessment.scores = Vec::new();
        Some(Arc::new(assessment))
    }
}

/// Writes everything that a request is judged by: equal keys are equal requests to a detector, which looks neither at
/// the client nor at the time. `false` when the request is not worth remembering.
fn write_key(request: &HttpRequest, key: &mut Vec<u8>) -> bool {
    let headers = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    if request.body.is_some() || request.target.len() + headers > MAX_REMEMBERED_BYTES {
        return false;
    }
    key.clear();
    let host = request.host.as_deref().unwrap_or_default();
    let protocol = request.protocol.as_deref().unwrap_or_default();
    key.extend_from_slice(&request.status.to_le_bytes());
    let texts = [request.method.as_bytes(), host.as_bytes(), protocol.as_bytes(), &request.target];
    let headers = request.headers.iter().flat_map(|(name, value)| [name.as_bytes(), value]);
    for part in texts.into_iter().chain(headers) {
        // The length before each part keeps two parts from being read as two others.
        key.extend_from_slice(&part.len().to_le_bytes());
        key.extend_from_slice(part);
    }
    true
}

fn unreadable(line: u64, error: LineError, text: &[u8], is_sampled: bool) -> UnreadableLine {
    UnreadableLine { line, error, sample: is_sampled.then(|| plain::bytes(text)) }
}
