//! Somebody who tries one kind of attack for a while.

use bartizan_model::ThreatClass;

use crate::client::Client;
use crate::line::{Exchange, encoded};
use crate::payload::{self, Carrier};
use crate::random::{Random, rounded};
use crate::shopper::Act;

/// What the attacks of the demo are; the classes left out are decisions of an operator and of a detector.
pub(crate) const CLASSES: [ThreatClass; 17] = [
    ThreatClass::SqlInjection,
    ThreatClass::Xss,
    ThreatClass::Ddos,
    ThreatClass::PathTraversal,
    ThreatClass::FileInclusion,
    ThreatClass::CommandInjection,
    ThreatClass::CodeInjection,
    ThreatClass::TemplateInjection,
    ThreatClass::ExpressionInjection,
    ThreatClass::Deserialization,
    ThreatClass::Ssrf,
    ThreatClass::Xxe,
    ThreatClass::Nosql,
    ThreatClass::LdapXpath,
    ThreatClass::HeaderInjection,
    ThreatClass::BruteForce,
    ThreatClass::Scanner,
];

/// A small flood: enough that it stands out, little enough for a laptop.
const FLOOD_REQUESTS: u64 = 140;
const FLOOD_PAUSE_MS: u64 = 35;

/// One campaign.
#[derive(Debug)]
pub(crate) struct Attacker {
    client: Client,
    class: ThreatClass,
    left: u64,
}

impl Attacker {
    pub(crate) fn new(class: ThreatClass, random: &mut Random) -> Self {
        let left = match class {
            ThreatClass::Ddos => FLOOD_REQUESTS,
            ThreatClass::BruteForce => random.between(18, 40),
            ThreatClass::Scanner => random.between(18, 30),
            _ => random.between(3, 8),
        };
        Self { client: Client::attacker(random), class, left }
    }

    /// A single look at whether something is there, as every server on the net sees it all day.
    pub(crate) fn probe(random: &mut Random) -> Exchange {
        let mut prober = Self { client: Client::attacker(random), class: ThreatClass::Scanner, left: 1 };
        if random.chance(0.15) {
            "-".clone_into(&mut prober.client.agent);
            let mut hello = prober.sent("GET", "/", random);
            // The start of a TLS handshake on a port that speaks plain HTTP.
            hello.request = b"\x16\x03\x01\x00\xee\x01\x00\x00\xea\x03\x03".to_vec();
            (hello.status, hello.bytes) = (400, 157);
            return hello;
        }
        prober.injection(random)
    }

    pub(crate) fn act(&mut self, random: &mut Random) -> Act {
        self.left = self.left.saturating_sub(1);
        let (exchange, pause_ms) = match self.class {
            ThreatClass::Ddos => (self.flood(random), FLOOD_PAUSE_MS),
            ThreatClass::BruteForce => (self.guess(random), random.between(300, 1_400)),
            ThreatClass::Scanner => (self.injection(random), random.between(200, 1_500)),
            _ => (self.injection(random), random.between(1_000, 7_000)),
        };
        Act { exchanges: vec![exchange], again_ms: (self.left > 0).then_some(pause_ms) }
    }

    fn flood(&self, random: &mut Random) -> Exchange {
        let target = format!("/?{}", random.between(10_000_000, 99_999_999));
        let mut exchange = self.sent("GET", &target, random);
        (exchange.status, exchange.bytes) = if random.chance(0.2) { (503, 206) } else { (200, 24_102) };
        exchange
    }

    fn guess(&self, random: &mut Random) -> Exchange {
        let mut exchange = self.sent("POST", "/login", random);
        (exchange.status, exchange.bytes) = (401, 1_284);
        exchange.referer = Some("https://shop.example.com/login".to_owned());
        exchange
    }

    fn injection(&self, random: &mut Random) -> Exchange {
        let (carrier, text) = random.pick(payload::of(self.class));
        let text = text.replace("{n}", &random.between(2, 9_999).to_string());
        let mut exchange = match carrier {
            Carrier::Query(path, parameter) => {
                let target = format!("{path}?{parameter}={}", encoded(&text, random.chance(0.3)));
                self.sent("GET", &target, random)
            }
            Carrier::Target => self.sent("GET", &text, random),
            Carrier::Agent(path) => {
                let mut exchange = self.sent("GET", path, random);
                exchange.client.agent = text;
                exchange
            }
            Carrier::Referer(path) => {
                let mut exchange = self.sent("GET", path, random);
                exchange.referer = Some(text);
                exchange
            }
        };
        let statuses: &[u16] = match self.class {
            ThreatClass::Scanner | ThreatClass::FileInclusion => &[404, 404, 404, 404, 403],
            ThreatClass::PathTraversal => &[400, 404, 404, 403],
            ThreatClass::SqlInjection => &[200, 200, 500, 400],
            ThreatClass::Xss | ThreatClass::ExpressionInjection => &[200, 200, 200, 400],
            _ => &[404, 400, 404, 500, 200],
        };
        exchange.status = *random.pick(statuses);
        exchange.bytes = rounded(random.skewed(if exchange.status == 200 { 9_000.0 } else { 560.0 }, 0.3));
        exchange
    }

    fn sent(&self, method: &str, target: &str, random: &mut Random) -> Exchange {
        let mut exchange = Exchange::new(&self.client, method, target);
        exchange.took_ms = random.skewed(14.0, 0.7);
        exchange.attack = Some(self.class);
        exchange
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_campaign_sends_what_it_is_named_for_and_ends() {
        let mut random = Random::new(11);
        for class in CLASSES {
            let mut attacker = Attacker::new(class, &mut random);
            let mut sent = 0;
            while let Act { exchanges, again_ms: Some(_) } = attacker.act(&mut random) {
                assert!(exchanges.iter().all(|exchange| exchange.attack == Some(class)));
                sent += exchanges.len();
                assert!(sent < 1_000, "{class} does not end");
            }
            assert!(sent >= 2, "{class}");
        }
    }
}
