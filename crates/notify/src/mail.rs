//! E-mail over SMTP.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::{Message, SendError, SetupError};

/// Longest wait for each answer of the mail server.
const ANSWER: Duration = Duration::from_secs(15);

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailSecurity {
    /// TLS from the first byte, usually on port 465.
    #[default]
    Tls,
    /// TLS after STARTTLS, which the server must offer, usually on port 587.
    StartTls,
    /// None at all: only for a server on this machine.
    None,
}

/// To whom mail goes, and through which server.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("to", &self.to.len()).finish_non_exhaustive()
    }
}

impl Mail {
    /// Mail from one address to others, through the server at `host` and `port`.
    ///
    /// # Errors
    /// [`SetupError`] when an address is none, there are no receivers, or TLS cannot be set up.
    pub fn new(
        host: &str,
        port: Option<u16>,
        security: MailSecurity,
        login: Option<(String, String)>,
        from: &str,
        to: &[String],
    ) -> Result<Self, SetupError> {
        let mailbox = |address: &str| {
            address.parse::<Mailbox>().map_err(|_| SetupError(format!("'{address}' is no e-mail address")))
        };
        let to = to.iter().map(|address| mailbox(address)).collect::<Result<Vec<_>, _>>()?;
        if to.is_empty() {
            return Err(SetupError("e-mail has no receivers; name at least one in `to`".to_owned()));
        }
        let tls = || {
            TlsParameters::new(host.to_owned())
                .map_err(|_| SetupError(format!("TLS cannot be set up for the mail server {host}")))
        };
        let (tls, usual_port) = match security {
            MailSecurity::Tls => (Tls::Wrapper(tls()?), 465),
            MailSecurity::StartTls => (Tls::Required(tls()?), 587),
            MailSecurity::None => (Tls::None, 25),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port.unwrap_or(usual_port))
            .tls(tls)
            .timeout(Some(ANSWER));
        if let Some((user, password)) = login {
            transport = transport.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: transport.build(), from: mailbox(from)?, to })
    }

    pub(crate) async fn send(&self, message: &Message) -> Result<(), SendError> {
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .message_id(Some(format!("<{}@bartizan.invalid>", message.id)))
            .subject(message.headline());
        for receiver in &self.to {
            mail = mail.to(receiver.clone());
        }
        let mail = mail
            .body(message.text())
            .map_err(|error| SendError::lasting(format!("the mail cannot be written: {error}")))?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => {
                let code = error.status().map_or_else(String::new, |code| format!(" with {code}"));
                Err(SendError::lasting(format!("the mail server refused it{code}")))
            }
            Err(error) if error.is_transient() => {
                let code = error.status().map_or_else(String::new, |code| format!(" with {code}"));
                Err(SendError::passing(format!("the mail server put it off{code}")))
            }
            Err(_) => {
                Err(SendError::passing("the mail server cannot be reached, or speaks another language"))
            }
        }
    }
}
