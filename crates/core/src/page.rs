//! Pages of a list, by number or one after the other, and its order.

use crate::input::{Fields, Rule};
use crate::status::Counting;

mod cursor;

pub use cursor::{Cursor, Key};

/// Which page of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The page, from 1; 1 in a walk.
    pub page: i64,
    /// Rows a page, 1 to 200.
    pub per_page: i64,
    /// Whether the client named `per_page`; the ticketing surface then echoes it as a string.
    pub named: bool,
    /// The order wanted; empty is the list's own.
    pub sort: Sort,
    /// Where the page stands in a walk; none where pages go by number.
    pub walk: Option<Walk>,
    /// Whether every row is counted, whatever it costs.
    pub exact: bool,
}

/// A page of a walk: from page to page through a list, in which each row that stays is met once, whatever comes and goes meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    /// The first page.
    Begin,
    /// The page after a row.
    After(Cursor),
}

impl Walk {
    /// Reads `cursor`, which begins a walk where it is empty. A `page` must not stand beside it.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let text = fields.text("cursor")?;
        if fields.optional::<i64>("page").is_some() {
            fields.violate("page", Rule::other("must not be given with a cursor"));
        }
        if text.is_empty() {
            return Some(Self::Begin);
        }
        let cursor = Cursor::decode(&text).map_err(|rule| fields.violate("cursor", rule));
        cursor.ok().map(Self::After)
    }
}

/// The most keys of an order.
const MOST_KEYS: usize = 4;

/// An order of a list: `sort=-updated_at,id` is by `updated_at` descending, then by `id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort([Option<(&'static str, bool)>; MOST_KEYS]);

impl Sort {
    /// By one column, descending.
    #[must_use]
    pub const fn descending(key: &'static str) -> Self {
        Self([Some((key, true)), None, None, None])
    }

    /// Reads the query's `sort`: up to four of `keys`, separated by commas, each with `-` before it where it is descending.
    fn read(fields: &mut Fields<'_>, keys: &[&'static str]) -> Self {
        let Some(text) = fields.optional::<String>("sort") else { return Self::default() };
        let mut sort = Self::default();
        for (place, word) in text.split(',').map(str::trim).enumerate() {
            let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
            let key = keys.iter().find(|key| **key == name && !sort.0.iter().flatten().any(|(known, _)| *known == name));
            let (Some(key), Some(free)) = (key, sort.0.get_mut(place)) else {
                let rule = format!("must be up to {MOST_KEYS} different ones of {}, each with or without a - before it", keys.join(", "));
                fields.violate("sort", Rule::other(rule));
                return Self::default();
            };
            *free = Some((key, descending));
        }
        sort
    }

    /// The keys, each with whether it is descending. The last is the id, in the direction of the key before it; no two rows are
    /// equal in all of them.
    #[must_use]
    pub fn keys(self) -> Vec<(&'static str, bool)> {
        let mut keys: Vec<_> = self.0.into_iter().flatten().collect();
        let id = keys.iter().position(|(name, _)| *name == "id");
        let last = keys.last().is_some_and(|(_, descending)| *descending);
        match id {
            Some(id) => keys.truncate(id + 1),
            None => keys.push(("id", last)),
        }
        keys
    }
}

impl PageRequest {
    /// The first page of so many rows.
    #[must_use]
    pub fn first(per_page: i64) -> Self {
        Self { page: 1, per_page, named: false, sort: Sort::default(), walk: None, exact: false }
    }

    /// Reads `page`, `per_page` and `total`; `default` rows where `per_page` is not named.
    pub fn numbered(fields: &mut Fields<'_>, default: i64) -> Self {
        let page = fields.optional("page").unwrap_or(1);
        let per_page: Option<i64> = fields.optional("per_page");
        if page < 1 {
            fields.violate("page", Rule::Range(Some(1), None));
        }
        if per_page.is_some_and(|rows| !(1..=200).contains(&rows)) {
            fields.violate("per_page", Rule::Range(Some(1), Some(200)));
        }
        let exact = fields.optional("total") == Some(Counting::Exact);
        Self { page: page.max(1), named: per_page.is_some(), exact, ..Self::first(per_page.unwrap_or(default).clamp(1, 200)) }
    }

    /// Reads `page`, `per_page`, `total` and `cursor`; `default` rows where `per_page` is not named.
    pub fn read(fields: &mut Fields<'_>, default: i64) -> Self {
        let request = Self::numbered(fields, default);
        Self { walk: Walk::read(fields), ..request }
    }

    /// The same with the query's `sort`, by any of `keys`, which are columns of the list's table.
    pub fn sorted(fields: &mut Fields<'_>, default: i64, keys: &[&'static str]) -> Self {
        Self { sort: Sort::read(fields, keys), ..Self::read(fields, default) }
    }

    /// The same with the list's own order, where none is asked for. A list that has none of its own is by id.
    #[must_use]
    pub fn or(mut self, own: Sort) -> Self {
        if self.sort == Sort::default() {
            self.sort = own;
        }
        self
    }

    /// Rows before the page; in a walk those that it has given.
    #[must_use]
    pub fn before(&self) -> i64 {
        match &self.walk {
            None => self.page.saturating_sub(1).saturating_mul(self.per_page),
            Some(Walk::Begin) => 0,
            Some(Walk::After(cursor)) => cursor.rows,
        }
    }

    /// The page's number, from 1; in a walk that of the page on which its first row would be, were all as long as this.
    #[must_use]
    pub fn number(&self) -> i64 {
        if self.walk.is_some() { self.before() / self.per_page + 1 } else { self.page }
    }

    /// Rows before the page.
    #[must_use]
    pub fn offset(&self) -> u64 {
        u64::try_from(self.before()).unwrap_or(0)
    }

    /// Rows of the page, at the most.
    #[must_use]
    pub fn limit(&self) -> u64 {
        u64::try_from(self.per_page).unwrap_or(1)
    }
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// The rows; [`Total::MOST`] where there are more and they were not counted.
    pub rows: i64,
    /// Whether there are more.
    pub capped: bool,
}

impl Total {
    /// So many rows are counted where the total is not kept and `total=exact` does not ask for it.
    pub const MOST: i64 = 10_000;

    /// The true total.
    #[must_use]
    pub const fn exact(rows: i64) -> Self {
        Self { rows, capped: false }
    }

    /// What is told of so many rows that were counted.
    #[must_use]
    pub const fn counted(rows: i64) -> Self {
        if rows > Self::MOST { Self { rows: Self::MOST, capped: true } } else { Self::exact(rows) }
    }
}

/// One page of a list, before it takes a surface's shape.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Rows of the whole list.
    pub total: Total,
    /// What was asked for.
    pub request: PageRequest,
    /// Where the next page of a walk begins; none on its last, and where pages go by number.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Pages of the whole list; 0 when it is empty.
    #[must_use]
    pub fn pages(&self) -> i64 {
        let (rows, per_page) = (self.total.rows, self.request.per_page);
        rows / per_page + i64::from(rows % per_page != 0)
    }

    /// The page with every row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), total: self.total, request: self.request, next: self.next }
    }
}
