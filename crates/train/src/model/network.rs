//! Training of the token network.

use bartizan_detect::{BLOCK, EDGE, FILTERS, KERNEL, MAX_ENTRY, Network, Token, block_windows, kinds};

use super::{LeftOut, MIN_SLOPE, order, sigmoid};
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

/// Filters of one member of a committee.
const WIDTH: usize = 64;
/// Networks that are trained apart and judge as one: where one alone errs by chance, the mean does not.
pub(crate) const MEMBERS: usize = FILTERS / WIDTH;

type Row = [f32; WIDTH];

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
    member: Member,
    passes: f32,
}

/// A trained network in floating point.
pub(crate) struct Member {
    tables: Vec<Vec<Row>>,
    bias: Row,
    output: Row,
    output_bias: f32,
}

/// The best output of each filter in a block, and where.
#[derive(Clone, Copy)]
struct Maximum {
    value: Row,
    at: [u32; WIDTH],
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
            bias: [0.0; WIDTH],
            output: std::array::from_fn(|filter| random(0.2) + if filter % 2 == 0 { 0.4 } else { -0.4 }),
            output_bias: 0.0,
            table_squares: vec![vec![[FIRST_SQUARE; WIDTH]; kinds()]; KERNEL],
            bias_squares: [FIRST_SQUARE; WIDTH],
            output_squares: [FIRST_SQUARE; WIDTH],
            output_bias_square: 1.0,
            kept: None,
        }
    }

    /// One pass over the examples outside one part, in a new order.
    pub(crate) fn epoch(&mut self, examples: &[Example], left_out: LeftOut, rng: &mut Rng) {
        for at in order(examples, left_out, rng) {
            self.step(&examples[at], rng);
        }
    }

    /// Lets the weights as they stand count for the average.
    pub(crate) fn keep(&mut self) {
        let Kept { member, passes } = self.kept.get_or_insert_with(|| Kept {
            member: Member {
                tables: vec![vec![[0.0; WIDTH]; kinds()]; KERNEL],
                bias: [0.0; WIDTH],
                output: [0.0; WIDTH],
                output_bias: 0.0,
            },
            passes: 0.0,
        });
        let add =
            |sums: &mut Row, values: &Row| sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        for (sums, rows) in member.tables.iter_mut().zip(&self.tables) {
            sums.iter_mut().zip(rows).for_each(|(sums, row)| add(sums, row));
        }
        add(&mut member.bias, &self.bias);
        add(&mut member.output, &self.output);
        member.output_bias += self.output_bias;
        *passes += 1.0;
    }

    /// The mean of the weights that were kept.
    pub(crate) fn averaged(mut self) -> Member {
        if self.kept.is_none() {
            self.keep();
        }
        let Some(Kept { mut member, passes }) = self.kept else { unreachable!("kept just above") };
        for row in member.tables.iter_mut().flatten().chain([&mut member.bias, &mut member.output]) {
            *row = row.map(|sum| sum / passes);
        }
        member.output_bias /= passes;
        member
    }

    fn step(&mut self, example: &Example, rng: &mut Rng) {
        let Some(Worst { piece, maximum, mut logit }) = self.worst(example) else { return };
        let mut works = [true; WIDTH];
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
        let tokens = &example.pieces[piece].marked;
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
        for (piece, tokens) in example.pieces.iter().map(|piece| &piece.marked).enumerate() {
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
        let mut maximum = Maximum { value: [f32::NEG_INFINITY; WIDTH], at: [0; WIDTH] };
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

impl Member {
    /// The members side by side as one network, quantised, whose logit of a window is the mean of theirs.
    pub(crate) fn committee(members: &[Self; MEMBERS]) -> Network {
        let entries = members.iter().flat_map(|member| member.tables.iter().flatten().chain([&member.bias]));
        let largest = entries.flatten().fold(1e-6_f32, |largest, entry| largest.max(entry.abs()));
        let step = largest / f32::from(MAX_ENTRY);
        let joined = |row: &dyn Fn(&Self) -> &Row| -> [f32; FILTERS] {
            std::array::from_fn(|filter| row(&members[filter / WIDTH])[filter % WIDTH])
        };
        let quantised = |row: &dyn Fn(&Self) -> &Row| joined(row).map(|value| quantise(value / step));
        let share = 1.0 / MEMBERS as f32;
        Network {
            tables: (0..KERNEL)
                .map(|offset| {
                    (0..kinds()).map(|kind| quantised(&|member| &member.tables[offset][kind])).collect()
                })
                .collect(),
            bias: quantised(&|member| &member.bias),
            step,
            output: joined(&|member| &member.output).map(|output| output * share),
            output_bias: members.iter().map(|member| member.output_bias).sum::<f32>() * share,
        }
    }
}

impl Maximum {
    fn or(&self, other: &Self) -> Self {
        let mut best = *self;
        for filter in 0..WIDTH {
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
