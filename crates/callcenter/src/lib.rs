//! Tasks made from calls: who called, what was said, who deals with it, and the ticket it led to (seed 002).

pub mod import;
mod processing;
mod task;
mod text;

pub use processing::{Endpoint, ProcessingOptions, Processor};
pub use task::{
    AppealLink, CallTask, CallTaskDueDates, CallTaskFilter, CallTaskPatch, CallTaskStatusChange, CallTasks, NewCallTask, Processing,
    ReprocessRequest,
};
pub use text::{CallText, CallTextChoice};
