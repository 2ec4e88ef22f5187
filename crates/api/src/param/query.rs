//! The query string, read once and taken apart name by name; what nobody took is refused.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::accept::prefers_csv;
use crate::error::ApiError;

/// Parameters in one query at most.
const MAX_PARAMETERS: usize = 64;

/// The parameters of a request that nobody has taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    variable: String,
    /// Whether the caller likes CSV better than JSON.
    pub(crate) prefers_csv: bool,
}

impl Params {
    /// Reads a query string.
    ///
    /// # Errors
    /// 400 for broken encoding or too many parameters, 422 for one that is given twice.
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            // Names that begin with `_` are cache busters and the like.
            if name.starts_with('_') {
                continue;
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(ApiError::validation(&name, "is given twice; separate several values by commas"));
            }
            if pairs.len() == MAX_PARAMETERS {
                return Err(ApiError::malformed_request("the query has too many parameters"));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs, variable: String::new(), prefers_csv: false })
    }

    /// Takes the value of that name; an empty one counts as absent only where it is not given at all.
    ///
    /// # Errors
    /// 422 for an empty value: it would silently match nothing or everything.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        let Some(at) = self.pairs.iter().position(|(known, _)| known == name) else { return Ok(None) };
        let (_, value) = self.pairs.swap_remove(at);
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return Err(ApiError::validation(name, "must not be empty"));
        }
        Ok(Some(trimmed.to_owned()))
    }

    /// Takes a `true` or `false`.
    ///
    /// # Errors
    /// 422 for another value.
    pub(crate) fn take_bool(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        self.take(name)?
            .map(|value| match value.as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(ApiError::validation(name, "must be true or false")),
            })
            .transpose()
    }

    /// Takes a whole number.
    ///
    /// # Errors
    /// 422 for what is none.
    pub(crate) fn take_integer(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        self.take(name)?
            .map(|value| value.parse().map_err(|_| ApiError::validation(name, "must be a whole number")))
            .transpose()
    }

    /// Takes the form of the answer: whether a file is wanted. What is said here goes before `Accept`.
    ///
    /// # Errors
    /// 422 for a form that there is not.
    pub(crate) fn take_csv(&mut self) -> Result<bool, ApiError> {
        match self.take("format")?.as_deref() {
            None => Ok(self.prefers_csv),
            Some("json") => Ok(false),
            Some("csv") => Ok(true),
            Some(_) => Err(ApiError::validation("format", "must be json or csv")),
        }
    }

    /// Takes a whole number of any size; beyond those of an `i64` it counts as the nearest of them.
    ///
    /// # Errors
    /// 422 for what is none.
    pub(crate) fn take_clamped(&mut self, name: &str, from: i64, to: i64) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.take(name)? else { return Ok(None) };
        let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ApiError::validation(name, "must be a whole number"));
        }
        let nearest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
        Ok(Some(text.parse().unwrap_or(nearest).clamp(from, to)))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 when something was not taken: a misspelt filter must not look like an answer.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.pairs.is_empty() {
            return Ok(());
        }
        Err(ApiError::unsupported_parameters(self.pairs.into_iter().map(|(name, _)| name).collect()))
    }

    /// These parameters on a path with this variable: a cursor is bound to it as well.
    #[must_use]
    pub(crate) fn bound_to(mut self, variable: &str) -> Self {
        variable.clone_into(&mut self.variable);
        self
    }

    /// The parameters that make a query what it is, in a stable spelling: a cursor is bound to them.
    pub(crate) fn identity(&self) -> String {
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "count" | "format"))
            .collect();
        pairs.sort();
        let quoted: Vec<String> = pairs.iter().map(|(name, value)| format!("{name:?}={value:?}")).collect();
        format!("{:?}?{}", self.variable, quoted.join("&"))
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let params = Self::parse(parts.uri.query().unwrap_or_default())?;
        Ok(Self { prefers_csv: prefers_csv(&parts.headers), ..params })
    }
}

fn decode(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ApiError::malformed_request("the query is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_decoded_once() {
        let mut params = Params::parse("endpoint=%2Fa%2520b&q=two+words&_=123&&").expect("valid");
        assert_eq!(params.take("endpoint").expect("given").as_deref(), Some("/a%20b"));
        assert_eq!(params.take("q").expect("given").as_deref(), Some("two words"));
        assert_eq!(params.take("absent").expect("absent"), None);
        assert!(params.finish().is_ok());
    }

    #[test]
    fn what_nobody_takes_is_refused_by_name() {
        let error = Params::parse("stauts=404").expect("valid").finish().expect_err("unknown");
        assert_eq!(
            (error.code, error.details.problems()[0].field.as_str()),
            ("unsupported_parameter", "stauts")
        );
    }

    #[test]
    fn broken_queries_are_refused() {
        for (query, code) in [("a=%ff", "malformed_request"), ("a=1&a=2", "validation_failed")] {
            assert_eq!(Params::parse(query).expect_err(query).code, code);
        }
        assert_eq!(
            Params::parse("a=").expect("read").take("a").expect_err("empty").code,
            "validation_failed"
        );
        let many: Vec<String> = (0..=MAX_PARAMETERS).map(|n| format!("p{n}=1")).collect();
        assert_eq!(Params::parse(&many.join("&")).expect_err("many").code, "malformed_request");
    }

    #[test]
    fn the_identity_ignores_order_and_paging() {
        let one = Params::parse("ip=1.2.3.4&method=GET&limit=5").expect("valid");
        let other = Params::parse("cursor=x&method=GET&ip=1.2.3.4&count=true").expect("valid");
        assert_eq!(one.identity(), other.identity());
        assert_ne!(one.identity(), Params::parse("ip=1.2.3.4&method=POST").expect("valid").identity());
    }

    proptest! {
        #[test]
        fn any_query_is_read_or_refused(query in "\\PC{0,200}") {
            if let Ok(mut params) = Params::parse(&query) {
                let _ = params.take("a");
                let _ = params.finish();
            }
        }
    }
}
