//! The shipped pair of models beside small networks made with candle, learnt from a sample of the same texts.
//!
//! Arguments: the data folder (with `train` and `validate`), and a folder with more labelled files. Every line takes
//! requests apart in the same way, skips the same texts, and scores a request by its worst text. Prints two tables in
//! Markdown. See README.md.

mod data;
mod linear;
mod networks;
mod rates;
mod rng;

use std::path::Path;
use std::time::Instant;

use bartizan_detect::Detector;

use data::{Piece, Row, evidence, files, pieces, rows, samples};
use networks::{Bag, Convolution, Network};
use rng::Rng;

type Failure = Box<dyn std::error::Error>;

/// Seed of every order and of the first weights.
const SEED: u64 = 7;
/// Passes, and first step sizes. Nothing was tuned: the first setting was measured, then the bag's four passes were cut
/// to three, so that all trainings fit into six minutes of one thread.
const LINEAR_EPOCHS: usize = 6;
const BAG_EPOCHS: usize = 3;
const BAG_RATE: f64 = 3e-3;
const CONVOLUTION_EPOCHS: usize = 4;
const CONVOLUTION_RATE: f64 = 3e-3;
/// The file whose requests the time is measured on.
const TIMED: &str = "browser_benign";
/// Times that it is measured.
const ROUNDS: usize = 5;
/// Shares of benign rows above the limits.
const SHARES: [f64; 2] = [0.001, 0.0005];

struct Set {
    name: String,
    rows: Vec<Row>,
}

/// How bad a request is whose texts these are.
type Score<'a> = dyn Fn(&[Piece]) -> Result<f64, Failure> + 'a;

/// One line of the tables.
struct Model<'a> {
    name: &'static str,
    learnt_from: String,
    training_s: Option<f64>,
    score: Box<Score<'a>>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, suites] = arguments.as_slice() else {
        return Err("give the data folder and the folder of suites".into());
    };
    if std::env::var("RAYON_NUM_THREADS").as_deref() != Ok("1") {
        return Err("set RAYON_NUM_THREADS=1: every model is measured on one thread".into());
    }
    let mut sets = Vec::new();
    for file in [files(&Path::new(data).join("validate"))?, files(Path::new(suites))?].concat() {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        sets.push(Set { name, rows: rows(&file)? });
    }
    let shipped = Detector::embedded()?;
    let samples = samples(Path::new(data), &shipped, &mut Rng(SEED))?;
    let attacks = samples.iter().filter(|sample| sample.is_attack).count();
    say(&format!("{} texts to learn from, {attacks} of them attacks\n", samples.len()));
    let given = format!("{} texts of them", samples.len());

    let (linear, linear_s) = timed("linear", || Ok(linear::train(&samples, LINEAR_EPOCHS, &mut Rng(SEED))))?;
    let (bag, bag_s) = timed("bag", || {
        let bag = Bag::new(&mut Rng(SEED))?;
        networks::train(&bag, &samples, BAG_EPOCHS, BAG_RATE, &mut Rng(SEED))?;
        Ok(bag)
    })?;
    let (convolution, convolution_s) = timed("convolution", || {
        let convolution = Convolution::new(&mut Rng(SEED))?;
        networks::train(&convolution, &samples, CONVOLUTION_EPOCHS, CONVOLUTION_RATE, &mut Rng(SEED))?;
        Ok(convolution)
    })?;
    say("");
    let everything = "everything".to_owned();
    let weights = shipped.weights();
    let of_network = |name, training_s, network: Box<dyn Network>| Model {
        name,
        learnt_from: given.clone(),
        training_s: Some(training_s),
        score: Box::new(move |pieces| Ok(networks::worst(&*network, pieces)?)),
    };
    let models = [
        Model {
            name: "shipped pair",
            learnt_from: everything.clone(),
            training_s: None,
            score: Box::new(|pieces| Ok(worst(pieces, |piece| evidence(&shipped, piece)))),
        },
        Model {
            name: "its linear model alone",
            learnt_from: everything.clone(),
            training_s: None,
            score: Box::new(|pieces| Ok(worst(pieces, |piece| linear_logit(&weights.linear, piece)))),
        },
        Model {
            name: "its token network alone",
            learnt_from: everything,
            training_s: None,
            score: Box::new(|pieces| {
                let logit =
                    |piece: &Piece| weights.network.worst_window(&piece.marked()).map(|window| window.logit);
                Ok(worst(pieces, |piece| logit(piece).map_or(f64::NEG_INFINITY, f64::from)))
            }),
        },
        Model {
            name: "the linear model",
            learnt_from: given.clone(),
            training_s: Some(linear_s),
            score: Box::new(|pieces| Ok(worst(pieces, |piece| linear_logit(&linear, piece)))),
        },
        of_network("embedding bag, candle", bag_s, Box::new(bag)),
        of_network("byte CNN, candle", convolution_s, Box::new(convolution)),
    ];
    tables(&models, &sets)
}

/// What a training gives, and its seconds.
fn timed<T>(name: &str, train: impl FnOnce() -> Result<T, Failure>) -> Result<(T, f64), Failure> {
    let start = Instant::now();
    let model = train()?;
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("{name}: trained in {seconds:.0} s"));
    Ok((model, seconds))
}

fn linear_logit(model: &bartizan_detect::Linear, piece: &Piece) -> f64 {
    f64::from(model.worst_window(&piece.bytes, &piece.tokens, piece.flags).logit)
}

fn worst(pieces: &[Piece], logit: impl Fn(&Piece) -> f64) -> f64 {
    pieces.iter().map(logit).fold(f64::NEG_INFINITY, f64::max)
}

/// Quality over all sets and cost, then the share of attacks caught in each set.
fn tables(models: &[Model<'_>], sets: &[Set]) -> Result<(), Failure> {
    let count = |is_attack| {
        let rows = sets.iter().flat_map(|set| &set.rows);
        rows.filter(|row| row.is_attack == is_attack).count()
    };
    say(&format!("{} attacks and {} benign rows in {} sets\n", count(true), count(false), sets.len()));
    say("| model | learnt from | caught at 0.1 % | caught at 0.05 % | AUC | training | per request |");
    say("|---|---|---|---|---|---|---|");
    let attacking: Vec<&Set> = sets.iter().filter(|set| set.rows.iter().any(|row| row.is_attack)).collect();
    let mut per_set = Vec::new();
    for model in models {
        let mut benign = Vec::new();
        let mut attacks = vec![Vec::new(); attacking.len()];
        let mut timed = f64::NAN;
        for set in sets {
            let judge = || -> Result<Vec<f64>, Failure> {
                set.rows.iter().map(|row| (model.score)(&pieces(&row.request))).collect()
            };
            let scores = judge()?;
            // The quickest round counts: what the machine does beside it is not ours.
            for _ in 0..if set.name == TIMED { ROUNDS } else { 0 } {
                let start = Instant::now();
                std::hint::black_box(judge()?);
                timed = timed.min(start.elapsed().as_secs_f64() * 1e6 / set.rows.len() as f64);
            }
            let at = attacking.iter().position(|other| other.name == set.name);
            for (row, score) in set.rows.iter().zip(scores) {
                match at.filter(|_| row.is_attack).and_then(|at| attacks.get_mut(at)) {
                    Some(attacks) => attacks.push(score),
                    None => benign.push(score),
                }
            }
        }
        let limits = SHARES.map(|share| rates::limit(&mut benign, share));
        let all = attacks.concat();
        let [first, second] = limits.map(|limit| rates::above(&all, limit) * 100.0);
        let training = model.training_s.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.0} s"));
        say(&format!(
            "| {} | {} | {first:.1} % | {second:.1} % | {:.4} | {training} | {timed:.0} us |",
            model.name,
            model.learnt_from,
            rates::area(&all, &benign),
        ));
        let shares = attacks.iter().map(|scores| {
            limits.map(|limit| format!("{:.1}", rates::above(scores, limit) * 100.0)).join(" / ")
        });
        per_set.push(format!("| {} | {} |", model.name, shares.collect::<Vec<_>>().join(" | ")));
    }
    let names: Vec<&str> = attacking.iter().map(|set| set.name.as_str()).collect();
    say(&format!("\nCaught at 0.1 % / 0.05 %, in percent:\n\n| model | {} |", names.join(" | ")));
    say(&format!("|---|{}", "---|".repeat(names.len())));
    for line in &per_set {
        say(line);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the tables are what this program is for")]
fn say(line: &str) {
    println!("{line}");
}
