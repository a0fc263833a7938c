//! What is known of a customer, taken out of everything: `/api/v1/contact/{id}/anonymize`.

use actix_web::post;
use frontdesk_appointments::publisher;
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Versioned};
use frontdesk_core::id::{ContactId, ProfileId};
use frontdesk_directory::contact::{self, Anonymized, Contact};
use frontdesk_directory::sign_in::change_callers;
use frontdesk_directory::{ANONYMIZED, anonymize_external_users, phone};
use frontdesk_store::{Tx, erase};
use serde_json::{Value, json};

use super::contact::present;
use crate::call::{Answer, Call};
use crate::respond;

fn example() -> Value {
    json!({"data": {
        "id": 9, "name": ANONYMIZED, "first_name": ANONYMIZED, "last_name": null, "membership_no": null, "identity_no": null,
        "gender": null, "birth_at": null, "profile_id": 209, "profile": {"id": 209, "phones": []}
    }})
}

/// Anonymize Contact
///
/// Takes out for good what is known of a customer, in one step: name, membership and identity number, gender and day of birth;
/// its phone numbers are deleted; where it is a publisher of an appointment, title, name, number, phone and e-mail go, and what it
/// signed in with as such shows it nothing any more. The same is taken out of their history, events and kept answers; the history
/// still says who did what when. The record and what is linked to it stay.
///
/// What people wrote into free texts stays (tickets, memos, remarks), and so do the caller and the texts of call tasks, which are
/// linked to no contact. Doing it again changes nothing. A contact that is to be deleted too is anonymized before.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The contact's id.", example = 9)),
    responses((status = 200, description = "The contact.", body = Data<Contact>, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/contact/{id}/anonymize")]
pub(crate) async fn contact_anonymize(call: Call) -> Answer {
    call.require(Permission::DeleteContacts)?;
    call.judge_query()?;
    let (id, db) = (call.id()?, &call.services.db);
    let work = |cx| async move { change_callers(db, &cx, move |tx| Box::pin(anonymize(tx, id))).await };
    call.change(respond::wrapped, work, present(&call, id)).await
}

async fn anonymize(tx: &Tx, id: ContactId) -> Result<Versioned<Contact>> {
    let Anonymized { contact, numbers, profile } = contact::anonymize(tx, id).await?;
    let numbers = publisher::anonymize(tx, id, &numbers).await?;
    anonymize_external_users(tx, &numbers).await?;
    let person = Person { id, profile, numbers };
    erase::answers(tx, &person.texts(), |answer| person.redact(answer)).await?;
    Ok(contact)
}

/// By what a person is known in answers.
struct Person {
    id: ContactId,
    profile: Option<ProfileId>,
    numbers: Vec<String>,
}

impl Person {
    /// What an answer that tells of the person says, as JSON.
    fn texts(&self) -> Vec<String> {
        let mut texts = vec![format!(r#""id":{},"name":"#, self.id)];
        texts.extend(self.profile.map(|profile| format!(r#""profile_id":{profile}"#)));
        texts.extend(self.numbers.iter().map(|number| json!(number).to_string().trim_matches('"').to_owned()));
        texts
    }

    /// Takes the person out of an answer, wherever in it there is a contact, a phone number or a message.
    fn redact(&self, answer: &mut Value) {
        if answer["id"] == self.id.0 && answer.get("birth_at").is_some() {
            contact::redact(answer);
        } else if answer.get("number").is_some() && self.profile.is_some_and(|profile| answer["profile_id"] == profile.0) {
            phone::redact(answer);
        }
        match answer {
            Value::Object(fields) => {
                if let Some(Value::String(message)) = fields.get_mut("message") {
                    self.numbers.iter().for_each(|number| *message = without(message, number));
                }
                fields.values_mut().for_each(|value| self.redact(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact(item)),
            _ => {}
        }
    }
}

/// The text without a number that stands in it for itself.
fn without(text: &str, number: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(number).filter(|_| !number.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + number.len()..]);
        let joined = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        kept.push_str(before);
        kept.push_str(if joined { number } else { ANONYMIZED });
        rest = after;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_message() {
        let text = "already there and updated: M1, M12, XM1, M1";
        assert_eq!(without(text, "M1"), "already there and updated: anonymized, M12, XM1, anonymized");
        assert_eq!(without("M1", ""), "M1");
    }

    #[test]
    fn nobody_else_is_taken_out() {
        let person = Person { id: 5.into(), profile: Some(7.into()), numbers: vec!["M1".into()] };
        let other = json!({"id": 6, "name": "Ann", "first_name": "Ann", "birth_at": null, "profile_id": 8, "profile": {"id": 8, "phones": [
            {"id": 5, "number": "1", "profile_id": 8}]}});
        let employee = json!({"id": 5, "name": "Bob", "first_name": "Bob", "identity_no": "M1"});
        let mut answer = json!({"data": {"contact": {"id": 5, "name": "Eve", "first_name": "Eve", "birth_at": null, "profile_id": 7,
            "profile": {"id": 7, "phones": [{"id": 1, "number": "1"}]}}, "other": other, "handler": employee}, "message": "M1"});
        person.redact(&mut answer);
        let expected = json!({"data": {"contact": {"id": 5, "name": "anonymized", "first_name": "anonymized", "birth_at": null,
            "profile_id": 7, "profile": {"id": 7, "phones": []}}, "other": other, "handler": employee}, "message": "anonymized"});
        assert_eq!(answer, expected);
        let mut phone = json!({"data": {"id": 1, "type": 2, "extension": "3", "number": "1", "description": "d", "profile_id": 7}});
        person.redact(&mut phone);
        let expected =
            json!({"data": {"id": 1, "type": 2, "extension": null, "number": "anonymized", "description": null, "profile_id": 7}});
        assert_eq!(phone, expected);
    }
}
