//! Moments as the appointments surface reads and writes them.

use std::ops::RangeInclusive;

use frontdesk_core::input::{FromInput, Rule};
use frontdesk_core::time::{Zone, from_millis, millis};
use serde::{Serialize, Serializer};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A moment in Unix seconds, written as a string (seed 000, `task_time`); read from a string or a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, example = "1703141398", pattern = r"^\d+$")]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// The moments that are accepted: the years 1970 to 9999. Milliseconds sent for seconds lie outside.
    pub const RANGE: RangeInclusive<i64> = 0..=253_402_300_799;

    /// The second in which a stored moment (milliseconds since 1970) lies.
    #[must_use]
    pub fn of_millis(millis: i64) -> Self {
        Self(millis.div_euclid(1000))
    }

    /// The moment as it is stored, in milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.saturating_mul(1000)
    }

    /// The rule that the moment breaks, if it breaks one.
    pub(crate) fn fault(self) -> Option<Rule> {
        let range = Rule::Range(Some(*Self::RANGE.start()), Some(*Self::RANGE.end()));
        (!Self::RANGE.contains(&self.0)).then_some(range)
    }
}

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl FromInput for UnixTime {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        i64::from_input(value, zone).map(Self).map_err(|_| Rule::Form("a time in Unix seconds"))
    }
}

/// The first moment that a filter's text covers.
pub(crate) struct First(pub(crate) OffsetDateTime);

/// The last moment that a filter's text covers: of the second for Unix seconds, of the day for a date alone.
pub(crate) struct Last(pub(crate) OffsetDateTime);

impl FromInput for First {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        span(value, zone).map(|(first, _)| Self(first))
    }
}

impl FromInput for Last {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        span(value, zone).map(|(_, last)| Self(last))
    }
}

fn span(value: &Value, zone: &Zone) -> Result<(OffsetDateTime, OffsetDateTime), Rule> {
    if let Ok(at) = UnixTime::from_input(value, zone) {
        return match at.fault() {
            Some(rule) => Err(rule),
            None => Ok((from_millis(at.millis()), from_millis(at.millis() + 999))),
        };
    }
    let reading = value.as_str().and_then(|text| zone.read(text));
    let reading = reading.ok_or(Rule::Form("a time in Unix seconds, YYYY-MM-DD HH:MM:SS or RFC 3339"))?;
    Ok((from_millis(millis(reading.moment)), from_millis(millis(reading.end()))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_are_text_or_number() {
        for value in [json!("1703141398"), json!(1_703_141_398)] {
            assert_eq!(UnixTime::from_input(&value, &Zone::utc()), Ok(UnixTime(1_703_141_398)), "{value}");
        }
        for value in [json!(""), json!("tomorrow"), json!(1.5), json!(true), json!("2023-12-21")] {
            assert!(UnixTime::from_input(&value, &Zone::utc()).is_err(), "{value}");
        }
        assert_eq!(serde_json::to_value(UnixTime(7)).unwrap(), "7");
        assert!(UnixTime(1_703_141_398_000).fault().is_some());
        assert!(UnixTime(1_703_141_398).fault().is_none());
    }

    #[test]
    fn filters_also_take_dates() {
        let zone = Zone::named("Asia/Taipei").unwrap();
        let ends = |value| span(&value, &zone).map(|(first, last)| (millis(first), millis(last)));
        assert_eq!(ends(json!("1703088000")), Ok((1_703_088_000_000, 1_703_088_000_999)));
        assert_eq!(ends(json!("2023-12-21")), Ok((1_703_088_000_000, 1_703_174_399_999)));
        assert!(ends(json!(1_703_088_000_000_i64)).is_err());
        assert!(ends(json!("soon")).is_err());
    }
}
