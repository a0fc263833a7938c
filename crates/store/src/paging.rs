//! Pages of a list: by number, or one after the other in a walk.

use frontdesk_core::digest::digest;
use frontdesk_core::input::{In, Rule};
use frontdesk_core::page::{Cursor, Key, Page, PageRequest, Sort, Walk};
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, NullOrdering, Order, SimpleExpr};
use sea_orm::{
    ColumnTrait, ColumnType, Condition, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, ModelTrait, QueryFilter, QuerySelect,
    QueryTrait, Select, Value,
};
use uuid::Uuid;

use crate::lookup::count;
use crate::search::{Found, Search, Stretch, Way};

/// A column of words, and these in the order in which the list has them.
pub type Ranks = (&'static str, &'static [&'static str]);

/// A page of what `query` finds, and how many it finds in all. It comes in the order of the request, by id where that has none;
/// an order of the query's own is dropped.
pub async fn page<E: EntityTrait>(db: &impl ConnectionTrait, query: Select<E>, request: PageRequest) -> Result<Page<E::Model>> {
    page_ranked(db, query, request, &[]).await
}

/// The same where columns of words have an order of their own, instead of that of their letters.
pub async fn page_ranked<E: EntityTrait>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    request: PageRequest,
    ranks: &[Ranks],
) -> Result<Page<E::Model>> {
    let order = order::<E>(request.sort, ranks, db.get_database_backend())?;
    let list = List { base: query, filter: Condition::all(), order, search: None };
    list.page(db, request).await
}

/// A page of those rows of `base` that `filter` lets through and `search` finds.
pub async fn page_searched<E: EntityTrait>(
    db: &impl ConnectionTrait,
    base: Select<E>,
    filter: Condition,
    search: Search,
    request: PageRequest,
    ranks: &[Ranks],
) -> Result<Page<E::Model>> {
    let order = order::<E>(request.sort, ranks, db.get_database_backend())?;
    let list = List { base, filter, order, search: Some(search).filter(|search| !search.is_empty()) };
    list.page(db, request).await
}

/// The rows of a list and their order.
struct List<E: EntityTrait> {
    base: Select<E>,
    filter: Condition,
    order: Vec<By<E>>,
    search: Option<Search>,
}

impl<E: EntityTrait> List<E> {
    async fn page(self, db: &impl ConnectionTrait, request: PageRequest) -> Result<Page<E::Model>> {
        if request.walk.is_some() { self.walked(db, request).await } else { self.numbered(db, request).await }
    }

    async fn numbered(self, db: &impl ConnectionTrait, request: PageRequest) -> Result<Page<E::Model>> {
        let (way, counting) = self.ways(db).await?;
        let items = self.rows(db, way, Stretch { after: None, offset: request.offset(), limit: request.limit() }).await?;
        let rows = i64::try_from(items.len())?;
        // A page that is begun and not filled is the last: its end is the total.
        let last = rows < request.per_page && (rows > 0 || request.page == 1);
        let total = if last { request.before() + rows } else { self.total(db, counting).await? };
        Ok(Page { items, total, request, next: None })
    }

    async fn walked(self, db: &impl ConnectionTrait, request: PageRequest) -> Result<Page<E::Model>> {
        let scope = scope(&self.plain(), db.get_database_backend());
        let after = match &request.walk {
            Some(Walk::After(cursor)) if cursor.scope != scope => return Err(foreign()),
            Some(Walk::After(cursor)) => Some(&cursor.keys[..]),
            _ => None,
        };
        let (way, counting) = self.ways(db).await?;
        let mut items = self.rows(db, way, Stretch { after, offset: 0, limit: request.limit() + 1 }).await?;
        let more = items.len() > usize::try_from(request.per_page)?;
        items.truncate(usize::try_from(request.per_page)?);
        let rows = i64::try_from(items.len())?;
        let next = match items.last().filter(|_| more) {
            Some(last) => {
                let keys = self.order.iter().map(|by| by.key(last)).collect::<Result<_>>()?;
                Some(Cursor { scope, rows: request.before().saturating_add(rows), keys })
            }
            None => None,
        };
        let whole = next.is_none() && request.walk == Some(Walk::Begin);
        let total = if whole { rows } else { self.total(db, counting).await? };
        Ok(Page { items, total, request, next })
    }

    /// The rows as one query, which says what they are.
    fn plain(&self) -> Select<E> {
        let searched = self.search.as_ref().map(Search::condition);
        let query = QueryFilter::filter(self.base.clone(), self.filter.clone());
        sorted(QueryFilter::filter(query, Condition::all().add_option(searched)), &self.order)
    }

    fn found(&self) -> Option<Found<'_, E>> {
        let keys: Vec<_> = self.order.iter().map(|by| (by.column.as_str(), by.descending)).collect();
        let newest = matches!(&keys[..], [("id", true)] | [("created_at", true), ("id", true)]);
        let found = |search| Found { base: &self.base, filter: &self.filter, search, newest };
        self.search.as_ref().map(found)
    }

    async fn ways(&self, db: &impl ConnectionTrait) -> Result<(Way, Way)> {
        match self.found() {
            Some(found) => found.ways(db).await,
            None => Ok((Way::Table, Way::Table)),
        }
    }

    async fn rows(&self, db: &impl ConnectionTrait, way: Way, stretch: Stretch<'_>) -> Result<Vec<E::Model>> {
        let backend = db.get_database_backend();
        let ahead = stretch.after.map(|keys| beyond(&self.order, keys)).transpose()?;
        let cut = |query: Select<E>| {
            let query = QueryFilter::filter(query, Condition::all().add_option(ahead.clone()));
            query.offset(stretch.offset).limit(stretch.limit)
        };
        let Some(found) = self.found().filter(|_| way != Way::Table) else { return Ok(cut(self.plain()).all(db).await?) };
        if way == Way::Newest {
            let id = "id".parse::<E::Column>().map_err(|_| Error::internal("a list of rows without an id"))?;
            let ids = found.newest(stretch, ahead.clone());
            let query = QueryFilter::filter(self.base.clone(), Expr::col((E::default(), id)).in_subquery(ids));
            return Ok(sorted(query, &self.order).all(db).await?);
        }
        if backend == DbBackend::Postgres
            && let Some(newest) = found.among_newest(stretch)
        {
            let rows = cut(QueryFilter::filter(self.plain(), newest)).all(db).await?;
            if rows.len() as u64 == stretch.limit {
                return Ok(rows);
            }
        }
        Ok(cut(sorted(found.rows(way, backend), &self.order)).all(db).await?)
    }

    async fn total(&self, db: &impl ConnectionTrait, way: Way) -> Result<i64> {
        match self.found() {
            Some(found) => count(db, found.counted(way, db.get_database_backend())).await,
            None => count(db, self.plain().into_query()).await,
        }
    }
}

fn foreign() -> Error {
    Error::field(In::Query, "cursor", Rule::other("is that of another list, order or filter"))
}

/// What a cursor belongs to: everything that says which rows there are and in which order, the organization included.
fn scope<E: EntityTrait>(query: &Select<E>, backend: DbBackend) -> String {
    let mut query = query.clone();
    let statement = QuerySelect::query(&mut query);
    statement.clear_selects();
    let mut scope = digest([backend.build(&*statement).to_string().as_bytes()]);
    scope.truncate(32);
    scope
}

/// A key of an order.
struct By<E: EntityTrait> {
    column: E::Column,
    descending: bool,
    nullable: bool,
    words: Option<&'static [&'static str]>,
    /// What is compared.
    value: SimpleExpr,
}

/// The keys of an order. Null is less than any value; texts are compared by their code points, on both databases.
fn order<E: EntityTrait>(sort: Sort, ranks: &[Ranks], backend: DbBackend) -> Result<Vec<By<E>>> {
    let by = |(name, descending): (&'static str, bool)| {
        let column = name.parse::<E::Column>().map_err(|_| Error::internal("a list cannot be in the order of a column it lacks"))?;
        let words = ranks.iter().find(|(ranked, _)| *ranked == name).map(|(_, words)| *words);
        let mut value: SimpleExpr = Expr::col((E::default(), column));
        if let Some(words) = words {
            let rank = CaseStatement::new();
            value = words.iter().zip(0_i64..).fold(rank, |rank, (word, place)| rank.case(value.clone().eq(*word), place)).into();
        } else if is_text(column) && backend == DbBackend::Postgres {
            value = Expr::cust_with_expr(r#"$1 COLLATE "C""#, value);
        }
        Ok(By { column, descending, nullable: column.def().is_null(), words, value })
    };
    sort.keys().into_iter().map(by).collect()
}

fn is_text(column: impl ColumnTrait) -> bool {
    matches!(column.def().get_column_type(), ColumnType::Text | ColumnType::String(_))
}

fn sorted<E: EntityTrait>(mut query: Select<E>, order: &[By<E>]) -> Select<E> {
    let statement = QuerySelect::query(&mut query);
    statement.clear_order_by();
    for by in order {
        let (direction, nulls) = if by.descending { (Order::Desc, NullOrdering::Last) } else { (Order::Asc, NullOrdering::First) };
        if by.nullable {
            statement.order_by_expr_with_nulls(by.value.clone(), direction, nulls);
        } else {
            // An index of PostgreSQL has no order with nulls elsewhere than it has them itself, not even where there are none.
            statement.order_by_expr(by.value.clone(), direction);
        }
    }
    query
}

impl<E: EntityTrait> By<E> {
    /// Its value in a row, for a cursor.
    fn key(&self, row: &E::Model) -> Result<Key> {
        Ok(match row.get(self.column) {
            Value::BigInt(Some(number)) => Key::Number(number),
            Value::String(Some(text)) => Key::Text(text),
            Value::Uuid(Some(id)) => Key::Text(id.to_string()),
            Value::BigInt(None) | Value::String(None) | Value::Uuid(None) => Key::Null,
            _ => return Err(Error::internal("a list cannot be in the order of a column of this type")),
        })
    }

    /// What a cursor's value is in SQL, where it is one of this key.
    fn value(&self, key: &Key) -> Option<Value> {
        let definition = self.column.def();
        match (key, self.words) {
            (Key::Text(word), Some(words)) => words.iter().zip(0_i64..).find(|(known, _)| *known == word).map(|(_, place)| place.into()),
            (Key::Text(text), None) if is_text(self.column) => Some(text.as_str().into()),
            (Key::Text(text), None) if *definition.get_column_type() == ColumnType::Uuid => Uuid::try_parse(text).ok().map(Value::from),
            (Key::Number(number), None) if *definition.get_column_type() == ColumnType::BigInteger => Some((*number).into()),
            _ => None,
        }
    }

    /// The rows that come after those with this value, and of those with it the `rest`.
    fn beyond(&self, key: &Key, rest: Option<Condition>) -> Result<Condition> {
        let column = || self.value.clone();
        Ok(match self.value(key) {
            Some(value) => self.further(value, rest),
            None if !self.nullable || *key != Key::Null => return Err(foreign()),
            None if self.descending => Condition::all().add(column().is_null()).add_option(rest),
            None => Condition::any().add(column().is_not_null()).add_option(rest),
        })
    }

    fn further(&self, value: Value, rest: Option<Condition>) -> Condition {
        let column = || self.value.clone();
        let further = if self.descending { column().lt(value.clone()) } else { column().gt(value.clone()) };
        let Some(rest) = rest else { return Condition::all().add(further) };
        if self.descending && self.nullable {
            let same = Condition::all().add(column().eq(value)).add(rest);
            return Condition::any().add(further).add(column().is_null()).add(same);
        }
        // The first half alone is what an index can find.
        let from = if self.descending { column().lte(value) } else { column().gte(value) };
        Condition::all().add(from).add(Condition::any().add(further).add(rest))
    }
}

/// The rows that come after the one with these values.
fn beyond<E: EntityTrait>(order: &[By<E>], keys: &[Key]) -> Result<Condition> {
    if order.len() != keys.len() {
        return Err(foreign());
    }
    let mut back = order.iter().zip(keys).rev();
    let all = back.try_fold(None, |rest, (by, key)| by.beyond(key, rest).map(Some));
    Ok(all?.unwrap_or_else(Condition::all))
}
