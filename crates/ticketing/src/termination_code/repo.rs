use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::shown::Shown;
use frontdesk_core::status::TicketStatus;
use frontdesk_core::text::{searchable, terms};
use frontdesk_store::{List, Lookup, Tally, Tx, contains, record};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{Column, Entity, Model};
use super::{NewTerminationCode, TerminationCode, TerminationCodeFilter, TerminationCodePatch};

impl Model {
    /// The row of a new code, made by the employee who asks.
    pub(super) fn new(tx: &Tx, new: NewTerminationCode) -> Self {
        let row = Self {
            id: 0,
            organization_id: 0,
            name: new.name,
            description: new.description,
            status: new.status.number(),
            creater_id: tx.caller().employee().map(Into::into),
            search: String::new(),
            version: 0,
            created_at: 0,
            updated_at: 0,
        };
        row.indexed()
    }

    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: TerminationCodePatch) -> Self {
        let mut row = self.clone();
        row.name = patch.name.unwrap_or(row.name);
        patch.description.apply(&mut row.description);
        row.status = patch.status.map_or(row.status, TicketStatus::number);
        row.indexed()
    }

    /// The row with what it is found by.
    fn indexed(self) -> Self {
        Self { search: searchable([Some(self.name.as_str()), self.description.as_deref()]), ..self }
    }
}

pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &TerminationCodeFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let search = filter.search.as_deref().map(|words| contains(Column::Search, &terms(words)));
    let whole = search.is_none().then(|| Tally::all(organization, Kind::TerminationCode));
    List::of(|organization| Entity::find().filter(Column::OrganizationId.eq(organization.0)), organization)
        .filter(search)
        .kept(whole)
        .page(db, request)
        .await
}

pub(crate) async fn by_ids(
    db: &impl Lookup,
    organization: OrganizationId,
    ids: Vec<i64>,
) -> Result<HashMap<i64, Arc<Shown<TerminationCode>>>> {
    record::shown::<Model, _>(db, organization, ids).await
}
