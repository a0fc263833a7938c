//! The lines of an import.

use std::sync::LazyLock;

use frontdesk_core::time::Zone;
use frontdesk_store::import::{Key, Loader, Tie};
use serde_json::Value;

static ZONE: LazyLock<Zone> = LazyLock::new(|| Zone::named("Europe/Berlin").unwrap());

fn loaders() -> impl Iterator<Item = &'static Loader> {
    [
        &[frontdesk_directory::import::ORGANIZATION],
        frontdesk_directory::import::LOADERS,
        frontdesk_ticketing::import::LOADERS,
        frontdesk_callcenter::import::LOADERS,
        frontdesk_appointments::import::LOADERS,
    ]
    .into_iter()
    .flatten()
}

/// Whatever kind of record a line is taken for: what it brings is no more than it holds, what is said of it is short, and an id
/// that it brings and that is accepted is one.
pub(crate) fn hold(line: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return };
    for loader in loaders() {
        let (facts, violations) = (loader.read)(&value, &ZONE);
        let kind = loader.kind.word();
        assert!(facts.names.len() <= line.len() + 10, "{kind}: {} names", facts.names.len());
        assert!(facts.names.iter().all(|name| length(&name.key) <= line.len()), "{kind}");
        let accepted = violations.all().is_empty();
        assert!(!accepted || !facts.identity.1.is_blank(), "{kind}");
        let ids = facts
            .names
            .iter()
            .filter(|name| name.tie != Tie::Need && name.space.store_wide())
            .map(|name| &name.key)
            .chain([&facts.identity.1]);
        for key in ids.filter(|_| accepted) {
            assert!(!matches!(key, Key::Number(id) if !(1..1 << 53).contains(id)), "{kind} {key}");
        }
        assert!(violations.or(()).map_or_else(|error| error.to_string().len(), |()| 0) < 20_000, "{kind}");
    }
}

/// The bytes of the texts in a key.
fn length(key: &Key) -> usize {
    match key {
        Key::Text(text) => text.len(),
        Key::Pair(pair) => pair.0.len() + pair.1.len(),
        Key::Number(_) | Key::Uuid(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    /// The lines of a file that has most kinds of records.
    fn good() -> Vec<Map<String, Value>> {
        let file = include_str!("../../../fixtures/seed003.ndjson").lines().chain(include_str!("../export/rich.ndjson").lines());
        file.filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    fn anything() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-2_i64..9).prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            ".{0,20}".prop_map(Value::from),
            "[0-9]{4}-[01][0-9]-[0-3][0-9]".prop_map(Value::from),
        ];
        plain.prop_recursive(3, 20, 5, |inner| {
            let object = prop::collection::vec((prop::sample::select(names()), inner.clone()), 0..5);
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(Value::from),
                object.prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }

    fn names() -> Vec<String> {
        good().iter().flat_map(|line| line.keys().cloned()).collect()
    }

    proptest! {
        #![proptest_config(super::super::cases(200))]

        #[test]
        fn of_lines_with_other_values(
            line in prop::sample::select(good()),
            changes in prop::collection::vec((prop::sample::select(names()), anything()), 0..4),
        ) {
            let mut line = line;
            line.extend(changes);
            hold(&serde_json::to_vec(&line).unwrap());
        }

        #[test]
        fn of_any_value(value in anything()) {
            hold(&serde_json::to_vec(&value).unwrap());
        }
    }

    #[test]
    fn lines_of_a_file_are_accepted_as_what_they_are() {
        let good = good();
        assert!(good.len() > 90, "{}", good.len());
        for line in good.into_iter().map(Value::from) {
            hold(&serde_json::to_vec(&line).unwrap());
            let loader = loaders().find(|loader| loader.kind.word() == line["record"]).unwrap();
            assert_eq!((loader.read)(&line, &ZONE).1.all(), [], "{line}");
        }
    }
}
