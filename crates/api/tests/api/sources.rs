//! Log sources that are added, looked at and removed while the server runs.

use std::fs;
use std::path::PathBuf;

use axum::http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

const ROUTE: &str = "/api/v1/system/sources";
const LINE: &str = "203.0.113.9 - - [04/Mar/2026:05:06:07 +0000] \"GET /login?password=hunter2 HTTP/1.1\" 200 5 \"-\" \"curl/8.5\"\n";

/// A server on which sources may be added, and a folder for logs.
struct Yard {
    site: Site,
    folder: tempfile::TempDir,
}

impl Yard {
    async fn new() -> Self {
        let site = Site::new().await;
        site.engine.allow_adding_sources(true);
        Self { site, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().canonicalize().expect("a folder").join(name);
        fs::write(&path, text).expect("written");
        path
    }

    async fn send(&self, route: &str, body: &Value) -> Answer {
        self.site.post(&format!("{ROUTE}{route}"), &body.to_string()).await
    }

    async fn remove(&self, name: &str) -> Answer {
        let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
        self.site.ask(Method::DELETE, &format!("{ROUTE}/{name}"), &[], "").await
    }

    async fn until(&self, what: &str, holds: impl Fn(&[Value]) -> bool) {
        let begun = std::time::Instant::now();
        loop {
            let sources = self.site.data(ROUTE).await;
            if holds(sources.as_array().expect("a list")) {
                return;
            }
            assert!(begun.elapsed().as_secs() < 30, "waited in vain until {what}: {sources}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn a_source_is_looked_at_added_read_and_removed() {
    let yard = Yard::new().await;
    let log = yard.file("shop.log", &format!("{}junk\n", LINE.repeat(7)));
    let preview = yard.send("/preview", &json!({ "path": log, "name": "shop" })).await;
    assert_eq!(preview.status, StatusCode::OK, "{preview:?}");
    let text = String::from_utf8_lossy(&preview.body).into_owned();
    assert!(!text.contains("hunter2") && !text.contains("junk"), "{text}");
    let preview = preview.json()["data"].clone();
    assert_eq!(
        (&preview["format"], &preview["lines"], &preview["parsed"]),
        (&json!("combined"), &json!(8), &json!(7))
    );
    assert_eq!(preview["reason"], "7 of 8 lines read as common or combined log format");
    assert_eq!(preview["problems"][0]["lines"], 1);
    assert_eq!(preview["requests"].as_array().map(Vec::len), Some(5));
    let request = &preview["requests"][0];
    assert_eq!((&request["endpoint"], &request["status"]), (&json!("/login?password=[masked]"), &json!(200)));
    assert_eq!(
        (&request["user_agent"], &request["timestamp"]),
        (&json!("curl/8.5"), &json!("2026-03-04T05:06:07.000000Z"))
    );
    assert_eq!(yard.site.data(ROUTE).await, json!([]), "nothing is kept of a look");

    let added = yard.send("", &json!({ "path": log, "name": "shop", "time_zone": "Europe/Berlin" })).await;
    assert_eq!(added.status, StatusCode::OK, "{added:?}");
    let wanted = json!({ "name": "shop", "path": log, "format": null, "time_zone": "Europe/Berlin" });
    assert_eq!(added.json()["data"], wanted);
    yard.until("the log is read", |sources| {
        sources.len() == 1 && sources[0]["parsed"] == 7 && sources[0]["failed"] == 1
    })
    .await;
    let source = yard.site.data(ROUTE).await[0].clone();
    assert_eq!((&source["origin"], &source["belongs_to"]), (&json!("added"), &json!("shop")));
    let taken = yard.send("", &json!({ "path": log, "name": "shop" })).await;
    assert_eq!((taken.status, taken.code().as_str()), (StatusCode::CONFLICT, "conflict"));

    let removed = yard.remove("shop").await;
    assert_eq!(
        (removed.status, removed.json()["message"].clone()),
        (StatusCode::OK, json!("log source removed"))
    );
    assert_eq!(yard.site.data(ROUTE).await, json!([]));
    assert_eq!(yard.remove("shop").await.code(), "not_found");
    let preview = yard.send("/preview", &json!({ "path": log, "name": "shop" })).await.json();
    assert_eq!(preview["data"]["resumes_at"], LINE.len() * 7 + 5);

    let entries = yard.site.data("/api/v1/audit/logs?resource_type=config").await;
    let told: Vec<_> = (0..3)
        .map(|at| (&entries[at]["action"], &entries[at]["success"], &entries[at]["resource_id"]))
        .collect();
    let (yes, no, shop) = (json!(true), json!(false), json!("shop"));
    let (create, delete) = (json!("create"), json!("delete"));
    assert_eq!(told, [(&delete, &yes, &shop), (&create, &no, &Value::Null), (&create, &yes, &shop)]);
    assert_eq!(entries[0]["username"], "local");
}

#[tokio::test]
async fn a_path_is_a_name_that_can_be_removed() {
    let yard = Yard::new().await;
    let log = yard.file("shop.log", LINE);
    assert_eq!(yard.send("", &json!({ "path": log })).await.status, StatusCode::OK);
    let name = log.to_str().expect("UTF-8");
    assert_eq!(yard.site.data(ROUTE).await[0]["name"], name);
    assert_eq!(yard.remove(name).await.status, StatusCode::OK);
    // As it is written by who does not encode it.
    assert_eq!(yard.send("", &json!({ "path": log })).await.status, StatusCode::OK);
    let answer = yard.site.ask(Method::DELETE, &format!("{ROUTE}/{name}"), &[], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn every_mistake_is_told_with_its_member_and_nothing_of_a_file_that_is_no_log() {
    let yard = Yard::new().await;
    let secret = yard.file("shadow", &"root:$y$j9T$hunter2$0123456789:19000:0:99999:7:::\n".repeat(20));
    let log = yard.file("shop.log", LINE);
    let folder = log.parent().expect("a folder");
    for (body, field) in [
        (json!({ "path": "" }), "path"),
        (json!({ "path": "shop.log" }), "path"),
        (json!({ "path": "/a\u{0}b" }), "path"),
        (json!({ "path": format!("/{}", "x".repeat(2_000)) }), "path"),
        (json!({ "path": folder }), "path"),
        (json!({ "path": folder.join("none.log") }), "path"),
        (json!({ "path": secret }), "path"),
        (json!({ "path": secret, "format": "nginx:$remote_addr:$request" }), "path"),
        (json!({ "path": "/dev/null" }), "path"),
        (json!({ "path": log, "name": "x".repeat(200) }), "name"),
        (json!({ "path": log, "name": "a\u{1b}[1m" }), "name"),
        (json!({ "path": log, "name": "ingest" }), "name"),
        (json!({ "path": log, "format": "squid" }), "format"),
        (json!({ "path": log, "time_zone": "Nowhere" }), "time_zone"),
        (json!({ "path": log, "follow": false }), "follow"),
        (json!({ "name": "shop" }), "path"),
    ] {
        for route in ["", "/preview"] {
            let answer = yard.send(route, &body).await;
            let told = answer.json();
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {told}");
            assert_eq!(answer.code(), "validation_failed", "{body}");
            assert_eq!(told["error"]["details"][0]["field"], field, "{body}: {told}");
            assert!(!told.to_string().contains("hunter2"), "{told}");
        }
    }
    let entries = yard.site.data("/api/v1/audit/logs?resource_type=config&limit=100").await;
    assert!(!entries.to_string().contains("hunter2"));
    let tried = |entry: &&Value| entry["description"].as_str().is_some_and(|text| text.contains("shadow"));
    assert_eq!(entries.as_array().expect("a list").iter().filter(tried).count(), 2, "both tries are noted");
    assert_eq!(yard.site.data(ROUTE).await, json!([]));
}

#[tokio::test]
async fn an_empty_file_and_a_pattern_are_told_for_what_they_are() {
    let yard = Yard::new().await;
    let empty = yard.file("empty.log", "");
    let answer = yard.send("/preview", &json!({ "path": empty })).await;
    let preview = answer.json()["data"].clone();
    assert_eq!(
        (&preview["lines"], &preview["format"], &preview["file_count"]),
        (&json!(0), &Value::Null, &json!(1))
    );
    yard.file("a.access.log", &LINE.repeat(2));
    yard.file("b.access.log", "no log\nat all\n");
    let pattern = empty.with_file_name("*.access.log");
    let preview =
        yard.send("/preview", &json!({ "path": pattern, "name": "all" })).await.json()["data"].clone();
    assert_eq!(
        (&preview["is_pattern"], &preview["file_count"], &preview["lines"]),
        (&json!(true), &json!(2), &json!(2))
    );
    assert!(
        preview["files"][1]["problem"].as_str().is_some_and(|text| text.contains("no access log")),
        "{preview}"
    );
    assert_eq!(yard.send("", &json!({ "path": pattern, "name": "all" })).await.status, StatusCode::OK);
    yard.until("both files are shown", |sources| {
        sources.len() == 2 && sources.iter().all(|source| source["belongs_to"] == "all")
    })
    .await;
    let answer = yard.remove("all/a.access.log").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.json()["message"].as_str().is_some_and(|text| text.contains("remove that one")),
        "{answer:?}"
    );
    assert_eq!(yard.remove("all").await.status, StatusCode::OK);
    assert_eq!(yard.site.data(ROUTE).await, json!([]));
}

#[tokio::test]
async fn nobody_adds_where_it_is_switched_off_but_what_was_added_can_be_removed() {
    let yard = Yard::new().await;
    let (log, other) = (yard.file("shop.log", LINE), yard.file("other.log", LINE));
    assert_eq!(
        yard.site.data("/api/v1/system/info").await["features"],
        json!(["users", "tokens", "audit", "sources"])
    );
    assert_eq!(yard.send("", &json!({ "path": log, "name": "shop" })).await.status, StatusCode::OK);
    yard.site.engine.allow_adding_sources(false);
    assert_eq!(yard.site.data("/api/v1/system/info").await["features"], json!(["users", "tokens", "audit"]));
    for route in ["", "/preview"] {
        let answer = yard.send(route, &json!({ "path": other })).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "adding_disabled"));
        assert!(
            answer.json()["message"]
                .as_str()
                .is_some_and(|text| text.contains("ingestion.add_from_dashboard"))
        );
    }
    assert_eq!(yard.remove("shop").await.status, StatusCode::OK);
}
