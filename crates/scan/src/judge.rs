//! Blocks of lines to judged requests: what every thread does by itself.

use std::sync::Arc;

use bartizan_detect::{Detector, Policy};
use bartizan_ingest::{LineError, LineParser, MAX_LINE_BYTES};
use bartizan_model::{Action, Assessment, HttpRequest, Timestamp};

use crate::input::{Block, Content};
use crate::remembered::Remembered;
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
    remembered: Remembered,
}

impl<'a> BlockJudge<'a> {
    pub(crate) fn new(judge: &'a dyn Assess, policy: Policy) -> Self {
        Self { judge, policy, remembered: Remembered::default() }
    }

    pub(crate) fn judge(&mut self, block: &Block) -> JudgedBlock {
        let mut judged = JudgedBlock { sequence: block.sequence, file: block.file, ..JudgedBlock::default() };
        match &block.content {
            Content::TooLong(beginning) => {
                judged.lines = 1;
                judged.unreadable.push(unreadable(0, LineError::TooLong, beginning, true));
            }
            Content::Lines(text) => {
                self.judge_lines(&mut block.parser.clone(), text, block.read_at, &mut judged);
            }
        }
        judged
    }

    fn judge_lines(
        &mut self,
        parser: &mut LineParser,
        text: &[u8],
        read_at: Timestamp,
        judged: &mut JudgedBlock,
    ) {
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
                parse::request(parser, line, read_at)
            };
            match read {
                Ok(None) => judged.blank += 1,
                Ok(Some(request)) => {
                    let (judge, policy) = (self.judge, self.policy);
                    let assessment = self.remembered.or_assess(&request, || assess(judge, policy, &request));
                    judged.requests.push(JudgedRequest { line: number, request, assessment });
                }
                Err(error) => {
                    let is_sampled = judged.unreadable.len() < SAMPLES_PER_BLOCK;
                    judged.unreadable.push(unreadable(number, error, line, is_sampled));
                }
            }
        }
    }
}

/// What is seen in a request, as far as a report shows it; `None` when nothing is.
fn assess(judge: &dyn Assess, policy: Policy, request: &HttpRequest) -> Option<Arc<Assessment>> {
    let mut assessment = judge.assess(request);
    if assessment.findings.is_empty() && policy.decide(&assessment).action == Action::Allow {
        return None;
    }
    // A report shows the verdict, not its explanation.
    assessment.fields = Vec::new();
    assessment.explanation = Vec::new();
    assessment.scores = Vec::new();
    Some(Arc::new(assessment))
}

fn unreadable(line: u64, error: LineError, text: &[u8], is_sampled: bool) -> UnreadableLine {
    UnreadableLine { line, error, sample: is_sampled.then(|| plain::bytes(text)) }
}
