//! A person who looks around in the shop and sometimes buys.

use crate::client::Client;
use crate::line::Exchange;
use crate::random::{Random, rounded};
use crate::shop::{Page, asset, product, search_words};

/// Median time that a person looks at a page, in milliseconds.
const THINK_MS: f64 = 22_000.0;

/// Requests that a visit makes on average; what turns a pace into arrivals. Measured by a test of this module.
pub(crate) const REQUESTS_PER_VISIT: f64 = 36.0;

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Arriving,
    Browsing,
    Ordering(Step),
}

/// The way from the cart to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Cart,
    Login,
    Address,
    Payment,
    Done,
}

/// One visit.
#[derive(Debug)]
pub(crate) struct Shopper {
    client: Client,
    stage: Stage,
    /// The page in view, for the referer.
    page: Option<String>,
    /// Whether the browser holds the shop's files from an earlier visit.
    knows_assets: bool,
    has_cart: bool,
    /// Pages until the person leaves.
    patience: u64,
}

/// What a visitor does at once, and when it acts again; `None` when it leaves.
#[derive(Debug)]
pub(crate) struct Act {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) again_ms: Option<u64>,
}

impl Shopper {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            client: Client::person(random),
            stage: Stage::Arriving,
            page: None,
            knows_assets: random.chance(0.35),
            has_cart: false,
            patience: rounded(random.skewed(12.0, 0.6)).clamp(1, 40),
        }
    }

    pub(crate) fn act(&mut self, random: &mut Random) -> Act {
        let mut exchanges = Vec::new();
        match self.stage {
            Stage::Arriving => self.arrive(random, &mut exchanges),
            Stage::Browsing => self.browse(random, &mut exchanges),
            Stage::Ordering(step) => self.order(step, random, &mut exchanges),
        }
        self.patience = self.patience.saturating_sub(1);
        let leaves = self.patience == 0 && !matches!(self.stage, Stage::Ordering(_));
        let think_ms = rounded(random.skewed(THINK_MS, 0.8)).clamp(1_500, 240_000);
        Act { exchanges, again_ms: (!leaves).then_some(think_ms) }
    }

    fn arrive(&mut self, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        let (page, referer) = match random.between(0, 9) {
            0..=3 => (Page::home(), None),
            4 | 5 => (Page::product(product(random)), Some("https://www.google.com/")),
            6 => (Page::category(random), Some("https://duckduckgo.com/")),
            7 => (Page::product(product(random)), Some("https://www.bing.com/")),
            8 => (Page::product(product(random)), Some("https://www.pinterest.com/")),
            _ => (Page::landing(random), None),
        };
        let mut first = page.asked(&self.client, "GET", random);
        first.referer = referer.map(str::to_owned);
        exchanges.push(first);
        self.page = Some(page.target);
        let files = [
            ("/static/css/shop.4f2a91.css", 38_214.0),
            ("/static/js/shop.c81e07.js", 142_880.0),
            ("/static/img/logo.svg", 3_120.0),
            ("/static/fonts/inter-var.woff2", 98_412.0),
        ];
        for (target, bytes) in files {
            let file = asset(&self.client, target, bytes, self.knows_assets, random);
            self.push_part(file, random, exchanges);
        }
        if !self.knows_assets {
            let icon = asset(&self.client, "/favicon.ico", 4_286.0, false, random);
            self.push_part(icon, random, exchanges);
        }
        let session = Page::plain("/api/session", 210.0, 9.0).asked(&self.client, "GET", random);
        self.push_part(session, random, exchanges);
        self.stage = Stage::Browsing;
    }

    fn browse(&mut self, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        match random.between(0, 99) {
            0..=24 => self.view(&Page::category(random), random, exchanges),
            25..=64 => self.view_product(random, exchanges),
            65..=79 => {
                let words = search_words(random);
                for typed in [2, 4, 7].into_iter().take(usize::try_from(random.between(1, 3)).unwrap_or(1)) {
                    let suggestions = Page::suggestions(words, typed).asked(&self.client, "GET", random);
                    self.push_part(suggestions, random, exchanges);
                }
                self.view(&Page::search(words), random, exchanges);
            }
            80..=84 => self.view(&Page::plain("/about/shipping", 9_400.0, 20.0), random, exchanges),
            85..=87 => {
                // An old link, or a page that is gone.
                let gone = format!("/p/{}-sold-out", random.between(400, 900));
                self.view(&Page::plain(&gone, 5_100.0, 14.0), random, exchanges);
                if let Some(last) = exchanges.last_mut() {
                    last.status = 404;
                }
            }
            _ if self.has_cart => {
                self.stage = Stage::Ordering(Step::Cart);
                self.order(Step::Cart, random, exchanges);
            }
            _ => self.view(&Page::home(), random, exchanges),
        }
    }

    fn view_product(&mut self, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        let number = product(random);
        self.view(&Page::product(number), random, exchanges);
        for image in 1..=random.between(1, 2) {
            let target = format!("/media/p/{number}/{image}-800.webp");
            let picture =
                asset(&self.client, &target, random.skewed(64_000.0, 0.4), random.chance(0.1), random);
            self.push_part(picture, random, exchanges);
        }
        let stock = Page::plain(&format!("/api/products/{number}/stock"), 96.0, 12.0);
        let stock = stock.asked(&self.client, "GET", random);
        self.push_part(stock, random, exchanges);
        if random.chance(0.18) {
            let mut added = Page::plain("/api/cart/items", 412.0, 38.0).asked(&self.client, "POST", random);
            added.status = 201;
            added.after_ms = random.between(3_000, 9_000);
            added.referer = self.referer();
            exchanges.push(added);
            self.has_cart = true;
        }
    }

    fn order(&mut self, step: Step, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        let next = match step {
            Step::Cart => {
                self.view(&Page::plain("/cart", 12_800.0, 48.0), random, exchanges);
                // Most carts are left behind.
                if random.chance(0.45) { Stage::Ordering(Step::Login) } else { Stage::Browsing }
            }
            Step::Login => {
                self.view(&Page::plain("/login?next=%2Fcheckout", 6_200.0, 16.0), random, exchanges);
                let mut attempt = Page::plain("/login", 0.0, 180.0).asked(&self.client, "POST", random);
                let is_typo = random.chance(0.12);
                attempt.status = if is_typo { 401 } else { 302 };
                attempt.after_ms = random.between(6_000, 20_000);
                attempt.referer = self.referer();
                exchanges.push(attempt);
                Stage::Ordering(if is_typo { Step::Login } else { Step::Address })
            }
            Step::Address => {
                self.view(&Page::plain("/checkout", 14_900.0, 60.0), random, exchanges);
                let lookup = format!("/api/address/lookup?zip={}&country=DE", random.between(10_115, 99_998));
                let found = Page::plain(&lookup, 380.0, 45.0).asked(&self.client, "GET", random);
                self.push_part(found, random, exchanges);
                Stage::Ordering(Step::Payment)
            }
            Step::Payment => {
                let quote =
                    Page::plain("/api/checkout/quote", 720.0, 95.0).asked(&self.client, "POST", random);
                self.push_part(quote, random, exchanges);
                let mut paid = Page::plain("/checkout/pay", 0.0, 640.0).asked(&self.client, "POST", random);
                paid.status = 303;
                paid.after_ms = random.between(8_000, 30_000);
                paid.referer = self.referer();
                exchanges.push(paid);
                Stage::Ordering(Step::Done)
            }
            Step::Done => {
                let thanks = format!("/orders/{:08x}/thanks", random.between(0x1000_0000, 0xFFFF_FFFF));
                self.view(&Page::plain(&thanks, 8_800.0, 52.0), random, exchanges);
                self.has_cart = false;
                self.patience = 1;
                Stage::Browsing
            }
        };
        self.stage = next;
    }

    /// Goes to a page.
    fn view(&mut self, page: &Page, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        let mut view = page.asked(&self.client, "GET", random);
        view.referer = self.referer();
        view.after_ms = exchanges.last().map_or(0, |before| before.after_ms + random.between(400, 1_500));
        self.page = Some(page.target.clone());
        exchanges.push(view);
    }

    /// Loads what belongs to the page in view, shortly after what was asked for before.
    fn push_part(&self, mut part: Exchange, random: &mut Random, exchanges: &mut Vec<Exchange>) {
        part.after_ms = exchanges.last().map_or(0, |before| before.after_ms) + random.between(15, 160);
        part.referer = self.referer();
        exchanges.push(part);
    }

    fn referer(&self) -> Option<String> {
        self.page.as_ref().map(|page| format!("https://shop.example.com{page}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_end_and_make_as_many_requests_as_the_pace_assumes() {
        let mut random = Random::new(5);
        let mut total = 0;
        for _ in 0..2_000 {
            let mut shopper = Shopper::new(&mut random);
            for turn in 0.. {
                let act = shopper.act(&mut random);
                total += act.exchanges.len();
                assert!(turn < 500, "a visit does not end");
                if act.again_ms.is_none() {
                    break;
                }
            }
        }
        let mean = f64::from(u32::try_from(total).expect("small")) / 2_000.0;
        assert!((mean / REQUESTS_PER_VISIT - 1.0).abs() < 0.1, "{mean}");
    }
}
