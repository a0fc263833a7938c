//! The customers of an appointment.

use std::collections::HashSet;

use frontdesk_core::id::ContactId;
use frontdesk_core::input::{Fields, In, Rule, Segment, Violations};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::notice::AppointmentNotification;

mod anonymize;
pub(crate) mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use anonymize::anonymize;

/// A customer who takes part in an appointment: a copy of its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppointmentPublisher {
    /// The form of address.
    #[schema(required)]
    pub customer_title: Option<String>,
    /// The name.
    pub customer_name: String,
    /// The customer's number.
    pub customer_id_num: String,
    /// The country code of the phone number.
    #[schema(required)]
    pub customer_country_code: Option<String>,
    /// The phone number.
    #[schema(required)]
    pub customer_phone: Option<String>,
    /// The e-mail address.
    #[schema(required)]
    pub customer_email: Option<String>,
    /// The contact whose `membership_no` was the customer's number when the entry was written.
    #[schema(required)]
    pub contact_id: Option<ContactId>,
    /// What events call the entry by.
    pub publisher_id: i64,
    /// What became of the last mail; null where none was due.
    #[schema(required)]
    pub notification: Option<AppointmentNotification>,
}

/// Customers to be added, all or none (seed 000, createTaskPublisher).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewAppointmentPublishers {
    /// The appointment.
    pub task_num: String,
    /// The customers, 1–500, no two with the same `customer_id_num`.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 entries"), nested)]
    #[schema(min_items = 1, max_items = 500)]
    pub customer: Vec<NewAppointmentPublisher>,
}

/// Customers to be removed, all at once (removeTaskPublisher).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct AppointmentPublishersRemoval {
    /// The appointment.
    pub task_num: String,
    /// The customers, 1–500, no two with the same `customer_id_num`.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 entries"), nested)]
    #[schema(min_items = 1, max_items = 500)]
    pub customer: Vec<AppointmentPublisherRemoval>,
}

/// A customer to be removed from an appointment (removeTaskPublisher).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, ToSchema)]
pub struct AppointmentPublisherRemoval {
    /// The customer's number.
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    pub customer_id_num: String,
}

/// A customer to be added to an appointment (seed 000, createTaskPublisher). Where the customer is there already, what is
/// given replaces what was, and what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, ToSchema)]
pub struct NewAppointmentPublisher {
    /// The form of address.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub customer_title: Option<String>,
    /// The name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub customer_name: String,
    /// The customer's number; the contact with this `membership_no` is linked, if there is one.
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    pub customer_id_num: String,
    /// The country code of the phone number.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub customer_country_code: Option<String>,
    /// The phone number.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub customer_phone: Option<String>,
    /// The e-mail address.
    #[validate(email)]
    #[schema(format = Email, min_length = 3)]
    pub customer_email: Option<String>,
}

impl NewAppointmentPublishers {
    /// Reads the request of createTaskPublisher.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { task_num: fields.required("task_num"), customer: fields.objects("customer", NewAppointmentPublisher::read) }
    }

    /// Notes entries that name the same customer as an earlier one.
    pub(crate) fn rules(&self, violations: &mut Violations) {
        no_twins(self.customer.iter().map(|customer| customer.customer_id_num.as_str()), violations);
    }
}

impl AppointmentPublishersRemoval {
    /// Reads the request of removeTaskPublisher.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let customer = |fields: &mut Fields<'_>| AppointmentPublisherRemoval { customer_id_num: fields.required("customer_id_num") };
        Self { task_num: fields.required("task_num"), customer: fields.objects("customer", customer) }
    }

    /// Notes entries that name the same customer as an earlier one.
    pub(crate) fn rules(&self, violations: &mut Violations) {
        no_twins(self.customer.iter().map(|customer| customer.customer_id_num.as_str()), violations);
    }
}

fn no_twins<'a>(numbers: impl Iterator<Item = &'a str>, violations: &mut Violations) {
    let mut seen = HashSet::new();
    for (index, number) in numbers.enumerate() {
        if !seen.insert(number) {
            let path = vec![Segment::Name("customer".into()), Segment::Index(index), Segment::Name("customer_id_num".into())];
            violations.add(In::Body, path, Rule::other("must not be that of an earlier entry"));
        }
    }
}

impl NewAppointmentPublisher {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            customer_title: fields.optional("customer_title"),
            customer_name: fields.required("customer_name"),
            customer_id_num: fields.required("customer_id_num"),
            customer_country_code: fields.optional("customer_country_code"),
            customer_phone: fields.optional("customer_phone"),
            customer_email: fields.optional("customer_email"),
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_core::input::Input;
    use frontdesk_core::time::Zone;
    use serde_json::{Value, json};

    use super::*;

    fn faults(customer: &Value) -> Vec<String> {
        let mut input =
            Input::body(&json!({"task_num": "202402220000021", "customer": customer}), &Zone::utc(), NewAppointmentPublishers::read);
        input.violations.check(In::Body, &input.value);
        input.value.rules(&mut input.violations);
        input.violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect()
    }

    #[test]
    fn every_fault_of_every_entry_is_named() {
        assert!(faults(&json!([{"customer_name": "a", "customer_id_num": "1", "customer_email": "a@example.com"}])).is_empty());
        assert_eq!(faults(&Value::Null), ["customer is required"]);
        assert_eq!(faults(&json!([])), ["customer must have 1 to 500 entries"]);
        let two = json!([{"customer_name": "a", "customer_id_num": "1"}, {"customer_id_num": "1", "customer_email": "nobody"}]);
        let expected = [
            "customer.1.customer_name is required",
            "customer.1.customer_email must be an e-mail address",
            "customer.1.customer_id_num must not be that of an earlier entry",
        ];
        assert_eq!(faults(&two), expected);
    }
}
