//! Import and export. An employee that comes without a password has none.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_core::status::Role;
use frontdesk_core::text::{full_name, searchable};
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Key, Loader, Record, Space, Stamps, Tie, create, id, moment, reference};
use frontdesk_store::{BoxFuture, Snapshot, Tx};
use serde_json::{Value, json};
use time::OffsetDateTime;
use validator::Validate;

use super::entity::Model;
use super::input::photo;
use crate::phone::import::ProfilePart;
use crate::{found, phone};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug, Validate)]
struct Line {
    id: i64,
    #[validate(length(min = 1, max = 128))]
    employee_no: String,
    #[validate(length(min = 1, max = 255))]
    first_name: String,
    #[validate(length(max = 255))]
    last_name: Option<String>,
    #[validate(length(max = 2048), custom(function = "photo"))]
    photo_url: Option<String>,
    #[validate(length(max = 255))]
    identity_no: Option<String>,
    job_title_id: Option<i64>,
    department_id: Option<i64>,
    extension_id: Option<i64>,
    group_id: Option<i64>,
    cti_agent_id: Option<i64>,
    profile: ProfilePart,
    #[validate(email, length(max = 255))]
    email: Option<String>,
    role: Role,
    is_active: bool,
    is_immortal: bool,
    login_at: Option<OffsetDateTime>,
    leave_at: Option<OffsetDateTime>,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::Employee;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: id(fields),
            employee_no: fields.required("employee_no"),
            first_name: fields.required("first_name"),
            last_name: fields.optional("last_name"),
            photo_url: fields.optional("photo_url"),
            identity_no: fields.optional("identity_no"),
            job_title_id: reference(fields, "job_title_id"),
            department_id: reference(fields, "department_id"),
            extension_id: reference(fields, "extension_id"),
            group_id: reference(fields, "group_id"),
            cti_agent_id: reference(fields, "cti_agent_id"),
            profile: ProfilePart::read(fields),
            email: fields.optional("email"),
            role: fields.optional("role").unwrap_or_default(),
            is_active: fields.optional("is_active").unwrap_or(true),
            is_immortal: fields.optional("is_immortal").unwrap_or(false),
            login_at: fields.optional("login_at"),
            leave_at: fields.optional("leave_at"),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        let facts = Facts::of(Self::KIND, self.id)
            .with("employee_no", Tie::Own, Space::within("employee", &["employee_no"]), Key::Text(self.employee_no.clone()))
            .needs("job_title_id", Kind::JobTitle, self.job_title_id)
            .needs("department_id", Kind::Department, self.department_id)
            .needs("extension_id", Kind::Extension, self.extension_id)
            .needs("group_id", Kind::Group, self.group_id)
            .needs("cti_agent_id", Kind::CtiAgent, self.cti_agent_id);
        self.profile.facts(facts)
    }

    fn row(&self, tx: &Tx) -> Model {
        let name = full_name(Some(&self.first_name), self.last_name.as_deref());
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            search: searchable([Some(name.as_str()), self.identity_no.as_deref(), Some(&self.employee_no)]),
            employee_no: self.employee_no.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            photo_url: self.photo_url.clone(),
            identity_no: self.identity_no.clone(),
            job_title_id: self.job_title_id,
            department_id: self.department_id,
            extension_id: self.extension_id,
            group_id: self.group_id,
            cti_agent_id: self.cti_agent_id,
            // Given with the profile.
            profile_id: 0,
            email: self.email.clone(),
            role: self.role.word().into(),
            is_active: self.is_active,
            is_immortal: self.is_immortal,
            password_hash: None,
            login_at: self.login_at.map(millis),
            leave_at: self.leave_at.map(millis),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "employee_no": row.employee_no,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "photo_url": row.photo_url,
            "identity_no": row.identity_no,
            "job_title_id": row.job_title_id,
            "department_id": row.department_id,
            "extension_id": row.extension_id,
            "group_id": row.group_id,
            "cti_agent_id": row.cti_agent_id,
            "email": row.email,
            "role": row.role,
            "is_active": row.is_active,
            "is_immortal": row.is_immortal,
            "login_at": row.login_at.map(moment),
            "leave_at": row.leave_at.map(moment),
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }

    fn lines(db: &Snapshot, organization: OrganizationId, rows: Vec<Model>) -> BoxFuture<'_, Result<Vec<Value>>> {
        Box::pin(async move {
            let profiles = rows.iter().map(|row| row.profile_id).collect();
            phone::import::with_profiles(db, organization, profiles, rows.into_iter().map(Self::line)).await
        })
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let parts: Vec<_> = lines.iter().map(|line| &line.profile).collect();
            let profiles = phone::import::insert(tx, &parts).await?;
            let rows = lines.iter().zip(profiles).map(|(line, profile_id)| Model { profile_id, ..line.row(tx) });
            let rows: Vec<_> = rows.collect();
            let profiles: Vec<_> = rows.iter().map(|row| row.profile_id).collect();
            create(tx, Self::KIND, rows).await?;
            found::by_phones(tx, &profiles).await
        })
    }
}
