//! What an import can bring into the directory.

use frontdesk_store::import::Loader;

use crate::{contact, cti_agent, department, employee, extension, group, job_title, organization};

/// The organization itself, which comes before everything else.
pub const ORGANIZATION: Loader = Loader::of::<organization::import::Line>();

/// Everything else.
pub const LOADERS: &[Loader] = &[
    Loader::of::<job_title::import::Line>(),
    Loader::of::<department::import::Line>(),
    Loader::of::<extension::import::Line>(),
    Loader::of::<group::import::Line>(),
    Loader::of::<cti_agent::import::Line>(),
    Loader::of::<employee::import::Line>(),
    Loader::of::<contact::import::Line>(),
];
