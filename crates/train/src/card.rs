//! The model card: what the model was made of and how good it is, the bad numbers first.

use std::fmt::Write as _;

use bartizan_detect::{Calibration, FILTERS, ModelManifest, SetMetrics};

use crate::calibrate::{BLOCK_FPR, FLAG_FPR, Opinion, worst_evidence};
use crate::corpus::Corpus;
use crate::model::{CLASSES, MEMBERS};
use crate::{EvalReport, SetReport};

/// The figures of one set as the manifest keeps them.
pub(crate) fn metrics(set: &SetReport) -> SetMetrics {
    SetMetrics {
        set: set.file.clone(),
        seen: set.file.starts_with("train/"),
        attack: set.attack,
        benign: set.benign,
        tpr_flag: set.flagged.0,
        tpr_block: set.tpr,
        fpr_flag: set.flagged.1,
        fpr_block: set.fpr,
    }
}

/// How values of a kind fare that no weight was trained on: caught at the block threshold, of how many.
pub(crate) struct UnseenKind {
    pub(crate) name: String,
    pub(crate) attack: bool,
    pub(crate) caught: u64,
    pub(crate) total: u64,
}

/// The figures of cross-fitting by kind.
pub(crate) fn unseen_kinds(
    calibration: &Calibration,
    opinions: &[Opinion],
    corpus: &Corpus,
) -> Vec<UnseenKind> {
    let mut counts: std::collections::BTreeMap<(bool, u16), (u64, u64)> = std::collections::BTreeMap::new();
    for (at, evidence) in worst_evidence(calibration, opinions) {
        let example = &corpus.examples[at];
        let (caught, total) = counts.entry((example.truth.is_attack(), example.kind)).or_default();
        *caught += u64::from(evidence >= calibration.origin);
        *total += 1;
    }
    counts
        .into_iter()
        .map(|((attack, kind), (caught, total))| UnseenKind {
            name: corpus.kinds.name(kind).to_owned(),
            attack,
            caught,
            total,
        })
        .collect()
}

/// `MODEL_CARD.md`.
pub(crate) fn card(
    manifest: &ModelManifest,
    report: &EvalReport,
    confusion: &[Vec<u64>],
    unseen: &[UnseenKind],
) -> String {
    let mut text = format!("# Model card: {}\n\n", manifest.version);
    let _ = writeln!(
        text,
        "Two unlike models judge together: a linear one over hashed n-grams of bytes and of tokens (1 to 4), in windows of\n\
         24 to 192 bytes, and a convolution over lexer tokens (kernel 5, {FILTERS} filters, maximum over 32 tokens). Each is\n\
         the mean of {MEMBERS} that were trained apart, the first without the broad kinds of attack. Each is put on the\n\
         scale of its own benign tail, and the mean is the evidence. A request is as bad as its worst field, a field as\n\
         its worst text. Class heads name the class. How and why: docs/detection.md. Trained at {} with seed {};\n\
         the command is `bartizan train --data DIR --out models/{}`.\n\n\
         Flag threshold {:.3}, block threshold {:.3}. The score is a logistic function of the evidence (slope {:.3}, origin {:.3}).\n\
         The origin is the evidence that {} % of ordinary values exceed, so one half is the block threshold; the flag\n\
         threshold is exceeded by {} % of them. Both were measured by cross-fitting: every kind of value was judged by\n\
         models that had not seen that kind. A value of a kind that the model has seen is flagged far less often.\n\
         To the evidence of a value in a query {:.3} is added, and {:.3} more when it has several lines: fewer kinds of\n\
         ordinary text stand there.\n\
         The slope gives both labels equal weight: read the score as a probability where attacks are as common as\n\
         ordinary requests, not as the share of attacks in your traffic.\n",
        manifest.trained_at,
        manifest.seed,
        manifest.version,
        manifest.thresholds.flag,
        manifest.thresholds.block,
        manifest.calibration.slope,
        manifest.calibration.origin,
        BLOCK_FPR * 100.0,
        FLAG_FPR * 100.0,
        manifest.calibration.query,
        manifest.calibration.query_lines,
    );
    figures(&mut text, report);
    classes(&mut text, report);
    unseen_table(&mut text, unseen);
    confusion_table(&mut text, confusion);
    text.push_str("## Data\n\n| set | attack | benign | licence | SHA-256 |\n|---|---|---|---|---|\n");
    for source in &manifest.data {
        let hash = source.sha256.as_deref().unwrap_or("generated from the seed");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {hash} |",
            source.name, source.attack, source.benign, source.licence
        );
    }
    text.push_str(WEAKNESSES);
    text
}

const WEAKNESSES: &str = "
## Known weaknesses

* Attacks without visible syntax (a sensitive file name, an endpoint that should not be reached, a plain number out of
  range) are not seen by the model. Signals and behaviour counters cover a part of them and are never mixed into the score.
* Code, SQL or markup typed by people into editors, forums and templates looks like an attack and may be flagged.
  Simple formatting (paragraphs, emphasis, lists, links) counts as benign; scripts, handlers and complete SQL
  statements count as attacks wherever they stand.
* Host names, client addresses and standard headers with ordinary values never reach the model.
* Benign traffic of modern applications is mostly generated, not recorded: false alarms on unusual applications may be
  higher than the table says.
* Payloads in compressed bodies or behind encodings of an application of its own are not decoded.
* Classes with thin data (LDAP and XPath, deserialisation, header splitting) rest largely on generated attacks.
";

fn figures(text: &mut String, report: &EvalReport) {
    text.push_str(
        "## Quality per set, worst first\n\nRates at the shipped thresholds. No row of the sets under `validate` was \
         trained on or set a threshold; those under `train` are listed for completeness.\n\n\
         These figures are not blind: `validate` was looked at while the grammars grew, and the operating point was chosen with\n\
         it and with the suites of the repository in sight. Expect less on other traffic.\n\n\
         | set | attacks | caught (block) | caught (flag) | benign | false alarms (block) | false alarms (flag) | AUC |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut sets: Vec<&SetReport> = report.sets.iter().collect();
    let badness = |set: &SetReport| {
        let seen = if set.file.starts_with("train/") { 0.0 } else { 10.0 };
        seen + set.tpr.map_or(0.0, |rate| 1.0 - rate) + set.fpr.unwrap_or(0.0) * 100.0
    };
    sets.sort_by(|left, right| badness(right).total_cmp(&badness(left)));
    for set in sets {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            set.file,
            set.attack,
            percent(set.tpr),
            percent(set.flagged.0),
            set.benign,
            percent(set.fpr),
            percent(set.flagged.1),
            set.auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.4}")),
        );
    }
    text.push('\n');
}

fn classes(text: &mut String, report: &EvalReport) {
    text.push_str("## Caught per labelled class, validation only\n\n| set | class | caught (block) | of |\n|---|---|---|---|\n");
    let unseen = report.sets.iter().filter(|set| !set.file.starts_with("train/"));
    for (set, class, share) in unseen.flat_map(|set| {
        set.classes
            .iter()
            .map(move |(class, count)| (set, class, if set.attack > 0 { count.attack } else { count.benign }))
    }) {
        let _ = writeln!(text, "| {} | {class} | {} | {} |", set.file, share.caught, share.total);
    }
    text.push('\n');
}

fn confusion_table(text: &mut String, confusion: &[Vec<u64>]) {
    text.push_str(
        "## Confusion matrix\n\nAttacks of kinds that the heads had not seen; rows are labels, columns what they were given.\n\n|  |",
    );
    for class in CLASSES {
        let _ = write!(text, " {} |", class.as_str().replace('_', " "));
    }
    text.push_str(" right |\n|---|");
    text.push_str(&"---|".repeat(CLASSES.len() + 1));
    text.push('\n');
    for (row, counts) in confusion.iter().enumerate() {
        let total: u64 = counts.iter().sum();
        let right = counts.get(row).copied().unwrap_or_default();
        let _ = write!(text, "| {} |", CLASSES.get(row).map_or("", |class| class.as_str()));
        for count in counts {
            let _ = write!(text, " {count} |");
        }
        let share = (total > 0).then(|| right as f64 / total as f64);
        let _ = writeln!(text, " {} |", percent(share));
    }
    text.push('\n');
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.2} %", rate * 100.0))
}

fn unseen_table(text: &mut String, unseen: &[UnseenKind]) {
    text.push_str("## Kinds that the judging models had never seen, the worst first\n\n| kind | label | caught | of |\n|---|---|---|---|\n");
    let wrong = |kind: &UnseenKind| {
        let share = kind.caught as f64 / kind.total.max(1) as f64;
        if kind.attack { 1.0 - share } else { share * 100.0 }
    };
    let mut kinds: Vec<&UnseenKind> = unseen.iter().filter(|kind| wrong(kind) > 0.0).collect();
    kinds.sort_by(|left, right| wrong(right).total_cmp(&wrong(left)));
    for kind in kinds.into_iter().take(60) {
        let label = if kind.attack { "attack" } else { "benign" };
        let _ = writeln!(text, "| {} | {label} | {} | {} |", kind.name, kind.caught, kind.total);
    }
    text.push('\n');
}
