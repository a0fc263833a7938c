//! Organizations: the tenants.

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::input::{Fields, Rule, Violations};
use frontdesk_core::patch::Patch;
use frontdesk_core::status::DoubleBooking;
use frontdesk_core::time::{LocalTime, Zone};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

pub(crate) mod entity;
pub(crate) mod import;
pub(crate) mod repo;
mod service;

pub use repo::{any, double_booking, shown};
pub use service::Organizations;

/// A tenant and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Organization {
    /// The id.
    pub id: OrganizationId,
    /// Its word in sign-in names: `employee_no@slug`.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The IANA time zone of its clocks.
    pub time_zone: String,
    /// The BCP 47 tag of its language.
    #[schema(required)]
    pub language: Option<String>,
    /// What happens when a moderator gets two appointments at the same time.
    pub double_booking: DoubleBooking,
    /// When it was added.
    pub created_at: LocalTime,
    /// When it was last changed.
    pub updated_at: LocalTime,
}

impl Organization {
    /// The command line at work on this organization.
    #[must_use]
    pub fn system(&self) -> Caller {
        Caller::system(self.id, Zone::named(&self.time_zone).unwrap_or_else(Zone::utc))
    }
}

/// An organization to be added.
#[derive(Clone, Debug, Default, Validate)]
pub struct NewOrganization {
    /// The name, 1 to 255 characters.
    #[validate(length(min = 1, max = 255))]
    pub name: String,
    /// The word in sign-in names, 1 to 64 of `a-z`, `0-9` and `-`; made from the name where it is not given.
    pub slug: Option<String>,
    /// An IANA time zone.
    pub time_zone: String,
    /// A BCP 47 tag, at most 35 characters.
    #[validate(length(min = 1, max = 35))]
    pub language: Option<String>,
    /// What happens when a moderator gets two appointments at the same time.
    pub double_booking: DoubleBooking,
}

impl NewOrganization {
    fn judge(&self, violations: &mut Violations) {
        judge_zone(&self.time_zone, violations);
        match &self.slug {
            Some(slug) if !is_slug(slug) => violations.body("slug", Rule::Form("1 to 64 of a-z, 0-9 and -")),
            None if self.final_slug().is_empty() => {
                violations.body("slug", Rule::other("is required: the name has no letter a-z and no digit"));
            }
            _ => {}
        }
    }

    fn final_slug(&self) -> String {
        self.slug.clone().unwrap_or_else(|| slug_of(&self.name))
    }
}

/// A change of an organization's settings: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Validate, ToSchema)]
pub struct OrganizationPatch {
    /// The name; not null.
    #[validate(length(min = 1, max = 255))]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// The IANA time zone of its clocks; not null.
    #[schema(nullable = false, min_length = 1)]
    pub time_zone: Option<String>,
    /// The BCP 47 tag of its language.
    #[validate(length(min = 1, max = 35))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 35)]
    pub language: Patch<String>,
    /// What happens when a moderator gets two appointments at the same time; not null.
    #[schema(nullable = false)]
    pub double_booking: Option<DoubleBooking>,
}

impl OrganizationPatch {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            name: fields.set("name"),
            time_zone: fields.set("time_zone"),
            language: fields.patch("language"),
            double_booking: fields.set("double_booking"),
        }
    }

    fn judge(&self, violations: &mut Violations) {
        if let Some(name) = &self.time_zone {
            judge_zone(name, violations);
        }
    }
}

fn judge_zone(name: &str, violations: &mut Violations) {
    // Names are written as the database of zones has them; its placeholder for none is not one.
    if Zone::named(name).is_none_or(|zone| zone.name() != name) || name == "Etc/Unknown" {
        violations.body("time_zone", Rule::Form("an IANA time zone such as Asia/Taipei"));
    }
}

fn is_slug(slug: &str) -> bool {
    (1..=64).contains(&slug.len()) && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The name in lower case, with one `-` for everything between letters `a-z` and digits; at most 64 characters.
fn slug_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    slug.get(..64).unwrap_or(&slug).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(slug_of("  Ward & Sons, Ltd. "), "ward-sons-ltd");
        assert_eq!(slug_of("示範"), "");
        assert_eq!(slug_of(&"abc ".repeat(40)).len(), 63);
        assert!(is_slug("demo-2") && !is_slug("Demo") && !is_slug("") && !is_slug(&"a".repeat(65)));
    }

    #[test]
    fn what_a_new_organization_needs() {
        let new = NewOrganization { name: "示範".into(), time_zone: "Nowhere/Land".into(), ..Default::default() };
        let mut violations = Violations::default();
        new.judge(&mut violations);
        let fields: Vec<_> = violations.all().iter().map(frontdesk_core::input::Violation::field).collect();
        assert_eq!(fields, ["time_zone", "slug"]);
    }
}
