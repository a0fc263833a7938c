//! Import and export of publishers, which stand within the line of their appointment.

use frontdesk_core::input::Fields;
use frontdesk_store::Tx;
use frontdesk_store::import::reference;
use serde_json::{Value, json};
use validator::Validate;

use super::NewAppointmentPublisher;
use super::entity::Model;

/// A publisher as [`Part::read`] reads it.
pub(crate) fn line(row: &Model) -> Value {
    json!({
        "customer_title": row.customer_title,
        "customer_name": row.customer_name,
        "customer_id_num": row.customer_id_num,
        "customer_country_code": row.customer_country_code,
        "customer_phone": row.customer_phone,
        "customer_email": row.customer_email,
        "contact_id": row.contact_id,
    })
}

#[derive(Debug, Validate)]
pub(crate) struct Part {
    #[validate(nested)]
    pub(crate) new: NewAppointmentPublisher,
    pub(crate) contact_id: Option<i64>,
}

impl Part {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        Self { new: NewAppointmentPublisher::read(fields), contact_id: reference(fields, "contact_id") }
    }

    pub(crate) fn row(&self, tx: &Tx, appointment: i64, created_at: i64) -> Model {
        let new = self.new.clone();
        Model {
            id: 0,
            organization_id: tx.caller().organization.0,
            appointment_id: appointment,
            customer_title: new.customer_title,
            customer_name: new.customer_name,
            customer_id_num: new.customer_id_num,
            customer_country_code: new.customer_country_code,
            customer_phone: new.customer_phone,
            customer_email: new.customer_email,
            contact_id: self.contact_id,
            created_at,
        }
    }
}
