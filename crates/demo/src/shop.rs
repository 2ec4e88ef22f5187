//! The shop that is visited: its pages, its parts, and what it answers.

use crate::client::Client;
use crate::line::{Exchange, encoded};
use crate::random::{Random, rounded};

/// Products are numbered from here.
const FIRST_PRODUCT: u64 = 1_001;
const PRODUCTS: u64 = 180;

const CATEGORIES: [&str; 10] =
    ["coffee", "tea", "mugs", "kitchen", "books", "posters", "garden", "toys", "outdoor", "gifts"];

const MATERIALS: [&str; 12] = [
    "oak", "linen", "steel", "ceramic", "wool", "copper", "bamboo", "cotton", "walnut", "glass", "cork",
    "enamel",
];

const THINGS: [&str; 15] = [
    "mug", "teapot", "kettle", "board", "blanket", "lamp", "basket", "bottle", "grinder", "vase", "bowl",
    "stool", "apron", "tray", "clock",
];

/// What people type into the search field: ordinary words, among them some that look odd to a machine.
const SEARCHES: [&str; 30] = [
    "coffee grinder",
    "tea pot",
    "mug",
    "gift for dad",
    "o'neill",
    "rock & roll poster",
    "café au lait",
    "größe 42",
    "l'art de la table",
    "union jack mug",
    "select wool socks",
    "drop earrings",
    "table runner 150 x 40",
    "50% off",
    "kids' books",
    "script font poster",
    "c++ primer",
    "black/white vase",
    "what's new",
    "blanket <200 cm",
    "hammock and chair or swing",
    "茶碗",
    "кружка",
    "jalapeño seeds",
    "water bottle 0.75l",
    "desk lamp (led)",
    "\"walnut tray\"",
    "user manual kettle 2000",
    "a4 frame #3",
    "order by mail",
];

const CAMPAIGNS: [&str; 4] = ["spring_sale", "newsletter-12", "back2school", "gift_guide"];

/// A page as its address, with what it costs to make.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) target: String,
    /// Median size in bytes.
    pub(crate) bytes: f64,
    /// Median time in milliseconds.
    pub(crate) took_ms: f64,
}

impl Page {
    fn new(target: impl Into<String>, bytes: f64, took_ms: f64) -> Self {
        Self { target: target.into(), bytes, took_ms }
    }

    pub(crate) fn home() -> Self {
        Self::new("/", 24_000.0, 35.0)
    }

    pub(crate) fn landing(random: &mut Random) -> Self {
        let campaign = random.pick(&CAMPAIGNS);
        Self::new(format!("/?utm_source=mail&utm_medium=email&utm_campaign={campaign}"), 24_000.0, 38.0)
    }

    pub(crate) fn category(random: &mut Random) -> Self {
        let category = random.pick(&CATEGORIES);
        let target = match random.between(0, 3) {
            0 | 1 => format!("/c/{category}"),
            2 => format!("/c/{category}?page={}", random.between(2, 6)),
            _ => format!("/c/{category}?sort=price_asc&in_stock=1&price=10-{}", random.between(2, 9) * 10),
        };
        Self::new(target, 31_000.0, 55.0)
    }

    pub(crate) fn product(number: u64) -> Self {
        Self::new(format!("/p/{number}-{}", slug(number)), 18_500.0, 42.0)
    }

    pub(crate) fn search(words: &str) -> Self {
        Self::new(format!("/search?q={}", encoded(words, true)), 22_000.0, 120.0)
    }

    /// What the search field asks for while the first characters of the words are typed.
    pub(crate) fn suggestions(words: &str, typed: usize) -> Self {
        let typed: String = words.chars().take(typed).collect();
        Self::new(format!("/api/suggest?q={}&limit=8", encoded(&typed, false)), 640.0, 18.0)
    }

    pub(crate) fn plain(target: &str, bytes: f64, took_ms: f64) -> Self {
        Self::new(target, bytes, took_ms)
    }

    /// The page being asked for and answered.
    pub(crate) fn asked(&self, client: &Client, method: &str, random: &mut Random) -> Exchange {
        let mut exchange = Exchange::new(client, method, &self.target);
        exchange.bytes = if method == "HEAD" { 0 } else { rounded(random.skewed(self.bytes, 0.15)) };
        exchange.took_ms = random.skewed(self.took_ms, 0.45);
        if random.chance(0.002) {
            // Now and then a backend is overloaded.
            (exchange.status, exchange.bytes, exchange.took_ms) = (502, 552, random.skewed(3_000.0, 0.5));
        }
        exchange
    }
}

/// What somebody looks for.
pub(crate) fn search_words(random: &mut Random) -> &'static str {
    let words: &&'static str = random.pick(&SEARCHES);
    words
}

/// The number of a product, the first ones more often than the last.
pub(crate) fn product(random: &mut Random) -> u64 {
    let a = random.between(0, PRODUCTS - 1);
    let b = random.between(0, PRODUCTS - 1);
    FIRST_PRODUCT + a.min(b)
}

fn slug(number: u64) -> String {
    let index = |of: u64, len: usize| usize::try_from(of).unwrap_or_default() % len;
    format!("{}-{}", MATERIALS[index(number, MATERIALS.len())], THINGS[index(number / 5, THINGS.len())])
}

/// A file that pages are made of; a known one is answered with 304.
pub(crate) fn asset(
    client: &Client,
    target: &str,
    bytes: f64,
    is_known: bool,
    random: &mut Random,
) -> Exchange {
    let mut exchange = Exchange::new(client, "GET", target);
    (exchange.status, exchange.bytes) = if is_known { (304, 0) } else { (200, rounded(bytes)) };
    exchange.took_ms = random.skewed(1.2, 0.6);
    exchange
}
