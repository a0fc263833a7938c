//! What people are found by: their names and numbers, and behind these the digits of their phone numbers, each on a line.

use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::text::{dialled, digits, is_dialled, terms};
use frontdesk_store::Tx;
use frontdesk_store::search::{Index, Search};

use crate::{contact, employee, phone};

/// A number of so many digits names its country; one number begins with others in another country.
const WHOLE: usize = 10;
/// So many of its last digits are the same with every prefix.
const LAST: usize = 9;

/// The phone numbers at the end of a searched text.
pub(crate) fn phones(search: &str) -> &str {
    search.find(is_dialled).map_or("", |at| &search[at - "\n".len()..])
}

/// A searched text with the same names as another one, and these phone numbers behind them.
fn with_phones(search: &str, digits: &[String]) -> String {
    let names = &search[..search.len() - phones(search).len()];
    let phones = digits.iter().filter(|digits| !digits.is_empty()).map(|digits| format!("\n{}", dialled(digits)));
    names.to_owned() + &phones.collect::<String>()
}

/// A search for people: each term occurs in the names or numbers, or its digits in a phone number where it looks like one. One whole
/// phone number is found with every prefix.
pub(crate) fn search(index: Index, organization: OrganizationId, text: Option<&str>) -> Search {
    let terms = terms(text.unwrap_or_default());
    let dialled = terms.iter().all(|term| phone::looks_dialled(term));
    let number: String = terms.iter().map(|term| digits(term)).collect();
    let search = Search::new(index, organization, terms).or_dialled(|term| phone::looks_dialled(term).then(|| digits(term)));
    if dialled && number.len() >= WHOLE { search.or_number(&number[number.len() - LAST..]) } else { search }
}

/// A search for people with these digits in a phone number.
pub(crate) fn by_phone(index: Index, organization: OrganizationId, digits: &str) -> Search {
    Search::new(index, organization, [dialled(digits)])
}

/// Sees to it that the people of these profiles are found by the phone numbers that hang on them now. They have changed otherwise, or
/// not at all.
pub(crate) async fn by_phones(tx: &Tx, profiles: &[i64]) -> Result<()> {
    // Whoever writes numbers of one of them at the same time waits here, and then sees these.
    let contacts = contact::repo::with_profiles(tx, profiles).await?;
    let employees = employee::repo::with_profiles(tx, profiles).await?;
    let mut numbers: HashMap<i64, Vec<String>> = HashMap::new();
    for (profile, digits) in phone::repo::digits_of(tx, tx.caller().organization, profiles.to_vec()).await? {
        numbers.entry(profile).or_default().push(digits);
    }
    let text = |profile, search: &str| with_phones(search, numbers.get(&profile).map_or(&[][..], Vec::as_slice));
    contact::repo::put_searches(tx, contacts, text).await?;
    employee::repo::put_searches(tx, employees, text).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_behind_names() {
        let text = with_phones("ann\nm-1", &["886912".into(), String::new(), "0223".into()]);
        assert_eq!(text, "ann\nm-1\n８８６９１２\n０２２３");
        assert_eq!(phones(&text), "\n８８６９１２\n０２２３");
        assert_eq!(with_phones(&text, &[]), "ann\nm-1");
        assert_eq!((phones("ann\nm-1"), phones("")), ("", ""));
    }
}
