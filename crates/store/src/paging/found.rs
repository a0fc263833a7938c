//! The rows of a list as SQL, with hints at how they are best found.

use frontdesk_core::page::Total;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, JoinType, SimpleExpr};
use sea_orm::{Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, Select, Value};

use super::order::is_text;
use super::{Link, List};

/// How the database is to find the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As it likes.
    Free,
    /// From one end of the order to the other: ranges leave many.
    InOrder,
    /// All of them, put in order afterwards: ranges leave few.
    Sorted,
}

impl Way {
    /// The way that suits so many rows, where they were counted because ranges are asked for.
    pub(super) fn of(counted: Option<Total>) -> Self {
        match counted {
            None => Self::Free,
            Some(total) if total.capped || total.rows > Total::MOST => Self::InOrder,
            Some(_) => Self::Sorted,
        }
    }
}

/// So many values of a list are looked for one by one.
const MOST_BRANCHES: usize = 64;

impl<E: EntityTrait> List<E> {
    /// The rows there are, with the columns of the base.
    pub(super) fn found(&self, way: Way, backend: DbBackend) -> Select<E> {
        self.among(None, way, backend)
    }

    /// The values that are better looked for one by one: with each of them the rows come in order from its index. Not beside
    /// other conditions, which may have an index of their own.
    pub(super) fn branches(&self) -> &[Value] {
        match self.narrow.first() {
            Some((_, values)) if self.conditions.is_empty() && (2..=MOST_BRANCHES).contains(&values.len()) => values,
            _ => &[],
        }
    }

    /// The rows there are, of the first values only those with `one`.
    pub(super) fn among(&self, one: Option<&Value>, way: Way, backend: DbBackend) -> Select<E> {
        let mut query = self.base.query();
        if let Some(Link { table, has, id }) = &self.link {
            let on = has.clone().add(id.clone().eq(Expr::col((E::default(), "id"))));
            QuerySelect::query(&mut query).join(JoinType::InnerJoin, *table, on);
        }
        QueryFilter::filter(query, self.condition(one, way, backend))
    }

    /// What narrows the list; of the first values only `one`.
    pub(super) fn condition(&self, one: Option<&Value>, way: Way, backend: DbBackend) -> Condition {
        let mut all = Condition::all();
        for condition in &self.conditions {
            all = all.add(condition.clone());
        }
        for (place, (value, values)) in self.narrow.iter().enumerate() {
            // SQLite keeps no account of how many rows have a value, and takes any index for as good as any other.
            let value = if place > 0 && backend == DbBackend::Sqlite { Expr::cust_with_expr("+?", value.clone()) } else { value.clone() };
            all = all.add(has(value, one.filter(|_| place == 0).map_or(values, std::slice::from_ref)));
        }
        for (column, from, to) in &self.ranges {
            let value = Expr::col((E::default(), *column));
            let value = if way == Way::InOrder { hidden::<E>(*column, value) } else { value };
            all = all.add_option(from.clone().map(|from| value.clone().gte(from))).add_option(to.clone().map(|to| value.clone().lte(to)));
        }
        all
    }
}

fn has(column: SimpleExpr, values: &[Value]) -> SimpleExpr {
    match values {
        [value] => column.eq(value.clone()),
        values => column.is_in(values.iter().cloned()),
    }
}

/// The same value, for which no index is taken.
pub(super) fn hidden<E: EntityTrait>(column: E::Column, value: SimpleExpr) -> SimpleExpr {
    if is_text(column) { value.binary(BinOper::Custom("||"), Expr::val("")) } else { value.add(0) }
}
