//! Who is refused what: every operation of the document, by every credential that does not reach it.

use axum::http::{Method, StatusCode};
use bartizan_api::{ApiSettings, RateLimit, openapi};
use bartizan_engine::{Actor, NewToken, NewUser, UserChange};
use bartizan_model::{Role, Scope, Timestamp};
use serde_json::Value;

use crate::site::{Answer, Site};

const PASSWORD: &str = "a watch on the wall";

/// Operations that answer whoever asks; whoever adds one has to say so here too.
const OPEN: &[&str] = &[
    "GET /api/v1/openapi.json",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "GET /forward-auth",
    "POST /api/v1/auth/login",
    "POST /api/v1/users/login",
];

struct Operation {
    method: Method,
    path: String,
    scope: Option<String>,
}

/// Every operation, with the scope that the document names.
fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&openapi().to_json().expect("a document")).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let security =
                operation["security"].as_array().unwrap_or_else(|| panic!("{method} {path} says nothing"));
            let scope = security.first().map(|way| {
                let scopes = way.as_object().expect("a way").values().next().expect("scopes");
                scopes[0].as_str().expect("a scope").to_owned()
            });
            let path = path.replace("{id}", "1").replace("{name}", "x").replace("{type}", "xss");
            operations.push(Operation {
                method,
                path: path
                    .replace("{metric}", "requests")
                    .replace("{dimension}", "ip")
                    .replace("{endpoint}", "x"),
                scope,
            });
        }
    }
    assert!(operations.len() > 55, "{}", operations.len());
    operations
}

async fn guarded() -> Site {
    let site = Site::with(ApiSettings { authenticate: true, ..ApiSettings::default() }).await;
    for (name, role) in [("ann", Role::Admin), ("olga", Role::Operator), ("vic", Role::Viewer)] {
        let new = NewUser {
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            full_name: None,
            role,
            must_change_password: false,
        };
        let access = site.engine.access();
        access.add_user(new, PASSWORD.to_owned(), &Actor::command_line()).await.expect("made");
    }
    site
}

async fn token(site: &Site, scope: Scope, user_id: Option<i64>, expires_at: Option<Timestamp>) -> String {
    let by = Actor { user_id, ..Actor::command_line() };
    let new = NewToken { name: "test".to_owned(), scope, expires_at };
    format!("Bearer {}", site.engine.access().add_token(new, &by).await.expect("made").1)
}

async fn log_in(site: &Site, name: &str) -> String {
    let body = format!("{{\"username\":\"{name}\",\"password\":\"{PASSWORD}\"}}");
    let answer = site.post("/api/auth/login", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    assert!(
        cookie.starts_with("bartizan_session=") && cookie.contains("HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    cookie.split(';').next().expect("a pair").to_owned()
}

async fn call(site: &Site, operation: &Operation, headers: &[(&str, &str)]) -> Answer {
    site.ask(operation.method.clone(), &operation.path, headers, "").await
}

#[tokio::test]
async fn every_operation_refuses_who_does_not_reach_it() {
    let site = guarded().await;
    let soon = site.engine.now().plus_micros(60 * Timestamp::SECOND_MICROS);
    let viewer = token(&site, Scope::Read, None, None).await;
    let operator = token(&site, Scope::Operate, None, None).await;
    let expired = token(&site, Scope::Admin, None, Some(soon)).await;
    let revoked = token(&site, Scope::Admin, None, None).await;
    let of_disabled = token(&site, Scope::Admin, Some(2), None).await;
    let access = site.engine.access();
    access.delete_token(4, &Actor::command_line()).await.expect("revoked");
    let off = UserChange { is_active: Some(false), ..UserChange::default() };
    let session_of_disabled = log_in(&site, "olga").await;
    access.change_user(2, off, &Actor::command_line()).await.expect("disabled");
    site.clock.advance(61);
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let Some(scope) = operation.scope.as_deref() else {
            assert!(OPEN.contains(&name.as_str()), "{name} is open");
            assert_ne!(call(&site, &operation, &[]).await.status, StatusCode::UNAUTHORIZED, "{name}");
            continue;
        };
        assert!(!OPEN.contains(&name.as_str()), "{name} is not open");
        let same = ("sec-fetch-site", "same-origin");
        let in_query = Operation {
            path: format!("{}?access_token={}&token=x", operation.path, &viewer[7..]),
            ..call_of(&operation)
        };
        for (why, answer) in [
            ("none", call(&site, &operation, &[]).await),
            ("expired", call(&site, &operation, &[("authorization", &expired)]).await),
            ("revoked", call(&site, &operation, &[("authorization", &revoked)]).await),
            ("disabled", call(&site, &operation, &[("authorization", &of_disabled)]).await),
            ("forged", call(&site, &operation, &[("authorization", "Bearer x")]).await),
            ("no bearer", call(&site, &operation, &[("authorization", "Basic YTpi")]).await),
            ("forged cookie", call(&site, &operation, &[("cookie", "bartizan_session=x"), same]).await),
            (
                "cookie of a disabled user",
                call(&site, &operation, &[("cookie", &session_of_disabled), same]).await,
            ),
            ("in the query", call(&site, &in_query, &[]).await),
        ] {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {why}");
            assert_eq!(
                (answer.code().as_str(), answer.header("www-authenticate")),
                ("unauthenticated", Some("Bearer"))
            );
        }
        for (held, credential) in [("read", &viewer), ("operate", &operator)] {
            let is_too_small = scope == "admin" || (scope == "operate" && held == "read");
            if is_too_small {
                let answer = call(&site, &operation, &[("authorization", credential)]).await;
                assert_eq!(
                    (answer.status, answer.code().as_str()),
                    (StatusCode::FORBIDDEN, "forbidden"),
                    "{name}: {held}"
                );
                assert_eq!(answer.json()["error"]["details"]["required_scope"], scope, "{name}");
            } else if operation.method == Method::GET {
                let answer = call(&site, &operation, &[("authorization", credential)]).await;
                assert!(!matches!(answer.status.as_u16(), 401 | 403), "{name}: {held}: {}", answer.status);
            }
        }
    }
}

fn call_of(operation: &Operation) -> Operation {
    Operation { method: operation.method.clone(), path: operation.path.clone(), scope: None }
}

#[tokio::test]
async fn no_page_of_another_origin_acts_with_a_session() {
    let site = guarded().await;
    let cookie = log_in(&site, "ann").await;
    for operation in operations() {
        if operation.method == Method::GET {
            continue;
        }
        let name = format!("{} {}", operation.method, operation.path);
        let form = ("content-type", "application/x-www-form-urlencoded");
        for headers in [
            vec![("origin", "http://evil.example")],
            vec![("origin", "null"), form],
            vec![("sec-fetch-site", "cross-site"), form],
            vec![("sec-fetch-site", "same-site")],
            vec![form],
            vec![],
        ] {
            let with_cookie = [headers.clone(), vec![("cookie", cookie.as_str())]].concat();
            let answer = call(&site, &operation, &with_cookie).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {headers:?}");
            assert_eq!(answer.code(), "origin_rejected", "{name}: {headers:?}");
        }
    }
    let own = [("cookie", cookie.as_str()), ("origin", "http://127.0.0.1:3001")];
    assert_eq!(site.ask(Method::POST, "/api/alerts/1/acknowledge", &own, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_begins_with_a_login_and_ends_with_a_logout() {
    let site = guarded().await;
    let cookie = log_in(&site, "vic").await;
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let me = site.ask(Method::GET, "/api/auth/me", &headers, "").await.json()["data"].clone();
    assert_eq!((me["user"]["username"].as_str(), me["kind"].as_str()), (Some("vic"), Some("session")));
    assert_eq!(me["scopes"], serde_json::json!(["read"]));
    let out = site.ask(Method::POST, "/api/auth/logout", &headers, "").await;
    assert!(
        out.status.is_success()
            && out.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0"))
    );
    assert_eq!(site.ask(Method::GET, "/api/auth/me", &headers, "").await.status, StatusCode::UNAUTHORIZED);
    for body in
        ["{\"username\":\"vic\",\"password\":\"wrong\"}", "{\"username\":\"nobody\",\"password\":\"x\"}"]
    {
        let answer = site.post("/api/auth/login", body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "invalid_credentials")
        );
    }
}

#[tokio::test]
async fn the_last_administrator_stays_and_changes_are_noted() {
    let site = guarded().await;
    let admin = token(&site, Scope::Admin, Some(1), None).await;
    let headers = [("authorization", admin.as_str()), ("content-type", "application/json")];
    for (method, body) in [
        (Method::DELETE, ""),
        (Method::PATCH, "{\"role\":\"viewer\"}"),
        (Method::PATCH, "{\"is_active\":false}"),
    ] {
        let answer = site.ask(method, "/api/users/1", &headers, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "conflict"), "{body}");
    }
    let set = site.ask(Method::POST, "/update-threshold", &headers, "{\"threshold\":0.7}").await;
    assert_eq!(set.status, StatusCode::OK);
    let log = site.ask(Method::GET, "/api/audit/logs?action=config_change", &headers, "").await.json();
    let details: Value =
        serde_json::from_str(log["data"][0]["details"].as_str().expect("text")).expect("JSON");
    assert_eq!((&details["before"]["threshold"], &details["after"]["threshold"]), (&0.5.into(), &0.7.into()));
    assert_eq!(log["data"][0]["username"], "ann");
    let csv = site.ask(Method::GET, "/api/audit/logs?format=csv", &headers, "").await;
    assert!(String::from_utf8_lossy(&csv.body).starts_with("id,timestamp,user_id"));
}

#[tokio::test]
async fn the_password_of_a_new_user_is_for_the_first_login_unless_told_otherwise() {
    let site = guarded().await;
    let admin = token(&site, Scope::Admin, None, None).await;
    let headers = [("authorization", admin.as_str()), ("content-type", "application/json")];
    let same = ("sec-fetch-site", "same-origin");
    for (name, more, allowed) in [
        ("nora", "", false),
        ("otto", ",\"must_change_password\":false", true),
        ("pia", ",\"must_change_password\":true", false),
    ] {
        let body = format!(
            "{{\"username\":\"{name}\",\"email\":\"{name}@example.com\",\"password\":\"{PASSWORD}\"{more}}}"
        );
        let made = site.ask(Method::POST, "/api/users", &headers, &body).await;
        assert_eq!(made.status, StatusCode::OK, "{}", String::from_utf8_lossy(&made.body));
        let cookie = log_in(&site, name).await;
        let asked = site.ask(Method::GET, "/api/traffic", &[("cookie", &cookie), same], "").await;
        let expected = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(asked.status, expected, "{name}");
    }
}

#[tokio::test]
async fn without_authentication_everybody_is_the_local_administrator() {
    let site = Site::new().await;
    let me = site.data("/api/auth/me").await;
    assert_eq!((me["user"]["username"].as_str(), me["kind"].as_str()), (Some("local"), Some("local")));
    assert_eq!(site.data("/api/users").await, serde_json::json!([]));
    let answer = site.post("/api/auth/login", "{\"username\":\"a\",\"password\":\"b\"}").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "auth_disabled"));
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let limit = RateLimit { per_minute: 60, burst: 2 };
    let site = Site::with(ApiSettings { rate_limit: Some(limit), ..ApiSettings::default() }).await;
    for remaining in ["1", "0"] {
        let answer = site.get("/api/system/info").await;
        assert_eq!((answer.status, answer.header("ratelimit-remaining")), (StatusCode::OK, Some(remaining)));
    }
    let refused = site.get("/api/system/info").await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-limit")), (Some("1"), Some("60")));
    assert_eq!(refused.json()["error"]["details"]["window_s"], 60);
    for exempt in ["/health", "/health/live", "/metrics"] {
        assert_ne!(site.get(exempt).await.status, StatusCode::TOO_MANY_REQUESTS, "{exempt}");
    }
    site.clock.advance(1);
    assert_eq!(site.get("/api/system/info").await.status, StatusCode::OK);
}
