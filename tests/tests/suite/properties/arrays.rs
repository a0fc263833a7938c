//! Arrays in a query.

use frontdesk_core::input::{FromInput, Many};
use frontdesk_core::pairs::fold;
use frontdesk_core::time::Zone;
use serde_json::{Map, Value};

/// No value of a query is lost, and what is read as an array of numbers is the same in every way of writing it.
pub(crate) fn hold(query: &str) {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    let count = pairs.len();
    let fields = fold(pairs);
    assert_eq!(fields.values().map(|value| value.as_array().map_or(1, Vec::len)).sum::<usize>(), count);
    for numbers in fields.values().filter_map(read).filter(|numbers| !numbers.is_empty()) {
        agree(&numbers);
    }
}

fn agree(numbers: &[i64]) {
    for form in forms(numbers) {
        assert_eq!(parsed(&form).get("s").and_then(read).as_deref(), Some(numbers), "{form}");
    }
}

fn parsed(query: &str) -> Map<String, Value> {
    fold(serde_urlencoded::from_str(query).unwrap())
}

fn read(value: &Value) -> Option<Vec<i64>> {
    Many::from_input(value, &Zone::utc()).ok().map(|Many(numbers)| numbers)
}

/// The ways of writing an array in a query.
fn forms(numbers: &[i64]) -> [String; 6] {
    let join = |between: &str, item: &dyn Fn(usize, &i64) -> String| {
        numbers.iter().enumerate().map(|(place, number)| item(place, number)).collect::<Vec<_>>().join(between)
    };
    let listed = join(",", &|_, number| number.to_string());
    [
        format!("s={listed}"),
        format!("s=[{listed}]"),
        format!("s=%5B+{}+%5D", join("%2C+", &|_, number| format!("%22{number}%22"))),
        join("&", &|_, number| format!("s={number}")),
        join("&", &|_, number| format!("s[]={number}")),
        join("&", &|place, number| format!("s%5B{place}%5D={number}")),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(super::super::cases(1000))]

        #[test]
        fn of_any_query(query in r"([st](\[[0-9]{0,2}\])?=(-?[0-9]{1,19}|[\[0-9,%\] +a&=-]{0,12})&?){0,6}") {
            hold(&query);
        }

        #[test]
        fn of_any_text(query in ".{0,60}") {
            hold(&query);
        }

        #[test]
        fn of_any_numbers(numbers in prop::collection::vec(any::<i64>(), 1..20)) {
            agree(&numbers);
        }
    }
}
