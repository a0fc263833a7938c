//! The call-center surface: `/api/tasks*` (seed 002).

mod examples;
pub(crate) mod task;
