//! The rows that a search finds.

use frontdesk_core::Result;
use frontdesk_core::grams::Grams;
use frontdesk_core::id::Kind;
use frontdesk_core::page::Key;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::sqlite::{BITS, key};
use super::{Search, Word};
use crate::lookup::table;

/// More rows than this are many.
const MANY: u64 = 2000;
/// So many of the newest records are looked at on PostgreSQL before its index is asked.
const NEWEST: u64 = 2000;
/// A page of more rows than this is not looked for among them.
const FEW: u64 = 201;

/// Which of the rows are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch<'a> {
    /// Where those before the first one end.
    pub(crate) after: Option<&'a [Key]>,
    /// So many of the others are left out.
    pub(crate) offset: u64,
    /// No more than this.
    pub(crate) limit: u64,
}

/// What a search finds of a list: the organization's rows, what else is asked of them, and whether the newest come first.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a, E: EntityTrait> {
    /// The organization's rows.
    pub(crate) base: Select<E>,
    /// What else is asked of them.
    pub(crate) filter: &'a Condition,
    /// What they are searched for.
    pub(crate) search: &'a Search,
    /// Whether the list has the newest first.
    pub(crate) newest: bool,
}

/// A column: its table and its name.
type Place = (&'static str, &'static str);
/// Where SQLite tells what is found by an index, of both its parts.
const HIT: Place = ("hit", "place");
/// Where it tells which new texts an index does not have yet.
const NEW: Place = ("search_tail", "place");

/// How the rows are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// In the table: the text of each row is looked at.
    Table,
    /// By the index, from the newest on, and no more of them than are wanted.
    Newest,
    /// By the index, all of them.
    Index,
}

impl<E: EntityTrait> Found<'_, E> {
    /// How the rows are best found, and how they are best counted. On SQLite: where many have the words and few meet the other
    /// conditions, by these. PostgreSQL judges by itself.
    pub(crate) async fn ways(&self, db: &impl ConnectionTrait) -> Result<(Way, Way)> {
        if db.get_database_backend() == DbBackend::Postgres {
            return Ok((Way::Index, Way::Index));
        }
        if self.newest && self.filter.is_empty() {
            return Ok((Way::Newest, Way::Index));
        }
        let many = is_long(db, self.search.matching()).await?;
        let others = || QueryFilter::filter(self.base.clone(), self.filter.clone()).into_query();
        if many && !self.filter.is_empty() && !is_long(db, others()).await? {
            return Ok((Way::Table, Way::Table));
        }
        let rows = match (self.newest, many) {
            (true, _) => Way::Newest,
            // They are soon found in any order.
            (false, true) => Way::Table,
            (false, false) => Way::Index,
        };
        Ok((rows, Way::Index))
    }

    /// The rows, one way or another.
    pub(crate) fn rows(&self, way: Way, backend: DbBackend) -> Select<E> {
        let query = self.narrowed();
        if way == Way::Table {
            return QueryFilter::filter(query, self.search.condition());
        }
        let mut query = QueryFilter::filter(query, self.search.rest());
        if backend == DbBackend::Postgres {
            // As an array they are found first. As a subquery the planner may go through the list, in its order, in search of rare ones.
            let ids = SimpleExpr::SubQuery(None, Box::new(self.search.listed().column("id").to_owned().into()));
            let id = Expr::col((self.search.table(), "id"));
            return QueryFilter::filter(query, Expr::cust_with_exprs("$1 = ANY(ARRAY($2))", [id, ids]));
        }
        let statement = QuerySelect::query(&mut query).from_clear().from_subquery(self.search.hits(), HIT.0);
        self.search.join(statement, HIT);
        query
    }

    /// The organization's rows that meet the other conditions.
    fn narrowed(&self) -> Select<E> {
        QueryFilter::filter(self.base.clone(), self.filter.clone())
    }

    /// One of the columns that count the rows: where the index knows all by itself, its own.
    pub(crate) fn counted(&self, way: Way, backend: DbBackend) -> SelectStatement {
        let alone = self.filter.is_empty() && self.search.rest().is_empty();
        if alone && way != Way::Table {
            return if backend == DbBackend::Postgres { self.search.listed() } else { self.search.matching() };
        }
        self.rows(way, backend).into_query().clear_selects().clear_order_by().to_owned()
    }

    /// The ids of rows on SQLite from the newest on, in order; `ahead` is the condition that they come after a row of these keys.
    pub(crate) fn newest(&self, stretch: Stretch<'_>, ahead: &Condition) -> SelectStatement {
        let led = |texts: Condition, found: SimpleExpr, place: Place| {
            let mut query = self.narrowed().into_query();
            query.clear_selects().clear_order_by().from_clear().from(place.0).cond_where(texts).and_where(found);
            self.search.join(&mut query, place);
            if let Some(below) = stretch.after.and_then(|keys| self.search.below(keys)) {
                query.and_where(Expr::col(place).lt(below));
            }
            query.cond_where(ahead.clone()).to_owned()
        };
        let index = self.search.place();
        let mut old = led(self.search.rest(), self.search.matches(), index);
        let mut new = led(self.search.condition(), self.search.is_new(), NEW);
        if self.search.index.kind != Kind::CallTask {
            old.expr_as(Expr::col(index), NEW.1).union(UnionType::All, new.expr_as(Expr::col(NEW), NEW.1).to_owned());
            return old.order_by(NEW.1, Order::Desc).limit(stretch.limit).offset(stretch.offset).to_owned();
        }
        // Those of a millisecond are in no order in the index: all of them are put in order down to that of the last row wanted.
        let mut last = old.clone();
        let floor = Expr::col(index).binary(BinOper::RShift, Expr::value(BITS)).binary(BinOper::LShift, Expr::value(BITS));
        last.expr(floor).order_by(index, Order::Desc).limit(1).offset(stretch.offset + stretch.limit - 1);
        let floor = SimpleExpr::SubQuery(None, Box::new(last.into()));
        old.and_where(Expr::col(index).gte(Expr::cust_with_exprs("COALESCE(?, ?)", [floor, Expr::value(i64::MIN)])));
        let records = self.search.table();
        for query in [&mut old, &mut new] {
            query.expr_as(Expr::col((records, "id")), "id").expr_as(Expr::col((records, "created_at")), "created_at");
        }
        old.union(UnionType::All, new).order_by("created_at", Order::Desc).order_by("id", Order::Desc);
        old.limit(stretch.limit).offset(stretch.offset);
        Query::select().column("id").from_subquery(old, HIT.0).to_owned()
    }

    /// The condition that a row is among the newest of PostgreSQL, after a row of these keys; none where so few rows would not do.
    pub(crate) fn among_newest(&self, stretch: Stretch<'_>) -> Option<Condition> {
        if !self.newest || stretch.offset > 0 || stretch.limit > FEW {
            return None;
        }
        let column = if self.search.index.kind == Kind::CallTask { "created_at" } else { "id" };
        let place = || Expr::col((self.search.table(), column));
        let mut last = self.base.clone().into_query();
        last.clear_selects().clear_order_by().expr(place());
        if let Some(Key::Number(number)) = stretch.after.and_then(<[Key]>::first) {
            last.and_where(place().lte(*number));
        }
        last.order_by_expr(place(), Order::Desc).limit(1).offset(NEWEST);
        let floor = SimpleExpr::SubQuery(None, Box::new(last.into()));
        Some(Condition::all().add(place().gte(Expr::cust_with_exprs("COALESCE($1, $2)", [floor, Expr::value(i64::MIN)]))))
    }
}

/// Whether a query finds many rows.
async fn is_long(db: &impl ConnectionTrait, mut query: SelectStatement) -> Result<bool> {
    query.clear_selects().clear_order_by().expr_as(Expr::value(1), "one").limit(1).offset(MANY);
    Ok(db.query_one(&query).await?.is_some())
}

impl Search {
    fn table(&self) -> &'static str {
        table(self.index.kind)
    }

    /// The rows that SQLite's index knows of, and those that it does not have yet.
    fn matching(&self) -> SelectStatement {
        Query::select().from_subquery(self.hits(), HIT.0).to_owned()
    }

    /// Their places, in no order.
    fn hits(&self) -> SelectStatement {
        let mut old = Query::select().expr_as(Expr::col(self.place()), HIT.1).from(self.index.table).and_where(self.matches()).to_owned();
        let mine = Expr::col((self.table(), "organization_id")).eq(self.organization.0);
        let mut new = Query::select().column(NEW).from(NEW.0).and_where(self.is_new()).and_where(mine).to_owned();
        self.join(&mut new, NEW);
        old.union(UnionType::All, new.cond_where(self.condition()).to_owned()).to_owned()
    }

    /// Where SQLite's index tells which rows match.
    fn place(&self) -> Place {
        (self.index.table, "rowid")
    }

    /// The condition that what is noted is new in this index.
    fn is_new(&self) -> SimpleExpr {
        Expr::col((NEW.0, "list")).eq(self.index.table)
    }

    /// The rows of PostgreSQL's index.
    fn listed(&self) -> SelectStatement {
        let mine = Expr::col("organization_id").eq(self.organization.0);
        Query::select().from(self.index.table).and_where(mine).cond_where(self.array()).to_owned()
    }

    fn matches(&self) -> SimpleExpr {
        Expr::col(self.index.table).binary(BinOper::Custom("MATCH"), Expr::val(self.words()))
    }

    /// The words as SQLite's full-text search is asked for them.
    fn words(&self) -> String {
        let form = |form: &String| format!("({})", Grams::needed(form).query(self.organization));
        let word = |Word(forms): &Word| format!("({})", forms.iter().map(form).collect::<Vec<_>>().join(" OR "));
        let all = self.words.iter().map(word).collect::<Vec<_>>().join(" AND ");
        match &self.number {
            Some(number) => format!("({all}) OR {}", word(number)),
            None => all,
        }
    }

    /// The words as PostgreSQL's index is asked for them.
    fn array(&self) -> Condition {
        let form = |form: &String| {
            let needed = Grams::needed(form).numbers(self.organization);
            Expr::cust_with_values("grams @> CAST($1 AS bigint[])", [needed])
        };
        let word = |Word(forms): &Word| forms.iter().fold(Condition::any(), |any, one| any.add(form(one)));
        let all = self.words.iter().fold(Condition::all(), |all, one| all.add(word(one)));
        match &self.number {
            Some(number) => Condition::any().add(all).add(word(number)),
            None => all,
        }
    }

    /// Looks up the record of each place, in the order in which these are gone through.
    fn join(&self, query: &mut SelectStatement, place: Place) {
        let records = self.table();
        // A cross join is done in this order by SQLite; what it joins on stands beside the other conditions.
        if self.index.kind == Kind::CallTask {
            query.cross_join("call_task_key").and_where(Expr::col(("call_task_key", "key")).equals(place));
            query.cross_join(records).and_where(Expr::col((records, "id")).equals(("call_task_key", "id")));
        } else {
            query.cross_join(records).and_where(Expr::col((records, "id")).equals(place));
        }
    }

    /// Every row after one with these keys has a lesser number than this in SQLite's index.
    fn below(&self, keys: &[Key]) -> Option<i64> {
        match keys.first()? {
            Key::Number(created_at) if self.index.kind == Kind::CallTask => Some(key(*created_at).saturating_add(1 << BITS)),
            Key::Number(id) => Some(*id),
            _ => None,
        }
    }
}
