//! What assessing costs, as a whole and in its two main steps: `cargo bench -p bartizan-detect`.

use std::hint::black_box;
use std::time::Duration;

use bartizan_detect::{Detector, Flags, Text, Tracking, Wrapping, canonicalise, decode, tokens};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

mod requests;

criterion_group! {
    name = costs;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = assess, canonicalise_encoded, tokens_of_a_kilobyte
}
criterion_main!(costs);

/// Whole requests, each kind a group of one; the requests of a kind take turns.
fn assess(criterion: &mut Criterion) {
    let detector = Detector::embedded().expect("the model that is part of the library");
    let mut group = criterion.benchmark_group("assess");
    for (name, requests) in requests::kinds() {
        // A megabyte takes milliseconds: fewer samples say as much.
        group.sample_size(if requests.len() > 1 { 100 } else { 20 });
        let mut turns = requests.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| detector.assess(black_box(turns.next().expect("a cycle does not end"))));
        });
    }
    group.finish();
}

/// A value that is encoded twice, with a comment and a concatenation to be undone.
fn canonicalise_encoded(criterion: &mut Criterion) {
    const VALUE: &[u8] = b"1%2527%2520UNI%252f%252a%252a%252fON%2520SEL%2545CT%2520%2527a%2527%257c%257c%2527b%2527%252c\
        p%2561ssword%2520FR%254fM%2520users%2520WHERE%2520id%253d0x31%2520--%2520%2526%2523x3c%253bscript%253e";
    let mut group = criterion.benchmark_group("canonicalise");
    group.throughput(Throughput::Bytes(VALUE.len() as u64));
    for (name, tracking) in [("encoded value", Tracking::Off), ("encoded value, tracked", Tracking::On)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| canonical(black_box(VALUE), tracking));
        });
    }
    group.finish();
}

fn canonical(value: &[u8], tracking: Tracking) -> Text {
    let mut flags = Flags::NONE;
    let decoded = decode(value, Wrapping::Plus, tracking, &mut flags);
    canonicalise(&decoded, &mut flags)
}

fn tokens_of_a_kilobyte(criterion: &mut Criterion) {
    let text: Vec<u8> =
        b"select name, price from items where id = 7 and title like '%chair%'; <b onclick=go(1)>"
            .iter()
            .copied()
            .cycle()
            .take(1_024)
            .collect();
    let mut group = criterion.benchmark_group("tokens");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("1 KB", |bencher| bencher.iter(|| tokens(black_box(&text))));
    group.finish();
}
