//! The tables of a model, in memory and as safetensors.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use crate::feature::{HEAD_BITS, table_len};

/// What training found. Weights of features in `linear` (byte n-grams, token n-grams, marks), and one row per
/// class in `heads`, quantised to eight bits with one scale per row.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// One weight per feature.
    pub linear: Vec<f32>,
    /// The logit of nothing at all.
    pub bias: f32,
    /// `classes · 2^HEAD_BITS` weights.
    pub heads: Vec<i8>,
    /// What one step of a row is worth.
    pub head_scales: Vec<f32>,
    /// The logit of each class before any feature.
    pub head_biases: Vec<f32>,
}

impl Weights {
    /// The bytes of `weights.safetensors`.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let floats =
            |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let linear = floats(&self.linear);
        let bias = floats(&[self.bias]);
        let heads: Vec<u8> = self.heads.iter().flat_map(|value| value.to_le_bytes()).collect();
        let scales = floats(&self.head_scales);
        let biases = floats(&self.head_biases);
        let rows = self.head_scales.len();
        let view =
            |kind, shape: Vec<usize>, bytes| TensorView::new(kind, shape, bytes).map_err(|e| e.to_string());
        // An ordered map, so that the same weights are the same bytes.
        let tensors = BTreeMap::from([
            ("linear", view(Dtype::F32, vec![self.linear.len()], &linear)?),
            ("bias", view(Dtype::F32, vec![1], &bias)?),
            ("heads", view(Dtype::I8, vec![rows, 1 << HEAD_BITS], &heads)?),
            ("head_scales", view(Dtype::F32, vec![rows], &scales)?),
            ("head_biases", view(Dtype::F32, vec![rows], &biases)?),
        ]);
        serialize(tensors, None).map_err(|error| error.to_string())
    }

    /// The weights in a file that has `classes` class heads; the problem, if it holds anything else.
    pub fn from_bytes(bytes: &[u8], classes: usize) -> Result<Self, String> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
        let raw = |name: &str, kind: Dtype, len: usize| {
            let tensor = file.tensor(name).map_err(|_| format!("the table {name} is missing"))?;
            let count: usize = tensor.shape().iter().product();
            if tensor.dtype() != kind || count != len {
                return Err(format!("the table {name} has {count} entries, {len} are needed"));
            }
            Ok(tensor.data().to_vec())
        };
        let floats = |name: &str, len: usize| -> Result<Vec<f32>, String> {
            let data = raw(name, Dtype::F32, len)?;
            let (words, _) = data.as_chunks::<4>();
            let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
            if values.iter().all(|value| value.is_finite()) {
                Ok(values)
            } else {
                Err(format!("the table {name} holds what is no number"))
            }
        };
        let heads = raw("heads", Dtype::I8, classes << HEAD_BITS)?;
        Ok(Self {
            linear: floats("linear", table_len())?,
            bias: floats("bias", 1)?.first().copied().unwrap_or_default(),
            heads: heads.into_iter().map(|byte| i8::from_le_bytes([byte])).collect(),
            head_scales: floats("head_scales", classes)?,
            head_biases: floats("head_biases", classes)?,
        })
    }
}
