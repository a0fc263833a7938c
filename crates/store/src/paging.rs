//! Pages of a list: by number, or one after the other in a walk.

use frontdesk_core::Result;
use frontdesk_core::digest::digest;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::page::{Cursor, Page, PageRequest, Total, Walk};
use sea_orm::sea_query::{Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{Condition, DbBackend, EntityTrait, IdenStatic, QueryFilter, QuerySelect, QueryTrait, Select, Value};

mod found;
mod order;
mod rows;
mod searched;
mod total;

use found::Way;
use order::{By, foreign, order};
use searched::Searched;
pub use total::Tally;
pub(crate) use total::count;
use total::counted;

use crate::search::{self, Search, Stretch};
use crate::shelves::Lookup;
use crate::sqlite::Shape;

/// A column of words, and these in the order in which the list has them.
pub type Ranks = (&'static str, &'static [&'static str]);

/// What a list has: an organization's rows, and what narrows them.
#[derive(Clone, Debug)]
pub struct List<E: EntityTrait> {
    base: Base<E>,
    conditions: Vec<Condition>,
    narrow: Vec<(SimpleExpr, Vec<Value>)>,
    ranges: Vec<(E::Column, Option<Value>, Option<Value>)>,
    link: Option<Link>,
    ranks: &'static [Ranks],
    kept: Option<Tally>,
    search: Option<Search>,
}

/// The rows that a list is taken from.
#[derive(Clone, Debug)]
enum Base<E: EntityTrait> {
    /// An organization's, which are the same columns for each.
    All(fn(OrganizationId) -> Select<E>, OrganizationId),
    /// Some of them.
    Some(Box<Select<E>>),
}

impl<E: EntityTrait> Base<E> {
    fn query(&self) -> Select<E> {
        match self {
            Self::All(rows, organization) => rows(*organization),
            Self::Some(query) => Select::clone(query),
        }
    }
}

/// Another table that names the rows of a list, each once.
#[derive(Clone, Debug)]
struct Link {
    table: &'static str,
    has: Condition,
    id: SimpleExpr,
}

impl<E: EntityTrait<Model: Shape>> List<E> {
    /// All of the organization's `rows`, which differ from those of another in nothing but its id.
    #[must_use]
    pub fn of(rows: fn(OrganizationId) -> Select<E>, organization: OrganizationId) -> Self {
        Self::from(Base::All(rows, organization))
    }

    /// All of `rows`, which are some of an organization's.
    #[must_use]
    pub fn of_some(rows: Select<E>) -> Self {
        Self::from(Base::Some(Box::new(rows)))
    }

    fn from(base: Base<E>) -> Self {
        Self { base, conditions: vec![], narrow: vec![], ranges: vec![], link: None, ranks: &[], kept: None, search: None }
    }

    /// Those that a condition holds for, where there is one.
    #[must_use]
    pub fn filter(mut self, condition: Option<Condition>) -> Self {
        self.conditions.extend(condition);
        self
    }

    /// Those with one of these values, by a column that has an index with the order of the list behind it; none at all are no
    /// filter. What leaves the fewest rows comes first: it is found by its index, the rest is looked at in the rows.
    #[must_use]
    pub fn narrow(self, column: E::Column, values: impl IntoIterator<Item: Into<Value>>) -> Self {
        self.narrow_by(Expr::col((E::default(), column)), values)
    }

    /// The same by an expression that has such an index.
    #[must_use]
    pub fn narrow_by(mut self, value: SimpleExpr, values: impl IntoIterator<Item: Into<Value>>) -> Self {
        let mut different: Vec<Value> = vec![];
        for one in values.into_iter().map(Into::into) {
            if !different.contains(&one) {
                different.push(one);
            }
        }
        if !different.is_empty() {
            self.narrow.push((value, different));
        }
        self
    }

    /// Those with a value between two, both included.
    #[must_use]
    pub fn range(mut self, column: E::Column, from: Option<impl Into<Value>>, to: Option<impl Into<Value>>) -> Self {
        if from.is_some() || to.is_some() {
            self.ranges.push((column, from.map(Into::into), to.map(Into::into)));
        }
        self
    }

    /// Those that the rows of another table with `has` name, each once; `id` is how they name them.
    #[must_use]
    pub fn link(self, table: &'static str, has: Condition, id: SimpleExpr) -> Self {
        Self { link: Some(Link { table, has, id }), ..self }
    }

    /// Those that a search finds.
    #[must_use]
    pub fn search(self, search: Search) -> Self {
        Self { search: Some(search).filter(|search| !search.is_empty()), ..self }
    }

    /// The same with columns of words that have an order of their own, instead of that of their letters.
    #[must_use]
    pub fn ranked(self, ranks: &'static [Ranks]) -> Self {
        Self { ranks, ..self }
    }

    /// The same with a total that is kept with the writes, where it is.
    #[must_use]
    pub fn kept(self, kept: Option<Tally>) -> Self {
        Self { kept, ..self }
    }

    /// A page of the list, and how many rows it has in all. It comes in the order of the request, by id where that has none; an order
    /// of the query's own is dropped.
    pub async fn page(&self, db: &impl Lookup, request: PageRequest) -> Result<Page<E::Model>> {
        let order = order::<E>(request.sort, self.ranks, db.get_database_backend())?;
        if request.walk.is_some() { self.walked(db, request, &order).await } else { self.numbered(db, request, &order).await }
    }

    async fn numbered(&self, db: &impl Lookup, request: PageRequest, order: &[By<E>]) -> Result<Page<E::Model>> {
        let plan = self.plan(db, &request, order).await?;
        let items = plan.rows(db, Stretch { after: None, offset: request.offset(), limit: request.limit() }).await?;
        let rows = i64::try_from(items.len())?;
        // A page that is begun and not filled is the last: its end is the total.
        let last = rows < request.per_page && (rows > 0 || request.page == 1);
        let total = plan.total(db, last.then(|| request.before() + rows), &request).await?;
        Ok(Page { items, total, request, next: None })
    }

    async fn walked(&self, db: &impl Lookup, request: PageRequest, order: &[By<E>]) -> Result<Page<E::Model>> {
        let scope = self.scope(order, db.get_database_backend());
        let after = match &request.walk {
            Some(Walk::After(cursor)) if cursor.scope != scope => return Err(foreign()),
            Some(Walk::After(cursor)) => Some(&cursor.keys[..]),
            _ => None,
        };
        let plan = self.plan(db, &request, order).await?;
        let mut items = plan.rows(db, Stretch { after, offset: 0, limit: request.limit() + 1 }).await?;
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
        let total = plan.total(db, whole.then_some(rows), &request).await?;
        Ok(Page { items, total, request, next })
    }

    /// Whether nothing narrows the list.
    fn is_whole(&self) -> bool {
        self.link.is_none() && self.conditions.is_empty() && self.narrow.is_empty() && self.ranges.is_empty() && self.search.is_none()
    }

    /// How rows and total are found.
    async fn plan<'a>(&'a self, db: &impl Lookup, request: &PageRequest, order: &'a [By<E>]) -> Result<Plan<'a, E>> {
        if let Some(search) = &self.search {
            let searched = Searched::new(self, search, order, db.get_database_backend());
            let (rows, total) = searched.found().ways(db).await?;
            return Ok(Plan::Searched(searched, rows, total));
        }
        Ok(Plan::Listed(self, order, self.counted_before(db, request, order).await?))
    }

    /// The total, where it says how the rows are best found: where a range is asked for and the order is another.
    async fn counted_before(&self, db: &impl Lookup, request: &PageRequest, order: &[By<E>]) -> Result<Option<Total>> {
        let first = order.first().map(|by| by.column.as_str());
        if self.ranges.is_empty() || self.ranges.iter().any(|(column, ..)| Some(column.as_str()) == first) {
            return Ok(None);
        }
        Ok(Some(self.total(db, request).await?))
    }

    async fn total(&self, db: &impl Lookup, request: &PageRequest) -> Result<Total> {
        match &self.kept {
            Some(kept) => kept.total(db).await,
            None => counted(db, self.countable(db.get_database_backend()), request.exact).await,
        }
    }

    /// As many rows as the list has, of one table where that is enough.
    fn countable(&self, backend: DbBackend) -> SelectStatement {
        match &self.link {
            Some(Link { table, has, .. }) if self.conditions.is_empty() && self.narrow.is_empty() && self.ranges.is_empty() => {
                Query::select().from(*table).cond_where(has.clone()).to_owned()
            }
            _ => self.found(Way::Free, backend).into_query(),
        }
    }

    /// What a cursor belongs to: everything that says which rows there are and in which order, the organization included.
    fn scope(&self, order: &[By<E>], backend: DbBackend) -> String {
        let searched = Condition::all().add_option(self.search.as_ref().map(Search::condition));
        let mut query = QueryFilter::filter(self.found(Way::Free, backend), searched);
        let statement = QuerySelect::query(&mut query);
        statement.clear_selects();
        for by in order {
            by.sort(statement, by.value.clone());
        }
        let mut scope = digest([backend.build(&*statement).to_string().as_bytes()]);
        scope.truncate(32);
        scope
    }

    /// The order as the ids are found in it.
    fn inner(&self, order: &[By<E>]) -> Vec<By<E>> {
        let mut order = order.to_vec();
        if let (Some(link), Some(id)) = (&self.link, order.last_mut()) {
            id.value = link.id.clone();
        }
        order
    }
}

/// How rows and total of a page are found.
enum Plan<'a, E: EntityTrait> {
    /// By the indexes of the table; with the total where it was counted before.
    Listed(&'a List<E>, &'a [By<E>], Option<Total>),
    /// By the index of a search, each in its way.
    Searched(Searched<'a, E>, search::Way, search::Way),
}

impl<E: EntityTrait<Model: Shape>> Plan<'_, E> {
    async fn rows(&self, db: &impl Lookup, stretch: Stretch<'_>) -> Result<Vec<E::Model>> {
        match self {
            Self::Listed(list, order, counted) => list.rows(db, order, stretch, Way::of(*counted)).await,
            Self::Searched(searched, way, _) => searched.rows(db, *way, stretch).await,
        }
    }

    /// The total, which is `known` where the page has the last row.
    async fn total(&self, db: &impl Lookup, known: Option<i64>, request: &PageRequest) -> Result<Total> {
        match (self, known) {
            (Self::Listed(_, _, Some(total)), _) => Ok(*total),
            (Self::Listed(List { kept: Some(_), .. }, ..), Some(rows)) => Ok(Total::exact(rows)),
            (_, Some(rows)) => Ok(if request.exact { Total::exact(rows) } else { Total::counted(rows) }),
            (Self::Listed(list, ..), None) => list.total(db, request).await,
            (Self::Searched(searched, _, way), None) => searched.total(db, *way, request.exact).await,
        }
    }
}
