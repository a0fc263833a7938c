//! Phone numbers of employees and contacts. They hang on a profile, which every person has one of.

use frontdesk_core::id::{ContactId, PhoneNumberId, ProfileId};
use frontdesk_core::input::Fields;
use frontdesk_core::patch::Patch;
use frontdesk_core::status::PhoneType;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

mod anonymize;
mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub(crate) use anonymize::anonymize;
pub use anonymize::redact;
pub use service::PhoneNumbers;

/// A phone number (vendor's page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneNumber {
    /// The id.
    pub id: PhoneNumberId,
    /// 0 home, 1 company, 2 mobile, 3 fax, 4 other.
    #[serde(rename = "type")]
    pub kind: PhoneType,
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

/// A phone number of a contact, to be created (vendor's page).
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewPhoneNumber {
    /// Whose number it is.
    pub contact_id: ContactId,
    /// 0 home, 1 company, 2 mobile, 3 fax, 4 other.
    #[schema(rename = "type")]
    pub kind: PhoneType,
    /// The number, which is kept as it is sent and found by its digits.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub number: String,
    /// The extension to dial after the number.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub extension: Option<String>,
    /// A remark.
    #[validate(length(max = 65_535))]
    #[schema(max_length = 65_535)]
    pub description: Option<String>,
}

impl NewPhoneNumber {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            contact_id: fields.required("contact_id"),
            kind: fields.required("type"),
            number: fields.required("number"),
            extension: fields.optional("extension"),
            description: fields.optional("description"),
        }
    }
}

/// A change of a contact's phone number (vendor's page): what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct PhoneNumberPatch {
    /// Whose number it is; not null.
    #[schema(nullable = false)]
    pub contact_id: Option<ContactId>,
    /// 0 home, 1 company, 2 mobile, 3 fax, 4 other; not null.
    #[schema(rename = "type", nullable = false)]
    pub kind: Option<PhoneType>,
    /// The number; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub number: Option<String>,
    /// The extension to dial after the number.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub extension: Patch<String>,
    /// A remark.
    #[validate(length(max = 65_535))]
    #[schema(value_type = Option<String>, max_length = 65_535)]
    pub description: Patch<String>,
}

impl PhoneNumberPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            contact_id: fields.set("contact_id"),
            kind: fields.set("type"),
            number: fields.set("number"),
            extension: fields.patch("extension"),
            description: fields.patch("description"),
        }
    }
}

/// Which phone numbers of contacts to list (vendor's page): those that meet every filter given.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct PhoneNumberFilter {
    /// Whose numbers.
    #[param(value_type = Option<i64>)]
    pub contact_id: Option<ContactId>,
    /// 0 home, 1 company, 2 mobile, 3 fax, 4 other.
    #[param(rename = "type", value_type = Option<PhoneType>)]
    pub kind: Option<PhoneType>,
    /// With these digits in a row, however either is written; without digits: exactly this.
    #[param(max_length = 255)]
    #[validate(length(max = 255))]
    pub number: Option<String>,
    /// With this extension.
    pub extension: Option<String>,
    /// With exactly this remark.
    pub description: Option<String>,
}

impl PhoneNumberFilter {
    /// Reads a request's query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            contact_id: fields.optional("contact_id"),
            kind: fields.optional("type"),
            number: fields.optional("number"),
            extension: fields.optional("extension"),
            description: fields.optional("description"),
        }
    }
}

/// Whether a term of a search may be a piece of a phone number: digits, and what people put between them.
pub(crate) fn looks_dialled(term: &str) -> bool {
    term.contains(|c: char| c.is_ascii_digit()) && term.chars().all(|c| c.is_ascii_digit() || "+-()./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_number() {
        for term in ["0912", "+886-912", "(02)", "7"] {
            assert!(looks_dialled(term), "{term}");
        }
        for term in ["", "-", "a1", "M001", "１"] {
            assert!(!looks_dialled(term), "{term}");
        }
    }
}
