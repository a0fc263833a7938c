//! Which types of events somebody asks for.

use frontdesk_core::id::Kind;
use frontdesk_core::input::Input;
use frontdesk_core::time::Zone;
use frontdesk_events::wanted::{Filter, Wanted, types};
use frontdesk_events::webhook::{NewWebhook, WebhookPatch};
use serde_json::{Map, Value, json};

/// Filters at once.
const MOST: usize = 50;

/// Every text is refused by name, or means what it says: in a query, and in the body of a webhook as a text and as an array.
pub(crate) fn hold(text: &str) {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let said: Vec<_> = inner.split(',').map(|item| item.trim().trim_matches('"').to_owned()).filter(|item| !item.is_empty()).collect();
    let query = Map::from_iter([("type".to_owned(), Value::from(text))]);
    judge(&Input::query(&query, &Zone::utc(), types), "type", &said, MOST);
    // How many a webhook may have is judged with what else its body says.
    let body = |events: Value| json!({"url": "https://example.com/", "events": events});
    let events = [Value::from(text), said.clone().into(), vec![text].into()];
    for (events, said) in events.into_iter().zip([&said, &said, &vec![text.to_owned()]]) {
        let new = Input::body(&body(events.clone()), &Zone::utc(), |fields| NewWebhook::read(fields).events);
        judge(&new, "events", said, usize::MAX);
        let change = Input::body(&body(events), &Zone::utc(), |fields| WebhookPatch::read(fields).events.unwrap_or_default());
        assert_eq!((change.value, change.violations), (new.value, new.violations), "{text:?}");
    }
}

fn judge(read: &Input<Vec<Filter>>, field: &str, said: &[String], most: usize) {
    let fields: Vec<_> = read.violations.all().iter().map(frontdesk_core::input::Violation::field).collect();
    if said.iter().all(|item| is_filter(item)) && said.len() <= most {
        assert_eq!(fields, [""; 0], "{said:?}");
        assert_eq!(read.value.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
        agree(&read.value, said);
    } else {
        assert_eq!(fields, [field], "{said:?}");
        assert!(read.violations.all()[0].rule.text().len() < 100);
    }
}

/// The word of a kind of record, a point, and a word in small letters or a star.
fn is_filter(item: &str) -> bool {
    let action = Kind::ALL.iter().find_map(|kind| item.strip_prefix(kind.word())?.strip_prefix('.'));
    let is_word = |action: &str| (1..=64).contains(&action.len()) && action.chars().all(|c| matches!(c, 'a'..='z' | '_'));
    action.is_some_and(|action| action == "*" || is_word(action))
}

/// A type is wanted where it was named itself or by a star, any where none was; those that are for admins by nobody else.
fn agree(filters: &[Filter], said: &[String]) {
    let actions = said.iter().filter_map(|item| item.split('.').nth(1)).chain(["created", "overdue", "*", "", "x.y"]);
    let actions: Vec<_> = actions.flat_map(|action| [action.to_owned(), format!("{action}s")]).collect();
    for secret in [false, true] {
        let wanted = Wanted { filters: filters.to_vec(), secret };
        for kind in Kind::ALL.map(Kind::word) {
            let open = secret || !matches!(kind, "license" | "service_key" | "webhook");
            let whole = said.is_empty() || said.contains(&format!("{kind}.*"));
            for what in actions.iter().map(|action| format!("{kind}.{action}")) {
                assert_eq!(wanted.has(&what), open && (whole || said.contains(&what)), "{what} of {said:?}, secret: {secret}");
            }
        }
        assert!(!wanted.has("x.created") && !wanted.has(""));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good(number: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("(ticket|contact|service_key|call_task)[.]([*]|[a-z_]{1,64})", number)
    }

    proptest! {
        #![proptest_config(super::super::cases(300))]

        #[test]
        fn of_any_filters(
            text in r#"\[?((ticket|call_task|license|webhook|Ticket|tickets|x)[.]?([*]|[a-z_]{0,8}|[.A-Z*]{1,3})[ ]?"?,?){0,6}\]?"#,
        ) {
            hold(&text);
        }

        #[test]
        fn of_good_ones(said in prop_oneof![9 => good(0..5), 1 => good(49..53)]) {
            hold(&said.join(","));
            hold(&json!(said).to_string());
        }

        #[test]
        fn of_any_text(text in ".{0,60}") {
            hold(&text);
        }
    }
}
