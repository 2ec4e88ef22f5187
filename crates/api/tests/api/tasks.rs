//! The background tasks and their manual trigger.

use axum::http::Method;
use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn tasks_are_listed_and_run_when_asked() {
    let site = Site::new().await;
    let tasks = site.data("/api/v1/system/tasks").await;
    let names: Vec<_> = tasks.as_array().expect("a list").iter().map(|task| task["name"].clone()).collect();
    assert!(names.contains(&json!("retention")) && names.contains(&json!("measure")), "{names:?}");

    let before = site.data("/api/system/tasks").await;
    let runs = |tasks: &serde_json::Value| {
        let tasks = tasks.as_array().expect("a list");
        tasks.iter().find(|task| task["name"] == "measure").expect("there")["runs"].as_u64().expect("a count")
    };
    let answer = site.post("/api/v1/system/tasks/measure/run", "").await;
    let task = answer.json()["data"].clone();
    assert_eq!((&task["name"], &task["state"]), (&json!("measure"), &json!("waiting")));
    assert!(task["runs"].as_u64() > Some(runs(&before)) && task["duration_ms"].is_number(), "{task}");
    assert_eq!((&task["last_error"], &task["failures"]), (&json!(null), &json!(0)));
    assert!(task["last_run"].as_str().is_some_and(|at| at.ends_with('Z')), "{task}");

    let answer = site.post("/api/v1/system/tasks/nothing%2F/run", "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"));
    let answer = site.ask(Method::GET, "/api/v1/system/tasks/measure/run", &[], "").await;
    assert_eq!(answer.status.as_u16(), 405);
}
