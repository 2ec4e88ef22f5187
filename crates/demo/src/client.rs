//! Who asks: address, user agent and protocol.

use crate::random::Random;

/// Shares of the browsers that people use, as user agents of early 2026.
const BROWSERS: [&str; 12] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.7499.52 Mobile Safari/537.36",
];

/// Tools that attackers do not bother to disguise.
const TOOLS: [&str; 6] = [
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Go-http-client/1.1",
    "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    "Wget/1.21.4",
    "Mozilla/5.0 zgrab/0.x",
];

/// Attackers share this many addresses, so that some come back.
const ATTACKER_ADDRESSES: u64 = 40;

/// The sender of requests.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) protocol: &'static str,
}

impl Client {
    /// A person with a browser, at home or on the road.
    pub(crate) fn person(random: &mut Random) -> Self {
        let address = match random.between(0, 9) {
            0..=3 => format!("198.51.100.{}", random.between(1, 254)),
            4..=6 => format!("192.0.2.{}", random.between(20, 254)),
            // Providers hand out a network per customer and devices choose the rest.
            _ => format!(
                "2001:db8:{:x}:{:x}:{:x}:{:x}:{:x}:{:x}",
                random.between(0x10, 0x1F),
                random.between(0x100, 0x1FF),
                random.between(0x1000, 0xFFFF),
                random.between(0x1000, 0xFFFF),
                random.between(0x1000, 0xFFFF),
                random.between(0x1000, 0xFFFF),
            ),
        };
        Self { address, agent: (*random.pick(&BROWSERS)).to_owned(), protocol: "HTTP/2.0" }
    }

    /// A program that does not pretend to be anything else.
    pub(crate) fn robot(address: &str, agent: &str) -> Self {
        Self { address: address.to_owned(), agent: agent.to_owned(), protocol: "HTTP/1.1" }
    }

    /// Somebody with bad intentions, behind a tool or the user agent of a browser.
    pub(crate) fn attacker(random: &mut Random) -> Self {
        let number = random.between(0, ATTACKER_ADDRESSES - 1);
        let address = match number {
            0..=29 => format!("203.0.113.{}", 5 + number * 8),
            _ => format!("2001:db8:bad:{:x}::{:x}", number - 29, number * 7),
        };
        let agent = if random.chance(0.5) { random.pick(&TOOLS) } else { random.pick(&BROWSERS) };
        Self { address, agent: (*agent).to_owned(), protocol: "HTTP/1.1" }
    }
}
