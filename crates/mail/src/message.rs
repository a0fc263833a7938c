//! The mail as it is sent.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::calendar::plain;
use crate::failure::Failure;
use crate::invitation::Invitation;
use crate::words;

/// The mail: a text and a calendar, of which a program shows the better it knows; and the calendar again as a file, for those
/// that know it only so.
///
/// # Errors
/// Permanent: an address that no mail can be sent to, or a moment that no calendar has.
pub(crate) fn write(invitation: &Invitation, from: &Mailbox) -> Result<Message, Failure> {
    let text = words::text(invitation)?;
    let calendar = invitation.calendar(from.email.as_ref(), &text)?;
    let to: Address = invitation.address.parse().map_err(|_| Failure::permanent("the address is none that mail can be sent to"))?;
    let method = invitation.news.method().word();
    let part = SinglePart::builder().header(kind(&format!("text/calendar; charset=utf-8; method={method}"))?).body(base64(&calendar)?);
    let file = Attachment::new("invite.ics".into()).body(base64(&calendar)?, kind(&format!("application/ics; method={method}"))?);
    let body = MultiPart::mixed().multipart(MultiPart::alternative().singlepart(SinglePart::plain(text)).singlepart(part)).singlepart(file);
    let sender = from.name.clone().unwrap_or_else(|| plain(&invitation.organization));
    let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(invitation.now).unwrap_or(0));
    Message::builder()
        .from(Mailbox::new(Some(sender), from.email.clone()))
        .to(Mailbox::new(Some(plain(&invitation.name)), to))
        .subject(words::subject(invitation))
        .date(now)
        .message_id(Some(format!("<{}@{}>", invitation.mail_id, from.email.domain())))
        // Nobody's absence is answered to it (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .multipart(body)
        .map_err(|_| unwritable())
}

fn unwritable() -> Failure {
    Failure::permanent("the mail cannot be written")
}

fn kind(text: &str) -> Result<ContentType, Failure> {
    ContentType::parse(text).map_err(|_| unwritable())
}

/// Base 64: the calendar's own lines must arrive as they are.
fn base64(calendar: &str) -> Result<Body, Failure> {
    Body::new_with_encoding(calendar.to_owned(), ContentTransferEncoding::Base64).map_err(|_| unwritable())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::words::tests::invitation;
    use crate::{Language, News};

    fn written(invitation: &Invitation) -> String {
        let from = "desk@example.org".parse().unwrap();
        String::from_utf8(write(invitation, &from).unwrap().formatted()).unwrap()
    }

    /// The head of the mail, its lines unfolded.
    fn head(mail: &str) -> Vec<String> {
        let head = mail.split_once("\r\n\r\n").unwrap().0;
        head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn the_parts() {
        let mail = written(&invitation());
        let head = head(&mail);
        for expected in [
            // A name that is no plain word is written coded.
            "From: =?utf-8?b?V2FyZDsgU29ucw==?= <desk@example.org>",
            "Date: Mon, 02 Mar 2026 02:00:00 +0000",
            "Message-ID: <7.1@example.org>",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(head.iter().any(|line| line == expected), "{expected}: {head:?}");
        }
        let kinds: Vec<_> = mail.lines().filter_map(|line| line.strip_prefix("Content-Type: ")).collect();
        assert!(kinds[0].starts_with("multipart/mixed") && kinds[1].starts_with("multipart/alternative"), "{kinds:?}");
        assert_eq!(
            kinds[2..],
            ["text/plain; charset=utf-8", "text/calendar; charset=utf-8; method=REQUEST", "application/ics; method=REQUEST"]
        );
        let coded = mail.split("method=REQUEST\r\n").nth(1).unwrap().split("\r\n\r\n").nth(1).unwrap();
        let calendar = BASE64_STANDARD.decode(coded.split("--").next().unwrap().replace("\r\n", "")).unwrap();
        assert!(calendar.starts_with(b"BEGIN:VCALENDAR\r\n") && calendar.ends_with(b"END:VCALENDAR\r\n"));
        assert!(mail.lines().all(|line| line.len() <= 998 && line.is_ascii()));
    }

    #[test]
    fn no_name_becomes_a_header() {
        let evil = "吳\r\nBcc: spy@example.net\r\n\r\nbody \"<spy@example.net>, ";
        for language in [Language::Chinese, Language::English, Language::Russian] {
            for news in [News::Invited, News::Moved, News::Canceled] {
                let one = Invitation { name: evil.into(), organization: evil.into(), language, news, ..invitation() };
                let message = write(&one, &"desk@example.org".parse().unwrap()).unwrap();
                let to: Vec<_> = message.envelope().to().iter().map(ToString::to_string).collect();
                assert_eq!(to, ["wu@example.com"]);
                let head = head(&String::from_utf8(message.formatted()).unwrap());
                let names: Vec<_> = head.iter().map(|line| line.split(':').next().unwrap()).collect();
                let expected = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
                assert_eq!(names, expected);
            }
        }
    }

    #[test]
    fn a_long_name() {
        let mail = written(&Invitation { name: "王".repeat(255), organization: "客服".repeat(100), ..invitation() });
        assert!(mail.lines().all(|line| line.len() <= 78), "{mail}");
    }

    #[test]
    fn an_address_that_is_none() {
        for address in ["", "wu", "wu@example.com\r\nRCPT TO:<spy@example.net>", "a@b@c", "wu@example.com, spy@example.net"] {
            let one = Invitation { address: address.into(), ..invitation() };
            let failure = write(&one, &"desk@example.org".parse().unwrap()).unwrap_err();
            assert!(!failure.is_retryable() && !failure.reason.contains("wu"), "{address}: {failure}");
        }
    }
}
