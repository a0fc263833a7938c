//! The plain way to search: every normalized text is looked into.

use frontdesk_core::text::{digits, normalize, terms};
use serde_json::Value;

/// A record as searches see it.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) id: Value,
    pub(super) texts: Vec<String>,
    /// The digits of a person's phone numbers; none where the record is no person.
    pub(super) phones: Option<Vec<String>>,
}

impl Record {
    /// What a line of an import is in a list; none where it is not in it.
    pub(super) fn of(line: &Value, list: &str) -> Option<Self> {
        let record = line["record"].as_str().unwrap();
        let fields: &[&str] = match (list, record) {
            ("ticket", "ticket") => &["subject", "content"],
            ("contact", "contact") => &["membership_no", "identity_no"],
            ("employee", "employee") => &["employee_no", "identity_no"],
            ("code", "termination_code") => &["name", "description"],
            ("title", "call_task") => &["title"],
            ("task", "call_task") => &["title", "description", "call_transcription", "call_summary", "call_response_summary"],
            _ => return None,
        };
        let text = |field: &&str| line[*field].as_str().map(normalize);
        let mut texts: Vec<_> = fields.iter().filter_map(text).collect();
        let person = matches!(list, "contact" | "employee");
        if person {
            let names: Vec<_> = ["first_name", "last_name"].into_iter().filter_map(|field| line[field].as_str()).collect();
            texts.push(normalize(&names.join(" ")));
        }
        let numbers = line["profile"]["phones"].as_array().into_iter().flatten();
        let phones = person.then(|| numbers.map(|phone| digits(phone["number"].as_str().unwrap())).collect());
        Some(Self { id: line["id"].clone(), texts, phones })
    }

    /// Whether a search finds it.
    pub(super) fn has(&self, search: &str) -> bool {
        let terms = terms(search);
        let number: String = terms.iter().map(|term| digits(term)).collect();
        let whole = terms.iter().all(|term| dialled(term)) && number.len() >= 10;
        let called = |digits: &str| self.phones.iter().flatten().any(|phone| phone.contains(digits));
        let says = |term: &String| self.texts.iter().any(|text| text.contains(term.as_str())) || dialled(term) && called(&digits(term));
        terms.iter().all(says) || whole && called(&number[number.len() - 9..])
    }
}

fn dialled(term: &str) -> bool {
    term.contains(|c: char| c.is_ascii_digit()) && term.chars().all(|c| c.is_ascii_digit() || "+-()./".contains(c))
}
