//! What a client may ask of contacts.

use frontdesk_core::id::{ContactId, SponsorId};
use frontdesk_core::input::{Fields, In, Many, Rule, Violations};
use frontdesk_core::patch::Patch;
use frontdesk_core::time::{Day, Until};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// A contact to be created (vendor's page). Its profile is made with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewContact {
    /// First name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub first_name: String,
    /// Last name.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub last_name: Option<String>,
    /// The number under which the organization's own systems know the customer; appointments find the contact by it.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub membership_no: Option<String>,
    /// The number of an identity document.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub identity_no: Option<String>,
    /// 0 or 1; the source pages contradict each other on which is which.
    #[validate(range(min = 0, max = 1))]
    #[schema(minimum = 0, maximum = 1)]
    pub gender: Option<i64>,
    /// The day of birth.
    pub birth_at: Option<Day>,
    /// The sponsor on whose behalf the contact is served.
    pub sponsor_id: Option<SponsorId>,
}

impl NewContact {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            first_name: fields.required("first_name"),
            last_name: fields.optional("last_name"),
            membership_no: fields.optional("membership_no"),
            identity_no: fields.optional("identity_no"),
            gender: fields.optional("gender"),
            birth_at: fields.optional("birth_at"),
            sponsor_id: fields.optional("sponsor_id"),
        }
    }
}

/// A change of a contact (vendor's page): what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct ContactPatch {
    /// First name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub first_name: Option<String>,
    /// Last name.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub last_name: Patch<String>,
    /// The number under which the organization's own systems know the customer.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub membership_no: Patch<String>,
    /// The number of an identity document.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub identity_no: Patch<String>,
    /// 0 or 1; the source pages contradict each other on which is which.
    #[validate(range(min = 0, max = 1))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1)]
    pub gender: Patch<i64>,
    /// The day of birth.
    #[schema(value_type = Option<Day>)]
    pub birth_at: Patch<Day>,
    /// The sponsor on whose behalf the contact is served.
    #[schema(value_type = Option<SponsorId>)]
    pub sponsor_id: Patch<SponsorId>,
}

impl ContactPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            first_name: fields.set("first_name"),
            last_name: fields.patch("last_name"),
            membership_no: fields.patch("membership_no"),
            identity_no: fields.patch("identity_no"),
            gender: fields.patch("gender"),
            birth_at: fields.patch("birth_at"),
            sponsor_id: fields.patch("sponsor_id"),
        }
    }
}

/// 1 is January.
#[derive(ToSchema)]
#[schema(value_type = i64, minimum = 1, maximum = 12)]
#[expect(dead_code, reason = "it is the document's alone")]
struct Month(i64);

/// Which contacts to list (vendor's page): those that meet every filter given. Arrays are sent as `1,2`, `[1,2]`, or the
/// parameter repeated; a contact meets one by any of its values, and an empty one is no filter. Ranges include their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ContactFilter {
    /// Ids.
    #[param(rename = "id", value_type = Option<Vec<i64>>, style = Form, explode = false)]
    pub ids: Vec<ContactId>,
    /// Terms, separated by white space, each of which occurs in the name, the membership number, the identity number or the
    /// digits of a phone number.
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub search: Option<String>,
    /// 0 or 1.
    #[param(minimum = 0, maximum = 1)]
    #[validate(range(min = 0, max = 1))]
    pub gender: Option<i64>,
    /// Born on this day or later.
    #[param(rename = "birth_at__start", value_type = Option<Day>)]
    pub birth_at_start: Option<Day>,
    /// Born on this day or earlier.
    #[param(rename = "birth_at__end", value_type = Option<Day>)]
    pub birth_at_end: Option<Day>,
    /// Born in one of these months, 1 to 12, of any year.
    #[param(inline, value_type = Option<Vec<Month>>, style = Form, explode = false)]
    pub birth_months: Vec<i64>,
    /// Created at this moment or later; a date alone is its first second.
    #[param(rename = "created_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_start: Option<OffsetDateTime>,
    /// Created at this moment or earlier; a date alone is its last second.
    #[param(rename = "created_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub created_at_end: Option<Until>,
    /// Changed at this moment or later; a date alone is its first second.
    #[param(rename = "updated_at__start", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub updated_at_start: Option<OffsetDateTime>,
    /// Changed at this moment or earlier; a date alone is its last second.
    #[param(rename = "updated_at__end", inline, value_type = Option<frontdesk_core::time::MomentText>)]
    pub updated_at_end: Option<Until>,
    /// Having a phone number with these digits in a row, however either is written; without digits: having exactly this number.
    #[param(max_length = 255)]
    #[validate(length(max = 255))]
    pub phone_number: Option<String>,
    /// Having this e-mail address. No page says where a contact's address would come from, so no contact has one, and whoever
    /// asks for one finds nobody.
    pub email: Option<String>,
    /// Having this identity number.
    pub identity_no: Option<String>,
    /// Having this membership number.
    pub membership_no: Option<String>,
    /// The id of the sponsor.
    #[param(value_type = Option<i64>)]
    pub sponsor_id: Option<SponsorId>,
}

impl ContactFilter {
    /// Reads a request's query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            ids: fields.optional("id").map_or_else(Vec::new, |Many(all)| all),
            search: fields.optional("search"),
            gender: fields.optional("gender"),
            birth_at_start: fields.optional("birth_at__start"),
            birth_at_end: fields.optional("birth_at__end"),
            birth_months: fields.optional("birth_months").map_or_else(Vec::new, |Many(all)| all),
            created_at_start: fields.optional("created_at__start"),
            created_at_end: fields.optional("created_at__end"),
            updated_at_start: fields.optional("updated_at__start"),
            updated_at_end: fields.optional("updated_at__end"),
            phone_number: fields.optional("phone_number"),
            email: fields.optional("email"),
            identity_no: fields.optional("identity_no"),
            membership_no: fields.optional("membership_no"),
            sponsor_id: fields.optional("sponsor_id"),
        }
    }

    pub(super) fn judge(&self, violations: &mut Violations) {
        violations.check(In::Query, self);
        if self.birth_months.iter().any(|month| !(1..=12).contains(month)) {
            violations.query("birth_months", Rule::Range(Some(1), Some(12)));
        }
    }
}
