//! Import. A task comes as answers show it; what was waiting or running waits again.

use frontdesk_core::Result;
use frontdesk_core::id::{EmployeeId, Kind};
use frontdesk_core::input::{Fields, In, Rule, Violations};
use frontdesk_core::status::{CallTaskStatus, ProcessingStage, ProcessingState};
use frontdesk_core::time::millis;
use frontdesk_store::import::{Facts, Key, Record, Space, Stamps, Tie, put, reference};
use frontdesk_store::{BoxFuture, Change, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

use super::entity::Model;
use super::{NewCallTask, Processing};

#[derive(Debug)]
pub(crate) struct Line {
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

impl Line {
    fn row(&self, tx: &Tx) -> Model {
        let mut row = Model::of_new(self.id, self.new.clone(), tx.context());
        row.assigned_user_id = self.assigned_user_id;
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
}

fn processing(fields: &mut Fields<'_>) -> Processing {
    // What ran where the file comes from runs no more.
    let state = match fields.required("state") {
        ProcessingState::Running => ProcessingState::Queued,
        other => other,
    };
    let step: Option<ProcessingStage> = fields.optional("stage");
    if step.is_none() && state != ProcessingState::None {
        fields.violate("stage", Rule::Required);
    }
    Processing { state, stage: step, attempt: fields.optional("attempt").unwrap_or(0), version: fields.optional("version").unwrap_or(0) }
}

impl Record for Line {
    const KIND: Kind = Kind::CallTask;

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

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let rows: Vec<_> = lines.iter().map(|line| line.row(tx)).collect();
            for row in &rows {
                tx.record(Change::created(Self::KIND, row.id, serde_json::to_value(row)?));
            }
            put(tx, rows).await
        })
    }
}
