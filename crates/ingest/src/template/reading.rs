//! The values of one line, put together to a request.

use std::borrow::Cow;

use bartizan_model::{HttpRequest, MISSING, Timestamp, Via};

use super::slot::{Slot, TimeForm};
use crate::LineError;
use crate::client::{address, canonical_client, canonical_host};
use crate::log_time::{text_time_in, unix_time};
use crate::quantity::{duration_ms, status, sum_ms, whole};
use crate::request_line::{is_method, read_request_line};
use crate::trailing::MAX_HEADER_BYTES;
use crate::zone::LogZone;

/// Most headers of one request.
const MAX_HEADERS: usize = 128;

/// What is known of a request while its line is read.
pub(super) struct Reading<'z> {
    request: HttpRequest,
    zone: &'z LogZone,
    client: Ranked<String>,
    host: Ranked<String>,
    bytes: Ranked<u64>,
    duration_ms: Ranked<f64>,
    time: Option<Timestamp>,
    fraction_micros: i64,
    has_request_line: bool,
    method: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
    query: Option<Vec<u8>>,
}

/// A value and how much it is to be trusted.
struct Ranked<T>(Option<(u8, T)>);

impl<T> Ranked<T> {
    fn offer(&mut self, rank: u8, value: Option<T>) {
        if let Some(value) = value
            && self.0.as_ref().is_none_or(|(known, _)| rank > *known)
        {
            self.0 = Some((rank, value));
        }
    }

    fn best(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

impl<'z> Reading<'z> {
    pub(super) fn new(read_at: Timestamp, zone: &'z LogZone) -> Self {
        Self {
            request: HttpRequest::new(read_at, MISSING, b"", Via::Log),
            zone,
            client: Ranked(None),
            host: Ranked(None),
            bytes: Ranked(None),
            duration_ms: Ranked(None),
            time: None,
            fraction_micros: 0,
            has_request_line: false,
            method: None,
            target: None,
            query: None,
        }
    }

    /// Takes the value of a variable, without the escapes of the log.
    pub(super) fn take(&mut self, slot: &Slot, value: Cow<'_, [u8]>) -> Result<(), LineError> {
        if *slot == Slot::RequestLine {
            read_request_line(&value, &mut self.request);
            self.has_request_line = true;
            return Ok(());
        }
        if value.is_empty() || *value == *b"-" {
            return Ok(());
        }
        match slot {
            Slot::Client(rank) => self.client.offer(*rank, Some(canonical_client(&value))),
            Slot::Time(form) => self.take_time(form, &value)?,
            Slot::Method => self.method = Some(value.into_owned()),
            Slot::Target | Slot::Path => self.target = Some(value.into_owned()),
            Slot::Query => self.query = Some(value.strip_prefix(b"?").unwrap_or(&value).to_vec()),
            Slot::Protocol => {
                self.request.protocol =
                    str::from_utf8(&value).ok().filter(|name| name.len() <= 16).map(str::to_owned);
            }
            Slot::Status => self.request.status = status(&value).ok_or(LineError::NoStatus)?,
            Slot::Bytes(rank) => self.bytes.offer(*rank, whole(&value)),
            Slot::Duration { unit_ns, rank } => {
                let unit_ms = f64::from(*unit_ns) / 1e6;
                self.duration_ms.offer(*rank, text(&value).and_then(|text| duration_ms(text, unit_ms)));
            }
            Slot::UpstreamSeconds => {
                self.duration_ms.offer(1, text(&value).and_then(|text| sum_ms(text, 1e3)));
            }
            Slot::Host(rank) => self.host.offer(*rank, canonical_host(&value)),
            Slot::HostAndTarget => {
                let end = memchr::memchr(b'/', &value).unwrap_or(value.len());
                let (host, target) = value.split_at(end);
                self.host.offer(4, canonical_host(host));
                self.target = Some(target.to_vec());
            }
            Slot::Header(name) => self.push_header(name, &value),
            Slot::ForwardedFor => {
                self.push_header("x-forwarded-for", &value);
                // The last address was added by the proxy before the server, the others by whoever wanted to.
                let last = value.rsplit(|byte| *byte == b',').next().map(<[u8]>::trim_ascii);
                let client = last.filter(|field| address(field).is_some()).map(canonical_client);
                self.client.offer(0, client);
            }
            Slot::Cookie(name) => {
                let cookie = [name.as_bytes(), b"=", &value].concat();
                self.push_header("cookie", &cookie);
            }
            Slot::Body => self.request.body = Some(value.into_owned()),
            Slot::RequestLine | Slot::QuestionMark | Slot::Skip => {}
        }
        Ok(())
    }

    fn take_time(&mut self, form: &TimeForm, value: &[u8]) -> Result<(), LineError> {
        if let TimeForm::Fraction(unit) = form {
            let number = whole(value).and_then(|number| i64::try_from(number).ok());
            self.fraction_micros =
                number.filter(|number| *number < 1_000_000).ok_or(LineError::BadTime)?.saturating_mul(*unit);
            return Ok(());
        }
        let time = match form {
            TimeForm::Number => text(value).and_then(|text| text.parse().ok()).and_then(unix_time),
            TimeForm::Pattern(pattern) => text(value).and_then(|text| self.by_pattern(pattern, text)),
            TimeForm::Text | TimeForm::Fraction(_) => text_time_in(value, self.zone),
        };
        self.time = Some(time.ok_or(LineError::BadTime)?);
        Ok(())
    }

    fn by_pattern(&self, pattern: &str, text: &str) -> Option<Timestamp> {
        let parsed = jiff::fmt::strtime::parse(pattern, text).ok()?;
        if let Ok(instant) = parsed.to_timestamp() {
            return Some(Timestamp::from_micros(instant.as_microsecond()));
        }
        let clock = parsed.to_datetime().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        self.zone.instant(clock.timestamp().as_microsecond())
    }

    fn push_header(&mut self, name: &str, value: &[u8]) {
        if self.request.headers.len() < MAX_HEADERS {
            let value = value.get(..MAX_HEADER_BYTES).unwrap_or(value);
            self.request.headers.push((name.to_owned(), value.to_vec()));
        }
    }

    /// Whether what was asked for is known.
    pub(super) fn has_request(&self) -> bool {
        self.has_request_line || self.target.is_some()
    }

    /// The request.
    pub(super) fn finish(mut self) -> HttpRequest {
        if !self.has_request_line {
            let method = self.method.unwrap_or_default();
            let mut target = self.target.unwrap_or_default();
            if let Some(query) = self.query
                && !target.contains(&b'?')
            {
                target.push(b'?');
                target.extend_from_slice(&query);
            }
            if is_method(&method) && !target.is_empty() {
                self.request.method = String::from_utf8_lossy(&method).into_owned();
                self.request.target = target;
            } else {
                let words = [method, target];
                let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ');
                let protocol = self.request.protocol.take();
                read_request_line(&line, &mut self.request);
                self.request.protocol = self.request.protocol.or(protocol);
            }
        }
        if let Some(time) = self.time {
            self.request.time = time.plus_micros(self.fraction_micros);
        }
        if let Some(client) = self.client.best() {
            self.request.client = client;
        }
        self.request.host = self.host.best();
        self.request.response_bytes = self.bytes.best();
        self.request.response_time_ms = self.duration_ms.best();
        self.request
    }
}

fn text(value: &[u8]) -> Option<&str> {
    str::from_utf8(value).ok()
}
