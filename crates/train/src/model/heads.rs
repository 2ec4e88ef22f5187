//! Training of the class heads.

use bartizan_detect::{HEAD_BITS, Heads, Linear, damping, may_end_a_line, visit_features};
use bartizan_model::ThreatClass;

use super::linear::worst;
use crate::example::Example;
use crate::rng::Rng;

/// The classes that the heads tell apart.
pub(crate) const CLASSES: [ThreatClass; 15] = [
    ThreatClass::SqlInjection,
    ThreatClass::Xss,
    ThreatClass::PathTraversal,
    ThreatClass::FileInclusion,
    ThreatClass::CommandInjection,
    ThreatClass::CodeInjection,
    ThreatClass::TemplateInjection,
    ThreatClass::ExpressionInjection,
    ThreatClass::Deserialization,
    ThreatClass::Ssrf,
    ThreatClass::Xxe,
    ThreatClass::Nosql,
    ThreatClass::LdapXpath,
    ThreatClass::HeaderInjection,
    ThreatClass::Anomaly,
];

/// Passes over the attacks.
const EPOCHS: usize = 3;
/// Step sizes of the table (Adagrad) and of the biases.
const RATE: f32 = 0.2;
const BIAS_RATE: f32 = 0.01;

/// Softmax regression on the worst windows of the attacks whose class is known, quantised to eight bits.
pub(crate) fn train_heads(
    linear: &Linear,
    examples: &[Example],
    left_out: Option<usize>,
    rng: &mut Rng,
) -> Heads {
    let rows = CLASSES.len();
    let width = 1_usize << HEAD_BITS;
    // One vector of classes for each bucket: a feature is looked up once for all classes.
    let mut table = vec![[0.0_f32; CLASSES.len()]; width];
    let mut squares = vec![[1e-2_f32; CLASSES.len()]; width];
    let mut biases = [0.0_f32; CLASSES.len()];
    let mut totals = vec![0_usize; rows];
    let known: Vec<(usize, usize)> = examples
        .iter()
        .enumerate()
        .filter(|(_, example)| Some(example.fold) != left_out)
        .filter_map(|(at, example)| class_row(example).map(|row| (at, row)))
        .collect();
    for (_, row) in &known {
        totals[*row] += 1;
    }
    for _ in 0..EPOCHS {
        let mut order = known.clone();
        rng.shuffle(&mut order);
        for (at, truth) in order {
            let Some((piece, window)) = worst(linear, &examples[at]) else { continue };
            let window = linear.core(&piece.bytes, window);
            let text = piece.bytes.get(window.start..window.end).unwrap_or_default();
            let Some(truth) = as_people_call_it(truth, text) else { continue };
            let scale = 1.0 / damping(window.end - window.start);
            let mut features = Vec::with_capacity((window.end - window.start) * 7);
            visit_features(&piece.bytes, piece.tokens(), |position, index| {
                if (window.start..window.end).contains(&position) {
                    features.push(index & (width - 1));
                }
            });
            let mut logits = biases;
            for bucket in &features {
                for (logit, weight) in logits.iter_mut().zip(&table[*bucket]) {
                    *logit += weight * scale;
                }
            }
            let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let powers = logits.map(|logit| (logit - top).exp());
            let total: f32 = powers.iter().sum();
            // Thin classes count for more, within reason.
            let weight = (known.len() as f32 / (rows as f32 * totals[truth] as f32)).sqrt().clamp(0.3, 4.0);
            let mut slopes = powers.map(|power| power / total * weight);
            slopes[truth] -= weight;
            for (bias, slope) in biases.iter_mut().zip(slopes) {
                *bias -= BIAS_RATE * slope;
            }
            for bucket in &features {
                for ((weight, square), slope) in
                    table[*bucket].iter_mut().zip(&mut squares[*bucket]).zip(slopes)
                {
                    let gradient = slope * scale;
                    *square += gradient * gradient;
                    *weight -= RATE * gradient / square.sqrt();
                }
            }
        }
    }
    let mut heads =
        Heads { weights: Vec::with_capacity(rows * width), scales: Vec::new(), biases: biases.to_vec() };
    for row in 0..rows {
        let largest = table.iter().fold(1e-6_f32, |largest, bucket| largest.max(bucket[row].abs()));
        let step = largest / 127.0;
        heads.scales.push(step);
        heads.weights.extend(table.iter().map(|bucket| quantise(bucket[row] / step)));
    }
    heads
}

/// The row of an example's class, if it has one.
pub(crate) fn class_row(example: &Example) -> Option<usize> {
    let class = example.truth.class()?;
    CLASSES.iter().position(|known| *known == class)
}

/// The row under which people look for what a class shares with another, whatever list it stands in; `None` when what
/// makes the class is not in the text.
fn as_people_call_it(row: usize, text: &[u8]) -> Option<usize> {
    let class = match CLASSES.get(row)? {
        ThreatClass::LdapXpath if is_lone_truth(text) => ThreatClass::SqlInjection,
        ThreatClass::FileInclusion if is_way_upwards(text) => ThreatClass::PathTraversal,
        // A body behind forged headers is what its own class says.
        ThreatClass::HeaderInjection if !may_end_a_line(text) => return None,
        _ => return Some(row),
    };
    CLASSES.iter().position(|known| *known == class)
}

/// `../../etc/passwd`: nothing but a path that leads upwards, with no scheme or wrapper.
fn is_way_upwards(text: &[u8]) -> bool {
    let in_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/\\._-".contains(byte);
    text.windows(3).any(|piece| piece == b"../" || piece == b"..\\") && text.iter().all(in_path)
}

/// `' or '1'='1`: words, numbers, quotes and comparisons alone, with nothing in it that only filters of directories or
/// paths through documents have (steps, calls, attributes, stars).
fn is_lone_truth(bytes: &[u8]) -> bool {
    let own = |byte: &u8| !byte.is_ascii_alphanumeric() && !b" '\"=<>!()-_.".contains(byte);
    let call = |pair: &[u8]| matches!(pair, [before, b'('] if before.is_ascii_alphanumeric());
    !bytes.iter().any(own) && !bytes.windows(2).any(|pair| call(pair) || pair == b")(")
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i8 just before")]
fn quantise(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_classes_share_is_what_people_call_it() {
        use ThreatClass::{FileInclusion, HeaderInjection, LdapXpath, PathTraversal, SqlInjection};

        let named = |class, text: &str| {
            let row = CLASSES.iter().position(|known| *known == class).expect("a class");
            as_people_call_it(row, text.as_bytes()).map(|row| CLASSES[row])
        };
        assert_eq!(named(LdapXpath, "' or '1'='1"), Some(SqlInjection));
        assert_eq!(named(LdapXpath, "*)(uid=*"), Some(LdapXpath));
        assert_eq!(named(FileInclusion, "../../etc/passwd"), Some(PathTraversal));
        assert_eq!(named(FileInclusion, "http://a.example/../x.txt"), Some(FileInclusion));
        assert_eq!(named(HeaderInjection, "<script>alert(1)</script>"), None);
        assert_eq!(named(HeaderInjection, "a\nset-cookie: b"), Some(HeaderInjection));
    }

    #[test]
    fn a_truth_alone_has_nothing_of_xpath() {
        for alike in
            ["' or '1'='1", "x' or 'a'='a", "') or ('1'='1", "\" or \"1\"=\"1", "admin' or 1=1 or ''='"]
        {
            assert!(is_lone_truth(alike.as_bytes()), "{alike}");
        }
        for own in [
            "' or true() or '",
            "*)(uid=*))(|(uid=*",
            "'] | //user/*",
            "' or position()=1 or '",
            "' or @role='a",
        ] {
            assert!(!is_lone_truth(own.as_bytes()), "{own}");
        }
    }
}
