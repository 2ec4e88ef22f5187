//! What raises no alert for a while.

use axum::extract::State;
use bartizan_engine::AuditEvent;
use bartizan_model::{
    Alert, AlertStatus, AuditAction, AuditResource, Silence as Row, SilenceMatch, ThreatClass, Timestamp,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::alerts::check_note;
use crate::ApiState;
use crate::access::By;
use crate::body::{JsonBody, OptionalJson};
use crate::envelope::{Answer, Done};
use crate::error::ApiError;
use crate::path::Id;
use crate::view::silence::Silence;

/// How long a silence lasts when nothing is said about it, and at most, in hours.
const HOURS: (u32, u32) = (24, 8_760);

/// How long an alert's cause is to be quiet.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilenceAlert {
    /// From 1 to 8760; default 24.
    #[serde(default)]
    hours: Option<u32>,
    #[serde(default)]
    reason: Option<String>,
}

/// A silence to begin: it holds back what matches every member that is given.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSilence {
    /// `detector`, `behaviour` or `system`.
    #[serde(default)]
    source: Option<String>,
    /// A ThreatClass.
    #[serde(default)]
    class: Option<String>,
    /// An address or a block in CIDR notation.
    #[serde(default)]
    ip: Option<String>,
    /// A site; `*.example.com` for its subdomains.
    #[serde(default)]
    host: Option<String>,
    /// From 1 to 8760; default 24. Not together with `expires_at`.
    #[serde(default)]
    hours: Option<u32>,
    /// When it ends.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[serde(default)]
    reason: Option<String>,
}

/// Every silence, newest first, those that ended included.
#[utoipa::path(get, path = "/api/v1/alerts/silences", tag = "alerts", operation_id = "silences",
    responses((status = 200, description = "The silences", body = Answer<Vec<Silence>>)))]
pub(crate) async fn list(State(api): State<ApiState>) -> Result<Answer<Vec<Silence>>, ApiError> {
    let now = api.now();
    let silences = api.engine.silences().await?;
    Ok(Answer::new(now, silences.iter().map(|silence| Silence::new(silence, now)).collect()))
}

/// Begins a silence and dismisses the open alerts that it matches. Threats are recorded all the same.
#[utoipa::path(post, path = "/api/v1/alerts/silences", tag = "alerts", operation_id = "createSilence",
    request_body = NewSilence, responses((status = 200, description = "The silence", body = Answer<Silence>)))]
pub(crate) async fn create(
    State(api): State<ApiState>,
    by: By,
    JsonBody(new): JsonBody<NewSilence>,
) -> Result<Answer<Silence>, ApiError> {
    let now = api.now();
    let expires_at = match (&new.expires_at, new.hours) {
        (Some(_), Some(_)) => return Err(ApiError::validation("hours", "must not stand beside expires_at")),
        (Some(text), None) => text
            .parse::<Timestamp>()
            .map_err(|_| ApiError::validation("expires_at", "must be an RFC 3339 instant with a zone"))?,
        (None, hours) => end(now, hours)?,
    };
    if new.source.as_deref().is_some_and(|source| !["detector", "behaviour", "system"].contains(&source)) {
        return Err(ApiError::validation("source", "must be detector, behaviour or system"));
    }
    let class = new.class.as_deref().map(str::parse::<ThreatClass>).transpose();
    let class = class.map_err(|_| ApiError::validation("class", "is no threat class"))?;
    let matches = SilenceMatch { source: new.source, class, ip: new.ip, host: new.host, key: None };
    begin(&api, &by, matches, expires_at, new.reason, None).await
}

/// Keeps an alert's cause quiet for a while, and dismisses the alert.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/silence", tag = "alerts", operation_id = "silenceAlert",
    params(("id" = i64, Path)), request_body = Option<SilenceAlert>,
    responses((status = 200, description = "The silence", body = Answer<Silence>)))]
pub(crate) async fn of_alert(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    OptionalJson(wanted): OptionalJson<SilenceAlert>,
) -> Result<Answer<Silence>, ApiError> {
    let alert = api.engine.alert(id).await?;
    begin(&api, &by, cause(&alert), end(api.now(), wanted.hours)?, wanted.reason, Some(id)).await
}

/// Ends a silence.
#[utoipa::path(delete, path = "/api/v1/alerts/silences/{id}", tag = "alerts", operation_id = "deleteSilence",
    params(("id" = i64, Path)), responses((status = 200, description = "Ended", body = Done)))]
pub(crate) async fn delete(State(api): State<ApiState>, by: By, Id(id): Id) -> Result<Done, ApiError> {
    api.engine.unsilence(id).await?;
    let event = AuditEvent::new(AuditAction::Delete, AuditResource::Alert, format!("silence {id} ended"));
    api.engine.audit(&by.actor(), event.of(id)).await;
    Ok(Done::new(api.now(), "silence ended"))
}

/// What an alert is about, in members of a silence; its key where those could not say it.
fn cause(alert: &Alert) -> SilenceMatch {
    let is_address = alert.related_ip.as_deref().is_none_or(|ip| ip.parse::<std::net::IpAddr>().is_ok());
    let says_it = alert.class.is_some() || alert.related_ip.is_some() || alert.host.is_some();
    if alert.source == Alert::SYSTEM || !is_address || !says_it {
        return SilenceMatch { key: Some(alert.key.clone()), ..SilenceMatch::default() };
    }
    SilenceMatch {
        class: alert.class,
        ip: alert.related_ip.clone(),
        host: alert.host.clone(),
        ..SilenceMatch::default()
    }
}

async fn begin(
    api: &ApiState,
    by: &By,
    matches: SilenceMatch,
    expires_at: Timestamp,
    reason: Option<String>,
    of_alert: Option<i64>,
) -> Result<Answer<Silence>, ApiError> {
    check_note(reason.as_deref())
        .map_err(|_| ApiError::validation("reason", "must have at most 1000 characters"))?;
    let now = api.now();
    let silence = Row {
        id: 0,
        created_at: now,
        created_by: by.caller.user.username.clone(),
        expires_at: Some(expires_at),
        reason,
        matches,
        hits: 0,
        last_hit: None,
    };
    let (silence, mut dismissed) = api.engine.silence(silence).await?;
    if let Some(id) = of_alert {
        // An alert of an earlier version belongs to no group that the silence could match.
        let by = &by.caller.user.username;
        api.engine.set_alert_status(&[id], AlertStatus::Dismissed, by, None).await?;
        if !dismissed.contains(&id) {
            dismissed.push(id);
        }
    }
    let event =
        AuditEvent::new(AuditAction::Create, AuditResource::Alert, format!("silence {} begun", silence.id));
    let after = serde_json::json!({
        "source": &silence.matches.source, "class": silence.matches.class.map(ThreatClass::as_str),
        "ip": &silence.matches.ip, "host": &silence.matches.host, "key": &silence.matches.key,
        "expires_at": silence.expires_at.map(|at| at.to_string()), "reason": &silence.reason,
        "dismissed_alerts": dismissed,
    });
    api.engine.audit(&by.actor(), event.of(silence.id).after(after)).await;
    Ok(Answer::new(now, Silence::new(&silence, now)))
}

fn end(now: Timestamp, hours: Option<u32>) -> Result<Timestamp, ApiError> {
    let hours = hours.unwrap_or(HOURS.0);
    if !(1..=HOURS.1).contains(&hours) {
        return Err(ApiError::validation("hours", "must lie between 1 and 8760"));
    }
    Ok(now.plus_micros(i64::from(hours) * 3_600 * Timestamp::SECOND_MICROS))
}
