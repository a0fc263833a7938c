//! Contacts: the customers of the organization.

use frontdesk_core::id::{ContactId, ProfileId, SponsorId};
use frontdesk_core::time::Day;
use serde::Serialize;
use utoipa::ToSchema;

mod anonymize;
mod entity;
pub(crate) mod import;
mod input;
pub(crate) mod repo;
mod service;

pub use anonymize::{Anonymized, anonymize, redact};
pub use input::{ContactFilter, ContactPatch, NewContact};
pub use repo::{briefs, find_by_membership_no};
pub use service::Contacts;

use crate::phone::Profile;

/// A contact (vendor's page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    /// The id.
    pub id: ContactId,
    /// First name, a space, last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// The number under which the organization's own systems know the customer.
    #[schema(required)]
    pub membership_no: Option<String>,
    /// The number of an identity document.
    #[schema(required)]
    pub identity_no: Option<String>,
    /// 0 or 1; the source pages contradict each other on which is which.
    #[schema(required)]
    pub gender: Option<i64>,
    /// The day of birth.
    #[schema(required)]
    pub birth_at: Option<Day>,
    /// What the phone numbers hang on.
    pub profile_id: ProfileId,
    /// The phone numbers.
    pub profile: Profile,
}

/// A contact as tickets show it (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactBrief {
    /// The id.
    pub id: ContactId,
    /// First name, a space, last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// The number under which the organization's own systems know the customer.
    #[schema(required)]
    pub membership_no: Option<String>,
    /// The number of an identity document.
    #[schema(required)]
    pub identity_no: Option<String>,
    /// 0 or 1; the source pages contradict each other on which is which.
    #[schema(required)]
    pub gender: Option<i64>,
    /// The day of birth.
    #[schema(required)]
    pub birth_at: Option<Day>,
    /// What the phone numbers hang on.
    pub profile_id: ProfileId,
    /// The sponsor on whose behalf the contact is served.
    #[schema(required)]
    pub sponsor_id: Option<SponsorId>,
    /// Always null: the source pages show no value for it.
    #[schema(required, value_type = Option<Object>)]
    pub disturb_setting: Option<()>,
}
