//! Taking a customer out of the appointments that it took part in.

use std::collections::{BTreeSet, HashSet};

use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::id::{ContactId, Kind};
use frontdesk_directory::ANONYMIZED;
use frontdesk_store::{Tx, erase, history};
use serde_json::{Value, json};

use super::entity::Model;
use super::repo;
use crate::notice;
use crate::task::repo::{self as task, Whole};

/// Takes the customer out of every appointment that has, or had, it as a publisher: where it is linked to the contact, and where
/// it is linked to none and has one of these numbers. Out of the history of these appointments too, where a list of publishers
/// goes whole that the customer is in. Says all numbers by which it was known. A step of a larger write, of somebody who may
/// delete contacts.
pub async fn anonymize(tx: &Tx, contact: ContactId, numbers: &[String]) -> Result<Vec<String>> {
    tx.caller().require(Permission::DeleteContacts)?;
    let mut texts = vec![format!(r#""contact_id":{contact},"#)];
    texts.extend(numbers.iter().map(|number| format!(r#""customer_id_num":{}"#, json!(number))));
    let told = erase::mentioned(tx, Kind::Appointment, &texts).await?;
    let mut ids: BTreeSet<i64> = told.iter().filter_map(|id| id.parse().ok()).collect();
    ids.extend(repo::with_customer(tx, contact, numbers).await?);
    let wholes = task::lock_all(tx, &Vec::from_iter(ids)).await?;
    let mut customer = Customer { contact: contact.0, numbers, rows: vec![] };
    customer.rows = wholes.iter().flat_map(|whole| &whole.publishers).filter(|row| customer.is(row)).map(|row| row.id).collect();
    let mut known = BTreeSet::from_iter(numbers.to_vec());
    for before in &wholes {
        known.extend(before.publishers.iter().filter(|row| customer.is(row)).map(|row| row.customer_id_num.clone()));
        forget(tx, before, &customer).await?;
    }
    let mut gone = BTreeSet::new();
    let keys: Vec<_> = wholes.iter().map(|whole| whole.row.id.to_string()).collect();
    for (id, entry) in history::all(tx, tx.caller().organization, Kind::Appointment, &keys).await? {
        let lists = entry.fields.iter().filter(|field| field.name == "publishers").flat_map(|field| [&field.from, &field.to]);
        for one in lists.flat_map(people).filter(|one| customer.is_told(one)) {
            known.extend(one["customer_id_num"].as_str().map(str::to_owned));
            gone.extend(id.parse().ok().zip(one["id"].as_i64()));
        }
    }
    for (appointment, publisher) in gone {
        notice::repo::forget(tx, appointment, &[publisher]).await?;
    }
    let listed = |pair: &Value| pair.as_array().into_iter().flatten().flat_map(people).any(|one| customer.is_told(one));
    erase::history(tx, Kind::Appointment, &keys, |name, pair| name == "publishers" && listed(pair)).await?;
    known.retain(|number| !number.starts_with(ANONYMIZED));
    Ok(known.into_iter().collect())
}

/// A customer, as appointments and their history know it.
struct Customer<'a> {
    contact: i64,
    numbers: &'a [String],
    /// Its rows among the publishers: history may tell of them from before they were linked.
    rows: Vec<i64>,
}

impl Customer<'_> {
    fn is(&self, row: &Model) -> bool {
        self.is_known(row.id, row.contact_id, &row.customer_id_num)
    }

    fn is_told(&self, one: &Value) -> bool {
        let number = one["customer_id_num"].as_str().unwrap_or_default();
        self.is_known(one["id"].as_i64().unwrap_or_default(), one["contact_id"].as_i64(), number)
    }

    fn is_known(&self, id: i64, contact: Option<i64>, number: &str) -> bool {
        let by_number = || contact.is_none() && self.numbers.iter().any(|known| known == number);
        contact == Some(self.contact) || self.rows.contains(&id) || by_number()
    }
}

fn people(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Takes the customer out of an appointment, which is a change of it where there was something to take.
async fn forget(tx: &Tx, before: &Whole, customer: &Customer<'_>) -> Result<()> {
    let mut after = before.clone();
    for row in after.publishers.iter_mut().filter(|row| customer.is(row)) {
        let others = before.publishers.iter().filter(|other| other.id != row.id);
        let next = anonymous(row, &others.map(|other| other.customer_id_num.as_str()).collect());
        if next != *row {
            repo::update(tx, next.clone()).await?;
            *row = next;
        }
    }
    notice::repo::forget(tx, before.row.id, &customer.rows).await?;
    if after != *before {
        after.save(tx, before, "publisher_anonymized").await?;
    }
    Ok(())
}

/// The number that a publisher has from then on.
fn number(id: i64) -> String {
    format!("{ANONYMIZED}-{id}")
}

/// The row without the customer. No two of an appointment have the same number, whatever numbers clients think of.
fn anonymous(row: &Model, taken: &HashSet<&str>) -> Model {
    let mut customer_id_num = number(row.id);
    while taken.contains(customer_id_num.as_str()) {
        customer_id_num.push('-');
    }
    Model {
        customer_id_num,
        customer_title: None,
        customer_name: ANONYMIZED.into(),
        customer_country_code: None,
        customer_phone: None,
        customer_email: None,
        ..row.clone()
    }
}
