//! The call-center surface: `/api/tasks*` (seed 002).

pub(crate) mod examples;
pub(crate) mod task;
pub(crate) mod text;
