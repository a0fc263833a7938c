use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use sea_orm::ConnectionTrait;

use super::JobTitle;
use super::entity::{Column, Entity, Model};
use crate::nested::rows;

impl From<Model> for JobTitle {
    fn from(row: Model) -> Self {
        Self { id: row.id.into(), abbrev: row.abbrev, name: row.name, description: row.description }
    }
}

pub(crate) async fn by_ids(db: &impl ConnectionTrait, organization: OrganizationId, ids: Vec<i64>) -> Result<HashMap<i64, JobTitle>> {
    rows::<Entity, _>(db, (Column::OrganizationId, organization), Column::Id, ids, |row| (row.id, row.into())).await
}
