//! The pages of lists whose parameters stand in a body.

use frontdesk_core::envelope::ItemPage;
use frontdesk_core::page::{Cursor, Page};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list of the appointments surface.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentPage<T> {
    /// The rows.
    items: Vec<T>,
    /// Rows of the whole list; 10000 where there are more, the answer has `X-Total-Capped: true` and `total` did not ask for all.
    total: i64,
    /// The page, from 1.
    page: i64,
    /// Rows a page.
    per_page: i64,
    /// Pages; 0 when the list is empty.
    pages: i64,
    /// The `cursor` of the next page of a walk; null on its last page, and where pages go by number.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl<T> From<Page<T>> for AppointmentPage<T> {
    fn from(page: Page<T>) -> Self {
        let next_cursor = page.next.as_ref().map(Cursor::encode);
        let ItemPage { items, total, page, per_page, pages } = page.into();
        Self { items, total, page, per_page, pages, next_cursor }
    }
}
