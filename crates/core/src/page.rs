//! Paging by number, and the order of a list.

use crate::input::{Fields, Rule};

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The page, from 1.
    pub page: i64,
    /// Rows a page, 1 to 200.
    pub per_page: i64,
    /// Whether the client named `per_page`; the ticketing surface then echoes it as a string.
    pub named: bool,
    /// The order wanted; empty is the list's own.
    pub sort: Sort,
}

/// The most keys of an order.
const MOST_KEYS: usize = 4;

/// An order of a list: `sort=-updated_at,id` is by `updated_at` descending, then by `id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort([Option<(&'static str, bool)>; MOST_KEYS]);

impl Sort {
    /// Reads the query's `sort`: up to four of `keys`, separated by commas, each with `-` before it where it is descending.
    fn read(fields: &mut Fields<'_>, keys: &[&'static str]) -> Self {
        let Some(text) = fields.optional::<String>("sort") else { return Self::default() };
        let mut sort = Self::default();
        for (place, word) in text.split(',').map(str::trim).enumerate() {
            let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
            let key = keys.iter().find(|key| **key == name && !sort.keys().any(|(known, _)| known == name));
            let (Some(key), Some(free)) = (key, sort.0.get_mut(place)) else {
                let rule = format!("must be up to {MOST_KEYS} different ones of {}, each with or without a - before it", keys.join(", "));
                fields.violate("sort", Rule::other(rule));
                return Self::default();
            };
            *free = Some((key, descending));
        }
        sort
    }

    /// The keys, each with whether it is descending.
    pub fn keys(self) -> impl Iterator<Item = (&'static str, bool)> {
        self.0.into_iter().flatten()
    }
}

impl PageRequest {
    /// The first page of so many rows.
    #[must_use]
    pub fn first(per_page: i64) -> Self {
        Self { page: 1, per_page, named: false, sort: Sort::default() }
    }

    /// Reads `page` and `per_page`; `default` rows where it is not named.
    pub fn read(fields: &mut Fields<'_>, default: i64) -> Self {
        let page = fields.optional("page").unwrap_or(1);
        let per_page: Option<i64> = fields.optional("per_page");
        if page < 1 {
            fields.violate("page", Rule::Range(Some(1), None));
        }
        if per_page.is_some_and(|rows| !(1..=200).contains(&rows)) {
            fields.violate("per_page", Rule::Range(Some(1), Some(200)));
        }
        Self { page: page.max(1), per_page: per_page.unwrap_or(default).clamp(1, 200), named: per_page.is_some(), sort: Sort::default() }
    }

    /// The same with the query's `sort`, by any of `keys`, which are columns of the list's table.
    pub fn sorted(fields: &mut Fields<'_>, default: i64, keys: &[&'static str]) -> Self {
        Self { sort: Sort::read(fields, keys), ..Self::read(fields, default) }
    }

    /// Rows before the page.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::try_from(self.page.saturating_sub(1).saturating_mul(self.per_page)).unwrap_or(0)
    }

    /// Rows of the page, at the most.
    #[must_use]
    pub fn limit(self) -> u64 {
        u64::try_from(self.per_page).unwrap_or(1)
    }
}

/// One page of a list, before it takes a surface's shape.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Rows of the whole list.
    pub total: i64,
    /// What was asked for.
    pub request: PageRequest,
}

impl<T> Page<T> {
    /// Pages of the whole list; 0 when it is empty.
    #[must_use]
    pub fn pages(&self) -> i64 {
        self.total / self.request.per_page + i64::from(self.total % self.request.per_page != 0)
    }

    /// The page with every row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), total: self.total, request: self.request }
    }
}
