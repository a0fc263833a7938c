//! What answers are wrapped in, surface by surface.

use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::page::Page;
use crate::status::Outcome;

/// An answer of the appointments surface (seed 000).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// 0 fail, 1 success, 2 done with a remark.
    pub status: Outcome,
    /// The page's text on success, else what is wrong or deserves a look.
    pub message: String,
    /// The answer's content; absent from a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub info: Option<T>,
}

/// An answer of the appointments surface without content (seed 000).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// 0 fail, 1 success, 2 done with a remark.
    pub status: Outcome,
    /// The page's text on success, else what is wrong or deserves a look.
    pub message: String,
}

/// A refusal of the appointments surface for want of a good token (vendor's page).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenRefusal {
    /// 0.
    pub status: Outcome,
    /// 1401 missing, 1402 not a bearer token, 1403 unknown, 1404 expired, 1405 revoked.
    pub code: u16,
    /// The vendor's words for the code.
    pub message: String,
}

/// A record with its version, which grows by one with each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The version, from 1.
    pub version: i64,
    /// The record.
    pub record: T,
}

/// A single record of the ticketing surface after its creation (seed 003).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Data<T> {
    /// The record.
    #[schema(required)]
    pub data: T,
}

/// A page of a list of the ticketing surface (seed 003).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where in the list they stand.
    pub meta: Meta,
}

/// Where a page stands in its list (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Meta {
    /// The page, from 1.
    pub current_page: i64,
    /// The number of the page's first row, from 1; null when the page is empty.
    #[schema(required)]
    pub from: Option<i64>,
    /// The last page, at least 1.
    pub last_page: i64,
    /// Rows a page.
    pub per_page: PerPage,
    /// The number of the page's last row; null when the page is empty.
    #[schema(required)]
    pub to: Option<i64>,
    /// Rows of the whole list; 10000 where there are more, the answer has `X-Total-Capped: true` and `total=exact` was not asked.
    pub total: i64,
}

/// Rows a page: a string when the client named it, a number when not (seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerPage {
    /// The client named it.
    Named(i64),
    /// The default.
    Default(i64),
}

impl Serialize for PerPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(rows) => serializer.collect_str(rows),
            Self::Default(rows) => serializer.serialize_i64(*rows),
        }
    }
}

impl PartialSchema for PerPage {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Integer]))
            .description(Some("Rows a page: a string when the request named it, the number 15 when not."))
            .into()
    }
}

impl ToSchema for PerPage {}

impl<T> From<Page<T>> for Listing<T> {
    fn from(page: Page<T>) -> Self {
        let rows = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let request = &page.request;
        let before = request.before();
        let meta = Meta {
            current_page: request.number(),
            from: (rows > 0).then(|| before.saturating_add(1)),
            last_page: page.pages().max(1),
            per_page: if request.named { PerPage::Named(request.per_page) } else { PerPage::Default(request.per_page) },
            to: (rows > 0).then(|| before.saturating_add(rows)),
            total: page.total.rows,
        };
        Self { data: page.items, meta }
    }
}

/// A page of a list of the call-center surface (seed 002), also of the appointments surface's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemPage<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Rows of the whole list; 10000 where there are more, the answer has `X-Total-Capped: true` and `total=exact` was not asked.
    pub total: i64,
    /// The page, from 1.
    pub page: i64,
    /// Rows a page.
    pub per_page: i64,
    /// Pages; 0 when the list is empty.
    pub pages: i64,
}

impl<T> From<Page<T>> for ItemPage<T> {
    fn from(page: Page<T>) -> Self {
        let pages = page.pages();
        Self { total: page.total.rows, page: page.request.number(), per_page: page.request.per_page, pages, items: page.items }
    }
}

/// A word of acknowledgement, or what is wrong, on the ticketing surface.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// The text.
    pub message: String,
}
