//! The order of a list, and what comes after a row in it.

use frontdesk_core::input::{In, Rule};
use frontdesk_core::page::{Key, Sort};
use frontdesk_core::{Error, Result};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, NullOrdering, Order, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, ColumnType, Condition, DbBackend, EntityTrait, IdenStatic, ModelTrait, Value};
use uuid::Uuid;

use super::Ranks;

pub(super) fn foreign() -> Error {
    Error::field(In::Query, "cursor", Rule::other("is that of another list, order or filter"))
}

/// A key of an order.
#[derive(Clone)]
pub(super) struct By<E: EntityTrait> {
    pub(super) column: E::Column,
    pub(super) descending: bool,
    nullable: bool,
    words: Option<&'static [&'static str]>,
    /// What is compared.
    pub(super) value: SimpleExpr,
}

impl<E: EntityTrait> std::fmt::Display for By<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.descending { '-' } else { '+' }, self.column.as_str())
    }
}

/// The keys of an order. Null is less than any value; texts are compared by their code points, on both databases.
pub(super) fn order<E: EntityTrait>(sort: Sort, ranks: &[Ranks], backend: DbBackend) -> Result<Vec<By<E>>> {
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

pub(super) fn is_text(column: impl ColumnTrait) -> bool {
    matches!(column.def().get_column_type(), ColumnType::Text | ColumnType::String(_))
}

impl<E: EntityTrait> By<E> {
    /// Puts a query in this order, which `value` is compared for.
    pub(super) fn sort(&self, query: &mut SelectStatement, value: impl Into<SimpleExpr>) {
        let (direction, nulls) = if self.descending { (Order::Desc, NullOrdering::Last) } else { (Order::Asc, NullOrdering::First) };
        if self.nullable {
            query.order_by_expr_with_nulls(value.into(), direction, nulls);
        } else {
            // An index of PostgreSQL has no order with nulls elsewhere than it has them itself, not even where there are none.
            query.order_by_expr(value.into(), direction);
        }
    }

    pub(super) fn is_number(&self) -> bool {
        self.words.is_none() && *self.column.def().get_column_type() == ColumnType::BigInteger
    }

    /// Its value in a row, for a cursor.
    pub(super) fn key(&self, row: &E::Model) -> Result<Key> {
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
pub(super) fn beyond<E: EntityTrait>(order: &[By<E>], keys: &[Key]) -> Result<Condition> {
    if order.len() != keys.len() {
        return Err(foreign());
    }
    let mut back = order.iter().zip(keys).rev();
    let all = back.try_fold(None, |rest, (by, key)| by.beyond(key, rest).map(Some));
    Ok(all?.unwrap_or_else(Condition::all))
}
