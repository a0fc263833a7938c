//! Import.

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, In, Violations};
use frontdesk_core::text::{full_name, searchable};
use frontdesk_core::time::Day;
use frontdesk_store::import::{Facts, Record, Stamps, id, put, reference};
use frontdesk_store::{BoxFuture, Change, Tx};
use serde::Serialize;
use validator::Validate;

use super::entity::Model;
use crate::phone;
use crate::phone::import::ProfilePart;

#[derive(Debug, Serialize, Validate)]
pub(crate) struct Line {
    id: i64,
    #[validate(length(min = 1, max = 255))]
    first_name: String,
    last_name: Option<String>,
    membership_no: Option<String>,
    identity_no: Option<String>,
    #[validate(range(min = 0, max = 1))]
    gender: Option<i64>,
    birth_at: Option<Day>,
    sponsor_id: Option<i64>,
    #[serde(skip)]
    profile: ProfilePart,
    #[serde(skip)]
    stamps: Stamps,
}

impl Line {
    fn row(&self, tx: &Tx, profile_id: i64) -> Model {
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
            profile_id,
            sponsor_id: self.sponsor_id,
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }
}

impl Record for Line {
    const KIND: Kind = Kind::Contact;

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

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let parts: Vec<_> = lines.iter().map(|line| &line.profile).collect();
            let profiles = phone::import::insert(tx, &parts).await?;
            put(tx, lines.iter().zip(profiles).map(|(line, profile)| line.row(tx, profile)).collect()).await?;
            for line in lines {
                tx.record(Change::created(Self::KIND, line.id, serde_json::to_value(line)?));
            }
            Ok(())
        })
    }
}
