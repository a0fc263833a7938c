//! What an import can bring into ticketing.

use frontdesk_store::import::Loader;

use crate::{category, interaction, sponsor, subcategory, termination_code, ticket};

/// Everything of this crate.
pub const LOADERS: &[Loader] = &[
    Loader::of::<sponsor::import::Line>(),
    Loader::of::<category::import::Line>(),
    Loader::of::<subcategory::import::Line>(),
    Loader::of::<termination_code::import::Line>(),
    Loader::of::<ticket::import::Line>(),
    Loader::of::<interaction::import::Line>(),
];
