//! What an import can bring into ticketing.

use frontdesk_store::import::Loader;

use crate::{category, interaction, sponsor, subcategory, termination_code, ticket};

/// Everything of this crate.
pub const LOADERS: &[Loader] = &[
    sponsor::import::LOADER,
    category::import::LOADER,
    subcategory::import::LOADER,
    termination_code::import::LOADER,
    ticket::import::LOADER,
    interaction::import::LOADER,
];
