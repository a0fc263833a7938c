//! Phone numbers of employees and contacts. They hang on a profile, which every person has one of.

use frontdesk_core::id::{PhoneNumberId, ProfileId};
use serde::Serialize;
use utoipa::ToSchema;

mod entity;
pub(crate) mod import;
pub(crate) mod repo;

/// A phone number (vendor's page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumber {
    /// The id.
    pub id: PhoneNumberId,
    /// 0 home, 1 company, 2 mobile, 3 fax, 4 other.
    #[serde(rename = "type")]
    pub kind: i64,
    /// The extension to dial after the number.
    #[schema(required)]
    pub extension: Option<String>,
    /// The number as it was entered.
    pub number: String,
    /// A remark.
    #[schema(required)]
    pub description: Option<String>,
    /// The profile it hangs on.
    pub profile_id: ProfileId,
}

/// What a person's phone numbers hang on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Profile {
    /// The id.
    pub id: ProfileId,
    /// The numbers, by id.
    pub phones: Vec<PhoneNumber>,
}
