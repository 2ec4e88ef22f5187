//! The same house on PostgreSQL: the same answers, and each line once whoever dies.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;

use crate::access_log::{append, lines, log_time};
use crate::postgres_server;
use crate::random::SplitMix;
use crate::server::{Place, Server};

use bartizan_model::{Clock as _, SystemClock, Timestamp};

/// What a dashboard asks for. `{}` stands for the range.
const QUESTIONS: [&str; 21] = [
    "/api/v1/system/sources",
    "/api/v1/traffic?limit=500&{}",
    "/api/v1/traffic?limit=500&status=404&{}",
    "/api/v1/traffic?limit=500&min_score=0.5&{}",
    "/api/v1/traffic?limit=500&ip=198.51.100.7&{}",
    "/api/v1/traffic?limit=500&q=union&{}",
    "/api/v1/traffic?limit=500&order=asc&{}",
    "/api/v1/threats?limit=500&{}",
    "/api/v1/threats?limit=500&class=sql_injection&{}",
    "/api/v1/threats/stats?{}",
    "/api/v1/analytics/overview?{}",
    "/api/v1/analytics/summary?{}",
    "/api/v1/analytics/scores?{}",
    "/api/v1/analytics/trends/requests?{}",
    "/api/v1/analytics/top/ip?{}",
    "/api/v1/analytics/top/path?{}",
    "/api/v1/analytics/top/user_agent?{}",
    "/api/v1/charts/requests?{}",
    "/api/v1/charts/threats?{}",
    "/api/v1/charts/performance?{}",
    "/api/v1/metrics/historical?{}",
];

/// Names of members that tell the moment of the answer or of the writing, or the load of the process, which differ
/// between two servers.
const OF_THE_MOMENT: [&str; 19] = [
    "timestamp",
    "request_id",
    "id",
    "next",
    "last_read_at",
    "lag_s",
    "retained_from",
    "lines_per_s",
    "cpu",
    "memory",
    "cpu_usage",
    "memory_usage",
    "uptime",
    "uptime_seconds",
    "judge_p99_ms",
    "ingest_lag_s",
    "activeConnections",
    "active_connections",
    "avg_processing_time",
];

#[test]
fn postgresql_gives_the_answers_that_sqlite_gives() {
    let mut database = postgres_server::Server::start();
    database.create("bartizan");
    let place = Place::new();
    append(&place.log(), lines(0..3_000));
    append(&place.log(), attacks());
    let total = 3_000 + 40;
    let sqlite = place.serve();
    let postgres = place.serve_with(&database.url("bartizan"));
    sqlite.wait_for_lines(total);
    postgres.wait_for_lines(total);

    let now = SystemClock.now();
    let from = now.plus_micros(-24 * 3600 * Timestamp::SECOND_MICROS);
    let range = format!("from={}&to={}", from.to_rfc3339_seconds(), now.to_rfc3339_seconds());
    for question in QUESTIONS {
        let question = question.replace("{}", &range);
        let (expected, given) = (answer(&sqlite, &question), answer(&postgres, &question));
        assert_eq!(given, expected, "{question}");
    }
    let threats = answer(&postgres, &format!("/api/v1/threats?limit=500&{range}"));
    assert!(threats["data"].as_array().is_some_and(|rows| rows.len() >= 40), "the attacks were compared too");
    postgres.stop();
    database.crash();
}

#[test]
fn lines_are_kept_once_though_server_and_database_are_killed() {
    const LINES: u64 = 20_000;
    let mut random = SplitMix::seeded();
    let mut database = postgres_server::Server::start();
    database.create("bartizan");
    let url = database.url("bartizan");
    let place = Place::new();
    append(&place.log(), lines(0..LINES));
    for kill in 1..=3 {
        let server = place.serve_with(&url);
        server.wait_for_lines(LINES * (kill - 1) / 4 + random.below(LINES / 4));
        database.crash();
        std::thread::sleep(Duration::from_millis(random.below(300)));
        database.resume();
        server.wait_for_lines(LINES * kill / 4);
        std::thread::sleep(Duration::from_micros(random.below(40_000)));
        server.kill();
    }
    let server = place.serve_with(&url);
    server.wait_for_lines(LINES);
    server.assert_holds_each_line_once(LINES);
}

/// Forty attacks of three classes, a second apart.
fn attacks() -> String {
    let targets = [
        "/item?id=1%20UNION%20SELECT%20user,password%20FROM%20users--",
        "/page?file=../../../../etc/passwd",
        "/search?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E",
        "/item?id=1'%20OR%20'1'='1",
    ];
    let start = SystemClock.now().plus_micros(-3600 * Timestamp::SECOND_MICROS);
    let mut text = String::new();
    for number in 0_u8..40 {
        let at = log_time(start.plus_micros(i64::from(number) * Timestamp::SECOND_MICROS));
        let target = targets[usize::from(number) % targets.len()];
        writeln!(
            text,
            "203.0.113.{number} - - [{at}] \"GET {target} HTTP/1.1\" 404 150 \"-\" \"curl/8.4.0\""
        )
        .expect("a String takes everything");
    }
    text
}

/// An answer without what belongs to its moment.
fn answer(server: &Server, question: &str) -> Value {
    let mut answer = server.json(question);
    forget_the_moment(&mut answer);
    answer
}

fn forget_the_moment(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !OF_THE_MOMENT.contains(&name.as_str()));
            members.values_mut().for_each(forget_the_moment);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_the_moment),
        _ => {}
    }
}
