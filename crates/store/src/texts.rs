//! The SQL of queries that are asked all the time: building its text takes longer than SQLite takes to find the row.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use sea_orm::sea_query::SelectStatement;
use sea_orm::{DbBackend, Statement, Value};

/// What a text belongs to: an entity, a name among its queries, and a database.
type Form = (TypeId, Cow<'static, str>, bool);

static KNOWN: LazyLock<RwLock<HashMap<Form, Arc<str>>>> = LazyLock::new(RwLock::default);

/// The query that `make` makes, in which only `values` may differ from others of its entity and name, in their order.
pub(crate) fn statement<E: 'static>(
    backend: DbBackend,
    name: impl Into<Cow<'static, str>>,
    values: Vec<Value>,
    make: impl FnOnce() -> SelectStatement,
) -> Statement {
    let form = (TypeId::of::<E>(), name.into(), backend == DbBackend::Postgres);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&form).cloned();
    if let Some(sql) = known {
        return Statement::from_sql_and_values(backend, &*sql, values);
    }
    let built = backend.build(&make());
    // A text that holds anything else is not one for all.
    if built.values.as_ref().is_some_and(|bound| bound.0 == values) {
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(form, built.sql.as_str().into());
    }
    built
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};

    use super::*;

    fn by(column: &'static str, id: i64, more: i64) -> SelectStatement {
        let mut query = Query::select().column("id").from("some").and_where(Expr::col(column).eq(id)).to_owned();
        if more > 0 {
            query.limit(more.unsigned_abs());
        }
        query
    }

    #[test]
    fn the_first_of_a_form_is_made_and_the_others_have_its_text() {
        struct Entity;
        let asked = |backend, id: i64| statement::<Entity>(backend, "one", vec![id.into()], || by("id", id, 0));
        let first = asked(DbBackend::Sqlite, 1);
        let second = statement::<Entity>(DbBackend::Sqlite, "one", vec![2_i64.into()], || by("never", 2, 0));
        assert_eq!((&first.sql, second.values.unwrap().0), (&second.sql, vec![2_i64.into()]));
        assert_ne!(asked(DbBackend::Postgres, 1).sql, first.sql);
    }

    #[test]
    fn a_text_with_other_values_is_not_kept() {
        struct Entity;
        for more in [1, 2] {
            let made = statement::<Entity>(DbBackend::Sqlite, "some", vec![7_i64.into()], || by("id", 7, more));
            assert_eq!(made.values.unwrap().0.len(), 2);
        }
    }
}
