//! The definition of a zone, as far as one event needs it.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::calendar::Lines;

/// How many changes of the clocks after the event's end are told as well: the next one back and forth.
const MORE: usize = 2;

/// A change of the clocks.
struct Change {
    at: Timestamp,
    from: Offset,
    to: Offset,
    name: String,
    daylight: bool,
}

/// Puts the `VTIMEZONE` of a zone for what takes place between two moments: every change of the clocks that matters then, one
/// by one. A rule of recurrence would be a guess: some zones change by decree, and the year after is in no rule.
pub(crate) fn put(lines: &mut Lines, zone: &TimeZone, name: &str, start: Timestamp, end: Timestamp) {
    lines.put("BEGIN", "VTIMEZONE");
    lines.put("TZID", name);
    for change in changes(zone, start, end) {
        let part = if change.daylight { "DAYLIGHT" } else { "STANDARD" };
        lines.put("BEGIN", part);
        // On the clocks as they were before it.
        lines.put("DTSTART", &change.from.to_datetime(change.at).strftime("%Y%m%dT%H%M%S").to_string());
        lines.put("TZOFFSETFROM", &offset(change.from));
        lines.put("TZOFFSETTO", &offset(change.to));
        lines.put("TZNAME", &change.name);
        lines.put("END", part);
    }
    lines.put("END", "VTIMEZONE");
}

fn changes(zone: &TimeZone, start: Timestamp, end: Timestamp) -> Vec<Change> {
    let second = SignedDuration::from_secs(1);
    let next = start.checked_add(second).unwrap_or(start);
    let before = zone.preceding(next).next();
    // Clocks that were never changed: they have always been like this.
    let first = before.map_or_else(|| Timestamp::UNIX_EPOCH.min(start), |change| change.timestamp());
    let after = zone.following(start).map(|change| change.timestamp());
    let (mut moments, mut later) = (vec![first], 0);
    for at in after {
        if at >= end {
            later += 1;
        }
        if later > MORE {
            break;
        }
        moments.push(at);
    }
    let change = |at: Timestamp| {
        let info = zone.to_offset_info(at);
        let from = at.checked_sub(second).map_or(info.offset(), |earlier| zone.to_offset(earlier));
        Change { at, from, to: info.offset(), name: info.abbreviation().to_owned(), daylight: info.dst().is_dst() }
    };
    moments.into_iter().map(change).collect()
}

/// `+0200`; with seconds where there are some, as there were before zones.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let text = format!("{sign}{hours:02}{minutes:02}");
    if rest == 0 { text } else { format!("{text}{rest:02}") }
}

#[cfg(test)]
mod tests {
    use crate::invitation::Invitation;
    use crate::words::tests::invitation;
    use jiff::Timestamp;

    /// Each part of the zone: what it is, when it begins, from which offset to which.
    fn parts(zone: &str, start: &str) -> Vec<String> {
        let start = start.parse::<Timestamp>().unwrap().as_millisecond();
        let calendar = Invitation { start, zone: zone.into(), ..invitation() }.calendar("desk@example.org", "").unwrap();
        let parts = calendar.split("BEGIN:").filter(|part| part.starts_with("DAYLIGHT") || part.starts_with("STANDARD"));
        let values = |part: &str| part.split("\r\n").take(5).map(|line| line.rsplit(':').next().unwrap().to_owned()).collect::<Vec<_>>();
        parts.map(|part| values(part).join(" ")).collect()
    }

    #[test]
    fn what_the_clocks_show_on_that_day() {
        let expected = [
            "STANDARD 20251026T030000 +0200 +0100 CET",
            "DAYLIGHT 20260329T020000 +0100 +0200 CEST",
            "STANDARD 20261025T030000 +0200 +0100 CET",
        ];
        assert_eq!(parts("Europe/Berlin", "2026-03-28T12:00:00Z"), expected);
        assert_eq!(parts("Europe/Berlin", "2026-03-29T12:00:00Z")[..2], expected[1..]);
        // At the very second of the change, and over it.
        assert_eq!(parts("Europe/Berlin", "2026-03-29T01:00:00Z")[..2], expected[1..]);
        assert_eq!(parts("Europe/Berlin", "2026-03-29T00:59:59Z")[..3], expected);
        let expected = ["STANDARD 20251102T020000 -0400 -0500 EST", "DAYLIGHT 20260308T020000 -0500 -0400 EDT"];
        assert_eq!(parts("America/New_York", "2026-03-08T06:59:00Z")[..2], expected);
    }

    #[test]
    fn clocks_that_do_not_change_any_more() {
        assert_eq!(parts("Asia/Taipei", "2026-03-02T02:00:00Z"), ["STANDARD 19791001T000000 +0900 +0800 CST"]);
        assert_eq!(parts("Asia/Kolkata", "2026-03-02T02:00:00Z").len(), 1);
        assert_eq!(parts("Etc/GMT-5", "2026-03-02T02:00:00Z"), ["STANDARD 19700101T050000 +0500 +0500 +05"]);
    }
}
