//! What a client may ask of employees.

use frontdesk_core::id::{CtiAgentId, DepartmentId, ExtensionId, GroupId, JobTitleId};
use frontdesk_core::input::{Fields, FromInput};
use frontdesk_core::patch::Patch;
use frontdesk_core::status::Role;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

/// Which employees to list: those that meet every filter given.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct EmployeeFilter {
    /// Terms, separated by white space, each of which occurs in the name, the identity number or the `employee_no`, or its
    /// digits in a phone number; one whole number with any prefix.
    #[param(max_length = 500)]
    #[validate(length(max = 500), custom(function = "frontdesk_core::text::few_terms"))]
    pub search: Option<String>,
    /// Who may do exactly this.
    pub role: Option<Role>,
    /// Whether they work here at present.
    pub is_active: Option<bool>,
    /// Of this group.
    #[param(value_type = Option<i64>)]
    pub group_id: Option<GroupId>,
    /// Of this department.
    #[param(value_type = Option<i64>)]
    pub department_id: Option<DepartmentId>,
}

impl EmployeeFilter {
    /// Reads a request's query.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            search: fields.optional("search"),
            role: fields.optional("role"),
            is_active: fields.optional("is_active"),
            group_id: fields.optional("group_id"),
            department_id: fields.optional("department_id"),
        }
    }
}

/// An employee to be added. Without a password nobody can sign in as it, except through a license.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct NewEmployee {
    /// The number or word the organization knows the employee by, which no other has; also the sign-in name.
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    pub employee_no: String,
    /// First name.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub first_name: String,
    /// Last name.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub last_name: Option<String>,
    /// The address of a photo: http, https, or a path that begins with `/`.
    #[validate(length(max = 2048), custom(function = "photo"))]
    #[schema(max_length = 2048, pattern = r"^(https?://|/)[^\s\x00-\x1f\x7f-\x9f]*$")]
    pub photo_url: Option<String>,
    /// The number of an identity document.
    #[validate(length(max = 255))]
    #[schema(max_length = 255)]
    pub identity_no: Option<String>,
    /// The job title; -1 or null for none.
    pub job_title_id: Option<JobTitleId>,
    /// The department; -1 or null for none.
    pub department_id: Option<DepartmentId>,
    /// The telephone extension; -1 or null for none.
    pub extension_id: Option<ExtensionId>,
    /// The group; -1 or null for none.
    pub group_id: Option<GroupId>,
    /// The account of the telephone system; -1 or null for none.
    pub cti_agent_id: Option<CtiAgentId>,
    /// The e-mail address.
    #[validate(email, length(max = 255))]
    #[schema(format = "email", max_length = 255)]
    pub email: Option<String>,
    /// What the employee may do; nothing when absent or null.
    #[schema(value_type = Option<Role>)]
    pub role: Role,
    /// Whether the employee works here at present; true when absent or null.
    pub is_active: Option<bool>,
    /// When the employee left: `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date alone.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub leave_at: Option<OffsetDateTime>,
}

impl NewEmployee {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            employee_no: fields.required("employee_no"),
            first_name: fields.required("first_name"),
            last_name: fields.optional("last_name"),
            photo_url: fields.optional("photo_url"),
            identity_no: fields.optional("identity_no"),
            job_title_id: new_reference(fields, "job_title_id"),
            department_id: new_reference(fields, "department_id"),
            extension_id: new_reference(fields, "extension_id"),
            group_id: new_reference(fields, "group_id"),
            cti_agent_id: new_reference(fields, "cti_agent_id"),
            email: fields.optional("email"),
            role: fields.optional("role").unwrap_or_default(),
            is_active: fields.optional("is_active"),
            leave_at: fields.optional("leave_at"),
        }
    }
}

/// A change of an employee: what is absent stays, null clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Validate, ToSchema)]
pub struct EmployeePatch {
    /// The number or word the organization knows the employee by, which no other has; also the sign-in name. Not null.
    #[validate(length(min = 1, max = 128))]
    #[schema(nullable = false, min_length = 1, max_length = 128)]
    pub employee_no: Option<String>,
    /// First name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub first_name: Option<String>,
    /// Last name.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub last_name: Patch<String>,
    /// The address of a photo: http, https, or a path that begins with `/`.
    #[validate(length(max = 2048), custom(function = "patched_photo"))]
    #[schema(value_type = Option<String>, max_length = 2048, pattern = r"^(https?://|/)[^\s\x00-\x1f\x7f-\x9f]*$")]
    pub photo_url: Patch<String>,
    /// The number of an identity document.
    #[validate(length(max = 255))]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub identity_no: Patch<String>,
    /// The job title; -1 or null for none.
    #[schema(value_type = Option<JobTitleId>)]
    pub job_title_id: Patch<JobTitleId>,
    /// The department; -1 or null for none.
    #[schema(value_type = Option<DepartmentId>)]
    pub department_id: Patch<DepartmentId>,
    /// The telephone extension; -1 or null for none.
    #[schema(value_type = Option<ExtensionId>)]
    pub extension_id: Patch<ExtensionId>,
    /// The group; -1 or null for none.
    #[schema(value_type = Option<GroupId>)]
    pub group_id: Patch<GroupId>,
    /// The account of the telephone system; -1 or null for none.
    #[schema(value_type = Option<CtiAgentId>)]
    pub cti_agent_id: Patch<CtiAgentId>,
    /// The e-mail address.
    #[validate(email, length(max = 255))]
    #[schema(value_type = Option<String>, format = "email", max_length = 255)]
    pub email: Patch<String>,
    /// What the employee may do; nothing when null.
    #[schema(value_type = Option<Role>)]
    pub role: Patch<Role>,
    /// Whether the employee works here at present; not null.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
    /// When the employee left: `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date alone.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>)]
    pub leave_at: Patch<OffsetDateTime>,
}

impl EmployeePatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            employee_no: fields.set("employee_no"),
            first_name: fields.set("first_name"),
            last_name: fields.patch("last_name"),
            photo_url: fields.patch("photo_url"),
            identity_no: fields.patch("identity_no"),
            job_title_id: reference(fields, "job_title_id"),
            department_id: reference(fields, "department_id"),
            extension_id: reference(fields, "extension_id"),
            group_id: reference(fields, "group_id"),
            cti_agent_id: reference(fields, "cti_agent_id"),
            email: fields.patch("email"),
            role: fields.patch("role"),
            is_active: fields.set("is_active"),
            leave_at: fields.patch("leave_at"),
        }
    }
}

fn reference<T: FromInput + Copy + Into<i64>>(fields: &mut Fields<'_>, name: &'static str) -> Patch<T> {
    match fields.patch::<T>(name) {
        Patch::Set(id) if id.into() == -1 => Patch::Clear,
        other => other,
    }
}

fn new_reference<T: FromInput + Copy + Into<i64>>(fields: &mut Fields<'_>, name: &'static str) -> Option<T> {
    reference(fields, name).value().copied()
}

/// The rule of `photo_url`: the page itself shows a path.
pub(super) fn photo(address: &str) -> Result<(), ValidationError> {
    let known = ["http://", "https://", "/"].iter().any(|start| address.starts_with(start));
    if known && !address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Ok(());
    }
    Err(ValidationError::new("photo").with_message("must be an http or https address, or a path that begins with /".into()))
}

fn patched_photo(address: &Patch<String>) -> Result<(), ValidationError> {
    address.value().map_or(Ok(()), |address| photo(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_photos() {
        for good in ["https://example.com/agent.png", "http://[::1]/x", "/employee/7/photo"] {
            assert!(photo(good).is_ok(), "{good}");
        }
        for bad in ["", "agent.png", "javascript:alert(1)", "ftp://example.com/a", "https://example.com/a b", "/a\nb"] {
            assert!(photo(bad).is_err(), "{bad}");
        }
    }
}
