//! The versions of a call task's texts: what was said, what the call was about, what was answered.
//!
//! A text of a task has no version until it is first replaced; then it becomes the first one itself, so that nothing is lost.

mod entity;
mod repo;
mod service;

use frontdesk_core::input::{Fields, Rule};
use frontdesk_core::status::{FailureClass, ProcessingStage, ProcessingState, TextSource};
use frontdesk_core::time::ZonedTime;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Object, ObjectBuilder, Type};

pub(crate) use entity::Model as Row;
pub(crate) use service::{Made, Outcome, adopt, edited, enter, of_run, present, protected};

/// The stages that write a text.
const WRITING: [ProcessingStage; 3] = [ProcessingStage::Transcription, ProcessingStage::CallSummary, ProcessingStage::ResponseSummary];

/// What a stage made of a call, or why it failed; or what a person or the client wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallText {
    /// Which text: `transcription`, `call_summary` or `response_summary`.
    pub stage: ProcessingStage,
    /// The number of this version of the text, from 1; null for a failure, which made none.
    #[schema(required)]
    pub version: Option<i64>,
    /// The number of the run that made it, as in the task's `processing.version`; null where it was written, not made.
    #[schema(required)]
    pub run: Option<i64>,
    /// `succeeded` or `failed`.
    pub state: ProcessingState,
    /// Where it comes from.
    pub source: TextSource,
    /// The model of the server that made it; null where none did.
    #[schema(required)]
    pub model: Option<String>,
    /// Whether it is the text that the task shows.
    pub is_current: bool,
    /// The text; null for a failure.
    #[schema(required)]
    pub text: Option<String>,
    /// Whether the failure may pass; null for a text.
    #[schema(required)]
    pub error_class: Option<FailureClass>,
    /// Why it failed; null for a text.
    #[schema(required)]
    pub error_message: Option<String>,
    /// How often the stage was begun.
    pub attempts: i64,
    /// When the stage was begun the last time; null where it was written, not made.
    #[schema(required)]
    pub started_at: Option<ZonedTime>,
    /// When it was there, or had failed.
    pub finished_at: ZonedTime,
}

/// The version of a text that a task is to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct CallTextChoice {
    /// Which text: `transcription`, `call_summary` or `response_summary`.
    #[schema(schema_with = stages)]
    pub stage: ProcessingStage,
    /// The number of the version.
    #[schema(minimum = 1)]
    pub version: i64,
}

fn stages() -> Object {
    let words = WRITING.map(ProcessingStage::word);
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words)).description(Some("Which text.")).build()
}

impl CallTextChoice {
    /// Reads it from a body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let choice = Self { stage: fields.required("stage"), version: fields.required("version") };
        if !WRITING.contains(&choice.stage) {
            fields.violate("stage", Rule::other("must be transcription, call_summary or response_summary"));
        }
        choice
    }
}
