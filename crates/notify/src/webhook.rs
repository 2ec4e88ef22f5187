//! Webhooks: one POST, signed, to where the configuration says and nowhere else.

use std::fmt::{self, Write as _};
use std::time::Duration;

use bartizan_model::Timestamp;
use hmac::{Hmac, Mac as _};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use sha2::Sha256;

use crate::{Message, SendError, SetupError, WebhookFormat};

/// Longest wait for a connection, and for the whole answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(15);

/// Where a webhook goes. Its address may hold a secret and is therefore never shown.
pub struct Webhook {
    client: Client,
    url: Url,
    format: WebhookFormat,
    secret: Option<String>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("format", &self.format).finish_non_exhaustive()
    }
}

impl Webhook {
    /// A webhook to `url`, signed when there is a `secret`.
    ///
    /// # Errors
    /// [`SetupError`] when the address is none, or TLS cannot be set up.
    pub fn new(url: &str, format: WebhookFormat, secret: Option<String>) -> Result<Self, SetupError> {
        let url =
            Url::parse(url).map_err(|_| SetupError("the address of the webhook is no URL".to_owned()))?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(SetupError(
                "the address of the webhook must begin with https:// or http://".to_owned(),
            ));
        }
        // The only failure is that another part of the process was quicker, with the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("bartizan/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| SetupError("TLS cannot be set up for webhooks".to_owned()))?;
        Ok(Self { client, url, format, secret })
    }

    pub(crate) async fn send(&self, message: &Message) -> Result<(), SendError> {
        let body = self.format.body(message).to_string();
        let mut request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("x-bartizan-delivery", &message.id);
        if let Some(secret) = &self.secret {
            let second = message.at.secs();
            request = request
                .header("x-bartizan-timestamp", second)
                .header("x-bartizan-signature", signature(secret, message.at, &body));
        }
        // The answer's body is never read, so it cannot be too long.
        let status = match request.body(body).send().await {
            Ok(answer) => answer.status(),
            Err(error) => return Err(SendError::passing(plain(&error))),
        };
        if status.is_success() {
            return Ok(());
        }
        let what = format!("the receiver answered {}", status.as_u16());
        let may_pass = status.is_server_error()
            || matches!(
                status,
                StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY
            );
        Err(if may_pass { SendError::passing(what) } else { SendError::lasting(what) })
    }
}

/// `v1=` and the HMAC-SHA256 of the second, a full stop and the body, in hexadecimal digits.
fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    // Keys of every length are taken (RFC 2104, section 2).
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(at.secs().to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold("v1=".to_owned(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What went wrong, without the address, which may hold a secret.
fn plain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "the receiver did not answer in time".to_owned()
    } else if error.is_connect() {
        "the receiver cannot be reached, or its certificate is not valid".to_owned()
    } else {
        "the connection to the receiver broke".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_openssl_makes_of_second_and_body() {
        // `printf '1772600000.{}' | openssl dgst -sha256 -hmac key`
        let signed = signature("key", Timestamp::from_secs(1_772_600_000), "{}");
        assert_eq!(signed.len(), 3 + 64);
        assert_ne!(signed, signature("kez", Timestamp::from_secs(1_772_600_000), "{}"));
        assert_ne!(signed, signature("key", Timestamp::from_secs(1_772_600_001), "{}"));
        assert_eq!(signed, EXPECTED);
    }

    const EXPECTED: &str = "v1=a4f0c032f9692a57b851cf2ef2ebfa3ecdfa86597d4616e33d052851c9ebc2b4";

    #[test]
    fn addresses_that_are_none_are_refused_and_none_is_shown() {
        for url in ["", "nowhere", "ftp://example.com/", "file:///etc/passwd", "https://"] {
            assert!(Webhook::new(url, WebhookFormat::Json, None).is_err(), "{url}");
        }
        let webhook =
            Webhook::new("https://example.com/T0/s3cret", WebhookFormat::Slack, Some("s3cret".to_owned()));
        assert!(!format!("{webhook:?}").contains("s3cret"));
    }
}
