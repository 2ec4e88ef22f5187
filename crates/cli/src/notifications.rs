//! Settings of who is told: `notifications` in the configuration.

use anyhow::{Context, bail};
use bartizan_engine::{
    Channel, ChannelRule, Mail, MailSecurity, QuietHours, Syslog, Way, Webhook, WebhookFormat, time_zone,
};
use bartizan_model::{Severity, ThreatClass};
use serde::{Deserialize, Serialize};

use crate::secret_text::SecretText;

/// Whom alerts are sent to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notifications {
    pub(crate) channels: Vec<ChannelSettings>,
}

/// One channel: exactly one of webhook, email and syslog, and what it is told of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelSettings {
    name: String,
    #[serde(default)]
    webhook: Option<WebhookSettings>,
    #[serde(default)]
    email: Option<EmailSettings>,
    #[serde(default)]
    syslog: Option<String>,
    #[serde(default = "medium")]
    min_severity: Severity,
    #[serde(default)]
    classes: Vec<ThreatClass>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    resolved: bool,
    #[serde(default = "window_s")]
    window_s: u32,
    #[serde(default = "gather_s")]
    gather_s: u32,
    #[serde(default)]
    quiet: Option<QuietSettings>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookSettings {
    url: SecretText,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    secret: Option<SecretText>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Slack,
    Discord,
    Teams,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EmailSettings {
    host: String,
    #[serde(default)]
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<SecretText>,
    from: String,
    to: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Security {
    #[default]
    Tls,
    Starttls,
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietSettings {
    from: String,
    to: String,
    #[serde(default = "utc")]
    time_zone: String,
    #[serde(default = "critical")]
    except: Severity,
}

fn medium() -> Severity {
    Severity::Medium
}

fn critical() -> Severity {
    Severity::Critical
}

fn window_s() -> u32 {
    1_800
}

fn gather_s() -> u32 {
    30
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Notifications {
    /// The channels, ready to send.
    pub(crate) fn channels(&self) -> anyhow::Result<Vec<Channel>> {
        let mut channels: Vec<Channel> = Vec::new();
        for (at, settings) in self.channels.iter().enumerate() {
            let place = || format!("notifications.channels.{at} ({})", settings.name);
            let name = &settings.name;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
                bail!(
                    "notifications.channels.{at}.name: '{name}' must have 1 to 64 letters, digits, dots, hyphens or underscores"
                );
            }
            if channels.iter().any(|known| known.rule.name == *name) {
                bail!("notifications.channels.{at}.name: {name} is there twice");
            }
            channels.push(Channel {
                rule: settings.rule().with_context(place)?,
                way: settings.way().with_context(place)?,
            });
        }
        Ok(channels)
    }
}

impl ChannelSettings {
    fn rule(&self) -> anyhow::Result<ChannelRule> {
        if !(60..=604_800).contains(&self.window_s) {
            bail!("window_s must lie between 60 and 604800");
        }
        if self.gather_s > 3_600 {
            bail!("gather_s must not be above 3600");
        }
        Ok(ChannelRule {
            name: self.name.clone(),
            min_severity: self.min_severity,
            classes: self.classes.clone(),
            hosts: self.hosts.clone(),
            resolved: self.resolved,
            window_s: self.window_s,
            gather_s: self.gather_s,
            quiet: self.quiet.as_ref().map(QuietSettings::hours).transpose().context("quiet")?,
        })
    }

    fn way(&self) -> anyhow::Result<Way> {
        match (&self.webhook, &self.email, &self.syslog) {
            (Some(webhook), None, None) => {
                let format = match webhook.format {
                    Format::Json => WebhookFormat::Json,
                    Format::Slack => WebhookFormat::Slack,
                    Format::Discord => WebhookFormat::Discord,
                    Format::Teams => WebhookFormat::Teams,
                };
                let secret = webhook.secret.as_ref().map(|secret| secret.reveal().to_owned());
                Ok(Way::Webhook(Webhook::new(webhook.url.reveal(), format, secret)?))
            }
            (None, Some(email), None) => {
                let security = match email.security {
                    Security::Tls => MailSecurity::Tls,
                    Security::Starttls => MailSecurity::StartTls,
                    Security::None => MailSecurity::None,
                };
                let login = match (&email.username, &email.password) {
                    (Some(user), Some(password)) => Some((user.clone(), password.reveal().to_owned())),
                    (None, None) => None,
                    _ => bail!("email needs username and password, or neither"),
                };
                if login.is_some() && security == MailSecurity::None && !is_loopback(&email.host) {
                    bail!("email with a password needs security: tls or starttls");
                }
                let mail = Mail::new(&email.host, email.port, security, login, &email.from, &email.to)?;
                Ok(Way::Mail(Box::new(mail)))
            }
            (None, None, Some(address)) => Ok(Way::Syslog(Syslog::new(address)?)),
            _ => bail!("a channel needs exactly one of webhook, email and syslog"),
        }
    }
}

impl QuietSettings {
    fn hours(&self) -> anyhow::Result<QuietHours> {
        let zone = time_zone(&self.time_zone).with_context(|| {
            format!("'{}' is no time zone; write one such as Europe/Berlin", self.time_zone)
        })?;
        let (from_minute, to_minute) = (minute(&self.from)?, minute(&self.to)?);
        Ok(QuietHours { from_minute, to_minute, zone, except: self.except })
    }
}

/// The minute of the day that a clock such as 22:30 shows; 24:00 is the last.
fn minute(clock: &str) -> anyhow::Result<u16> {
    let parts = clock
        .split_once(':')
        .and_then(|(hour, minute)| Some((hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?)));
    match parts {
        Some((24, 0)) => Ok(1_440),
        Some((hour, minute)) if hour < 24 && minute < 60 => Ok(hour * 60 + minute),
        _ => bail!("'{clock}' is no clock time; write one such as '22:30'"),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels(yaml: &str) -> anyhow::Result<Vec<Channel>> {
        use figment::providers::{Format as _, Yaml};
        let settings: Notifications = figment::Figment::from(Yaml::string(yaml)).extract()?;
        settings.channels()
    }

    #[test]
    fn every_kind_of_channel_can_be_set_up() {
        let channels = channels(
            "channels:
  - {name: team, webhook: {url: 'https://hooks.example.com/T0/s3cret', format: slack}, min_severity: high}
  - {name: hook, webhook: {url: 'http://127.0.0.1:9/', secret: s3cret}, classes: [xss], hosts: ['*.example.com'], resolved: true}
  - name: mail
    email: {host: mail.example.com, security: starttls, username: u, password: s3cret, from: 'a@example.com', to: ['b@example.com']}
    quiet: {from: '22:00', to: '07:00', time_zone: Europe/Berlin, except: high}
  - {name: siem, syslog: 'udp://127.0.0.1:5140', window_s: 60, gather_s: 0}",
        )
        .expect("sound");
        let kinds: Vec<_> = channels.iter().map(|channel| channel.way.kind()).collect();
        assert_eq!(kinds, ["webhook", "webhook", "email", "syslog"]);
        assert!(!format!("{channels:?}").contains("s3cret"));
        assert_eq!(
            channels[2].rule.quiet.as_ref().map(|quiet| (quiet.from_minute, quiet.to_minute)),
            Some((1_320, 420))
        );
    }

    #[test]
    fn senseless_channels_are_refused_without_repeating_secrets() {
        for channel in [
            "{name: a}",
            "{name: 'a b', syslog: 'udp://127.0.0.1:1'}",
            "{name: a, syslog: 'udp://127.0.0.1'}",
            "{name: a, webhook: {url: s3cret}}",
            "{name: a, webhook: {url: 'https://e.example/'}, syslog: 'udp://127.0.0.1:1'}",
            "{name: a, webhook: {url: 'https://e.example/', format: pager}}",
            "{name: a, syslog: 'udp://127.0.0.1:1', window_s: 5}",
            "{name: a, syslog: 'udp://127.0.0.1:1', classes: [nothing]}",
            "{name: a, syslog: 'udp://127.0.0.1:1', quiet: {from: '25:00', to: '07:00'}}",
            "{name: a, syslog: 'udp://127.0.0.1:1', quiet: {from: '22:00', to: '07:00', time_zone: Nowhere}}",
            "{name: a, email: {host: h, from: a, to: [b@example.com]}}",
            "{name: a, email: {host: h, from: a@example.com, to: []}}",
            "{name: a, email: {host: h, from: a@example.com, to: [b@example.com], password: s3cret}}",
            "{name: a, email: {host: h, security: none, from: a@example.com, to: [b@example.com], username: u, password: s3cret}}",
        ] {
            let error = channels(&format!("channels: [{channel}]")).expect_err(channel);
            assert!(!format!("{error:#}").contains("s3cret"), "{error:#}");
        }
        let twice =
            "channels: [{name: a, syslog: 'udp://127.0.0.1:1'}, {name: a, syslog: 'udp://127.0.0.1:1'}]";
        assert!(channels(twice).is_err());
    }
}
