//! When an appointment takes place, as a calendar says it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::calendar::Lines;
use crate::failure::Failure;
use crate::invitation::Invitation;

/// From when to when.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// On the organization's clocks; none where a calendar could not say it so.
    pub(crate) zoned: Option<Local>,
}

/// A span on the clocks of a zone.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) zone: TimeZone,
    start: Zoned,
    end: Zoned,
}

/// A moment that calendars cannot say: their years have four digits.
pub(crate) fn beyond<E>(_: E) -> Failure {
    Failure::permanent("the appointment lies beyond what calendars know")
}

impl Span {
    pub(crate) fn of(invitation: &Invitation) -> Result<Self, Failure> {
        let start = Timestamp::from_millisecond(invitation.start).map_err(beyond)?;
        let length = invitation.minutes.saturating_mul(60_000);
        let end = Timestamp::from_millisecond(invitation.start.saturating_add(length)).map_err(beyond)?;
        let zone = zone(&invitation.zone)?;
        let local = Local { start: start.to_zoned(zone.clone()), end: end.to_zoned(zone.clone()), zone };
        // A time that clocks show twice means its first occurrence (RFC 5545, 3.3.5); the second can be said in UTC alone.
        let plain = local.zone != TimeZone::UTC && is_first(&local.start) && is_first(&local.end);
        Ok(Self { start, end, zoned: plain.then_some(local) })
    }

    /// Puts the lines of its beginning and end.
    pub(crate) fn put(&self, lines: &mut Lines, zone: &str) -> Result<(), Failure> {
        if let Some(local) = &self.zoned {
            for (name, at) in [("DTSTART", &local.start), ("DTEND", &local.end)] {
                lines.put(&format!("{name};TZID={zone}"), &at.strftime("%Y%m%dT%H%M%S").to_string());
            }
            return Ok(());
        }
        lines.put("DTSTART", &Self::utc(self.start.as_millisecond())?);
        lines.put("DTEND", &Self::utc(self.end.as_millisecond())?);
        Ok(())
    }

    /// A moment in UTC, as calendars write it.
    pub(crate) fn utc(millis: i64) -> Result<String, Failure> {
        let at = Timestamp::from_millisecond(millis).map_err(beyond)?;
        Ok(at.strftime("%Y%m%dT%H%M%SZ").to_string())
    }
}

/// The zone of an IANA name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Failure> {
    TimeZone::get(name).map_err(|_| Failure::permanent("the time zone is not known"))
}

fn is_first(at: &Zoned) -> bool {
    let first = at.time_zone().to_ambiguous_timestamp(at.datetime()).earlier();
    first.is_ok_and(|first| first == at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::invitation;

    fn times(zone: &str, start: &str) -> [String; 2] {
        let start = start.parse::<Timestamp>().unwrap().as_millisecond();
        let one = Invitation { start, zone: zone.into(), ..invitation() };
        let calendar = one.calendar("desk@example.org", "").unwrap();
        ["DTSTART", "DTEND"].map(|name| {
            // Those of the zone's own parts stand before the event.
            let event = calendar.split("BEGIN:VEVENT").nth(1).unwrap();
            event.lines().find(|line| line.starts_with(name)).unwrap().split_once(name).unwrap().1.to_owned()
        })
    }

    #[test]
    fn on_the_clocks_of_the_zone() {
        assert_eq!(
            times("Asia/Taipei", "2026-03-02T02:00:00Z"),
            [";TZID=Asia/Taipei:20260302T100000", ";TZID=Asia/Taipei:20260302T103000"]
        );
        assert_eq!(times("UTC", "2026-03-02T02:00:00Z"), [":20260302T020000Z", ":20260302T023000Z"]);
        // The clocks go forward at 01:00 UTC, in the middle of it.
        let over = times("Europe/Berlin", "2026-03-29T00:45:00Z");
        assert_eq!(over, [";TZID=Europe/Berlin:20260329T014500", ";TZID=Europe/Berlin:20260329T031500"]);
    }

    #[test]
    fn an_hour_that_comes_twice() {
        let zoned = [";TZID=Europe/Berlin:20261025T021500", ";TZID=Europe/Berlin:20261025T024500"];
        assert_eq!(times("Europe/Berlin", "2026-10-25T00:15:00Z"), zoned);
        assert_eq!(times("Europe/Berlin", "2026-10-25T01:15:00Z"), [":20261025T011500Z", ":20261025T014500Z"]);
        assert_eq!(times("Europe/Berlin", "2026-10-25T00:45:00Z"), [":20261025T004500Z", ":20261025T011500Z"]);
    }

    #[test]
    fn beyond_all_calendars() {
        let last = Invitation { start: 253_402_300_799_000, ..invitation() };
        assert!(!last.calendar("desk@example.org", "").unwrap_err().is_retryable());
        assert!(Invitation { zone: "Nowhere/Land".into(), ..invitation() }.calendar("desk@example.org", "").is_err());
    }
}
