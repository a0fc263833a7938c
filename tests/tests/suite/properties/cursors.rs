//! Cursors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontdesk_core::digest::digest;
use frontdesk_core::page::Cursor;

/// What is read of a text, as it is or as the content of a cursor with the right checksum, is written and read again as the same.
pub(crate) fn hold(text: &str) {
    let sealed = URL_SAFE_NO_PAD.encode(digest([text.as_bytes()])[..16].to_owned() + text);
    for text in [text, &sealed] {
        if let Ok(cursor) = Cursor::decode(text) {
            assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor), "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_core::page::Key;
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![Just(Key::Null), any::<i64>().prop_map(Key::Number), "[^\0]{0,30}".prop_map(Key::Text)]
    }

    proptest! {
        #![proptest_config(super::super::cases(500))]

        #[test]
        fn of_any_cursor(scope in "[0-9a-f]{32}", rows in 0..=i64::MAX, keys in prop::collection::vec(key(), 0..=5)) {
            let cursor = Cursor { scope, rows, keys };
            let text = cursor.encode();
            prop_assert_eq!(Cursor::decode(&text), Ok(cursor));
            hold(&text);
        }

        #[test]
        fn of_any_content(text in r#"\[1, ?"[0-9a-f]{0,4}",-?[0-9]{1,20},\[(null|-?[0-9]{1,20}|"[a\\u0]{0,6}"|,){0,9}\]\]?"#) {
            hold(&text);
        }
    }
}
