//! Handing mails to the server that brings them further.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::invitation::Invitation;
use crate::message;

/// How the connection to the server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte on (usually port 465).
    Tls,
    /// From `STARTTLS` on (usually port 587); a server that does not have it gets no mail.
    Starttls,
    /// Not at all: for a server on this machine.
    None,
}

/// Where mails go.
#[derive(Clone)]
pub struct Settings {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Name and password, where the server wants them. Never sent without encryption.
    pub sign_in: Option<(String, String)>,
    /// Whom mails are from: an address, or a name and an address in angle brackets. Without a name it is the organization's.
    pub from: String,
    /// What one mail may take, from the connection to the server's last word.
    pub limit: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// What settings cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadSettings {
    /// Not an address that mail can be from.
    From,
    /// Not a name or address of a server.
    Host,
    /// A password that would travel for everybody to read.
    Password,
}

/// Sends mails. A clone is the same sender.
#[derive(Clone)]
pub struct Mailer {
    settings: Settings,
    from: Mailbox,
    hello: ClientId,
    tls: Option<TlsParameters>,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Whether a text may be the name or the address of a server.
fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    text.parse::<std::net::IpAddr>().is_ok() || (!text.is_empty() && text.len() < 254 && text.bytes().all(plain))
}

impl Mailer {
    /// A sender with these settings. Connects to nothing yet.
    ///
    /// # Errors
    /// What the settings cannot be.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let from: Mailbox = settings.from.parse().map_err(|_| BadSettings::From)?;
        if !is_host(&settings.host) {
            return Err(BadSettings::Host);
        }
        let tls = if settings.encryption == Encryption::None {
            if settings.sign_in.is_some() {
                return Err(BadSettings::Password);
            }
            None
        } else {
            Some(TlsParameters::new_rustls(settings.host.clone()).map_err(|_| BadSettings::Host)?)
        };
        let hello = ClientId::Domain(from.email.domain().to_owned());
        Ok(Self { settings, from, hello, tls })
    }

    /// Sends one mail: the server has taken it once this says so.
    ///
    /// # Errors
    /// Retryable where the server was not reached, did not answer in time, did not let us in, or asked for another try;
    /// permanent where it refused the mail or its address, or where no mail can be written.
    pub async fn send(&self, invitation: &Invitation) -> Result<(), Failure> {
        let message = message::write(invitation, &self.from)?;
        let limit = self.settings.limit;
        let late = |_| Failure::retryable(format!("the mail server did not answer within {} seconds", limit.as_secs_f32()));
        let work = async {
            let mut connection = self.connect().await.map_err(|error| not_in(&error))?;
            let taken = connection.send(message.envelope(), &message.formatted()).await;
            Ok((connection, taken))
        };
        let (mut connection, taken) = timeout(limit, work).await.map_err(late)??;
        // What the server says to a farewell changes nothing any more.
        let _ = timeout(FAREWELL, connection.abort()).await;
        taken.map(drop).map_err(|error| not_taken(&error))
    }

    /// A connection that mail can be sent on. A refusal until then is about us, not about the mail.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let Settings { host, port, encryption, sign_in, limit, .. } = &self.settings;
        let at_once = self.tls.clone().filter(|_| *encryption == Encryption::Tls);
        let server = (host.as_str(), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(*limit), &self.hello, at_once, None).await?;
        if let (Encryption::Starttls, Some(tls)) = (encryption, &self.tls) {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some((name, password)) = sign_in {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &Credentials::new(name.clone(), password.clone())).await?;
        }
        Ok(connection)
    }
}

/// What the server may take to say farewell.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why no mail could be handed over. Settings can be set right and servers come back, so another try makes sense.
fn not_in(error: &Error) -> Failure {
    Failure::retryable(match error.status().map(u16::from) {
        Some(code @ (530 | 534 | 535 | 538)) => format!("the mail server refused the sign-in with {code}"),
        Some(code) => format!("the mail server refused the connection with {code}"),
        None if error.is_tls() || error.is_client() => "no encrypted connection to the mail server came about".into(),
        None => "the mail server could not be reached".into(),
    })
}

/// Why a mail was not taken.
fn not_taken(error: &Error) -> Failure {
    match error.status().map(u16::from) {
        Some(code @ (530 | 534 | 535 | 538)) => Failure::retryable(format!("the mail server wants a sign-in and said {code}")),
        Some(code @ 500..) => Failure::permanent(format!("the mail server refused the mail with {code}")),
        Some(code) => Failure::retryable(format!("the mail server put the mail off with {code}")),
        // The one thing that the client looks at before it sends anything.
        None if error.is_client() => Failure::permanent("the mail server takes no address with such letters"),
        None => Failure::retryable("the connection to the mail server broke before it took the mail"),
    }
}

#[cfg(test)]
mod tests;
