//! The SQL of queries that are asked all the time: building its text takes longer than SQLite takes to find the row.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use sea_orm::sea_query::SelectStatement;
use sea_orm::{DbBackend, Statement, Value};

/// What a text belongs to: an entity, a name among its statements, and whether it is one of PostgreSQL's.
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
    if let Some(sql) = known(&form) {
        return Statement::from_sql_and_values(backend, &*sql, values);
    }
    let built = backend.build(&make());
    // A text that holds anything else is not one for all.
    if built.values.as_ref().is_some_and(|bound| bound.0 == values) {
        know(form, &built.sql);
    }
    built
}

/// The text that `make` makes, which is the same each time for its entity and name.
pub(crate) fn text<E: 'static>(backend: DbBackend, name: &'static str, make: impl FnOnce() -> String) -> String {
    let form = (TypeId::of::<E>(), name.into(), backend == DbBackend::Postgres);
    if let Some(sql) = known(&form) {
        return sql.as_ref().into();
    }
    let sql = make();
    know(form, &sql);
    sql
}

fn known(form: &Form) -> Option<Arc<str>> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(form).cloned()
}

fn know(form: Form, sql: &str) {
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(form, sql.into());
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
    fn texts_of_an_entity_are_told_apart_by_their_names() {
        struct Entity;
        let texts = ["a", "b", "a"].map(|name| text::<Entity>(DbBackend::Sqlite, name, || format!("{name}!")));
        assert_eq!(texts, ["a!", "b!", "a!"]);
        assert_eq!(text::<Entity>(DbBackend::Sqlite, "b", || "never".into()), "b!");
        assert_eq!(text::<Entity>(DbBackend::Postgres, "b", || "another".into()), "another");
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
