//! Dates and times.

use std::sync::LazyLock;

use frontdesk_core::time::{Day, Reading, Zone, from_millis, millis};
use serde_json::{Value, to_value};
use time::format_description::well_known::Rfc3339;

/// Zones with half hours, clocks that go forward and back, a day that was left out, and the farthest from UTC.
static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| {
    let names = ["UTC", "Asia/Taipei", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati", "America/Adak"];
    names.into_iter().map(|name| Zone::named(name).unwrap()).collect()
});

/// What is read of a text is written back in every form, and read again to the same moment.
pub(crate) fn hold(text: &str) {
    for zone in ZONES.iter() {
        if let Some(reading) = zone.read(text) {
            read_again(zone, text, reading);
        }
    }
    if let Some(day) = Day::read(text) {
        assert_eq!(day.to_string(), text);
        // Near the last day that there is, no zone knows the day any more.
        assert!(ZONES[0].read(text).is_some() || !("0000-01-03".."9999-12-30").contains(&text), "{text}");
    }
}

fn read_again(zone: &Zone, text: &str, reading: Reading) {
    let (moment, end) = (millis(reading.moment), millis(reading.end()));
    let again = |written: &Value| zone.read(written.as_str().unwrap()).map(|reading| millis(reading.moment));
    let second = moment.div_euclid(1000) * 1000;
    assert_eq!(again(&to_value(zone.zoned(moment)).unwrap()), Some(second), "{text} in {}", zone.name());
    // As an export has it.
    assert_eq!(again(&from_millis(moment).format(&Rfc3339).unwrap().into()), Some(moment), "{text} in {}", zone.name());
    // Where clocks go back, the same time stands for two moments: the text is the same, if not the moment.
    let local = to_value(zone.local(moment)).unwrap();
    let first = again(&local).unwrap_or_else(|| panic!("{text} in {} is written as {local}", zone.name()));
    assert_eq!(to_value(zone.local(first)).unwrap(), local, "{text} in {}", zone.name());
    if text.len() == 10 {
        // A day that a zone left out has no millisecond.
        assert!((-1..=25 * 3_600_000).contains(&(end - moment)), "{text} in {}", zone.name());
    } else {
        assert!(end >= moment && end < second + 1000, "{text} in {}", zone.name());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(super::super::cases(1000))]

        #[test]
        fn of_any_moment(text in r"[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.,][0-9]{1,9})?)?(Z|[+-][0-2][0-9]:?[0-5][0-9](:[0-5][0-9])?)?)?") {
            hold(&text);
        }

        #[test]
        fn of_any_text(text in r"[0-9]{0,5}[0-9TZtz:.,+ -]{0,30}.{0,2}") {
            hold(&text);
        }
    }

    #[test]
    fn of_what_was_hard_once() {
        for text in ["2011-12-30", "2019-10-27 02:30:00", "9999-12-30", "0000-01-03", "1850-05-05 05:05:05"] {
            hold(text);
        }
    }
}
