//! Import and export.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, In, Rule, Violations};
use frontdesk_store::import::{Facts, Key, Loader, Record, Space, Stamps, Tie, create, id, moment};
use frontdesk_store::{BoxFuture, Tx};
use sea_orm::{EntityTrait, Select};
use serde_json::{Value, json};

use super::NewOrganization;
use super::entity::{Entity, Model};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug)]
struct Line {
    id: i64,
    new: NewOrganization,
    stamps: Stamps,
}

impl Record for Line {
    const KIND: Kind = Kind::Organization;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: id(fields),
            new: NewOrganization {
                name: fields.required("name"),
                slug: fields.optional("slug"),
                time_zone: fields.required("time_zone"),
                language: fields.optional("language"),
                double_booking: fields.optional("double_booking").unwrap_or_default(),
            },
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, &self.new);
        self.new.judge(violations);
    }

    fn facts(&self) -> Facts {
        let slug = Key::Text(self.new.final_slug());
        Facts::of(Self::KIND, self.id).with("slug", Tie::Own, Space::within("organization", &["slug"]), slug)
    }

    fn row(&self, tx: &Tx) -> Model {
        Model {
            id: self.id,
            slug: self.new.final_slug(),
            name: self.new.name.clone(),
            time_zone: self.new.time_zone.clone(),
            language: self.new.language.clone(),
            double_booking: self.new.double_booking.word().into(),
            version: 1,
            created_at: self.stamps.created(tx),
            updated_at: self.stamps.updated(tx),
        }
    }

    fn line(row: Self::Row) -> Value {
        json!({
            "id": row.id,
            "slug": row.slug,
            "name": row.name,
            "time_zone": row.time_zone,
            "language": row.language,
            "double_booking": row.double_booking,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }

    fn rows(organization: OrganizationId) -> Select<Entity> {
        Entity::find_by_id(organization.0)
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let mut rows = vec![];
            for line in lines {
                let row = line.row(tx);
                if super::repo::find_by_slug(tx, &row.slug).await?.is_some() {
                    return Err(frontdesk_core::Error::body("slug", Rule::other("is the slug of another organization")));
                }
                rows.push(row);
            }
            create(tx, Self::KIND, rows).await
        })
    }
}
