//! The history of a record, as it is read, and as the values of a person are taken out of it.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use serde_json::{Map, Value};

use crate::Lookup;
use crate::chain::history::{Column, Entity, Model};
use crate::paging::List;

/// A change of a record, as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The version that the record had from then on; of a deletion its last.
    pub version: i64,
    /// What was done, in the past tense of the verb.
    pub action: String,
    /// What the actor is: `employee`, `service_key`, `external_user` or `system`.
    pub actor_kind: String,
    /// Which of these.
    pub actor_id: Option<i64>,
    /// The request's id.
    pub request_id: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Each field that changed.
    pub fields: Vec<Field>,
}

/// What became of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it was before, null where there was nothing.
    pub from: Value,
    /// What it is after.
    pub to: Value,
    /// Whether both values have been erased since; they are null then.
    pub erased: bool,
}

impl TryFrom<Model> for Entry {
    type Error = frontdesk_core::Error;

    fn try_from(row: Model) -> Result<Self> {
        let changes: Map<String, Value> = serde_json::from_str(&row.changes)?;
        let field = |(name, mut pair): (String, Value)| {
            let [from, to] = [0, 1].map(|place| pair.get_mut(place).map(Value::take).unwrap_or_default());
            Field { name, from, to, erased: !pair.is_array() }
        };
        Ok(Self {
            version: row.version,
            action: row.action,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            request_id: row.request_id,
            at: row.at,
            fields: changes.into_iter().map(field).collect(),
        })
    }
}

pub(crate) fn of(organization: OrganizationId, kind: Kind) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Kind.eq(kind.word()))
}

/// A page of the changes of a record, the last one first.
pub async fn entries(db: &impl Lookup, organization: OrganizationId, kind: Kind, id: &str, request: PageRequest) -> Result<Page<Entry>> {
    let list = List::of_some(of(organization, kind).filter(Column::RecordId.eq(id)));
    let Page { items, total, request, next } = list.page(db, request.or(Sort::descending("seq"))).await?;
    Ok(Page { items: items.into_iter().map(Entry::try_from).collect::<Result<_>>()?, total, request, next })
}

/// Every change of records, the first one first.
pub async fn all(db: &impl Lookup, organization: OrganizationId, kind: Kind, ids: &[String]) -> Result<Vec<(String, Entry)>> {
    // Put in order here: SQLite would take the order from the ids of all there are.
    let mut rows = db.all(of(organization, kind).filter(Column::RecordId.is_in(ids))).await?;
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(|row| Ok((row.record_id.clone(), row.try_into()?))).collect()
}

/// Whether the organization has, or had, a record with this id.
pub async fn exists(db: &impl Lookup, organization: OrganizationId, kind: Kind, id: &str) -> Result<bool> {
    Ok(of(organization, kind).filter(Column::RecordId.eq(id)).filter(Column::Seq.eq(1)).one(db).await?.is_some())
}
