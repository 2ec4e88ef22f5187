//! What people are told of attacks: little, all of it true, and once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use bartizan_demo::DemoTraffic;
use bartizan_model::{Clock, SystemClock, Timestamp};

use crate::access_log::append;
use crate::attack_log::{HITS, SCANNERS, Waves, hour_of_scanning, scanner};
use crate::http;
use crate::random::SplitMix;
use crate::server::{PATIENCE, Place, Server};
use crate::sink::Sink;

/// Pause between two looks at something that will change.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[test]
#[expect(clippy::print_stdout, reason = "the alerts of a failed run must be known to understand it")]
fn an_hour_of_fifty_scanners_is_a_few_alerts_all_true_and_the_big_ones_on_top() {
    // The whole hour by BARTIZAN_LINES=200000, with a release build.
    let lines = std::env::var("BARTIZAN_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(12_000);
    let mut random = SplitMix::seeded();
    let place = Place::new();
    append(&place.log(), hour_of_scanning(lines, &mut random));
    let server = place.serve();
    server.wait_for_lines(lines);
    take_in(&server);

    let all = alerts(&server, "/api/v1/alerts/history?range=2d&limit=1000&sort=weight");
    for alert in &all {
        println!(
            "{} {} {} {}: {}",
            alert["id"], alert["type"], alert["part_of"], alert["title"], alert["description"]
        );
    }
    assert!(all.len() <= 36, "{} alerts", all.len());
    let shown: Vec<&Value> = all.iter().filter(|alert| alert["part_of"].is_null()).collect();
    let counts: Vec<u64> = shown.iter().filter_map(|alert| alert["count"].as_u64()).collect();
    assert_eq!(counts.iter().max(), counts.first(), "the biggest is on top");
    assert_eq!(shown[0]["type"], "critical");

    let expected: BTreeSet<String> = (0..SCANNERS).map(scanner).collect();
    let mut seen = BTreeSet::new();
    let mut held = BTreeSet::new();
    for alert in shown {
        for threat in rows(&server, &format!("/api/v1/threats?range=2d&limit=1000&alert={}", alert["id"])) {
            seen.insert(threat["source"].as_str().expect("an address").to_owned());
            assert!(held.insert(threat["id"].as_i64()), "a threat is in two alerts that are shown");
        }
    }
    assert_eq!(seen, expected, "every scanner is in an alert, and nobody else");
    let threats = rows(&server, "/api/v1/threats?range=2d&limit=1000").len();
    assert!(held.len() * 100 >= threats * 99, "{} of {threats} threats are in an alert", held.len());
}

#[test]
fn ten_days_of_a_shop_without_an_attack_raise_no_alert() {
    let place = Place::new();
    let day = 86_400 * Timestamp::SECOND_MICROS;
    let start = SystemClock.now().plus_micros(-10 * day);
    let mut text = String::new();
    // Half an hour of each day, at another time of day each.
    for number in 0..10_i64 {
        let from = start.plus_micros(number * (day + day / 11));
        let mut traffic = DemoTraffic::new(7 + number.unsigned_abs(), from);
        let until = from.plus_micros(1_800 * Timestamp::SECOND_MICROS);
        for line in traffic.lines_until(until).iter().filter(|line| line.attack.is_none()) {
            text.push_str(&line.text);
            text.push('\n');
        }
    }
    let lines = text.lines().count() as u64;
    assert!(lines > 5_000, "{lines} lines are no ten days");
    append(&place.log(), text);
    let server = place.serve();
    server.wait_for_lines(lines);
    take_in(&server);
    let rows = server.json("/api/v1/analytics/summary?range=20d");
    assert!(rows["data"]["total_requests"].as_u64().is_some_and(|requests| requests > 5_000), "{rows}");
    let all = alerts(&server, "/api/v1/alerts/history?range=20d&limit=1000");
    assert_eq!(all, Vec::<Value>::new());
}

#[test]
#[expect(clippy::print_stdout, reason = "the moments of a failed run must be known to understand it")]
fn killed_at_random_moments_it_loses_no_alert_doubles_none_and_tells_of_each_once() {
    // More kills by BARTIZAN_KILLS=50.
    let kills: u64 = std::env::var("BARTIZAN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let mut random = SplitMix::seeded();
    // Six hours hold 22 waves; what is older is news to nobody.
    let waves = (kills + 4).min(20);
    let sink = Sink::new(Duration::from_millis(150));
    let place = Place::new();
    let config = place.path("bartizan.yaml");
    let channel = format!(
        "notifications:\n  channels:\n    - name: sink\n      webhook: {{url: 'http://{}/'}}\n      min_severity: low\n      \
         window_s: 3600\n      gather_s: 0\n",
        sink.address
    );
    std::fs::write(&config, channel).expect("written");
    append(&place.log(), "");
    let start = || {
        let arguments = [Path::new("--config"), &config, Path::new("--log"), &place.log()];
        Server::start(&mut place.command(arguments), &place.path("stderr"))
    };

    let attack = Waves::ending_now(waves);
    let log = place.log();
    let writer = std::thread::spawn(move || {
        for wave in 0..waves {
            append(&log, attack.lines(wave));
            std::thread::sleep(Duration::from_millis(400));
        }
    });
    for _ in 0..kills {
        let server = start();
        std::thread::sleep(Duration::from_millis(random.below(700)));
        println!("killed after line {}, {} messages", server.lines_read(), sink.alerts().len());
        server.kill();
    }
    writer.join().expect("it writes to the end");

    let server = start();
    let clients: Vec<String> = (0..waves).flat_map(Waves::clients).collect();
    server.wait_for_lines(HITS * clients.len() as u64);
    take_in(&server);
    let deliveries = wait_for_deliveries(&server);

    let all = alerts(&server, "/api/v1/alerts/history?range=2d&limit=1000");
    let mut by_client: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for alert in all.iter().filter(|alert| !alert["related_ip"].is_null()) {
        by_client.entry(alert["related_ip"].as_str().expect("an address")).or_default().push(alert);
    }
    let told = sink.alerts();
    let mut arrived = 0;
    for client in &clients {
        let alerts = by_client.get(client.as_str()).map(Vec::as_slice).unwrap_or_default();
        let [alert] = alerts else { panic!("{} alerts of {client}: {alerts:?}", alerts.len()) };
        assert_eq!(alert["count"], HITS, "hits of {client}");
        let messages = told.iter().filter(|told| told["id"] == alert["id"]).count();
        let owed: Vec<_> = deliveries.iter().filter(|owed| owed["alert_id"] == alert["id"]).collect();
        let [owed] = owed.as_slice() else { panic!("{} messages are owed of {alert}", owed.len()) };
        // What was on its way when the server was killed may have arrived; nothing else may be missing.
        match owed["state"].as_str() {
            Some("sent") => assert_eq!(messages, 1, "messages of {alert}"),
            Some("unknown") => assert!(messages <= 1, "{messages} messages of {alert}"),
            state => panic!("{state:?}: {owed}"),
        }
        arrived += messages;
    }
    println!("{arrived} messages of {} alerts arrived, after {kills} kills", clients.len());
    assert!(arrived * 2 >= clients.len(), "only {arrived} of {} arrived", clients.len());
    let ids: BTreeSet<_> = told.iter().map(|told| told["id"].as_i64()).collect();
    assert_eq!(ids.len(), told.len(), "somebody was told twice of one alert");
}

fn alerts(server: &Server, path: &str) -> Vec<Value> {
    server.json(path)["data"].as_array().expect("a list").clone()
}

/// Every row of a list.
fn rows(server: &Server, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = path.to_owned();
    loop {
        let page = server.json(&next);
        rows.extend(page["data"].as_array().expect("a list").iter().cloned());
        match page["page"]["next"].as_str() {
            Some(cursor) => next = format!("{path}&cursor={cursor}"),
            None => return rows,
        }
    }
}

/// Lets every threat that was committed be taken into alerts.
fn take_in(server: &Server) {
    let (status, task) = http::post(server.address, "/api/v1/system/tasks/alerts/run", "").expect("asked");
    assert_eq!(status, 200, "{task}");
    let task: Value = serde_json::from_str(&task).expect("JSON");
    assert_eq!((&task["data"]["failures"], &task["data"]["state"]), (&0.into(), &"waiting".into()), "{task}");
}

/// Waits until nothing is owed any more.
fn wait_for_deliveries(server: &Server) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let deliveries = alerts(server, "/api/v1/notifications/deliveries?limit=1000");
        let is_done = |delivery: &Value| !matches!(delivery["state"].as_str(), Some("pending" | "sending"));
        if deliveries.iter().all(is_done) {
            return deliveries;
        }
        assert!(started.elapsed() < PATIENCE, "still owed: {deliveries:?}");
        std::thread::sleep(LOOK_AGAIN);
    }
}
