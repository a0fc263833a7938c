//! The rows of call tasks.

use frontdesk_core::id::CallTaskId;
use frontdesk_core::status::{CallTaskPriority, CallTaskStatus, ProcessingStage, ProcessingState};
use frontdesk_core::text::{dialled, digits, searchable};
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::{Error, Result};
use frontdesk_store::WriteContext;
use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::processing::Material;
use super::{CallTask, NewCallTask, Processing};

/// Moments are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "call_task")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: i64,
    pub assigned_user_id: Option<i64>,
    pub created_by_user_id: Option<i64>,
    pub task_type: String,
    pub status: String,
    pub priority: String,
    pub title: String,
    pub description: Option<String>,
    pub caller_phone: Option<String>,
    #[serde(skip)]
    pub caller_digits: String,
    pub caller_name: Option<String>,
    pub call_id: Option<String>,
    pub recording_url: Option<String>,
    pub call_datetime: Option<i64>,
    pub call_transcription: Option<String>,
    pub call_summary: Option<String>,
    pub call_response_summary: Option<String>,
    pub error_message: Option<String>,
    pub due_date: Option<i64>,
    pub completed_at: Option<i64>,
    pub appeal_id: Option<i64>,
    pub processing_state: String,
    pub processing_stage: Option<String>,
    pub processing_attempt: i64,
    pub processing_version: i64,
    /// How far the due date was announced: [`frontdesk_store::DueDates`].
    #[serde(skip)]
    pub due_told: i64,
    #[serde(skip)]
    pub search_title: String,
    #[serde(skip)]
    pub search_all: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The row of a new task, with its search columns.
    pub(super) fn of_new(id: Uuid, new: NewCallTask, cx: &WriteContext) -> Self {
        let material = Material::of(new.recording_url.as_deref(), new.call_transcription.as_deref());
        let processing = Processing::of_new(material, new.call_summary.as_deref());
        let now = millis(cx.at);
        let row = Self {
            id,
            organization_id: cx.caller.organization.0,
            assigned_user_id: Some(new.operator_id.0),
            created_by_user_id: cx.caller.employee().map(|id| id.0),
            task_type: new.task_type.unwrap_or_else(|| "call".into()),
            status: CallTaskStatus::New.word().into(),
            priority: new.priority.unwrap_or_default().word().into(),
            title: new.title,
            description: new.description,
            caller_digits: new.caller_phone.as_deref().map(digits).unwrap_or_default(),
            caller_phone: new.caller_phone,
            caller_name: new.caller_name,
            call_id: new.call_id,
            recording_url: new.recording_url,
            call_datetime: new.call_datetime.map(millis),
            call_transcription: new.call_transcription,
            call_summary: new.call_summary,
            call_response_summary: new.call_response_summary,
            error_message: None,
            due_date: new.due_date.map(millis),
            completed_at: None,
            appeal_id: None,
            processing_state: processing.state.word().into(),
            processing_stage: processing.stage.map(|stage| stage.word().into()),
            processing_attempt: processing.attempt,
            processing_version: processing.version,
            due_told: 0,
            search_title: String::new(),
            search_all: String::new(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let [search_title, search_all] = row.searched();
        Self { search_title, search_all, ..row }
    }

    /// The text that a stage makes; of both summaries what the call was about.
    pub(crate) fn text(&self, stage: ProcessingStage) -> Option<&str> {
        match stage {
            ProcessingStage::Transcription => self.call_transcription.as_deref(),
            ProcessingStage::Summary | ProcessingStage::CallSummary => self.call_summary.as_deref(),
            ProcessingStage::ResponseSummary => self.call_response_summary.as_deref(),
        }
    }

    /// The same to be replaced.
    pub(crate) fn text_mut(&mut self, stage: ProcessingStage) -> &mut Option<String> {
        match stage {
            ProcessingStage::Transcription => &mut self.call_transcription,
            ProcessingStage::Summary | ProcessingStage::CallSummary => &mut self.call_summary,
            ProcessingStage::ResponseSummary => &mut self.call_response_summary,
        }
    }

    /// The texts that a search looks in, the title first.
    pub(super) fn texts(&self) -> [Option<&str>; 5] {
        let texts = [&self.description, &self.call_transcription, &self.call_summary, &self.call_response_summary];
        let [description, transcription, summary, response] = texts.map(Option::as_deref);
        [Some(&self.title), description, transcription, summary, response]
    }

    /// What the search columns are made of.
    pub(super) fn sources(&self) -> ([Option<&str>; 5], &str) {
        (self.texts(), &self.caller_digits)
    }

    /// The search columns: of the title and the caller's number, and of all texts.
    pub(super) fn searched(&self) -> [String; 2] {
        let title = searchable([Some(self.title.as_str())]);
        let caller = if self.caller_digits.is_empty() { String::new() } else { format!("\n{}", dialled(&self.caller_digits)) };
        [title + &caller, searchable(self.texts())]
    }

    pub(crate) fn status(&self) -> Result<CallTaskStatus> {
        known(CallTaskStatus::of_word(&self.status), "status")
    }

    pub(super) fn material(&self) -> Material {
        Material::of(self.recording_url.as_deref(), self.call_transcription.as_deref())
    }

    /// What it has to work on that it had not `before`.
    pub(super) fn new_material(&self, before: &Self) -> Material {
        let Material { recording, transcription } = self.material();
        Material {
            recording: recording && self.recording_url != before.recording_url,
            transcription: transcription && self.call_transcription != before.call_transcription,
        }
    }

    pub(crate) fn processing(&self) -> Result<Processing> {
        let stage = self.processing_stage.as_deref().map(|word| known(ProcessingStage::of_word(word), "processing_stage"));
        Ok(Processing {
            state: known(ProcessingState::of_word(&self.processing_state), "processing_state")?,
            stage: stage.transpose()?,
            attempt: self.processing_attempt,
            version: self.processing_version,
        })
    }

    pub(crate) fn set_processing(&mut self, processing: Processing) {
        self.processing_state = processing.state.word().into();
        self.processing_stage = processing.stage.map(|stage| stage.word().into());
        self.processing_attempt = processing.attempt;
        self.processing_version = processing.version;
    }

    /// The task as answers show it; `operator` is the name of the employee it is assigned to.
    pub(super) fn into_task(self, zone: &Zone, operator: Option<String>) -> Result<CallTask> {
        let moment = |millis| zone.zoned(millis);
        Ok(CallTask {
            id: CallTaskId(self.id),
            status: self.status()?,
            priority: known(CallTaskPriority::of_word(&self.priority), "priority")?,
            processing: self.processing()?,
            organization_id: self.organization_id.into(),
            assigned_user_id: self.assigned_user_id.map(Into::into),
            created_by_user_id: self.created_by_user_id.map(Into::into),
            task_type: self.task_type,
            title: self.title,
            description: self.description,
            caller_phone: self.caller_phone,
            caller_name: self.caller_name,
            call_id: self.call_id,
            recording_url: self.recording_url,
            call_datetime: self.call_datetime.map(moment),
            call_transcription: self.call_transcription,
            call_summary: self.call_summary,
            call_response_summary: self.call_response_summary,
            error_message: self.error_message,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
            due_date: self.due_date.map(moment),
            completed_at: self.completed_at.map(moment),
            appeal_id: self.appeal_id.map(Into::into),
            assigned_user_name: operator,
        })
    }
}

/// The value of a stored word; a word that this program does not know is a fault of the store.
fn known<T>(value: Option<T>, column: &str) -> Result<T> {
    value.ok_or_else(|| Error::internal(format!("a call task has an unknown {column}")))
}
