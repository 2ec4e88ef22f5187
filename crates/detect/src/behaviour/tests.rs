use super::*;
use bartizan_model::{Timestamp, Via};
use proptest::prelude::*;

fn request(at_ms: i64, client: &str, method: &str, target: &str, status: u16) -> HttpRequest {
    let time = Timestamp::from_micros(1_700_000_000_000_000 + at_ms * 1_000);
    let mut request = HttpRequest::new(time, method, target.as_bytes(), Via::Log);
    request.client = client.to_owned();
    request.status = status;
    request
}

fn classes(requests: impl IntoIterator<Item = HttpRequest>) -> Vec<Option<ThreatClass>> {
    let mut behaviour = Behaviour::new(BehaviourConfig::default());
    requests.into_iter().map(|request| behaviour.observe(&request).map(|finding| finding.class)).collect()
}

#[test]
fn many_missing_paths_are_a_scan() {
    let seen = classes((0..30).map(|i| request(i * 200, "192.0.2.1", "GET", &format!("/p{i}.php"), 404)));
    assert_eq!(seen[13], None);
    assert_eq!(seen[14], Some(ThreatClass::Scanner));
    assert!(seen[14..].iter().all(|class| *class == Some(ThreatClass::Scanner)));
}

#[test]
fn the_same_missing_path_again_and_again_is_no_scan() {
    let seen = classes((0..60).map(|i| request(i * 1_000, "192.0.2.1", "GET", "/feed.xml", 404)));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn broken_images_of_a_page_are_no_scan() {
    let seen = classes((0..60).map(|i| {
        let mut request = request(i * 10, "192.0.2.1", "GET", &format!("/img/{i}.png"), 404);
        request.headers.push(("referer".to_owned(), b"https://shop.example/".to_vec()));
        request
    }));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn repeated_failed_logins_are_guessing() {
    for (method, target, status) in
        [("POST", "/wp-login.php", 200), ("POST", "/api/login", 401), ("GET", "/login", 403)]
    {
        let seen = classes((0..8).map(|i| request(i * 1_000, "192.0.2.1", method, target, status)));
        assert_eq!(seen[5], Some(ThreatClass::BruteForce), "{target}");
        assert_eq!(seen[4], None, "{target}");
    }
}

#[test]
fn logins_that_succeed_are_no_guessing() {
    let seen = classes((0..40).map(|i| request(i * 1_000, "192.0.2.1", "POST", "/wp-login.php", 302)));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn slow_failures_are_no_guessing() {
    let seen = classes((0..40).map(|i| request(i * 60_000, "192.0.2.1", "POST", "/login", 401)));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn queries_that_defeat_caches_are_a_flood_even_from_many_clients() {
    let seen = classes((0..40).map(|i| {
        request(i * 50, &format!("192.0.2.{}", i % 10), "GET", &format!("/?{}", 238_675_767 + i * 7919), 200)
    }));
    assert_eq!(seen[18], None);
    assert!(seen[19..].iter().all(|class| *class == Some(ThreatClass::Ddos)));
}

#[test]
fn one_path_hammered_by_one_client_is_a_flood() {
    let seen = classes((0..150).map(|i| request(i * 20, "192.0.2.1", "GET", "/search?q=a", 200)));
    assert_eq!(seen[50], None);
    assert_eq!(seen[149], Some(ThreatClass::Ddos));
}

/// A site where a flood of one path begins at fifty requests a second.
fn small_site() -> Behaviour {
    Behaviour::new(BehaviourConfig { endpoint_requests: 500, ..BehaviourConfig::default() })
}

/// How many percent of `seconds` of requests for one path is a flood, every request from another client.
fn flooded(behaviour: &mut Behaviour, target: &str, from_s: i64, seconds: i64, per_second: i64) -> i64 {
    let count = seconds * per_second;
    let found = (0..count).filter(|n| {
        let client = format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255);
        let at_ms = from_s * 1_000 + n * 1_000 / per_second;
        behaviour.observe(&request(at_ms, &client, "GET", target, 200)).is_some()
    });
    i64::try_from(found.count()).expect("few") * 100 / count
}

#[test]
fn a_busy_path_is_no_flood() {
    let mut site = small_site();
    for (minute, per_second) in [60, 100, 70, 150, 60].into_iter().enumerate() {
        let from_s = i64::try_from(minute).expect("few") * 600;
        assert_eq!(flooded(&mut site, "/cart", from_s, 600, per_second), 0, "{per_second}");
    }
}

#[test]
fn many_times_the_usual_requests_for_a_path_are_a_flood_for_long() {
    let mut site = small_site();
    assert_eq!(flooded(&mut site, "/cart", 0, 900, 10), 0);
    for minutes in [0, 30] {
        let share = flooded(&mut site, "/cart", 900 + minutes * 60, 1_800, 100);
        assert!(share >= 99, "{share} % after {minutes} minutes");
    }
    assert_eq!(flooded(&mut site, "/search", 4_500, 60, 10), 0, "another path");
}

#[test]
fn a_site_that_has_grown_is_not_flooded_for_ever() {
    let mut site = small_site();
    assert_eq!(flooded(&mut site, "/cart", 0, 900, 10), 0);
    assert!(flooded(&mut site, "/cart", 900, 6 * 3_600, 100) > 10);
    assert_eq!(flooded(&mut site, "/cart", 900 + 6 * 3_600, 600, 100), 0);
}

#[test]
fn a_path_never_asked_for_is_flooded_at_once_but_only_once_it_is_known_what_is_usual() {
    let mut site = small_site();
    assert_eq!(flooded(&mut site, "/cart", 0, 590, 100), 0);
    assert!(flooded(&mut site, "/sitemap.xml", 600, 20, 100) > 50);
}

#[test]
fn a_page_with_200_assets_is_no_flood() {
    let seen =
        classes((0..200).map(|i| request(i * 10, "192.0.2.1", "GET", &format!("/assets/{i}.js"), 200)));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn a_patient_crawler_is_left_alone() {
    let seen = classes((0..482).map(|i| {
        let status = if i % 10 == 0 { 404 } else { 200 };
        request(i * 700_000, "66.249.73.135", "GET", &format!("/blog/{i}"), status)
    }));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn unknown_clients_are_not_lumped_together() {
    let seen = classes((0..100).map(|i| request(i * 100, "-", "GET", &format!("/p{i}.php"), 404)));
    assert!(seen.iter().all(Option::is_none));
}

#[test]
fn memory_stays_within_its_bounds() {
    let config = BehaviourConfig { max_clients: 100, max_endpoints: 50, ..BehaviourConfig::default() };
    let mut behaviour = Behaviour::new(config);
    for i in 0..5_000 {
        behaviour.observe(&request(i, &format!("client-{i}"), "GET", &format!("/{i}"), 404));
    }
    assert!(behaviour.entries() <= 2 * (100 + 100 + 50), "{}", behaviour.entries());
}

proptest! {
    #[test]
    fn replaying_gives_the_same_findings(
        events in proptest::collection::vec((any::<i32>(), 0u8..4, 0u8..6, 0u16..600), 0..200)
    ) {
        let requests: Vec<_> = events
            .iter()
            .map(|(at, client, path, status)| {
                request(i64::from(*at), &format!("c{client}"), "POST", &format!("/login/{path}?1234{at}"), *status)
            })
            .collect();
        prop_assert_eq!(classes(requests.clone()), classes(requests));
    }
}
