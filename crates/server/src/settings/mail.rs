//! Where mails go.

use std::time::Duration;

use anyhow::{Result, bail};
use frontdesk_mail::{BadSettings, Encryption, Mailer, Settings as MailerSettings};
use serde::Deserialize;

use super::Settings;

/// What the mail server may take for one mail: less than a mail is one worker's.
const SENDS_WITHIN: Duration = Duration::from_secs(30);

/// The mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name or address; empty is none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: MailEncryption,
    /// The name it knows us by; empty is none.
    pub user: String,
    /// The password to it.
    pub password: String,
    /// Whom mails are from.
    pub from: String,
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    /// From `STARTTLS` on.
    Starttls,
    /// From the first byte on.
    Tls,
    /// Not at all.
    None,
}

impl Settings {
    /// What sends mails, where there is a mail server.
    pub fn mailer(&self) -> Result<Option<Mailer>> {
        let Mail { host, port, encryption, user, password, from } = &self.mail;
        if host.is_empty() {
            return Ok(None);
        }
        let encryption = match encryption {
            MailEncryption::Starttls => Encryption::Starttls,
            MailEncryption::Tls => Encryption::Tls,
            MailEncryption::None => Encryption::None,
        };
        let sign_in = (!user.is_empty()).then(|| (user.clone(), password.clone()));
        let mailer = MailerSettings { host: host.clone(), port: *port, encryption, sign_in, from: from.clone(), limit: SENDS_WITHIN };
        match Mailer::new(mailer) {
            Ok(mailer) => Ok(Some(mailer)),
            Err(BadSettings::From) => bail!("mail.from must be an address such as desk@example.org or Front desk <desk@example.org>"),
            Err(BadSettings::Host) => bail!("mail.host is no name or address of a server"),
            Err(BadSettings::Password) => bail!("mail.user and mail.password are not sent without encryption (mail.encryption)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(more: &[(&str, &str)]) -> Result<Option<Mailer>> {
        let name = |key: &str| format!("FRONTDESK__MAIL__{}", key.to_uppercase());
        Settings::read(None, more.iter().map(|(key, value)| (name(key), (*value).to_owned())))?.mailer()
    }

    #[test]
    fn a_mail_server_that_can_be_used() {
        assert!(mailer(&[]).unwrap().is_none(), "none by default");
        assert!(
            mailer(&[("host", "mx.example.org"), ("from", "desk@example.org"), ("user", "desk"), ("password", "x")]).unwrap().is_some()
        );
        let wrong: [(&[(&str, &str)], &str); 4] = [
            (&[("host", "mx.example.org")], "mail.from"),
            (&[("host", "mx example"), ("from", "desk@example.org")], "mail.host"),
            (&[("host", "localhost"), ("from", "desk@example.org"), ("encryption", "none"), ("user", "desk")], "mail.password"),
            (&[("host", "localhost"), ("encryption", "ssl")], "mail.encryption"),
        ];
        for (more, key) in wrong {
            let text = format!("{:#}", mailer(more).map(|_| ()).unwrap_err());
            assert!(text.contains(key), "{key}: {text}");
        }
    }
}
