//! The question of a proxy that holds a request.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bartizan_engine::{Checked, Recording};
use bartizan_model::{Action, DecidedBy, Mode, ThreatClass};

use crate::ApiState;
use crate::inline::{OnFailure, Original};
use crate::middleware::finish::RequestId;
use crate::view::number::fraction;

/// What the page of a refusal may do: nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Judges the request that a proxy holds: 200 lets it pass, 403 refuses it. Answers every method.
#[utoipa::path(get, path = "/forward-auth", tag = "service", operation_id = "forwardAuth",
    params(
        ("X-Forwarded-Uri" = Option<String>, Header, description = "Target of the original request; or `X-Original-URI`"),
        ("X-Forwarded-Method" = Option<String>, Header, description = "Its method; or `X-Original-Method`"),
        ("X-Forwarded-Host" = Option<String>, Header, description = "Its host"),
        ("X-Forwarded-For" = Option<String>, Header, description = "Its client"),
    ),
    responses(
        (status = 200, description = "It may pass",
            headers(("X-Bartizan-Action" = String), ("X-Bartizan-Score" = String), ("X-Bartizan-Class" = String))),
        (status = 403, description = "It is refused: a page with the request id", content_type = "text/html",
            body = String)))]
pub(crate) async fn forward_auth(
    State(api): State<ApiState>,
    RequestId(id): RequestId,
    Original(request): Original,
) -> Response {
    let inline = &api.settings.inline;
    let judging = api.engine.check(vec![request], Recording::IfRoom);
    let judged = tokio::time::timeout(inline.deadline, judging).await;
    let checked = judged.ok().and_then(Result::ok).and_then(|mut checked| checked.pop());
    let verdict = checked.filter(|checked| checked.judged.verdict.decided_by != DecidedBy::Failure);
    let refused = match &verdict {
        Some(checked) => checked.judged.verdict.enforced,
        None => inline.on_failure == OnFailure::Closed && api.engine.model().policy.mode == Mode::Block,
    };
    let mut response = if refused { refusal(&id) } else { StatusCode::OK.into_response() };
    tell(response.headers_mut(), verdict.as_ref());
    response
}

/// What the proxy may log or pass on.
fn tell(headers: &mut HeaderMap, verdict: Option<&Checked>) {
    let verdict = verdict.map(|checked| &checked.judged.verdict);
    let score = verdict.and_then(|verdict| verdict.score).map_or(0.0, |score| fraction(score.value()));
    let action = verdict.map_or(Action::Allow, |verdict| verdict.action).as_str();
    let class = verdict.and_then(|verdict| verdict.class).map_or("-", ThreatClass::as_str);
    headers.insert("x-bartizan-action", HeaderValue::from_static(action));
    headers.insert("x-bartizan-class", HeaderValue::from_static(class));
    if let Ok(score) = HeaderValue::try_from(score.to_string()) {
        headers.insert("x-bartizan-score", score);
    }
}

/// A short page that says no more than whom to ask: what was seen would only help whoever tries again.
fn refusal(request_id: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Refused</title>\
         <h1>This request was refused</h1>\
         <p>If it should not have been, tell whoever runs this site this number: <code>{request_id}</code></p></html>"
    );
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (StatusCode::FORBIDDEN, headers, page).into_response()
}
