//! The iCalendar object of a mail.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::Failure;
use crate::invitation::{Invitation, Method};
use crate::moment::Span;
use crate::{words, zone};

/// What a line has at most, without its end (RFC 5545, 3.1).
const OCTETS: usize = 75;

/// What an address keeps in a `mailto:`.
const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b'+').remove(b'=');

impl Invitation {
    /// The calendar that tells the news, from the organizer's address, with the lines of `text` as its description.
    ///
    /// # Errors
    /// A moment that no calendar has, or a zone that is not known.
    pub(crate) fn calendar(&self, organizer: &str, text: &str) -> Result<String, Failure> {
        let span = Span::of(self)?;
        let method = self.news.method();
        let mut lines = Lines::default();
        for (name, value) in
            [("BEGIN", "VCALENDAR"), ("PRODID", "-//Frontdesk//Frontdesk//EN"), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")]
        {
            lines.put(name, value);
        }
        lines.put("METHOD", method.word());
        if let Some(local) = &span.zoned {
            zone::put(&mut lines, &local.zone, &self.zone, span.start, span.end);
        }
        lines.put("BEGIN", "VEVENT");
        lines.put("UID", &text_value(&self.uid));
        lines.put("SEQUENCE", &self.sequence.to_string());
        lines.put("DTSTAMP", &Span::utc(self.now)?);
        span.put(&mut lines, &self.zone)?;
        lines.put("SUMMARY", &text_value(&words::summary(self)));
        lines.put("DESCRIPTION", &text_value(text));
        lines.put(&format!("ORGANIZER;CN={}", parameter(&self.organization)), &mailto(organizer));
        let role = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE";
        lines.put(&format!("ATTENDEE;CN={};{role}", parameter(&self.name)), &mailto(&self.address));
        lines.put("STATUS", if method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" });
        lines.put("TRANSP", if method == Method::Cancel { "TRANSPARENT" } else { "OPAQUE" });
        lines.put("END", "VEVENT");
        lines.put("END", "VCALENDAR");
        Ok(lines.0)
    }
}

/// The lines of a calendar, folded.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// Puts a line, its name with its parameters. Neither has a control character but what [`text_value`] made of one.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            // A character is never cut, and what follows a fold has its space in its length.
            if length + c.len_utf8() > OCTETS {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// The text with spaces for control characters, and one for the separators of lines that are none in ASCII.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// A text as the value of a property (RFC 5545, 3.3.11).
fn text_value(text: &str) -> String {
    let mut value = String::with_capacity(text.len() + 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            value.push_str("\\n");
        }
        for c in plain(line.trim_end_matches('\r')).chars() {
            if matches!(c, '\\' | ';' | ',') {
                value.push('\\');
            }
            value.push(c);
        }
    }
    value
}

/// A text as the value of a parameter, which has no way to say a quotation mark.
fn parameter(text: &str) -> String {
    format!("\"{}\"", plain(text).replace('"', "'"))
}

fn mailto(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address, ADDRESS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::invitation::News;
    use crate::words::tests::invitation;

    /// The lines as a reader has them, unfolded.
    fn unfolded(calendar: &str) -> Vec<String> {
        calendar.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    /// The only line that begins so, those of the zone apart.
    fn line(calendar: &str, begin: &str) -> String {
        let lines = unfolded(calendar);
        let zone = lines.iter().position(|line| line == "BEGIN:VTIMEZONE").unwrap()
            ..lines.iter().position(|line| line == "END:VTIMEZONE").unwrap();
        let lines: Vec<_> = lines.into_iter().enumerate().filter(|(place, _)| !zone.contains(place)).map(|(_, line)| line).collect();
        let found: Vec<_> = lines.iter().filter(|line| line.starts_with(begin)).collect();
        assert_eq!(found.len(), 1, "{begin}: {found:?}");
        found[0].clone()
    }

    #[test]
    fn an_invitation_and_its_end() {
        let one = invitation();
        let calendar = one.calendar("desk@example.org", "a, b\nc").unwrap();
        for expected in [
            "METHOD:REQUEST",
            "UID:202603020000001.7@frontdesk",
            "SEQUENCE:2",
            "DTSTAMP:20260302T020000Z",
            "DTSTART;TZID=Europe/Berlin:20260402T140000",
            "DTEND;TZID=Europe/Berlin:20260402T143000",
            "DESCRIPTION:a\\, b\\nc",
            "ORGANIZER;CN=\"Ward; Sons\":mailto:desk@example.org",
            "ATTENDEE;CN=\"吳小姐\";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:wu@example.com",
            "STATUS:CONFIRMED",
        ] {
            assert_eq!(line(&calendar, expected.split([':', ';']).next().unwrap()), expected);
        }
        let off = Invitation { news: News::Canceled, sequence: 3, ..one }.calendar("desk@example.org", "").unwrap();
        for (begin, expected) in [("METHOD", "METHOD:CANCEL"), ("STATUS", "STATUS:CANCELLED"), ("SEQUENCE", "SEQUENCE:3")] {
            assert_eq!(line(&off, begin), expected);
        }
        assert_eq!(line(&off, "UID"), line(&calendar, "UID"));
    }

    #[test]
    fn nothing_is_smuggled_in() {
        let evil = "x\"\r\nATTENDEE:mailto:spy@example.net\r\n\u{2028}y\u{7f}";
        let one = Invitation { name: evil.into(), organization: evil.into(), number: evil.into(), uid: evil.into(), ..invitation() };
        let calendar = one.calendar("desk@example.org", evil).unwrap();
        assert_eq!(unfolded(&calendar).iter().filter(|line| line.starts_with("ATTENDEE")).count(), 1);
        assert!(!calendar.contains(['\u{2028}', '\u{7f}']));
    }

    #[test]
    fn an_address_of_odd_letters_is_one_address() {
        let one = Invitation { address: "a?b&c=d%e/f'g@example.com".into(), ..invitation() };
        let calendar = one.calendar("desk@example.org", "").unwrap();
        assert!(line(&calendar, "ATTENDEE").ends_with(":mailto:a%3Fb%26c=d%25e%2Ff%27g@example.com"));
    }

    proptest! {
        #[test]
        fn lines_are_folded_in_octets_and_come_back_whole(text in "[a-z ,;\\\\\"ёж客服中心預約𝄞\r\n]{0,300}") {
            let mut lines = Lines::default();
            lines.put("SUMMARY", &text_value(&text));
            for line in lines.0.split_terminator("\r\n") {
                prop_assert!(line.len() <= OCTETS && !line.contains(['\r', '\n']), "{line}");
            }
            prop_assert_eq!(unfolded(&lines.0), [format!("SUMMARY:{}", text_value(&text))]);
        }
    }
}
