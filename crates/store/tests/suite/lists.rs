//! Pages and filters.

use std::collections::HashSet;

use bartizan_model::{Action, Severity, Span, ThreatClass, TrafficRecord};
use bartizan_store::{CommitBatch, EndpointFilter, Filter, Page, RetentionCutoffs};

use super::Site;
use super::sample::{DAY, Random, at, attack, batch, plain, read_all};

pub(crate) async fn pages_neither_skip_nor_repeat_while_rows_arrive(site: Site) {
    site.store.commit(batch((0..25).map(|n| plain(n, "/a")).collect())).await.expect("committed");
    for ascending in [false, true] {
        let mut page = Page { ascending, count: true, ..Page::newest(10) };
        let mut seen = Vec::new();
        loop {
            let got = site.store.traffic(&Filter::default(), &page).await.expect("listed");
            assert!(got.total.is_some_and(|total| total >= 25));
            seen.extend(got.rows.iter().map(|row| row.id));
            let late = if ascending { plain(-5, "/older") } else { plain(100, "/newer") };
            site.store.commit(batch(vec![late])).await.expect("committed");
            match got.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let unique: HashSet<i64> = seen.iter().copied().collect();
        assert_eq!(seen.len(), unique.len());
        assert!((1..=25).all(|id| unique.contains(&id)));
    }
}

pub(crate) async fn a_page_has_between_one_and_a_thousand_rows(site: Site) {
    site.store.commit(batch((0..1_100).map(|n| plain(n, "/a")).collect())).await.expect("committed");
    for (asked, got) in [(0, 1), (5, 5), (1_000_000, 1_000)] {
        let page = site.store.traffic(&Filter::default(), &Page::newest(asked)).await.expect("listed");
        assert_eq!((page.rows.len(), page.limit), (got, u32::try_from(got).expect("small")));
    }
}

pub(crate) async fn filters_choose_rows(site: Site) {
    let mut other = plain(3, "/shop/cart?id=7");
    "2001:db8::7".clone_into(&mut other.request.client);
    other.request.host = Some("shop.example.com".to_owned());
    "POST".clone_into(&mut other.request.method);
    other.request.status = 404;
    let mut named = plain(4, "/100%_sure");
    "client.example.com".clone_into(&mut named.request.client);
    site.store
        .commit(batch(vec![plain(1, "/a"), attack(2, "/a?q=1"), other, named]))
        .await
        .expect("committed");
    let filter = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    for (what, filter, ids) in [
        ("everything", filter(|_| ()), vec![4, 3, 2, 1]),
        ("address", filter(|f| f.ip = vec!["2001:DB8:0::7".to_owned()]), vec![3]),
        ("block", filter(|f| f.ip = vec!["203.0.113.0/24".to_owned()]), vec![2, 1]),
        ("client name", filter(|f| f.ip = vec!["client.example.com".to_owned()]), vec![4]),
        ("method", filter(|f| f.method = vec!["POST".to_owned(), "PUT".to_owned()]), vec![3]),
        ("status class", filter(|f| f.status = vec![(400, 499)]), vec![3]),
        ("status", filter(|f| f.status = vec![(200, 200), (404, 404)]), vec![4, 3, 2, 1]),
        ("host", filter(|f| f.host = vec!["Shop.example.com".to_owned()]), vec![3]),
        ("subdomain", filter(|f| f.host = vec!["*.example.com".to_owned()]), vec![3]),
        ("path", filter(|f| f.endpoint = Some(EndpointFilter::Path("/a".to_owned()))), vec![2, 1]),
        ("target", filter(|f| f.endpoint = Some(EndpointFilter::Target("/a?q=1".to_owned()))), vec![2]),
        ("prefix", filter(|f| f.endpoint = Some(EndpointFilter::Prefix("/shop/".to_owned()))), vec![3]),
        (
            "prefix of a query",
            filter(|f| f.endpoint = Some(EndpointFilter::Prefix("/a?q".to_owned()))),
            vec![2],
        ),
        ("either", filter(|f| f.endpoint = Some(EndpointFilter::Either("/a".to_owned()))), vec![2, 1]),
        ("class", filter(|f| f.class = vec![ThreatClass::SqlInjection]), vec![2]),
        ("action", filter(|f| f.action = vec![Action::Block, Action::Flag]), vec![2]),
        ("allowed", filter(|f| f.action = vec![Action::Allow]), vec![4, 3, 1]),
        ("enforced", filter(|f| f.enforced = Some(true)), vec![]),
        ("score", filter(|f| f.min_score = Some(0.9)), vec![2]),
        ("word", filter(|f| f.words = vec!["SHOP".to_owned(), "cart".to_owned()]), vec![3]),
        ("payload", filter(|f| f.words = vec!["or 1=1".to_owned()]), vec![2]),
        ("wildcards are letters", filter(|f| f.words = vec!["0%_s".to_owned()]), vec![4]),
        ("no wildcard", filter(|f| f.words = vec!["%".to_owned(), "cart".to_owned()]), vec![]),
        ("quotes are letters", filter(|f| f.words = vec!["' OR '1'='1".to_owned()]), vec![]),
        ("span", filter(|f| f.span = Some(Span::new(at(2), at(3)))), vec![2]),
    ] {
        let rows = site.store.traffic(&filter, &Page::newest(10)).await.expect(what).rows;
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "{what}");
    }
    let threats =
        site.store.threats(&filter(|f| f.words = vec!["or 1=1".to_owned()]), &Page::newest(10)).await;
    assert_eq!(threats.expect("listed").rows.len(), 1);
}

/// Rows that arrive on each of these days; of the last ones some events are from the days before.
const BUSY_DAYS: [(i64, usize); 6] = [(0, 300), (1, 1_800), (2, 20), (9, 500), (10, 300), (11, 300)];

/// Random rows and filters; what each list gives, page by page, is what a plain loop over all rows finds.
pub(crate) async fn every_filter_agrees_with_a_search_by_hand(site: Site) {
    let mut random = Random(3);
    for (day, rows) in BUSY_DAYS {
        let judged = (0..rows).map(|_| {
            let late = if day == 11 { i64::try_from(random.below(12)).expect("small") } else { 0 };
            let mut one = random_request(&mut random);
            one.request.time = one.request.time.plus_micros((day - late) * DAY * 1_000_000);
            one
        });
        let received_at = at(day * DAY + 700);
        let judged: Vec<_> = judged.collect();
        let batch = CommitBatch { received_at, ..batch(judged) };
        site.store.commit(batch).await.expect("committed");
    }
    let rows = read_all(&site.store).await;
    let mut found = 0;
    for n in 0..200 {
        let filter = random_filter(&mut random);
        let matching: Vec<&TrafficRecord> = rows.iter().filter(|row| matches(row, &filter)).collect();
        found += matching.len();
        let limit = u32::try_from(random.below(400) + 40).expect("small");
        let ascending = random.below(2) == 0;
        let (mut traffic, mut threats) = (Vec::new(), Vec::new());
        let mut page = Page { ascending, count: true, ..Page::newest(limit) };
        loop {
            let got = site.store.traffic(&filter, &page).await.expect("listed");
            assert_eq!(got.total, Some(matching.len() as u64), "{n}: {filter:?}");
            traffic.extend(got.rows.into_iter().map(|row| row.id));
            page.after = got.next;
            if page.after.is_none() {
                break;
            }
        }
        loop {
            let got = site.store.threats(&filter, &page).await.expect("listed");
            threats.extend(got.rows.into_iter().map(|row| row.traffic_id));
            page.after = got.next;
            if page.after.is_none() {
                break;
            }
        }
        let feed = site.store.activities(&filter, &page).await.expect("listed").total;
        if ascending {
            traffic.reverse();
            threats.reverse();
        }
        assert_eq!(traffic, matching.iter().map(|row| row.id).collect::<Vec<_>>(), "{n}: {filter:?}");
        let of_threats = matching.iter().filter(|row| row.threat_id.is_some());
        assert_eq!(threats, of_threats.map(|row| row.id).collect::<Vec<_>>(), "{n}: {filter:?}");
        assert!(feed.is_some_and(|lines| threats.len() as u64 <= lines && lines <= matching.len() as u64));
    }
    assert!(found > 10_000, "filters that find nothing show nothing: {found}");
}

/// Words that many rows hold, few, and none; what each list gives, page by page, is what a plain loop finds.
pub(crate) async fn every_word_agrees_with_a_search_by_hand(site: Site) {
    let mut random = Random(5);
    for n in 0..4 {
        let mut judged: Vec<_> = (0..500).map(|_| random_request(&mut random)).collect();
        let mut rare = attack(n * 100, "/rare/%C3%BCber?needle=A%22b&x=item+7");
        rare.request.host = Some("needle.example.com".to_owned());
        judged.push(rare);
        site.store.commit(batch(judged)).await.expect("committed");
    }
    let rows = read_all(&site.store).await;
    let words = [
        "needle",
        "NEEDLE.ex",
        "a%22B",
        "item+7",
        "ber?nee",
        "%c3%bc",
        "admin",
        "q=1",
        "a?q",
        "sql",
        "Or 1=1",
        "x",
        "curl/8",
        "203.0.113.2",
        "client.ex",
        "absent",
        "a\"b",
        "'",
        "%",
        "needle sql",
        "syntax in query parameter q",
    ];
    let spans = [None, Some(Span::new(at(100), at(301)))];
    for (n, (word, span)) in words.iter().flat_map(|word| spans.map(|span| (word, span))).enumerate() {
        let words: Vec<String> = word.split(' ').map(str::to_owned).collect();
        let words = if word.starts_with("Or") { vec![(*word).to_owned()] } else { words };
        let holds = |row: &&TrafficRecord| {
            let ours = [Some(&row.ip), row.host.as_ref(), Some(&row.endpoint), row.user_agent.as_ref()];
            let of_threat = "' or 1=1\nsql syntax in query parameter q";
            let has = |text: &str, word: &str| text.to_lowercase().contains(&word.to_lowercase());
            span.is_none_or(|span| span.contains(row.timestamp))
                && words.iter().all(|word| {
                    ours.iter().flatten().any(|text| has(text, word))
                        || (row.threat_id.is_some() && has(of_threat, word))
                })
        };
        let matching: Vec<&TrafficRecord> = rows.iter().filter(holds).collect();
        let filter = Filter { words: words.clone(), span, ..Filter::default() };
        let mut page = Page { ascending: n % 2 == 0, count: true, ..Page::newest(60) };
        let (mut traffic, mut threats) = (Vec::new(), Vec::new());
        loop {
            let got = site.store.traffic(&filter, &page).await.expect("listed");
            assert_eq!(got.total, Some(matching.len() as u64), "{word}");
            traffic.extend(got.rows.into_iter().map(|row| row.id));
            page.after = got.next;
            if page.after.is_none() {
                break;
            }
        }
        loop {
            let got = site.store.threats(&filter, &page).await.expect("listed");
            threats.extend(got.rows.into_iter().map(|row| row.traffic_id));
            page.after = got.next;
            if page.after.is_none() {
                break;
            }
        }
        let feed = site.store.activities(&filter, &page).await.expect("listed").total;
        if page.ascending {
            traffic.reverse();
            threats.reverse();
        }
        assert_eq!(traffic, matching.iter().map(|row| row.id).collect::<Vec<_>>(), "{word}");
        let of_threats = matching.iter().filter(|row| row.threat_id.is_some());
        assert_eq!(threats, of_threats.map(|row| row.id).collect::<Vec<_>>(), "{word}");
        assert!(feed.is_some_and(|lines| lines >= threats.len() as u64), "{word}");
    }
    // What expired is found no more, by no word.
    let (_, last) = site.store.extent().await.expect("read").expect("rows");
    let cutoffs =
        RetentionCutoffs { traffic: at(200_000), threats: at(200_000), alerts: last, metrics: last };
    site.store.expire(cutoffs).await.expect("expired");
    for word in ["needle", "admin", "or 1=1", "curl/8"] {
        let filter = Filter { words: vec![word.to_owned()], ..Filter::default() };
        let page = Page { count: true, ..Page::newest(10) };
        assert_eq!(site.store.traffic(&filter, &page).await.expect("listed").total, Some(0));
        assert_eq!(site.store.threats(&filter, &page).await.expect("listed").total, Some(0));
    }
}

/// A host that is asked for in bursts, dense and thin, with much of other hosts between them, and some of it late: every page
/// in both orders is what a plain loop finds.
pub(crate) async fn a_host_is_found_whatever_came_between(site: Site) {
    const MINUTE: i64 = 60;
    // When it begins, how long it lasts, and how many requests of which host come in it.
    let bursts: [(i64, i64, i64, &str); 9] = [
        (0, 3 * MINUTE, 1_200, "shop.example.com"),
        (4 * MINUTE, 390 * MINUTE, 1_500, "other.example.net"),
        (500 * MINUTE, 50, 1_100, "shop.example.com"),
        (501 * MINUTE, 190 * MINUTE, 1_500, "other.example.net"),
        (700 * MINUTE, 2 * MINUTE, 3, "shop.example.com"),
        (705 * MINUTE, 1, 1, "api.example.com"),
        (710 * MINUTE, 80 * MINUTE, 500, "other.example.net"),
        (800 * MINUTE, 2, 2, "shop.example.com"),
        (801 * MINUTE, 10 * MINUTE, 300, "other.example.net"),
    ];
    let requests = |(begin, length, count, host): (i64, i64, i64, &str)| {
        let host = host.to_owned();
        (0..count).map(move |n| {
            let mut one = plain(begin + n * length / count, "/");
            one.request.host = Some(host.clone());
            one.request.status = if n % 7 == 0 { 404 } else { 200 };
            one
        })
    };
    let batch_at = |seconds: i64, judged: Vec<_>| CommitBatch { received_at: at(seconds), ..batch(judged) };
    let on_time: Vec<_> = bursts.into_iter().flat_map(requests).collect();
    site.store.commit(batch_at(60_000, on_time)).await.expect("committed");
    let late = [(450 * MINUTE, 5, 10, "shop.example.com"), (3 * MINUTE, 20, 5, "shop.example.com")];
    let late: Vec<_> = late.into_iter().flat_map(requests).collect();
    site.store.commit(batch_at(60_000 + DAY, late)).await.expect("committed");

    let rows = read_all(&site.store).await;
    for (host, status) in [
        ("shop.example.com", None),
        ("*.example.com", None),
        ("shop.example.com", Some((404, 404))),
        ("api.example.com", None),
        ("absent.example.com", None),
    ] {
        let status: Vec<_> = status.into_iter().collect();
        let filter = Filter { host: vec![host.to_owned()], status, ..Filter::default() };
        let expected: Vec<i64> = rows.iter().filter(|row| matches(row, &filter)).map(|row| row.id).collect();
        for (ascending, limit) in
            [(false, 7), (true, 7), (false, 50), (true, 50), (false, 1_000), (true, 1_000)]
        {
            let mut page = Page { ascending, ..Page::newest(limit) };
            let mut found = Vec::new();
            loop {
                let got = site.store.traffic(&filter, &page).await.expect("listed");
                found.extend(got.rows.into_iter().map(|row| row.id));
                page.after = got.next;
                if page.after.is_none() {
                    break;
                }
            }
            if ascending {
                found.reverse();
            }
            assert_eq!(found, expected, "{host} by {limit}, oldest first: {ascending}");
        }
    }
}

const CLASSES: [ThreatClass; 3] = [ThreatClass::SqlInjection, ThreatClass::Xss, ThreatClass::Scanner];

fn random_request(random: &mut Random) -> bartizan_store::Judged {
    let target = random.one_of(&["/a", "/a?q=1", "/a/b", "/b?x=%20", "/admin/x", "/"]);
    let seconds = i64::try_from(random.below(600)).expect("small");
    let mut one = if random.below(4) == 0 { attack(seconds, target) } else { plain(seconds, target) };
    if one.verdict.action != Action::Allow {
        let class = random.one_of(&CLASSES);
        one.verdict.class = Some(class);
        one.verdict.action = random.one_of(&[Action::Flag, Action::Block]);
        one.verdict.enforced = one.verdict.action == Action::Block && random.below(3) == 0;
        one.verdict.severity = Some(Severity::of(class, 0.97, one.verdict.action));
    }
    let clients = ["203.0.113.9", "203.0.113.200", "198.51.100.1", "2001:db8::1", "client.example.com", "-"];
    random.one_of(&clients).clone_into(&mut one.request.client);
    one.request.status = random.one_of(&[200, 200, 200, 301, 404, 403, 500]);
    random.one_of(&["GET", "POST"]).clone_into(&mut one.request.method);
    one.request.host = random.one_of(&[None, Some("a.example.com"), Some("example.com")]).map(str::to_owned);
    one
}

/// Each member is set once in four times.
fn random_filter(random: &mut Random) -> Filter {
    let mut filter = Filter::default();
    let set = |random: &mut Random| random.below(4) == 0;
    if set(random) {
        let (day, _) = random.one_of(&BUSY_DAYS);
        let from = day * DAY + i64::try_from(random.below(300)).expect("small");
        filter.span = Some(Span::new(at(from), at(from + random.one_of(&[300, 2 * DAY, 30 * DAY]))));
    }
    if set(random) {
        let one = ["203.0.113.9", "203.0.113.0/24", "2001:db8::/32", "client.example.com", "-", "0.0.0.0/0"];
        filter.ip = (0..=random.below(2)).map(|_| random.one_of(&one).to_owned()).collect();
    }
    if set(random) {
        filter.method = vec!["POST".to_owned()];
    }
    if set(random) {
        filter.status =
            (0..=random.below(2)).map(|_| random.one_of(&[(200, 200), (400, 499), (500, 500)])).collect();
    }
    if set(random) {
        filter.host = vec![random.one_of(&["example.com", "*.example.com"]).to_owned()];
    }
    if set(random) {
        filter.endpoint = Some(random.one_of(&[
            EndpointFilter::Path("/a".to_owned()),
            EndpointFilter::Target("/a?q=1".to_owned()),
            EndpointFilter::Prefix("/a".to_owned()),
            EndpointFilter::Prefix("/b?x".to_owned()),
            EndpointFilter::Either("/a".to_owned()),
            EndpointFilter::Either("/a?q=1".to_owned()),
        ]));
    }
    if set(random) {
        filter.class = (0..=random.below(2)).map(|_| random.one_of(&CLASSES)).collect();
    }
    if set(random) {
        filter.severity = vec![random.one_of(&[Severity::High, Severity::Medium, Severity::Low])];
    }
    if set(random) {
        filter.action = (0..=random.below(2)).map(|_| random.one_of(&Action::ALL)).collect();
    }
    if set(random) {
        filter.enforced = Some(random.below(2) == 0);
    }
    if set(random) {
        filter.min_score = Some(0.5);
    }
    filter
}

/// The meaning of a filter, said again without a database.
fn matches(row: &TrafficRecord, filter: &Filter) -> bool {
    let any = |empty: bool, one: bool| empty || one;
    let address = |ip: &String| match ip.as_str() {
        "203.0.113.0/24" => row.ip.starts_with("203.0.113."),
        "2001:db8::/32" => row.ip.starts_with("2001:db8:"),
        "0.0.0.0/0" => row.ip.starts_with(|first: char| first.is_ascii_digit()) && row.ip.contains('.'),
        other => row.ip == other,
    };
    let host = |wanted: &String| match wanted.strip_prefix('*') {
        Some(parent) => row.host.as_ref().is_some_and(|host| host.ends_with(parent)),
        None => row.host.as_ref() == Some(wanted),
    };
    let endpoint = match &filter.endpoint {
        None => true,
        Some(EndpointFilter::Path(path)) => row.path == *path,
        Some(EndpointFilter::Target(target)) => row.endpoint == *target,
        Some(EndpointFilter::Prefix(prefix)) => row.endpoint.starts_with(prefix),
        Some(EndpointFilter::Either(either)) => row.endpoint == *either || row.path == *either,
    };
    let status = |(low, high): &(u16, u16)| (*low..=*high).contains(&row.status);
    filter.span.is_none_or(|span| span.contains(row.timestamp))
        && any(filter.ip.is_empty(), filter.ip.iter().any(address))
        && any(filter.method.is_empty(), filter.method.contains(&row.method))
        && any(filter.status.is_empty(), filter.status.iter().any(status))
        && any(filter.host.is_empty(), filter.host.iter().any(host))
        && endpoint
        && any(filter.class.is_empty(), row.class.is_some_and(|class| filter.class.contains(&class)))
        && any(
            filter.severity.is_empty(),
            row.severity.is_some_and(|severity| filter.severity.contains(&severity)),
        )
        && any(filter.action.is_empty(), filter.action.contains(&row.action))
        && filter.enforced.is_none_or(|enforced| row.enforced == enforced)
        && filter.min_score.is_none_or(|least| row.score.is_some_and(|score| score >= least))
}
