//! Filters of lists (API.md 1.7).

use std::net::IpAddr;
use std::str::FromStr;

use bartizan_engine::{AlertFilter, EndpointFilter, Filter, SystemEventFilter};
use bartizan_model::{Action, Severity, SystemEventKind, ThreatClass};
use utoipa::IntoParams;

use super::Params;
use crate::error::ApiError;

/// Values of one parameter at most.
const MAX_VALUES: usize = 50;
/// Characters of `q`.
const WORDS_CHARS: std::ops::RangeInclusive<usize> = 2..=200;

/// Which filters a list takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterScope {
    /// None, and no range either.
    None,
    /// Those of requests and threats.
    Requests,
    /// Those of the feed.
    Feed,
    /// Those of the audit log, and no range.
    Audit,
    /// Those of alerts.
    Alerts,
}

/// Filters of requests and threats; they combine with AND, comma-separated values of one with OR.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the store's own filter")]
pub(crate) struct FilterParams {
    /// An address or a CIDR block.
    ip: Option<String>,
    /// `GET,POST`.
    method: Option<String>,
    /// A code or a class: `404`, `4xx`, `500,503`.
    status: Option<String>,
    /// The host exactly, or `*.example.com` for its subdomains.
    host: Option<String>,
    /// With `?` the whole target, without it the path whatever the query; a final `*` makes it a prefix.
    endpoint: Option<String>,
    /// Threat classes.
    class: Option<String>,
    /// `critical`, `high`, `medium`, `low`.
    severity: Option<String>,
    /// `allow`, `flag`, `block`.
    action: Option<String>,
    /// Another name of `action`.
    verdict: Option<String>,
    /// Whether the verdict was carried out.
    enforced: Option<bool>,
    /// Rows with this score or a higher one, 0 to 1.
    min_score: Option<f64>,
    /// Words that must each be contained in address, host, endpoint, user agent, payload or details.
    q: Option<String>,
    /// Only what the alert of that id holds.
    alert: Option<i64>,
}

/// Filters of the feed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the store's own filter")]
pub(crate) struct FeedFilterParams {
    /// An address or a CIDR block.
    ip: Option<String>,
    /// Threat classes.
    class: Option<String>,
    /// `allow`, `flag`, `block`.
    action: Option<String>,
    /// Words that must each be contained.
    q: Option<String>,
}

/// Filters of alerts.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the store's own filter")]
pub(crate) struct AlertFilterParams {
    /// `critical`, `high`, `medium`, `low`.
    severity: Option<String>,
    /// Threat classes.
    class: Option<String>,
    /// Words that must each be contained.
    q: Option<String>,
    /// `time` for the newest first (default), `weight` for the gravest first and, of those, the ones with most events.
    sort: Option<String>,
}

/// Filters of what happened beside the requests.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the store's own filter")]
pub(crate) struct SystemEventFilterParams {
    /// `alert_raised`, `alert_handled`, `config_changed`, `model_replaced`, `source_added`, `signed_in`, `signed_out`.
    #[param(rename = "type")]
    kind: Option<String>,
}

impl SystemEventFilterParams {
    /// Takes the filters.
    pub(crate) fn take(params: &mut Params) -> Result<SystemEventFilter, ApiError> {
        let kind = values(params, "type", name::<SystemEventKind>)?;
        Ok(SystemEventFilter { kind, ..SystemEventFilter::default() })
    }
}

impl FilterParams {
    /// Takes the filters that the scope allows.
    pub(crate) fn take(params: &mut Params, scope: FilterScope) -> Result<Filter, ApiError> {
        let mut filter = Filter::default();
        if matches!(scope, FilterScope::None | FilterScope::Alerts | FilterScope::Audit) {
            return Ok(filter);
        }
        filter.ip = values(params, "ip", address)?;
        filter.class = values(params, "class", name::<ThreatClass>)?;
        filter.action = actions(params)?;
        filter.words = words(params)?;
        if scope == FilterScope::Feed {
            return Ok(filter);
        }
        filter.method = values(params, "method", method)?;
        filter.status = values(params, "status", status)?;
        filter.host = values(params, "host", |host| Ok(host.to_lowercase()))?;
        filter.endpoint = params.take("endpoint")?.map(endpoint);
        filter.severity = values(params, "severity", name::<Severity>)?;
        filter.enforced = params.take_bool("enforced")?;
        filter.min_score = params.take("min_score")?.map(|text| score(&text)).transpose()?;
        filter.alert = params.take("alert")?.map(|text| alert(&text)).transpose()?;
        Ok(filter)
    }
}

impl AlertFilterParams {
    /// Takes the filters of alerts.
    pub(crate) fn take(params: &mut Params) -> Result<AlertFilter, ApiError> {
        Ok(AlertFilter {
            severity: values(params, "severity", name::<Severity>)?,
            class: values(params, "class", name::<ThreatClass>)?,
            words: words(params)?,
            by_weight: by_weight(params)?,
            ..AlertFilter::default()
        })
    }
}

/// The values of one comma-separated parameter.
fn values<T>(
    params: &mut Params,
    field: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, ApiError> {
    let Some(text) = params.take(field)? else { return Ok(Vec::new()) };
    if text.split(',').count() > MAX_VALUES {
        return Err(ApiError::validation(field, format!("takes at most {MAX_VALUES} values")));
    }
    text.split(',')
        .map(|value| read(value.trim()).map_err(|problem| ApiError::validation(field, problem)))
        .collect()
}

fn actions(params: &mut Params) -> Result<Vec<Action>, ApiError> {
    let mut found = values(params, "action", name::<Action>)?;
    let verdict = values(params, "verdict", name::<Action>)?;
    if !found.is_empty() && !verdict.is_empty() {
        return Err(ApiError::validation("verdict", "is another name of action; give one of them"));
    }
    found.extend(verdict);
    Ok(found)
}

fn name<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.to_lowercase().parse().map_err(|error: T::Err| format!("has an {error}"))
}

/// An address in canonical text, a CIDR block, or the name that a log holds instead of an address.
fn address(text: &str) -> Result<String, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    if let Some((base, bits)) = text.split_once('/') {
        let base: IpAddr = base.parse().map_err(|_| format!("'{text}' is no CIDR block"))?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.parse::<u8>().ok().filter(|bits| *bits <= most);
        let bits = bits.ok_or_else(|| format!("'{text}' is no CIDR block: at most {most} bits"))?;
        return Ok(format!("{base}/{bits}"));
    }
    let is_name = !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    // Digits and dots that are no address are a misspelt one, not a name.
    if is_name && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Ok(text.to_owned());
    }
    Err(format!("'{text}' is no address or CIDR block"))
}

fn method(text: &str) -> Result<String, String> {
    let is_token = !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_token { Ok(text.to_uppercase()) } else { Err(format!("'{text}' is no method")) }
}

fn status(text: &str) -> Result<(u16, u16), String> {
    let lower = text.to_ascii_lowercase();
    if let Some(class) = lower.strip_suffix("xx") {
        let class = class.parse::<u16>().ok().filter(|class| (1..=5).contains(class));
        return class
            .map(|class| (class * 100, class * 100 + 99))
            .ok_or_else(|| format!("'{text}' is no status"));
    }
    let code = lower.parse::<u16>().ok().filter(|code| *code == 0 || (100..=999).contains(code));
    code.map(|code| (code, code)).ok_or_else(|| format!("'{text}' is no status; use 404 or 4xx"))
}

/// How an `endpoint` is meant: see API.md 1.7.
fn endpoint(text: String) -> EndpointFilter {
    if let Some(prefix) = text.strip_suffix('*') {
        return EndpointFilter::Prefix(prefix.to_owned());
    }
    if text.contains('?') { EndpointFilter::Target(text) } else { EndpointFilter::Path(text) }
}

fn score(text: &str) -> Result<f64, ApiError> {
    let score = text.parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| ApiError::validation("min_score", "must be a number from 0 to 1"))
}

fn alert(text: &str) -> Result<i64, ApiError> {
    let id = text.parse::<i64>().ok().filter(|id| *id > 0);
    id.ok_or_else(|| ApiError::validation("alert", "must be the id of an alert"))
}

fn by_weight(params: &mut Params) -> Result<bool, ApiError> {
    match params.take("sort")?.as_deref() {
        None | Some("time") => Ok(false),
        Some("weight") => Ok(true),
        Some(other) => Err(ApiError::validation("sort", format!("is time or weight, not '{other}'"))),
    }
}

fn words(params: &mut Params) -> Result<Vec<String>, ApiError> {
    let Some(text) = params.take("q")? else { return Ok(Vec::new()) };
    if !WORDS_CHARS.contains(&text.chars().count()) {
        return Err(ApiError::validation("q", "must have 2 to 200 characters"));
    }
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Result<Filter, ApiError> {
        let mut params = Params::parse(query)?;
        let filter = FilterParams::take(&mut params, FilterScope::Requests)?;
        params.finish()?;
        Ok(filter)
    }

    #[test]
    fn every_filter_of_the_contract_is_read() {
        let filter = read(
            "ip=198.51.100.7,2001:DB8::/32&method=get,POST&status=404,5xx&host=Shop.Example.com,*.example.org\
             &endpoint=/login&class=sql_injection,xss&severity=high&action=flag,block&enforced=false&min_score=0.5\
             &q=union%20select&alert=41",
        )
        .expect("valid");
        let expected = Filter {
            span: None,
            ip: vec!["198.51.100.7".into(), "2001:db8::/32".into()],
            method: vec!["GET".into(), "POST".into()],
            status: vec![(404, 404), (500, 599)],
            host: vec!["shop.example.com".into(), "*.example.org".into()],
            endpoint: Some(EndpointFilter::Path("/login".into())),
            class: vec![ThreatClass::SqlInjection, ThreatClass::Xss],
            severity: vec![Severity::High],
            action: vec![Action::Flag, Action::Block],
            enforced: Some(false),
            min_score: Some(0.5),
            words: vec!["union".into(), "select".into()],
            alert: Some(41),
        };
        assert_eq!(filter, expected);
        assert_eq!(read("verdict=block").expect("valid").action, [Action::Block]);
    }

    #[test]
    fn the_form_of_an_endpoint_decides_what_it_matches() {
        for (text, expected) in [
            ("/a,b", EndpointFilter::Path("/a,b".into())),
            ("/a?b=1", EndpointFilter::Target("/a?b=1".into())),
            ("/a/*", EndpointFilter::Prefix("/a/".into())),
        ] {
            assert_eq!(endpoint(text.to_owned()), expected);
        }
    }

    #[test]
    fn wrong_values_are_refused_with_their_field() {
        for (query, field) in [
            ("ip=1.2.3", "ip"),
            ("ip=1.2.3.4/33", "ip"),
            ("ip=a%20b", "ip"),
            ("status=6xx", "status"),
            ("status=40", "status"),
            ("class=sqli", "class"),
            ("severity=urgent", "severity"),
            ("action=deny", "action"),
            ("action=flag&verdict=block", "verdict"),
            ("enforced=yes", "enforced"),
            ("min_score=1.5", "min_score"),
            ("min_score=NaN", "min_score"),
            ("q=a", "q"),
            ("method=", "method"),
            ("alert=0", "alert"),
            ("alert=first", "alert"),
        ] {
            let error = read(query).expect_err(query);
            assert_eq!(
                (error.code, error.details.problems()[0].field.as_str()),
                ("validation_failed", field),
                "{query}"
            );
        }
        assert_eq!(read("offset=5").expect_err("offset").code, "unsupported_parameter");
    }

    proptest! {
        #[test]
        fn any_value_is_a_filter_or_refused(field in "[a-z_]{1,9}", value in "\\PC{0,40}") {
            let encoded: String =
                percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC).to_string();
            let _ = read(&format!("{field}={encoded}"));
        }
    }
}
