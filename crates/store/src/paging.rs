//! Pages of a list: by number, or one after the other in a walk.

use frontdesk_core::digest::digest;
use frontdesk_core::input::{In, Rule};
use frontdesk_core::page::{Cursor, Key, Page, PageRequest, Sort, Walk};
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, NullOrdering, Order, SimpleExpr};
use sea_orm::{ColumnTrait, ColumnType, Condition, ConnectionTrait, DbBackend, EntityTrait, ModelTrait, QuerySelect, Select, Value};
use uuid::Uuid;

use crate::lookup::count;

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
    let query = sorted(query, &order);
    if request.walk.is_some() { walked(db, query, request, &order).await } else { numbered(db, query, request).await }
}

async fn numbered<E: EntityTrait>(db: &impl ConnectionTrait, query: Select<E>, request: PageRequest) -> Result<Page<E::Model>> {
    let items = query.clone().offset(request.offset()).limit(request.limit()).all(db).await?;
    let rows = i64::try_from(items.len())?;
    // A page that is begun and not filled is the last: its end is the total.
    let last = rows < request.per_page && (rows > 0 || request.page == 1);
    let total = if last { request.before() + rows } else { count(db, query).await? };
    Ok(Page { items, total, request, next: None })
}

async fn walked<E: EntityTrait>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    request: PageRequest,
    order: &[By<E>],
) -> Result<Page<E::Model>> {
    let scope = scope(&query, db.get_database_backend());
    let mut ahead = query.clone();
    if let Some(Walk::After(cursor)) = &request.walk {
        if cursor.scope != scope {
            return Err(foreign());
        }
        QuerySelect::query(&mut ahead).cond_where(beyond(order, &cursor.keys)?);
    }
    let mut items = ahead.limit(request.limit() + 1).all(db).await?;
    let more = items.len() > usize::try_from(request.per_page)?;
    items.truncate(usize::try_from(request.per_page)?);
    let rows = i64::try_from(items.len())?;
    let next = match items.last().filter(|_| more) {
        Some(last) => {
            let keys = order.iter().map(|by| by.key(last)).collect::<Result<_>>()?;
            Some(Cursor { scope, rows: request.before().saturating_add(rows), keys })
        }
        None => None,
    };
    let whole = next.is_none() && request.walk == Some(Walk::Begin);
    let total = if whole { rows } else { count(db, query).await? };
    Ok(Page { items, total, request, next })
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
