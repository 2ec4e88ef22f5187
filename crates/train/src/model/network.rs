//! Training of the token network.

use bartizan_detect::{BLOCK, EDGE, FILTERS, KERNEL, MAX_ENTRY, Network, Token, block_windows, kinds};

use super::{MIN_SLOPE, order, sigmoid};
use crate::example::Example;
use crate::rng::Rng;

/// Step size of Adagrad, found on data left out.
const RATE: f32 = 0.05;
/// What the squares of Adagrad start from.
const FIRST_SQUARE: f32 = 1e-3;
/// Pull of every touched entry towards 0.
const DECAY: f32 = 1e-5;
/// Share of the filters that sit out a step, in percent: no filter may rely on another.
const DROPPED: usize = 20;

type Row = [f32; FILTERS];

/// The network in floating point, trained by Adagrad. A step is sparse: each filter learns at the one place where it
/// fired most, so an example costs a few microseconds. The same network as a graph of dense tensors in a general
/// library took some thirty times as long for the same quality (docs/detection.md).
pub(crate) struct NetworkTrainer {
    tables: Vec<Vec<Row>>,
    bias: Row,
    output: Row,
    output_bias: f32,
    table_squares: Vec<Vec<Row>>,
    bias_squares: Row,
    output_squares: Row,
    output_bias_square: f32,
    kept: Option<Kept>,
}

/// Sums over the passes that were kept.
struct Kept {
    tables: Vec<Vec<Row>>,
    bias: Row,
    output: Row,
    output_bias: f32,
    passes: f32,
}

/// The best output of each filter in a block, and where.
#[derive(Clone, Copy)]
struct Maximum {
    value: Row,
    at: [u32; FILTERS],
}

/// The worst window of an example.
struct Worst {
    piece: usize,
    maximum: Maximum,
    logit: f32,
}

impl NetworkTrainer {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut random = |spread: f32| (rng.below(20_001) as f32 / 10_000.0 - 1.0) * spread;
        let tables = (0..KERNEL)
            .map(|_| (0..kinds()).map(|_| std::array::from_fn(|_| random(0.1))).collect())
            .collect();
        Self {
            tables,
            bias: [0.0; FILTERS],
            output: std::array::from_fn(|filter| random(0.2) + if filter % 2 == 0 { 0.4 } else { -0.4 }),
            output_bias: 0.0,
            table_squares: vec![vec![[FIRST_SQUARE; FILTERS]; kinds()]; KERNEL],
            bias_squares: [FIRST_SQUARE; FILTERS],
            output_squares: [FIRST_SQUARE; FILTERS],
            output_bias_square: 1.0,
            kept: None,
        }
    }

    /// One pass over the examples outside one part, in a new order.
    pub(crate) fn epoch(&mut self, examples: &[Example], left_out: Option<usize>, rng: &mut Rng) {
        for at in order(examples, left_out, rng) {
            self.step(&examples[at], rng);
        }
    }

    /// Lets the weights as they stand count for the average.
    pub(crate) fn keep(&mut self) {
        let kept = self.kept.get_or_insert_with(|| Kept {
            tables: vec![vec![[0.0; FILTERS]; kinds()]; KERNEL],
            bias: [0.0; FILTERS],
            output: [0.0; FILTERS],
            output_bias: 0.0,
            passes: 0.0,
        });
        let add =
            |sums: &mut Row, values: &Row| sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        for (sums, rows) in kept.tables.iter_mut().zip(&self.tables) {
            sums.iter_mut().zip(rows).for_each(|(sums, row)| add(sums, row));
        }
        add(&mut kept.bias, &self.bias);
        add(&mut kept.output, &self.output);
        kept.output_bias += self.output_bias;
        kept.passes += 1.0;
    }

    /// The mean of the weights that were kept, quantised.
    pub(crate) fn averaged(mut self) -> Network {
        if self.kept.is_none() {
            self.keep();
        }
        let Some(kept) = self.kept else { unreachable!("kept just above") };
        let mean = |row: &Row| row.map(|sum| sum / kept.passes);
        let entries = kept.tables.iter().flatten().chain([&kept.bias]).flatten();
        let largest = entries.fold(1e-6_f32, |largest, sum| largest.max((sum / kept.passes).abs()));
        let step = largest / f32::from(MAX_ENTRY);
        let quantised = |row: &Row| mean(row).map(|value| quantise(value / step));
        Network {
            tables: kept.tables.iter().map(|rows| rows.iter().map(quantised).collect()).collect(),
            bias: quantised(&kept.bias),
            step,
            output: mean(&kept.output),
            output_bias: kept.output_bias / kept.passes,
        }
    }

    fn step(&mut self, example: &Example, rng: &mut Rng) {
        let Some(Worst { piece, maximum, mut logit }) = self.worst(example) else { return };
        let mut works = [true; FILTERS];
        let mut chance = rng.next();
        for (filter, works) in works.iter_mut().enumerate() {
            if filter % 8 == 0 {
                chance = rng.next();
            }
            *works = (chance & 0xff) as usize * 100 >= DROPPED * 256;
            chance >>= 8;
            let value = maximum.value[filter].max(0.0) * self.output[filter];
            // The filters that work stand in for those that do not.
            let share = 100.0 / (100 - DROPPED) as f32;
            logit += if *works { value * (share - 1.0) } else { -value };
        }
        let target = if example.truth.is_attack() { 1.0 } else { 0.0 };
        let slope = (sigmoid(logit) - target) * example.weight;
        if slope.abs() < MIN_SLOPE {
            return;
        }
        let tokens = &example.pieces[piece].tokens;
        for (filter, works) in works.into_iter().enumerate() {
            let value = maximum.value[filter];
            if !works || value <= 0.0 {
                continue;
            }
            let inner = slope * self.output[filter];
            update(&mut self.output[filter], &mut self.output_squares[filter], slope * value);
            update(&mut self.bias[filter], &mut self.bias_squares[filter], inner);
            for offset in 0..KERNEL {
                let kind = kind_at(tokens, maximum.at[filter] as usize, offset);
                update(
                    &mut self.tables[offset][kind][filter],
                    &mut self.table_squares[offset][kind][filter],
                    inner,
                );
            }
        }
        update(&mut self.output_bias, &mut self.output_bias_square, slope);
    }

    fn worst(&self, example: &Example) -> Option<Worst> {
        let mut worst: Option<Worst> = None;
        for (piece, tokens) in example.pieces.iter().map(|piece| &piece.tokens).enumerate() {
            let mut last: Option<Maximum> = None;
            for (block, end) in block_windows(tokens.len()) {
                let first = last.unwrap_or_else(|| self.block_maximum(tokens, block));
                let second = if end > block + 1 { self.block_maximum(tokens, block + 1) } else { first };
                last = Some(second);
                let maximum = first.or(&second);
                let mut logit = self.output_bias;
                for (value, output) in maximum.value.iter().zip(&self.output) {
                    logit += value.max(0.0) * output;
                }
                if worst.as_ref().is_none_or(|worst| logit > worst.logit) {
                    worst = Some(Worst { piece, maximum, logit });
                }
            }
        }
        worst
    }

    fn block_maximum(&self, tokens: &[Token], block: usize) -> Maximum {
        let mut maximum = Maximum { value: [f32::NEG_INFINITY; FILTERS], at: [0; FILTERS] };
        for at in block * BLOCK..((block + 1) * BLOCK).min(tokens.len()) {
            let mut sum = self.bias;
            for (offset, table) in self.tables.iter().enumerate() {
                for (sum, entry) in sum.iter_mut().zip(&table[kind_at(tokens, at, offset)]) {
                    *sum += entry;
                }
            }
            let at = u32::try_from(at).unwrap_or(0);
            for ((value, place), sum) in maximum.value.iter_mut().zip(&mut maximum.at).zip(sum) {
                let better = sum > *value;
                *value = if better { sum } else { *value };
                *place = if better { at } else { *place };
            }
        }
        maximum
    }
}

impl Maximum {
    fn or(&self, other: &Self) -> Self {
        let mut best = *self;
        for filter in 0..FILTERS {
            if other.value[filter] > best.value[filter] {
                best.value[filter] = other.value[filter];
                best.at[filter] = other.at[filter];
            }
        }
        best
    }
}

fn kind_at(tokens: &[Token], at: usize, offset: usize) -> usize {
    let token = (at + offset).checked_sub(KERNEL / 2).and_then(|at| tokens.get(at));
    usize::from(token.map_or(EDGE, |token| token.kind))
}

fn update(value: &mut f32, square: &mut f32, slope: f32) {
    let gradient = slope + DECAY * *value;
    *square += gradient * gradient;
    *value -= RATE * gradient / square.sqrt();
}

#[expect(clippy::cast_possible_truncation, reason = "at most MAX_ENTRY, by the choice of the step")]
fn quantise(value: f32) -> i16 {
    value.round().clamp(-f32::from(MAX_ENTRY), f32::from(MAX_ENTRY)) as i16
}
