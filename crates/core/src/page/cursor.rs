//! Where a walk through a list stands.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MOST_KEYS;
use crate::digest::digest;
use crate::input::{FromInput, Rule};
use crate::time::Zone;

/// The form of the text; a cursor of another form is refused.
const FORM: u8 = 1;

/// Characters of a text that is looked at at all; four texts of 255 characters and an id come to some 8,200 at the worst.
const LONGEST: usize = 16_384;

/// Hexadecimal digits of the checksum, which stands before the rest.
const CHECKSUM: usize = 16;

/// The value of a key of the order in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// None.
    Null,
    /// A number, a moment among them.
    Number(i64),
    /// A text, or the text of a UUID.
    Text(String),
}

/// Where a walk through a list stands: after a row, whether or not that row is still there. Clients get it as a text that says
/// nothing to them. It holds no secret and gives no access: with it one sees what one sees without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What it belongs to: a digest of list, organization, filters and order.
    pub scope: String,
    /// Rows that the walk has given so far.
    pub rows: i64,
    /// The values of the keys of the order, the id among them, in the last of these rows.
    pub keys: Vec<Key>,
}

impl Cursor {
    /// The text that clients get.
    #[must_use]
    pub fn encode(&self) -> String {
        let content = serde_json::to_string(&(FORM, &self.scope, self.rows, &self.keys)).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(checksum(content.as_bytes()) + &content)
    }

    /// Reads such a text; the rule it breaks where it is none, is cut short or has been changed.
    pub fn decode(text: &str) -> Result<Self, Rule> {
        read(text).ok_or(Rule::Form("empty, to begin, or a cursor as an answer gave it"))
    }
}

fn read(text: &str) -> Option<Cursor> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (sum, content) = bytes.split_at_checked(CHECKSUM)?;
    if sum != checksum(content).as_bytes() {
        return None;
    }
    let (form, scope, rows, keys) = serde_json::from_slice::<(u8, String, i64, Vec<Key>)>(content).ok()?;
    let storable = |key: &Key| !matches!(key, Key::Text(text) if text.contains('\0'));
    let sound = form == FORM && rows >= 0 && keys.len() <= MOST_KEYS + 1 && keys.iter().all(storable);
    sound.then_some(Cursor { scope, rows, keys })
}

fn checksum(content: &[u8]) -> String {
    let mut sum = digest([content]);
    sum.truncate(CHECKSUM);
    sum
}

impl FromInput for Cursor {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        Self::decode(&String::from_input(value, zone)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        let keys = vec![Key::Null, Key::Number(i64::MIN), Key::Text("\u{1}\"名".into()), Key::Number(7)];
        Cursor { scope: "0123456789abcdef".repeat(2), rows: 45, keys }
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(Cursor::decode(&cursor().encode()), Ok(cursor()));
    }

    #[test]
    fn no_byte_can_be_changed_and_nothing_cut_or_added() {
        let text = cursor().encode();
        for place in 0..text.len() {
            for other in (0..0x80).filter(|byte| *byte != text.as_bytes()[place]) {
                let mut changed = text.clone().into_bytes();
                changed[place] = other;
                let changed = String::from_utf8(changed).unwrap();
                assert!(Cursor::decode(&changed).is_err(), "{changed}");
            }
            assert!(Cursor::decode(&text[..place]).is_err(), "{place}");
        }
        for added in ["=", "A", " ", "AAAA"] {
            assert!(Cursor::decode(&format!("{text}{added}")).is_err(), "{added}");
        }
    }

    #[test]
    fn a_right_checksum_alone_makes_no_cursor() {
        let scope = "0".repeat(32);
        for content in [
            String::new(),
            "null".to_owned(),
            format!(r#"[2,"{scope}",0,[]]"#),
            format!(r#"[1,"{scope}",-1,[]]"#),
            format!(r#"[1,"{scope}",0,["a\u0000"]]"#),
            format!(r#"[1,"{scope}",0,[1.5]]"#),
            format!(r#"[1,"{scope}",0,[true]]"#),
            format!(r#"[1,"{scope}",0,[9223372036854775808]]"#),
            format!(r#"[1,"{scope}",0,[1,2,3,4,5,6]]"#),
            format!(r#"[1,"{scope}",0,[[1]]]"#),
            format!(r#"[1,"{scope}",0,[1]] "x""#),
            "[".repeat(10_000),
        ] {
            let text = URL_SAFE_NO_PAD.encode(checksum(content.as_bytes()) + &content);
            assert!(Cursor::decode(&text).is_err(), "{content}");
        }
        let longest = Cursor { keys: vec![Key::Text("\u{1}".repeat(255)); MOST_KEYS], ..cursor() };
        assert!(longest.encode().len() < LONGEST);
        assert!(Cursor::decode(&"A".repeat(LONGEST + 1)).is_err());
    }
}
