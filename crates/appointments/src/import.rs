//! What an import can bring into the appointments.

use frontdesk_store::import::Loader;

/// Everything of this crate.
pub const LOADERS: &[Loader] = &[crate::task::import::LOADER];
