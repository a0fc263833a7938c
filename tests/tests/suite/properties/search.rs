//! What a search looks for, and in what.

use frontdesk_core::text::{digits, few_terms, like, normalize, searchable, terms};

/// Every term of a text is found in the text, and normal text stays as it is.
pub(crate) fn hold(text: &str) {
    let normal = normalize(text);
    assert_eq!(normalize(&normal), normal, "{text:?}");
    let wanted = terms(text);
    let stored = searchable([Some("первый"), None, Some(text)]);
    for term in &wanted {
        assert!(stored.contains(term.as_str()), "{term:?} of {text:?}");
        assert_eq!(terms(term), [term.as_str()]);
        assert_eq!(unescaped(&like(term)).as_deref(), Some(term.as_str()));
    }
    let words: Vec<_> = text.split_whitespace().flat_map(terms).collect();
    assert!(words.iter().all(|word| wanted.contains(word)) && wanted.iter().all(|term| words.contains(term)), "{text:?}");
    assert_eq!(few_terms(text).is_ok(), wanted.len() <= 50);
    let number = digits(text);
    assert!(number.bytes().all(|digit| digit.is_ascii_digit()) && digits(&number) == number);
}

/// The one text that a pattern finds between its ends; none where it would find others.
fn unescaped(pattern: &str) -> Option<String> {
    let mut chars = pattern.strip_prefix('%')?.strip_suffix('%')?.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => chars.next()?,
            '%' | '_' => return None,
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any characters, and more often those that are changed, or changed together with the ones beside them.
    fn texts() -> impl Strategy<Value = String> {
        let odd: Vec<char> = "ёЁеЕйßſıIİΣςῼᾳ%_\\Ａﬁｶﾞ \u{a0}\u{a8}\u{345}\u{3000}".chars().collect();
        let c = prop_oneof![
            any::<char>(),
            prop::sample::select(odd),
            prop::char::range('\u{300}', '\u{314}'),
            prop::char::range('가', '힣'),
            prop::char::range('ᄀ', 'ᇿ'),
        ];
        prop::collection::vec(c, 0..30).prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(super::super::cases(500))]

        #[test]
        fn of_any_text(text in texts()) {
            hold(&text);
        }
    }
}
