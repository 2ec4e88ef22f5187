//! The tables of a model as safetensors.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use crate::feature::{HEAD_BITS, kinds, table_len};
use crate::heads::Heads;
use crate::linear::Linear;
use crate::network::{FILTERS, KERNEL, MAX_ENTRY, Network};

/// What training found: two unlike models that judge together, and the class heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Linear over hashed n-grams.
    pub linear: Linear,
    /// Convolution over tokens.
    pub network: Network,
    /// Which class it is.
    pub heads: Heads,
}

impl Weights {
    /// The bytes of `weights.safetensors`.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let floats =
            |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let words =
            |values: &mut dyn Iterator<Item = i16>| values.flat_map(i16::to_le_bytes).collect::<Vec<u8>>();
        let linear = floats(&self.linear.weights);
        let linear_bias = floats(&[self.linear.bias]);
        let tables = words(&mut self.network.tables.iter().flatten().flatten().copied());
        let bias = words(&mut self.network.bias.iter().copied());
        let step = floats(&[self.network.step]);
        let output = floats(&self.network.output);
        let output_bias = floats(&[self.network.output_bias]);
        let heads: Vec<u8> = self.heads.weights.iter().flat_map(|value| value.to_le_bytes()).collect();
        let scales = floats(&self.heads.scales);
        let biases = floats(&self.heads.biases);
        let rows = self.heads.scales.len();
        let view =
            |kind, shape: Vec<usize>, bytes| TensorView::new(kind, shape, bytes).map_err(|e| e.to_string());
        // An ordered map, so that the same weights are the same bytes.
        let tensors = BTreeMap::from([
            ("linear", view(Dtype::F32, vec![self.linear.weights.len()], &linear)?),
            ("linear_bias", view(Dtype::F32, vec![1], &linear_bias)?),
            ("network_tables", view(Dtype::I16, vec![KERNEL, kinds(), FILTERS], &tables)?),
            ("network_bias", view(Dtype::I16, vec![FILTERS], &bias)?),
            ("network_step", view(Dtype::F32, vec![1], &step)?),
            ("network_output", view(Dtype::F32, vec![FILTERS], &output)?),
            ("network_output_bias", view(Dtype::F32, vec![1], &output_bias)?),
            ("heads", view(Dtype::I8, vec![rows, 1 << HEAD_BITS], &heads)?),
            ("head_scales", view(Dtype::F32, vec![rows], &scales)?),
            ("head_biases", view(Dtype::F32, vec![rows], &biases)?),
        ]);
        serialize(tensors, None).map_err(|error| error.to_string())
    }

    /// The weights in a file that has `classes` class heads; the problem, if it holds anything else.
    pub fn from_bytes(bytes: &[u8], classes: usize) -> Result<Self, String> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
        let reader = Reader { file };
        let tables = reader.words("network_tables", KERNEL * kinds() * FILTERS)?;
        if tables.iter().any(|entry| entry.unsigned_abs() > MAX_ENTRY.unsigned_abs()) {
            return Err("the table network_tables holds entries that would overflow".to_owned());
        }
        let (rows, _) = tables.as_chunks::<FILTERS>();
        let network = Network {
            tables: rows.chunks(kinds()).map(<[_]>::to_vec).collect(),
            bias: array(&reader.words("network_bias", FILTERS)?, "network_bias")?,
            step: reader.float("network_step")?,
            output: array(&reader.floats("network_output", FILTERS)?, "network_output")?,
            output_bias: reader.float("network_output_bias")?,
        };
        if network.bias.iter().any(|entry| entry.unsigned_abs() > MAX_ENTRY.unsigned_abs()) {
            return Err("the table network_bias holds entries that would overflow".to_owned());
        }
        let heads = reader.raw("heads", Dtype::I8, classes << HEAD_BITS)?;
        Ok(Self {
            linear: Linear {
                weights: reader.floats("linear", table_len())?,
                bias: reader.float("linear_bias")?,
            },
            network,
            heads: Heads {
                weights: heads.iter().map(|byte| i8::from_le_bytes([*byte])).collect(),
                scales: reader.floats("head_scales", classes)?,
                biases: reader.floats("head_biases", classes)?,
            },
        })
    }
}

struct Reader<'a> {
    file: SafeTensors<'a>,
}

impl Reader<'_> {
    fn raw(&self, name: &str, kind: Dtype, len: usize) -> Result<Vec<u8>, String> {
        let tensor = self.file.tensor(name).map_err(|_| format!("the table {name} is missing"))?;
        let count: usize = tensor.shape().iter().product();
        if tensor.dtype() != kind || count != len {
            return Err(format!("the table {name} has {count} entries, {len} are needed"));
        }
        Ok(tensor.data().to_vec())
    }

    fn words(&self, name: &str, len: usize) -> Result<Vec<i16>, String> {
        let data = self.raw(name, Dtype::I16, len)?;
        let (words, _) = data.as_chunks::<2>();
        Ok(words.iter().map(|word| i16::from_le_bytes(*word)).collect())
    }

    fn floats(&self, name: &str, len: usize) -> Result<Vec<f32>, String> {
        let data = self.raw(name, Dtype::F32, len)?;
        let (words, _) = data.as_chunks::<4>();
        let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(format!("the table {name} holds what is no number"))
        }
    }

    fn float(&self, name: &str) -> Result<f32, String> {
        Ok(self.floats(name, 1)?.first().copied().unwrap_or_default())
    }
}

fn array<T: Copy, const N: usize>(values: &[T], name: &str) -> Result<[T; N], String> {
    values.try_into().map_err(|_| format!("the table {name} has {} entries, {N} are needed", values.len()))
}
