//! Programs that visit for good reasons: crawlers, monitors, feed readers, partners.

use crate::client::Client;
use crate::line::Exchange;
use crate::random::{Random, rounded};
use crate::shop::{Page, product};
use crate::shopper::Act;

/// What a robot is there for.
#[derive(Debug, Clone, Copy)]
enum Task {
    Crawl,
    Monitor,
    HealthCheck,
    Feed,
    Partner,
}

/// A program that comes again and again.
#[derive(Debug)]
pub(crate) struct Robot {
    client: Client,
    task: Task,
    /// Time between its visits, in milliseconds.
    every_ms: f64,
    visits: u64,
}

impl Robot {
    /// Every robot of the shop.
    pub(crate) fn all() -> Vec<Self> {
        let robots = [
            (
                "192.0.2.7",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                Task::Crawl,
                50_000.0,
            ),
            (
                "192.0.2.8",
                "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
                Task::Crawl,
                80_000.0,
            ),
            (
                "2001:db8:5::a",
                "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
                Task::Crawl,
                95_000.0,
            ),
            (
                "192.0.2.3",
                "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
                Task::Monitor,
                60_000.0,
            ),
            ("192.0.2.2", "kube-probe/1.31", Task::HealthCheck, 30_000.0),
            (
                "192.0.2.11",
                "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 18 subscribers)",
                Task::Feed,
                600_000.0,
            ),
            ("198.51.100.23", "NetNewsWire (RSS Reader; https://netnewswire.com/)", Task::Feed, 900_000.0),
            (
                "2001:db8:77::12",
                "Tiny Tiny RSS/24.05 (Unsupported) (https://tt-rss.org/)",
                Task::Feed,
                900_000.0,
            ),
            ("192.0.2.15", "python-requests/2.31.0", Task::Partner, 300_000.0),
        ];
        robots
            .into_iter()
            .map(|(address, agent, task, every_ms)| Self {
                client: Client::robot(address, agent),
                task,
                every_ms,
                visits: 0,
            })
            .collect()
    }

    pub(crate) fn act(&mut self, random: &mut Random) -> Act {
        self.visits += 1;
        let exchange = match self.task {
            Task::Crawl => self.crawl(random),
            Task::Monitor => Page::home().asked(&self.client, "HEAD", random),
            Task::HealthCheck => Page::plain("/healthz", 2.0, 0.8).asked(&self.client, "GET", random),
            Task::Feed => self.feed(random),
            Task::Partner => {
                let target =
                    format!("/api/v1/orders?status=open&after={}&limit=50", 48_000 + self.visits * 3);
                Page::plain(&target, 5_200.0, 85.0).asked(&self.client, "GET", random)
            }
        };
        let is_exact = matches!(self.task, Task::Monitor | Task::HealthCheck);
        let pause_ms = if is_exact { self.every_ms } else { random.skewed(self.every_ms, 0.5) };
        Act { exchanges: vec![exchange], again_ms: Some(rounded(pause_ms).max(1_000)) }
    }

    fn crawl(&self, random: &mut Random) -> Exchange {
        let page = match self.visits % 40 {
            1 => Page::plain("/robots.txt", 184.0, 0.9),
            2 => Page::plain("/sitemap.xml", 28_400.0, 22.0),
            visit if visit % 4 == 0 => Page::category(random),
            _ => Page::product(product(random)),
        };
        page.asked(&self.client, "GET", random)
    }

    fn feed(&self, random: &mut Random) -> Exchange {
        let mut exchange = Page::plain("/blog/feed.xml", 17_600.0, 6.0).asked(&self.client, "GET", random);
        if !self.visits.is_multiple_of(6) && exchange.status == 200 {
            (exchange.status, exchange.bytes) = (304, 0);
        }
        exchange
    }
}
