//! The text of statements that are alike each time, which is put together faster than SeaORM builds it.

use std::fmt::Write;

use sea_orm::{DbBackend, Statement};

/// `INSERT INTO "table" ("a", "b") VALUES ($1, $2), ($3, $4)` for so many rows; `?` on SQLite, which is asked for the name of every `$1`.
pub(crate) fn insert(backend: DbBackend, table: &str, columns: &[&str], rows: usize) -> String {
    let is_numbered = backend == DbBackend::Postgres;
    let mut sql = String::with_capacity(64 + columns.len() * (16 + rows * 5));
    push(&mut sql, ["INSERT INTO \"", table, "\" "]);
    for (at, column) in columns.iter().enumerate() {
        push(&mut sql, [if at == 0 { "(\"" } else { ", \"" }, column, "\""]);
    }
    for place in 1..=rows * columns.len() {
        let between = match place - 1 {
            0 => ") VALUES (",
            before if before % columns.len() == 0 => "), (",
            _ => ", ",
        };
        push(&mut sql, [between, if is_numbered { "$" } else { "?" }, ""]);
        if is_numbered {
            number(&mut sql, place);
        }
    }
    sql.push(')');
    sql
}

/// `UPDATE "table" SET "a" = $1, "b" = $2 WHERE "id" = $3 AND "organization_id" = $4`.
pub(crate) fn update(table: &str, columns: &[&str]) -> String {
    let mut sql = String::with_capacity(80 + columns.len() * 24);
    add(&mut sql, format_args!("UPDATE \"{table}\" SET "));
    for (at, column) in columns.iter().enumerate() {
        add(&mut sql, format_args!("{}\"{column}\" = ${}", if at == 0 { "" } else { ", " }, at + 1));
    }
    add(&mut sql, format_args!(" WHERE \"id\" = ${} AND \"organization_id\" = ${}", columns.len() + 1, columns.len() + 2));
    sql
}

/// `SELECT "a", '' AS "b" FROM "table"`, where `b` is to be empty.
fn select(table: &str, columns: &[&str], empty: impl Fn(&str) -> bool, more: usize) -> String {
    let mut sql = String::with_capacity(40 + columns.len() * 20 + more);
    for (at, column) in columns.iter().enumerate() {
        let before = if at == 0 { "SELECT " } else { ", " };
        push(&mut sql, [before, if empty(column) { "'' AS \"" } else { "\"" }, column]);
        sql.push('"');
    }
    push(&mut sql, [" FROM \"", table, "\""]);
    sql
}

/// `SELECT "a", "b" FROM "table" WHERE "organization_id" = $1 AND "key" IN ($2, $3)` for so many values.
pub(crate) fn among(table: &str, columns: &[&str], empty: impl Fn(&str) -> bool, key: &str, values: usize) -> String {
    let mut sql = select(table, columns, empty, 60 + values * 5);
    add(&mut sql, format_args!(" WHERE \"organization_id\" = $1 AND \"{key}\" IN ("));
    for place in 2..values + 2 {
        add(&mut sql, format_args!("{}${place}", if place == 2 { "" } else { ", " }));
    }
    sql.push(')');
    sql
}

/// `SELECT "a", "b" FROM "table" WHERE "id" = $1 AND "organization_id" = $2`, of a row that stays as it is until the write ends.
pub(crate) fn locked(backend: DbBackend, table: &str, columns: &[&str]) -> String {
    let mut sql = select(table, columns, |_| false, 70);
    sql.push_str(" WHERE \"id\" = $1 AND \"organization_id\" = $2");
    // As `Tx::lock` has it.
    sql.push_str(if backend == DbBackend::Postgres { " FOR NO KEY UPDATE" } else { "" });
    sql
}

/// As few statements as do the same on PostgreSQL, in any order: none of them may need what another one does, and none gives rows.
pub(crate) fn joined(statements: Vec<Statement>) -> Vec<Statement> {
    let mut all: Vec<Vec<Statement>> = vec![];
    for statement in statements {
        let many = |some: &Vec<Statement>| some.iter().chain([&statement]).map(values).sum::<usize>() > MOST;
        match all.last_mut().filter(|some| !many(some)) {
            Some(some) => some.push(statement),
            None => all.push(vec![statement]),
        }
    }
    all.into_iter().filter_map(one).collect()
}

/// Values of one statement: PostgreSQL takes 65,535.
const MOST: usize = 60_000;

fn values(statement: &Statement) -> usize {
    statement.values.as_ref().map_or(0, |values| values.0.len())
}

/// `WITH "a0" AS (…), "a1" AS (…) …`.
fn one(mut statements: Vec<Statement>) -> Option<Statement> {
    let last = statements.pop()?;
    if statements.is_empty() {
        return Some(last);
    }
    let (backend, mut sql, mut all) = (last.db_backend, String::new(), vec![]);
    for (at, statement) in statements.into_iter().enumerate() {
        add(&mut sql, format_args!("{} \"a{at}\" AS (", if at == 0 { "WITH" } else { "," }));
        shift(&mut sql, &statement.sql, all.len());
        sql.push(')');
        all.extend(statement.values.into_iter().flat_map(|values| values.0));
    }
    sql.push(' ');
    shift(&mut sql, &last.sql, all.len());
    all.extend(last.values.into_iter().flat_map(|values| values.0));
    Some(Statement::from_sql_and_values(backend, sql, all))
}

/// Adds a statement whose values come after so many others.
fn shift(sql: &mut String, statement: &str, by: usize) {
    let mut parts = statement.split('$');
    sql.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let place = part[..end].parse::<usize>().unwrap_or_default();
        add(sql, format_args!("${}{}", place + by, &part[end..]));
    }
}

fn push(sql: &mut String, parts: [&str; 3]) {
    sql.extend(parts);
}

/// Adds a number, which the formatter takes longer for.
fn number(sql: &mut String, number: usize) {
    if number >= 10 {
        self::number(sql, number / 10);
    }
    sql.extend(char::from_digit(u32::try_from(number % 10).unwrap_or_default(), 10));
}

fn add(sql: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = sql.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let inserts = |columns: &[&str], rows| [DbBackend::Postgres, DbBackend::Sqlite].map(|backend| insert(backend, "t", columns, rows));
        let both = |columns: &str, values: [&str; 2]| values.map(|values| format!("INSERT INTO \"t\" ({columns}) VALUES {values}"));
        assert_eq!(inserts(&["a", "b"], 1), both("\"a\", \"b\"", ["($1, $2)", "(?, ?)"]));
        assert_eq!(inserts(&["a", "b"], 2), both("\"a\", \"b\"", ["($1, $2), ($3, $4)", "(?, ?), (?, ?)"]));
        assert_eq!(inserts(&["a"], 2), both("\"a\"", ["($1), ($2)", "(?), (?)"]));
        assert_eq!(update("t", &["a", "b"]), "UPDATE \"t\" SET \"a\" = $1, \"b\" = $2 WHERE \"id\" = $3 AND \"organization_id\" = $4");
        let plain = "SELECT \"a\", \"b\" FROM \"t\" WHERE \"id\" = $1 AND \"organization_id\" = $2";
        let some = "SELECT \"a\", \"b\" FROM \"t\" WHERE \"organization_id\" = $1 AND \"id\" IN ($2, $3)";
        assert_eq!(among("t", &["a", "b"], |_| false, "id", 2), some);
        assert_eq!(among("t", &["a", "b"], |column| column == "b", "id", 2), some.replace("\"b\"", "'' AS \"b\""));
        assert_eq!(locked(DbBackend::Sqlite, "t", &["a", "b"]), plain);
        assert_eq!(locked(DbBackend::Postgres, "t", &["a", "b"]), format!("{plain} FOR NO KEY UPDATE"));
    }

    #[test]
    fn several_in_one() {
        let of = |sql: &str, values: &[i64]| Statement::from_sql_and_values(DbBackend::Postgres, sql, values.iter().map(|n| (*n).into()));
        let told = |statements: Vec<Statement>| statements.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (first, second) = (of("DELETE FROM a WHERE x = $2 AND y = $1", &[1, 2]), of("INSERT INTO b VALUES ($1)", &[3]));
        assert_eq!(told(joined(vec![])), [""; 0]);
        assert_eq!(told(joined(vec![second.clone()])), ["INSERT INTO b VALUES (3)"]);
        let both = joined(vec![first, second.clone(), second]);
        let sql = "WITH \"a0\" AS (DELETE FROM a WHERE x = $2 AND y = $1), \"a1\" AS (INSERT INTO b VALUES ($3)) INSERT INTO b VALUES ($4)";
        assert_eq!(both.iter().map(|one| one.sql.as_str()).collect::<Vec<_>>(), [sql]);
        assert_eq!(told(both), [sql.replace("$2", "2").replace("$1", "1").replace("$3", "3").replace("$4", "3")]);
        let many = of("INSERT INTO c VALUES ($1)", &vec![1; MOST]);
        assert_eq!(joined(vec![many.clone(), many]).len(), 2);
    }
}
