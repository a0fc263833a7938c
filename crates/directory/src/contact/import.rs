//! Import and export.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_core::text::{full_name, searchable};
use frontdesk_core::time::Day;
use frontdesk_store::import::{Facts, Loader, Record, Stamps, create, id, moment, reference};
use frontdesk_store::{BoxFuture, Snapshot, Tx};
use serde_json::{Value, json};
use validator::Validate;

use super::entity::Model;
use crate::phone::import::ProfilePart;
use crate::{found, phone};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug, Validate)]
struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    first_name: String,
    #[validate(length(max = 255))]
    last_name: Option<String>,
    #[validate(length(max = 255))]
    membership_no: Option<String>,
    #[validate(length(max = 255))]
    identity_no: Option<String>,
    #[validate(range(min = 0, max = 1))]
    gender: Option<i64>,
    birth_at: Option<Day>,
    sponsor_id: Option<i64>,
    profile: ProfilePart,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::Contact;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: id(fields),
            first_name: fields.required("first_name"),
            last_name: fields.optional("last_name"),
            membership_no: fields.optional("membership_no"),
            identity_no: fields.optional("identity_no"),
            gender: fields.optional("gender"),
            birth_at: fields.optional("birth_at"),
            sponsor_id: reference(fields, "sponsor_id"),
            profile: ProfilePart::read(fields),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, self);
    }

    fn facts(&self) -> Facts {
        self.profile.facts(Facts::of(Self::KIND, self.id).needs("sponsor_id", Kind::Sponsor, self.sponsor_id))
    }

    fn row(&self, tx: &Tx) -> Model {
        let name = full_name(Some(&self.first_name), self.last_name.as_deref());
        Model {
            id: self.id,
            organization_id: tx.caller().organization.0,
            search: searchable([Some(name.as_str()), self.membership_no.as_deref(), self.identity_no.as_deref()]),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            membership_no: self.membership_no.clone(),
            identity_no: self.identity_no.clone(),
            gender: self.gender,
            birth_at: self.birth_at.map(|day| day.to_string()),
            // Given with the profile.
            profile_id: 0,
            sponsor_id: self.sponsor_id,
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "membership_no": row.membership_no,
            "identity_no": row.identity_no,
            "gender": row.gender,
            "birth_at": row.birth_at,
            "sponsor_id": row.sponsor_id,
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
