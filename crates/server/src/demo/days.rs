//! Moves the moments of a record by whole days, so that they keep their hour.

use frontdesk_core::time::{Zone, millis};
use serde_json::Value;
use time::format_description::BorrowedFormatItem;
use time::macros::{date, format_description};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime};

/// The day that the demo's records call today.
const WRITTEN: Date = date!(2026 - 01 - 05);
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// The days from the one that the records were written for to that of `now`.
pub(super) fn since_written(now: OffsetDateTime, zone: &Zone) -> i64 {
    (zone.at(millis(now)).date() - WRITTEN).whole_days()
}

/// Moves what is written `YYYY-MM-DD HH:MM:SS`, and a `task_time` in Unix seconds. Dates alone, such as of birth, stay.
pub(super) fn shift(value: &mut Value, days: i64) {
    match value {
        Value::String(text) => {
            let moved = PrimitiveDateTime::parse(text, MOMENT).ok().and_then(|at| at.checked_add(Duration::days(days)));
            if let Some(moved) = moved.and_then(|at| at.format(MOMENT).ok()) {
                *text = moved;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, days)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match value.as_i64().filter(|_| name == "task_time") {
                    Some(seconds) => *value = (seconds + days * SECONDS_A_DAY).into(),
                    None => shift(value, days),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn moments_move_and_nothing_else() {
        let mut record = json!({
            "id": 7, "birth_at": "1987-10-10", "created_at": "2026-01-04 09:30:00", "task_time": 1_767_576_600, "task_num": "202601050000001",
            "parts": [{"due_at": "2026-01-31 23:59:59", "content": "since 2026-01-04 09:30:00"}],
        });
        shift(&mut record, 30);
        let expected = json!({
            "id": 7, "birth_at": "1987-10-10", "created_at": "2026-02-03 09:30:00", "task_time": 1_770_168_600, "task_num": "202601050000001",
            "parts": [{"due_at": "2026-03-02 23:59:59", "content": "since 2026-01-04 09:30:00"}],
        });
        assert_eq!(record, expected);
    }

    #[test]
    fn the_day_is_that_of_the_organizations_clocks() {
        let zone = Zone::named("Asia/Taipei").unwrap();
        assert_eq!(since_written(datetime!(2026-01-04 16:00 UTC), &zone), 0);
        assert_eq!(since_written(datetime!(2026-01-04 15:59 UTC), &zone), -1);
        assert_eq!(since_written(datetime!(2027-01-05 00:00 UTC), &zone), 365);
    }
}
