//! The range of time (API.md 1.5).

use bartizan_engine::{MAX_SPAN_S, RangeQuery};
use bartizan_model::Timestamp;
use utoipa::IntoParams;

use super::Params;
use crate::error::ApiError;

/// The parameters of a range.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RangeParams {
    /// `<n>m`, `<n>h` or `<n>d`, from 1 minute to 400 days; 24h when absent. Ends now, or at `to`.
    #[param(example = "24h")]
    range: Option<String>,
    /// Start, RFC 3339 with a zone; not together with `range`.
    #[param(example = "2026-03-04T05:00:00Z")]
    from: Option<String>,
    /// End, RFC 3339 with a zone; now when absent.
    to: Option<String>,
}

impl RangeParams {
    /// Takes the parameters of a range.
    pub(crate) fn take(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self { range: params.take("range")?, from: params.take("from")?, to: params.take("to")? })
    }

    /// The range asked for, `None` when none was.
    ///
    /// # Errors
    /// 422 `invalid_range`.
    pub(crate) fn query(&self) -> Result<Option<RangeQuery>, ApiError> {
        let to = self.to.as_deref().map(|text| instant("to", text)).transpose()?;
        match (&self.range, &self.from) {
            (Some(_), Some(_)) => Err(ApiError::invalid_range("range", "cannot be combined with from")),
            (Some(range), None) => Ok(Some(RangeQuery::Last { seconds: seconds(range)?, to })),
            (None, Some(from)) => Ok(Some(RangeQuery::Between { from: instant("from", from)?, to })),
            (None, None) if to.is_some() => match RangeQuery::DEFAULT {
                RangeQuery::Last { seconds, .. } => Ok(Some(RangeQuery::Last { seconds, to })),
                other @ RangeQuery::Between { .. } => Ok(Some(other)),
            },
            (None, None) => Ok(None),
        }
    }
}

fn instant(field: &'static str, text: &str) -> Result<Timestamp, ApiError> {
    text.parse().map_err(|_| {
        ApiError::invalid_range(
            field,
            "must be an RFC 3339 instant with a zone, such as 2026-03-04T05:06:07Z",
        )
    })
}

fn seconds(text: &str) -> Result<i64, ApiError> {
    const FORM: &str = "must be a number with m, h or d, such as 15m, 24h or 7d";
    let invalid = |problem| ApiError::invalid_range("range", problem);
    let lower = text.to_ascii_lowercase();
    let unit = match lower.chars().next_back() {
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(invalid(FORM)),
    };
    let digits = &lower[..lower.len() - 1];
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid(FORM));
    }
    let count: i64 = digits.parse().map_err(|_| invalid(FORM))?;
    if !(60..=MAX_SPAN_S).contains(&(count * unit)) {
        return Err(invalid("must be between 1m and 400d"));
    }
    Ok(count * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(text: &str) -> Result<Option<RangeQuery>, ApiError> {
        let mut params = Params::parse(text)?;
        let range = RangeParams::take(&mut params)?;
        params.finish()?;
        range.query()
    }

    #[test]
    fn ranges_are_read_in_either_case_and_trimmed() {
        for (text, expected) in [
            ("range=1m", 60),
            ("range=%2024H%20", 86_400),
            ("range=400d", 400 * 86_400),
            ("range=0007d", 7 * 86_400),
        ] {
            let read = query(text).expect(text);
            assert_eq!(read, Some(RangeQuery::Last { seconds: expected, to: None }), "{text}");
        }
        assert_eq!(query("").expect("none"), None);
    }

    #[test]
    fn senseless_ranges_are_refused() {
        for text in [
            "range=0h",
            "range=-1h",
            "range=24",
            "range=24s",
            "range=h",
            "range=1.5h",
            "range=401d",
            "range=99999999999999999999d",
            "range=1%C3%A9",
            "range=1h&from=2026-03-04T05:06:07Z",
            "from=2026-03-04T05:06:07",
            "to=yesterday",
        ] {
            assert_eq!(query(text).expect_err(text).code, "invalid_range", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_range_or_refused(text in "\\PC{0,20}") {
            let _ = seconds(&text);
        }
    }
}
