//! The rows of a list that a search finds.

use frontdesk_core::page::Total;
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, EntityTrait, IdenStatic, QueryFilter, QuerySelect, Select};

use super::List;
use super::found;
use super::order::By;
use super::rows::{ahead, sort};
use super::total::counted;
use crate::search::{Found, Search, Stretch, Way};
use crate::shelves::Lookup;
use crate::sqlite::Shape;

/// A list with a search in it.
pub(super) struct Searched<'a, E: EntityTrait> {
    list: &'a List<E>,
    search: &'a Search,
    order: &'a [By<E>],
    filter: Condition,
}

impl<'a, E: EntityTrait<Model: Shape>> Searched<'a, E> {
    pub(super) fn new(list: &'a List<E>, search: &'a Search, order: &'a [By<E>], backend: DbBackend) -> Self {
        Self { list, search, order, filter: list.condition(None, found::Way::Free, backend) }
    }

    pub(super) fn found(&self) -> Found<'_, E> {
        let keys: Vec<_> = self.order.iter().map(|by| (by.column.as_str(), by.descending)).collect();
        let newest = matches!(&keys[..], [("id", true)] | [("created_at", true), ("id", true)]);
        Found { base: self.list.base.query(), filter: &self.filter, search: self.search, newest }
    }

    pub(super) async fn rows(&self, db: &impl Lookup, way: Way, stretch: Stretch<'_>) -> Result<Vec<E::Model>> {
        let (backend, found) = (db.get_database_backend(), self.found());
        let ahead = ahead(self.order, stretch)?;
        let cut = |query: Select<E>| {
            let mut query = QueryFilter::filter(query, ahead.clone());
            sort(QuerySelect::query(&mut query), self.order, false);
            query.offset(stretch.offset).limit(stretch.limit)
        };
        if way == Way::Newest {
            let id = "id".parse::<E::Column>().map_err(|_| Error::internal("a list of rows without an id"))?;
            let ids = found.newest(stretch, &ahead);
            let mut query = QueryFilter::filter(self.list.base.query(), Expr::col((E::default(), id)).in_subquery(ids));
            sort(QuerySelect::query(&mut query), self.order, true);
            return Ok(db.all(query).await?);
        }
        if backend == DbBackend::Postgres
            && let Some(newest) = found.among_newest(stretch)
        {
            let rows = db.all(cut(QueryFilter::filter(found.rows(Way::Table, backend), newest))).await?;
            if rows.len() as u64 == stretch.limit {
                return Ok(rows);
            }
        }
        Ok(db.all(cut(found.rows(way, backend))).await?)
    }

    pub(super) async fn total(&self, db: &impl Lookup, way: Way, exact: bool) -> Result<Total> {
        counted(db, self.found().counted(way, db.get_database_backend()), exact).await
    }
}
