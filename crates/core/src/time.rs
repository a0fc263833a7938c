//! Moments, and how each surface writes them.

use serde::{Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::{datetime, format_description};
use time::{Date, OffsetDateTime, UtcOffset};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

const LOCAL: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const COMPACT_DAY: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]");

/// The milliseconds since 1970 of a moment, as the store keeps it.
#[must_use]
pub fn millis(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

/// The moment (UTC) of milliseconds since 1970; what lies outside the years ±9999 becomes 1970.
#[must_use]
pub fn from_millis(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Before it there are clocks that show a year without four digits.
const EARLIEST: OffsetDateTime = datetime!(0000-01-03 00:00 UTC);

/// An IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// The zone of an IANA name such as `Asia/Taipei`, or none where there is no such zone.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::TimeZone::get(name).ok().map(Self)
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// `millis` since 1970 on this zone's clocks.
    #[must_use]
    pub fn at(&self, millis: i64) -> OffsetDateTime {
        let moment = from_millis(millis);
        let offset = jiff::Timestamp::from_millisecond(millis).map_or(0, |at| self.0.to_offset(at).seconds());
        let offset = UtcOffset::from_whole_seconds(offset).unwrap_or(UtcOffset::UTC);
        moment.checked_to_offset(offset).unwrap_or(moment)
    }

    /// A stored moment as the ticketing surface writes it.
    #[must_use]
    pub fn local(&self, millis: i64) -> LocalTime {
        LocalTime(self.at(millis))
    }

    /// A stored moment as the call-center surface writes it.
    #[must_use]
    pub fn zoned(&self, millis: i64) -> ZonedTime {
        let local = self.at(millis);
        // Before there were time zones offsets had seconds, which RFC 3339 cannot say.
        let minutes = i32::from(local.offset().whole_minutes());
        let offset = UtcOffset::from_whole_seconds(minutes * 60).unwrap_or(UtcOffset::UTC);
        ZonedTime(local.checked_to_offset(offset).unwrap_or(local))
    }

    /// The day `YYYYMMDD` of a stored moment on this zone's clocks.
    #[must_use]
    pub fn compact_day(&self, millis: i64) -> String {
        self.at(millis).format(COMPACT_DAY).unwrap_or_default()
    }

    /// Reads a date and time: RFC 3339, or with a space for the `T`, or without an offset (then on this zone's clocks), or a
    /// date alone (its first second). None where `text` is something else.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Reading> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() >= 10 && bytes[0].is_ascii_digit() && bytes[4] == b'-' && bytes[7] == b'-';
        if !shaped || text.contains('[') {
            return None;
        }
        // RFC 3339 has no offset of a day and more.
        let offset = text.get(10..)?.rsplit_once(['+', '-']).map(|(_, offset)| offset);
        if offset.is_some_and(|offset| offset.get(..2).is_none_or(|hours| hours > "23")) {
            return None;
        }
        let finest = if bytes.len() == 10 {
            Finest::Day
        } else if text.contains(['.', ',']) {
            Finest::Fraction
        } else {
            Finest::Second
        };
        let at = text.parse::<jiff::Timestamp>().ok().or_else(|| self.civil(text))?;
        let moment = OffsetDateTime::from_unix_timestamp_nanos(at.as_nanosecond()).ok()?;
        let moment = from_millis(millis(moment));
        if moment < EARLIEST {
            return None;
        }
        Some(Reading { moment, end: self.end(text, moment, finest) })
    }

    fn civil(&self, text: &str) -> Option<jiff::Timestamp> {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        Some(self.0.to_zoned(civil).ok()?.timestamp())
    }

    /// The last millisecond that `text` covers. A day is not always 24 hours long.
    fn end(&self, text: &str, moment: OffsetDateTime, finest: Finest) -> OffsetDateTime {
        let next_day = || Some(self.0.to_zoned(text.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?.into()).ok()?.timestamp());
        match finest {
            Finest::Day => next_day()
                .map_or_else(|| moment.saturating_add(time::Duration::DAY), |next| from_millis(next.as_millisecond()))
                .saturating_sub(time::Duration::MILLISECOND),
            Finest::Second => moment.saturating_add(time::Duration::milliseconds(999)),
            Finest::Fraction => moment,
        }
    }
}

/// What a client wrote for a moment, and how exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The moment, or the first second of a date alone, in UTC.
    pub moment: OffsetDateTime,
    end: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finest {
    Day,
    Second,
    Fraction,
}

impl Reading {
    /// The last millisecond that the text covers: of the day for a date alone, of the second for whole seconds.
    #[must_use]
    pub fn end(self) -> OffsetDateTime {
        self.end
    }
}

/// The end of a range: a date alone is its last second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until(pub OffsetDateTime);

/// The pattern of a moment as a client writes it; not all it fits is a day that there is.
pub const MOMENT: &str =
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$";

/// A moment as a client writes it: the document's word for what [`Zone::read`] takes.
#[derive(Clone, Copy, Debug)]
pub struct MomentText(());

impl PartialSchema for MomentText {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(MOMENT)).examples(["2019-04-30 18:00:00"]).into()
    }
}

impl ToSchema for MomentText {}

/// A moment as the ticketing surface writes it: `YYYY-MM-DD HH:MM:SS` on the organization's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, example = "2019-04-16 14:45:12", pattern = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")]
pub struct LocalTime(pub OffsetDateTime);

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (year, month, day) = self.0.to_calendar_date();
        let (hour, minute, second) = self.0.to_hms();
        // By hand: a page of a list has many of them.
        let two = |number: u8| [b'0' + number / 10, b'0' + number % 10];
        let Ok(year @ 0..=9999) = u16::try_from(year) else {
            return serializer.collect_str(&self.0.format(LOCAL).map_err(serde::ser::Error::custom)?);
        };
        let [century, years] = [year / 100, year % 100].map(|part| two(u8::try_from(part).unwrap_or(0)));
        let mut text = *b"0000-00-00 00:00:00";
        for (at, part) in
            [(0, century), (2, years), (5, two(month.into())), (8, two(day)), (11, two(hour)), (14, two(minute)), (17, two(second))]
        {
            text[at..at + 2].copy_from_slice(&part);
        }
        serializer.serialize_str(str::from_utf8(&text).map_err(serde::ser::Error::custom)?)
    }
}

/// A moment as the call-center surface writes it: RFC 3339 with the organization's offset, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-03-02T10:15:00+03:00")]
pub struct ZonedTime(pub OffsetDateTime);

impl Serialize for ZonedTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = self.0.replace_nanosecond(0).map_err(serde::ser::Error::custom)?;
        serializer.collect_str(&whole.format(&Rfc3339).map_err(serde::ser::Error::custom)?)
    }
}

/// A date: `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = Date, example = "1987-10-10")]
pub struct Day(pub Date);

impl Day {
    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // Years of four digits alone: any other does not compare as text.
        let plain = text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit());
        Date::parse(text, DAY).ok().filter(|_| plain).map(Self)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.format(DAY).map_err(|_| std::fmt::Error)?)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_written_as_the_formatter_writes_them() {
        for seconds in [-377_705_116_800, -62_167_219_201, -62_167_219_200, -1, 0, 951_782_400, 1_772_417_712, 253_402_300_799] {
            let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let expected = format!("{:?}", moment.format(LOCAL).unwrap());
            assert_eq!(serde_json::to_string(&LocalTime(moment)).unwrap(), expected);
        }
    }

    #[test]
    fn whatever_is_read_can_be_written() {
        for name in ["Europe/Moscow", "Asia/Taipei", "America/Los_Angeles", "Pacific/Kiritimati"] {
            let zone = Zone::named(name).unwrap();
            for text in [
                "0001-01-01T00:00:00",
                "0001-01-02",
                "0000-01-01T00:00:00+23:59",
                "1850-05-05 05:05:05",
                "9999-12-31",
                "9999-12-30T21:59:59Z",
            ] {
                if let Some(reading) = zone.read(text) {
                    let written = serde_json::to_value(zone.zoned(millis(reading.moment))).unwrap();
                    assert_eq!(zone.read(written.as_str().unwrap()).map(|again| again.moment), Some(reading.moment), "{name} {text}");
                    serde_json::to_value(zone.local(millis(reading.moment))).unwrap();
                }
            }
        }
    }

    #[test]
    fn reads_every_form() {
        let zone = Zone::named("Asia/Taipei").unwrap();
        let expected = 1_555_044_694_000;
        for text in ["2019-04-12 12:51:34", "2019-04-12T12:51:34", "2019-04-12T12:51:34+08:00", "2019-04-12 04:51:34Z"] {
            assert_eq!(zone.read(text).map(|r| millis(r.moment)), Some(expected), "{text}");
        }
        for text in ["2019-04-12 12:51:34.5", "2019-04-12 12:51:34,5"] {
            assert_eq!(zone.read(text).map(|r| millis(r.end())), Some(expected + 500), "{text}");
        }
        let day = zone.read("2019-04-12").unwrap();
        assert_eq!(serde_json::to_value(zone.local(millis(day.moment))).unwrap(), "2019-04-12 00:00:00");
        assert_eq!(serde_json::to_value(zone.zoned(millis(day.end()))).unwrap(), "2019-04-12T23:59:59+08:00");
        // The clocks of Berlin go back on that day, and forward on the other.
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (day, end) in [("2025-10-26", "2025-10-26T23:59:59+01:00"), ("2025-03-30", "2025-03-30T23:59:59+02:00")] {
            assert_eq!(serde_json::to_value(berlin.zoned(millis(berlin.read(day).unwrap().end()))).unwrap(), end);
        }
        for text in [
            "",
            "yesterday",
            "2019-13-01",
            "2019-04-12 25:00:00",
            "1555044694",
            "2019-04-12[Asia/Taipei]",
            "2019-04-12 12:51:34+24:00",
            "2019-04-12T12:51:34-25:00",
        ] {
            assert_eq!(zone.read(text), None, "{text}");
        }
    }
}
