//! The bodies of webhooks.

use serde_json::{Value, json};

use crate::message::{Message, Notice, line};

/// Longest content that Discord takes, in characters (its reference of message objects); ours stays below.
const DISCORD_CHARS: usize = 1_900;

/// What shape the body of a webhook has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookFormat {
    /// Every figure, as JSON of our own.
    #[default]
    Json,
    /// Slack's incoming webhooks, and what is compatible with them.
    Slack,
    /// Discord's webhooks.
    Discord,
    /// An adaptive card, as the workflows of Microsoft Teams take it.
    Teams,
}

impl WebhookFormat {
    pub(crate) fn body(self, message: &Message) -> Value {
        match self {
            Self::Json => json!({
                "source": "bartizan",
                "delivery": message.id,
                "sent_at": message.at.to_rfc3339_seconds(),
                "alerts": message.notices.iter().map(data).collect::<Vec<_>>(),
            }),
            Self::Slack => json!({ "text": slack(message) }),
            Self::Discord => {
                let text: String = marked(message).chars().take(DISCORD_CHARS).collect();
                // Nobody is called by what an attacker wrote.
                json!({ "content": text, "allowed_mentions": { "parse": [] } })
            }
            Self::Teams => json!({
                "type": "message",
                "attachments": [{
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": {
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.4",
                        "body": message.told().0.iter().flat_map(card).collect::<Vec<_>>(),
                    },
                }],
            }),
        }
    }
}

fn data(notice: &Notice) -> Value {
    let alert = &notice.alert;
    json!({
        "occasion": notice.occasion.as_str(),
        "id": if alert.id > 0 { Some(alert.id) } else { None },
        "type": alert.kind.as_str(),
        "severity": alert.severity.as_str(),
        "status": alert.status.as_str(),
        "title": alert.title,
        "description": alert.description,
        "advice": alert.advice,
        "source": alert.source,
        "class": alert.class.map(bartizan_model::ThreatClass::as_str),
        "host": alert.host,
        "ip": alert.related_ip,
        "endpoint": alert.related_endpoint,
        "count": alert.count,
        "clients": alert.clients,
        "targets": alert.targets,
        "classes": alert.classes.iter().map(|(class, count)| (class.as_str().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "raised_at": alert.raised_at.to_string(),
        "first_seen": alert.first_seen.to_string(),
        "last_seen": alert.last_seen.to_string(),
    })
}

fn slack(message: &Message) -> String {
    // Slack's three control characters; without them no link and no call can be made up.
    let safe = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    words(message, |title| format!("*{}*", safe(title)), safe)
}

fn marked(message: &Message) -> String {
    words(message, |title| format!("**{}**", escaped(title)), escaped)
}

fn words(message: &Message, title: impl Fn(&str) -> String, text: impl Fn(&str) -> String) -> String {
    let (told, more) = message.told();
    let mut parts: Vec<String> = told
        .iter()
        .map(|notice| {
            let head = title(&format!("{}: {}", notice.label(), line(&notice.alert.title)));
            let lines: Vec<String> = notice.lines().iter().map(|line| text(line)).collect();
            format!("{head}\n{}", lines.join("\n"))
        })
        .collect();
    if more > 0 {
        parts.push(format!("and {more} more alerts"));
    }
    parts.join("\n\n")
}

fn card(notice: &Notice) -> Vec<Value> {
    let title = escaped(&format!("{}: {}", notice.label(), line(&notice.alert.title)));
    let text = notice.lines().iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n\n");
    vec![
        json!({ "type": "TextBlock", "text": title, "weight": "Bolder", "wrap": true }),
        json!({ "type": "TextBlock", "text": text, "wrap": true }),
    ]
}

/// Markdown's characters made harmless: what an attacker wrote is shown, not rendered.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_~[]()<>|#@!".contains(c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use bartizan_model::{Alert, Occasion, Severity, Timestamp};

    pub(crate) fn message(title: &str, notices: usize) -> Message {
        let now = Timestamp::from_secs(1_772_600_000);
        let alert = Alert {
            id: 41,
            advice: "Look at the samples.".to_owned(),
            host: Some("shop.example.com".to_owned()),
            ..Alert::system("k".to_owned(), Severity::High, title.to_owned(), "9 hits".to_owned(), now)
        };
        let notice = Notice { occasion: Occasion::Raised, alert };
        Message { id: "7".to_owned(), at: now, notices: vec![notice; notices] }
    }

    #[test]
    fn what_an_attacker_wrote_calls_nobody_and_links_nowhere() {
        let hostile =
            message("<!channel> <https://evil.example|click> @everyone [x](https://evil.example) **b**", 1);
        let slack = WebhookFormat::Slack.body(&hostile)["text"].to_string();
        assert!(slack.contains("&lt;!channel&gt;") && !slack.contains('<'), "{slack}");
        let discord = WebhookFormat::Discord.body(&hostile);
        assert_eq!(discord["allowed_mentions"]["parse"], json!([]));
        assert!(discord["content"].as_str().is_some_and(|text| text.contains("\\[x\\]\\(")), "{discord}");
        let teams = WebhookFormat::Teams.body(&hostile).to_string();
        assert!(!teams.contains("[x](") && teams.contains("AdaptiveCard"), "{teams}");
    }

    #[test]
    fn many_alerts_are_one_message_within_the_limits() {
        let many = message(&"x".repeat(5_000), 500);
        let discord = WebhookFormat::Discord.body(&many);
        assert!(discord["content"].as_str().is_some_and(|text| text.chars().count() <= 2_000));
        assert!(WebhookFormat::Slack.body(&many).to_string().len() < 20_000);
        assert!(
            WebhookFormat::Slack.body(&many)["text"]
                .as_str()
                .is_some_and(|text| text.ends_with("490 more alerts"))
        );
        let all = WebhookFormat::Json.body(&many);
        assert_eq!(all["alerts"].as_array().map(Vec::len), Some(500));
        assert_eq!((&all["delivery"], &all["alerts"][0]["id"]), (&json!("7"), &json!(41)));
    }
}
