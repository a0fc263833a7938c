//! The ticketing surface: `/api/v1/*` (seed 003).

pub(crate) mod category;
mod examples;
pub(crate) mod interaction;
pub(crate) mod related;
pub(crate) mod sponsor;
pub(crate) mod subcategory;
pub(crate) mod termination_code;
pub(crate) mod ticket;
