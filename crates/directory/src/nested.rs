//! Rows that others show inside them: one query a relation, whatever the number of rows.

use std::collections::{BTreeSet, HashMap};

use frontdesk_core::Result;
use frontdesk_core::id::OrganizationId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// The ids without the nones and without repetition, in order.
pub(crate) fn distinct(ids: impl IntoIterator<Item = Option<i64>>) -> Vec<i64> {
    ids.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The organization's rows whose `id` column holds one of `ids`, as `show` gives them. Asks nothing where there are no ids.
pub(crate) async fn rows<E: EntityTrait, T>(
    db: &impl ConnectionTrait,
    organization: (E::Column, OrganizationId),
    id: E::Column,
    ids: Vec<i64>,
    show: impl Fn(E::Model) -> (i64, T),
) -> Result<HashMap<i64, T>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = E::find().filter(organization.0.eq(organization.1.0)).filter(id.is_in(ids));
    Ok(query.all(db).await?.into_iter().map(show).collect())
}
