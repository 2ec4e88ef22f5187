//! Two small networks as graphs of candle's tensors.

use candle_core::{D, Device, Result, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW};

use crate::data::{Piece, Sample, windows};
use crate::rng::Rng;

/// Buckets of the bag, and numbers in each.
const BUCKETS: u32 = 1 << 15;
const BAG_DIM: usize = 32;
const HIDDEN: usize = 64;
/// Of the network over bytes: numbers for a byte, bytes that a filter sees, filters.
const BYTE_DIM: usize = 16;
const KERNEL: usize = 5;
const FILTERS: usize = 64;
/// What stands before the first and after the last byte.
const EDGE: u32 = 256;
/// Samples of a step, and steps whose samples are sorted by length together, so that little is padded.
const BATCH: usize = 128;
const SORTED: usize = 64;
const WEIGHT_DECAY: f64 = 1e-4;

/// A graph from windows of bytes to one logit each.
pub(crate) trait Network {
    fn logits(&self, windows: &[&[u8]]) -> Result<Tensor>;
    fn parameters(&self) -> Vec<Var>;
}

/// The logit of the worst window of all pieces.
pub(crate) fn worst(network: &dyn Network, pieces: &[Piece]) -> Result<f64> {
    let all: Vec<&[u8]> = pieces.iter().flat_map(|piece| windows(&piece.bytes)).collect();
    let mut worst = f64::NEG_INFINITY;
    for some in all.chunks(BATCH) {
        worst = worst.max(f64::from(network.logits(some)?.max(0)?.to_scalar::<f32>()?));
    }
    Ok(worst)
}

/// Logistic loss by AdamW, with a step that falls to 0.
pub(crate) fn train(
    network: &dyn Network,
    samples: &[Sample],
    epochs: usize,
    rate: f64,
    rng: &mut Rng,
) -> Result<()> {
    let settings = ParamsAdamW { lr: rate, weight_decay: WEIGHT_DECAY, ..ParamsAdamW::default() };
    let mut optimiser = AdamW::new(network.parameters(), settings)?;
    let steps = epochs * samples.len().div_ceil(BATCH);
    let mut step = 0_u32;
    for _ in 0..epochs {
        let mut order: Vec<&Sample> = samples.iter().collect();
        rng.shuffle(&mut order);
        for group in order.chunks_mut(BATCH * SORTED) {
            group.sort_by_key(|sample| sample.piece.bytes.len());
        }
        let mut batches: Vec<&[&Sample]> = order.chunks(BATCH).collect();
        rng.shuffle(&mut batches);
        for batch in batches {
            optimiser.set_learning_rate(rate * (1.0 - f64::from(step) / steps as f64));
            step += 1;
            let inputs: Vec<&[u8]> = batch.iter().map(|sample| sample.piece.bytes.as_slice()).collect();
            let targets = batch.iter().map(|sample| f32::from(u8::from(sample.is_attack))).collect();
            let targets = Tensor::from_vec(targets, batch.len(), &Device::Cpu)?;
            let logits = network.logits(&inputs)?;
            // log(1 + exp(x)) - x·y in a form that never overflows.
            let tail = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?;
            let loss = ((logits.relu()? - (&logits * &targets)?)? + tail)?.mean_all()?;
            optimiser.backward_step(&loss)?;
        }
    }
    Ok(())
}

/// The sum of the vectors of hashed byte 1-3-grams, damped by their number; a hidden layer; a logit.
pub(crate) struct Bag {
    table: Var,
    hidden: Layer,
    output: Layer,
}

impl Bag {
    pub(crate) fn new(rng: &mut Rng) -> Result<Self> {
        Ok(Self {
            table: random(rng, &[BUCKETS as usize, BAG_DIM], 0.05)?,
            hidden: Layer::new(rng, BAG_DIM, HIDDEN)?,
            output: Layer::new(rng, HIDDEN, 1)?,
        })
    }
}

impl Network for Bag {
    fn logits(&self, windows: &[&[u8]]) -> Result<Tensor> {
        let grams: Vec<Vec<u32>> = windows.iter().map(|window| grams(window)).collect();
        let width = grams.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let mut indices = vec![0_u32; grams.len() * width];
        let mut shares = vec![0.0_f32; grams.len() * width];
        for (grams, at) in grams.iter().zip((0..).step_by(width)) {
            indices[at..at + grams.len()].copy_from_slice(grams);
            shares[at..at + grams.len()].fill(1.0 / (grams.len() as f32 + 12.0).sqrt());
        }
        let rows = grams.len();
        let indices = Tensor::from_vec(indices, rows * width, &Device::Cpu)?;
        let shares = Tensor::from_vec(shares, (rows, 1, width), &Device::Cpu)?;
        let vectors = self.table.index_select(&indices, 0)?.reshape((rows, width, BAG_DIM))?;
        let sums = shares.matmul(&vectors)?.squeeze(1)?;
        self.output.apply(&self.hidden.apply(&sums)?.relu()?)?.squeeze(1)
    }

    fn parameters(&self) -> Vec<Var> {
        [vec![self.table.clone()], self.hidden.parameters(), self.output.parameters()].concat()
    }
}

fn grams(bytes: &[u8]) -> Vec<u32> {
    let mut grams = Vec::with_capacity(bytes.len() * 3);
    for length in 1..=3 {
        for gram in bytes.windows(length) {
            let hash = gram
                .iter()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
            grams.push((hash ^ (hash >> 15)).wrapping_mul(0x9e37_79b1) % BUCKETS);
        }
    }
    grams
}

/// Bytes as vectors, one convolution, the maximum of each filter over the window, a logit. The convolution is written
/// as a product of matrices, so that its gradient is one too.
pub(crate) struct Convolution {
    bytes: Var,
    filters: Layer,
    output: Layer,
}

impl Convolution {
    pub(crate) fn new(rng: &mut Rng) -> Result<Self> {
        Ok(Self {
            bytes: random(rng, &[EDGE as usize + 1, BYTE_DIM], 0.5)?,
            filters: Layer::new(rng, BYTE_DIM * KERNEL, FILTERS)?,
            output: Layer::new(rng, FILTERS, 1)?,
        })
    }
}

impl Network for Convolution {
    fn logits(&self, windows: &[&[u8]]) -> Result<Tensor> {
        let (rows, side) = (windows.len(), KERNEL / 2);
        let longest = windows.iter().map(|window| window.len()).max().unwrap_or(1).max(1);
        let width = longest + 2 * side;
        let mut indices = vec![EDGE; rows * width];
        // Places behind the end of a window must never be its maximum.
        let mut outside = vec![-1e6_f32; rows * longest];
        for (row, window) in windows.iter().enumerate() {
            let start = row * width + side;
            for (index, byte) in indices[start..].iter_mut().zip(*window) {
                *index = u32::from(*byte);
            }
            outside[row * longest..row * longest + window.len()].fill(0.0);
        }
        let indices = Tensor::from_vec(indices, rows * width, &Device::Cpu)?;
        let outside = Tensor::from_vec(outside, (rows, longest, 1), &Device::Cpu)?;
        let vectors = self.bytes.index_select(&indices, 0)?.reshape((rows, width, BYTE_DIM))?;
        let shifted: Vec<Tensor> =
            (0..KERNEL).map(|offset| vectors.narrow(1, offset, longest)).collect::<Result<_>>()?;
        let seen = Tensor::cat(&shifted, D::Minus1)?.reshape((rows * longest, BYTE_DIM * KERNEL))?;
        let fired = self.filters.apply(&seen)?.reshape((rows, longest, FILTERS))?;
        let maxima = fired.broadcast_add(&outside)?.max(1)?.relu()?;
        self.output.apply(&maxima)?.squeeze(1)
    }

    fn parameters(&self) -> Vec<Var> {
        [vec![self.bytes.clone()], self.filters.parameters(), self.output.parameters()].concat()
    }
}

struct Layer {
    weights: Var,
    bias: Var,
}

impl Layer {
    fn new(rng: &mut Rng, inputs: usize, outputs: usize) -> Result<Self> {
        let spread = (6.0 / (inputs + outputs) as f32).sqrt();
        Ok(Self {
            weights: random(rng, &[inputs, outputs], spread)?,
            bias: Var::from_vec(vec![0.0_f32; outputs], outputs, &Device::Cpu)?,
        })
    }

    fn apply(&self, input: &Tensor) -> Result<Tensor> {
        input.matmul(&self.weights)?.broadcast_add(&self.bias)
    }

    fn parameters(&self) -> Vec<Var> {
        vec![self.weights.clone(), self.bias.clone()]
    }
}

fn random(rng: &mut Rng, shape: &[usize], spread: f32) -> Result<Var> {
    Var::from_vec(rng.spread(shape.iter().product(), spread), shape, &Device::Cpu)
}
