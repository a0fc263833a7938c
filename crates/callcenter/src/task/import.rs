//! Import and export. A task comes as answers show it; what was waiting or running waits again.

use frontdesk_core::id::{EmployeeId, Kind, OrganizationId};
use frontdesk_core::input::{Fields, In, Rule, Violations};
use frontdesk_core::status::{CallTaskStatus, ProcessingStage, ProcessingState};
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Key, Loader, Record, Space, Stamps, Tie, moment, reference};
use frontdesk_store::{Tx, told_at_import};
use sea_orm::Select;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::entity::{Entity, Model};
use super::repo;
use super::{NewCallTask, Processing};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug)]
struct Line {
    id: Uuid,
    new: NewCallTask,
    assigned_user_id: Option<i64>,
    created_by_user_id: Option<i64>,
    appeal_id: Option<i64>,
    status: CallTaskStatus,
    error_message: Option<String>,
    completed_at: Option<OffsetDateTime>,
    processing: Option<Processing>,
    stamps: Stamps,
}

/// What ran where the file comes from runs no more.
fn waiting(state: ProcessingState) -> ProcessingState {
    if state == ProcessingState::Running { ProcessingState::Queued } else { state }
}

fn processing(fields: &mut Fields<'_>) -> Processing {
    let state = waiting(fields.required("state"));
    let step: Option<ProcessingStage> = fields.optional("stage");
    if step.is_none() && state != ProcessingState::None {
        fields.violate("stage", Rule::Required);
    }
    Processing { state, stage: step, attempt: fields.optional("attempt").unwrap_or(0), version: fields.optional("version").unwrap_or(0) }
}

impl Record for Line {
    const KIND: Kind = Kind::CallTask;
    const AT_ONCE: u64 = 50;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        let assigned_user_id = reference(fields, "assigned_user_id");
        let new = NewCallTask {
            operator_id: EmployeeId(assigned_user_id.unwrap_or(0)),
            task_type: fields.optional("task_type"),
            priority: fields.optional("priority"),
            title: fields.required("title"),
            description: fields.optional("description"),
            caller_phone: fields.optional("caller_phone"),
            caller_name: fields.optional("caller_name"),
            call_id: fields.optional("call_id"),
            recording_url: fields.optional("recording_url"),
            call_datetime: fields.optional("call_datetime"),
            call_transcription: fields.optional("call_transcription"),
            call_summary: fields.optional("call_summary"),
            call_response_summary: fields.optional("call_response_summary"),
            due_date: fields.optional("due_date"),
        };
        let id: Uuid = fields.required("id");
        if id.is_nil() {
            fields.violate("id", Rule::Form("a UUID that is not all zeros"));
        }
        Self {
            id,
            new,
            assigned_user_id,
            created_by_user_id: reference(fields, "created_by_user_id"),
            appeal_id: reference(fields, "appeal_id"),
            status: fields.optional("status").unwrap_or_default(),
            error_message: fields.optional("error_message"),
            completed_at: fields.optional("completed_at"),
            processing: fields.object("processing", processing),
            stamps: Stamps::read(fields),
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, &self.new);
    }

    fn facts(&self) -> Facts {
        let facts = Facts { identity: (Space::ids(Self::KIND), Key::Uuid(self.id)), names: vec![] }
            .needs("assigned_user_id", Kind::Employee, self.assigned_user_id)
            .needs("created_by_user_id", Kind::Employee, self.created_by_user_id)
            .needs("appeal_id", Kind::Ticket, self.appeal_id);
        match &self.new.call_id {
            Some(id) => facts.with("call_id", Tie::Own, Space::within("call_task", &["call_id"]), Key::Text(id.clone())),
            None => facts,
        }
    }

    fn row(&self, tx: &Tx) -> Model {
        let mut row = Model::of_new(self.id, self.new.clone(), tx.context());
        row.assigned_user_id = self.assigned_user_id;
        row.due_told = told_at_import(tx, row.due_date);
        row.created_by_user_id = self.created_by_user_id;
        row.appeal_id = self.appeal_id;
        row.status = self.status.word().into();
        row.error_message.clone_from(&self.error_message);
        row.created_at = self.stamps.created(tx);
        row.updated_at = self.stamps.updated(tx);
        row.completed_at = (self.status == CallTaskStatus::Completed).then(|| self.completed_at.map_or(row.updated_at, millis));
        if let Some(processing) = self.processing {
            row.set_processing(processing);
        }
        row
    }

    fn line(row: Model) -> Value {
        let state = ProcessingState::of_word(&row.processing_state).map_or("", |state| waiting(state).word());
        json!({
            "id": row.id,
            "assigned_user_id": row.assigned_user_id,
            "created_by_user_id": row.created_by_user_id,
            "task_type": row.task_type,
            "status": row.status,
            "priority": row.priority,
            "title": row.title,
            "description": row.description,
            "caller_phone": row.caller_phone,
            "caller_name": row.caller_name,
            "call_id": row.call_id,
            "recording_url": row.recording_url,
            "call_datetime": row.call_datetime.map(moment),
            "call_transcription": row.call_transcription,
            "call_summary": row.call_summary,
            "call_response_summary": row.call_response_summary,
            "error_message": row.error_message,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
            "due_date": row.due_date.map(moment),
            "completed_at": row.completed_at.map(moment),
            "appeal_id": row.appeal_id,
            "processing": {
                "state": state,
                "stage": row.processing_stage,
                "attempt": row.processing_attempt,
                "version": row.processing_version,
            },
        })
    }

    fn rows(organization: OrganizationId) -> Select<Entity> {
        repo::rows(organization)
    }
}
