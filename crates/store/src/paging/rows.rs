//! The rows of a page: in one statement, and by their ids first where other rows come before them.

use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::found::{Way, hidden};
use super::order::{By, beyond};
use super::{Base, List};
use crate::search::Stretch;
use crate::shelves::Lookup;
use crate::sqlite::Shape;
use crate::texts::statement;

impl<E: EntityTrait<Model: Shape>> List<E> {
    /// The rows, in the order.
    pub(super) async fn rows(&self, db: &impl Lookup, order: &[By<E>], stretch: Stretch<'_>, way: Way) -> Result<Vec<E::Model>> {
        let backend = db.get_database_backend();
        let plain = stretch.offset == 0 && way == Way::Free && self.link.is_none() && self.branches().is_empty();
        if plain {
            let ahead = ahead(order, stretch)?;
            let query = || {
                let mut query = QueryFilter::filter(self.found(Way::Free, backend), ahead).limit(stretch.limit);
                sort(QuerySelect::query(&mut query), order, false);
                query.into_query()
            };
            // The first page of a whole list is asked for all the time.
            if let Base::All(rows, organization) = self.base
                && self.is_whole()
                && stretch.after.is_none()
            {
                let name = format!("{rows:p} {}", order.iter().map(By::to_string).collect::<String>());
                let values = vec![organization.0.into(), stretch.limit.into()];
                return Ok(db.models(statement::<E>(backend, name, values, query)).await?);
            }
            return Ok(db.models(backend.build(&query())).await?);
        }
        // Rows that only stand before the page are looked at in an index alone, and no whole row is put in order.
        let id = "id".parse::<E::Column>().map_err(|_| Error::internal("a list of rows without an id"))?;
        let found = Expr::col((E::default(), id)).in_subquery(self.ids(order, stretch, way, backend)?);
        let mut query = QueryFilter::filter(self.base.query(), found);
        // Found by their ids they are few: an index with the order would be read from its end.
        sort(QuerySelect::query(&mut query), order, true);
        Ok(db.all(query).await?)
    }

    /// The ids of the rows.
    fn ids(&self, order: &[By<E>], stretch: Stretch<'_>, way: Way, backend: DbBackend) -> Result<SelectStatement> {
        let order = self.inner(order);
        let id = order.last().ok_or_else(|| Error::internal("a list without an order"))?;
        let ahead = ahead(&order, stretch)?;
        let bare = |query: Select<E>| {
            let mut query = QueryFilter::filter(query, ahead.clone()).into_query();
            query.clear_selects().clear_order_by();
            query
        };
        if way != Way::Sorted && !self.branches().is_empty() {
            let branches = self.branches().iter().map(|one| bare(self.among(Some(one), way, backend)));
            return Ok(merged(branches, &order, stretch, backend));
        }
        let mut query = bare(self.found(way, backend));
        query.expr(id.value.clone()).limit(stretch.limit).offset(stretch.offset);
        sort(&mut query, &order, way == Way::Sorted);
        Ok(query)
    }
}

/// The ids of rows of several queries, each of which has its rows in order in an index: no more of each is read than is wanted.
fn merged<E: EntityTrait>(
    parts: impl Iterator<Item = SelectStatement>,
    order: &[By<E>],
    wanted: Stretch<'_>,
    backend: DbBackend,
) -> SelectStatement {
    let keys: Vec<_> = (0..order.len()).map(|place| format!("key{place}")).collect();
    let mut parts = parts.map(|mut part| {
        for (by, key) in order.iter().zip(&keys) {
            part.expr_as(by.value.clone(), key.clone());
        }
        if backend != DbBackend::Postgres {
            return part;
        }
        // PostgreSQL keeps to the order of an index where each of them has it, and an end.
        sort(&mut part, order, false);
        part.limit(wanted.offset.saturating_add(wanted.limit));
        Query::select().columns(keys.clone()).from_subquery(part, "part").to_owned()
    });
    let mut all = parts.next().unwrap_or_default();
    for part in parts {
        all.union(UnionType::All, part);
    }
    for (by, key) in order.iter().zip(&keys) {
        by.sort(&mut all, Expr::col(key.clone()));
    }
    all.limit(wanted.limit).offset(wanted.offset);
    Query::select().columns(keys.last().cloned()).from_subquery(all, "some").to_owned()
}

/// The condition that rows come after those of the pages before.
pub(super) fn ahead<E: EntityTrait>(order: &[By<E>], stretch: Stretch<'_>) -> Result<Condition> {
    Ok(Condition::all().add_option(stretch.after.map(|keys| beyond(order, keys)).transpose()?))
}

/// Puts a query in an order, where `few` without an index.
pub(super) fn sort<E: EntityTrait>(query: &mut SelectStatement, order: &[By<E>], few: bool) {
    query.clear_order_by();
    for (place, by) in order.iter().enumerate() {
        let value = by.value.clone();
        by.sort(query, if few && place == 0 && by.is_number() { hidden::<E>(by.column, value) } else { value });
    }
}
