//! Trains a model: `cargo run --release -p bartizan-train --example train -- --data DIR --out DIR [--seed N]`.

use std::path::PathBuf;

use bartizan_train::{TrainOptions, train};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options =
        TrainOptions { data: PathBuf::from("data"), out: PathBuf::from("models/wall-3"), seed: 1 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or("every option takes a value")?;
        match word.as_str() {
            "--data" => options.data = value.into(),
            "--out" => options.out = value.into(),
            "--seed" => options.seed = value.parse()?,
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    let report = train(&options, &|step, done, total| say(&format!("{step} {done}/{total}")))?;
    say(&format!("{} examples, {} bytes of weights", report.examples, report.weights_bytes));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example is a small program")]
fn say(text: &str) {
    println!("{text}");
}
