//! Measures the embedded model, or the one in `--model DIR`, on labelled files and access logs.

use std::path::{Path, PathBuf};

use bartizan_detect::Detector;
use bartizan_train::evaluate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut model: Option<String> = None;
    let mut show = 0;
    let mut scores: Option<String> = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--model" => model = words.next(),
            "--scores" => scores = words.next(),
            "--errors" => show = words.next().unwrap_or_default().parse()?,
            _ => files.push(word.into()),
        }
    }
    let detector = match model {
        Some(dir) => Detector::load(Path::new(&dir))?,
        None => Detector::embedded()?,
    };
    let report = evaluate(&detector, &files, detector.manifest().thresholds)?;
    say(&report.to_text());
    if let Some(file) = scores {
        let mut text = String::new();
        for set in &report.sets {
            for row in &set.rows {
                text.push_str(&format!(
                    "{}\t{}\t{:.9}\t{}\n",
                    set.file,
                    row.label,
                    row.score,
                    row.text.escape_debug()
                ));
            }
        }
        std::fs::write(file, text)?;
    }
    for set in &report.sets {
        for mistake in set.errors.iter().take(show) {
            say(&format!(
                "{} {} {:.4} {}",
                set.file,
                mistake.label,
                mistake.score,
                mistake.text.escape_debug()
            ));
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example is a small program")]
fn say(text: &str) {
    println!("{text}");
}
