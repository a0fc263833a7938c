//! What an import can bring into the directory.

use frontdesk_store::import::Loader;

use crate::{contact, cti_agent, department, employee, extension, group, job_title, organization};

/// The organization itself, which comes before everything else.
pub const ORGANIZATION: Loader = organization::import::LOADER;

/// Everything else.
pub const LOADERS: &[Loader] = &[
    job_title::import::LOADER,
    department::import::LOADER,
    extension::import::LOADER,
    group::import::LOADER,
    cti_agent::import::LOADER,
    employee::import::LOADER,
    contact::import::LOADER,
];
