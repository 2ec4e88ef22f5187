//! The scan itself: find the files, judge on all cores, count in order.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use bartizan_detect::{BehaviourConfig, Policy};
use bartizan_ingest::LineOptions;
use bartizan_model::Timestamp;

use crate::input::{Blocks, Discovered, discover};
use crate::judge::{Assess, BlockJudge};
use crate::order::Order;
use crate::tally::Tally;
use crate::{Progress, Report, report};

/// Blocks per thread that may wait for one that is judged more slowly.
const AHEAD_PER_THREAD: u64 = 4;

/// How to judge and how much to show.
#[derive(Debug, Clone)]
pub struct ScanOptions {
    /// From scores to verdicts.
    pub policy: Policy,
    /// Limits of the counters of floods, guessing and scanning.
    pub behaviour: BehaviourConfig,
    /// Name of the model, for the report.
    pub model: String,
    /// Threads that judge.
    pub threads: NonZeroUsize,
    /// Rows of each table.
    pub top: usize,
    /// How lines are to be read.
    pub lines: LineOptions,
    /// The time of standard input's lines that carry none.
    pub now: Timestamp,
}

/// Reads everything that is named, `-` being standard input, and reports.
///
/// Nothing that is read can make this fail; what could not be read stands in the report.
pub fn scan(inputs: &[PathBuf], judge: &dyn Assess, options: &ScanOptions, progress: &Progress) -> Report {
    let Discovered { files, troubles } = discover(inputs, options.now);
    let sizes = files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.size));
    progress.expect(u64::try_from(files.len()).unwrap_or(u64::MAX), sizes);

    let blocks = Mutex::new(Blocks::new(files, &options.lines, progress));
    let threads = u64::try_from(options.threads.get()).unwrap_or(u64::MAX);
    let tally = Tally::new(options.policy, options.behaviour.clone());
    let order = Order::new(tally, threads.saturating_mul(AHEAD_PER_THREAD));
    std::thread::scope(|scope| {
        for _ in 1..options.threads.get() {
            scope.spawn(|| work(&blocks, &order, judge, options.policy, progress));
        }
        work(&blocks, &order, judge, options.policy, progress);
    });
    let records = blocks.into_inner().unwrap_or_else(PoisonError::into_inner).into_records();
    // A thread that died took the scan with it just above.
    let tally = order.into_tally().unwrap_or_else(|| Tally::new(options.policy, options.behaviour.clone()));
    report::build(&tally, &records, &troubles, options)
}

/// What each thread does until there is nothing left to read.
fn work(
    blocks: &Mutex<Blocks<'_>>,
    order: &Order<Tally>,
    judge: &dyn Assess,
    policy: Policy,
    progress: &Progress,
) {
    let giving_up = GivingUp(order);
    let mut judge = BlockJudge::new(judge, policy);
    loop {
        let block = blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some(block) = block else { break };
        let judged = judge.judge(&block);
        drop(block);
        progress.judged(judged.lines);
        if !order.hand_in(judged, |tally, block| tally.add(&block)) {
            break;
        }
    }
    drop(giving_up);
}

/// Keeps the other threads from waiting for one that died.
struct GivingUp<'a>(&'a Order<Tally>);

impl Drop for GivingUp<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}
