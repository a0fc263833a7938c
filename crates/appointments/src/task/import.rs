//! Import and export. An appointment comes with its people, as getTask shows it.

use std::collections::{HashMap, HashSet};

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::input::{Fields, In, Rule, Violations};
use frontdesk_core::status::AppointmentStatus;
use frontdesk_core::time::millis;
use frontdesk_store::import::{
    Facts, Key, Loader, Record, Space, Tie, between, id, moment, none, parts, put, put_all, raise_number, reference,
};
use frontdesk_store::{BoxFuture, Change, Snapshot, Tx};
use sea_orm::{ActiveValue, IntoActiveModel};
use serde_json::{Value, json};

use super::NewAppointment;
use super::entity::Model;
use super::repo::{Whole, draft};
use crate::moment::{First, UnixTime};
use crate::{moderator, publisher};

/// What imports and exports do with it.
pub(crate) const LOADER: Loader = Loader::of::<Line>();

#[derive(Debug)]
struct Line {
    id: i64,
    task_num: String,
    new: NewAppointment,
    status: AppointmentStatus,
    task_time_defaulted: bool,
    sequence: i64,
    creater_id: Option<i64>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    moderators: Vec<moderator::import::Part>,
    publishers: Vec<publisher::import::Part>,
}

impl Line {
    async fn people(&self, tx: &Tx, row: Model) -> Result<Whole> {
        let mut moderators: Vec<moderator::entity::Model> = vec![];
        for part in &self.moderators {
            let joining = part.row(tx, row.id, row.created_at).await?;
            // One may be named by id and another by number, and both be the same employee.
            if moderators.iter().all(|joined| joined.employee_id != joining.employee_id) {
                moderators.push(joining);
            }
        }
        let publishers: Vec<_> = self.publishers.iter().map(|part| part.row(tx, row.id, row.created_at)).collect();
        let rows =
            moderators.iter().cloned().map(|row| moderator::entity::ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model() });
        put_all(tx, rows.collect()).await?;
        let rows =
            publishers.iter().cloned().map(|row| publisher::entity::ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model() });
        put_all(tx, rows.collect()).await?;
        Ok(Whole { row, moderators, publishers })
    }
}

fn time(fields: &mut Fields<'_>, name: &'static str) -> Option<i64> {
    fields.optional::<First>(name).map(|at| millis(at.0))
}

/// The day in 8 digits and a number in 7, after which there must be another one.
fn is_number(task_num: &str) -> bool {
    task_num.len() == 15 && task_num.bytes().all(|byte| byte.is_ascii_digit()) && !task_num.ends_with("9999999")
}

impl Record for Line {
    const KIND: Kind = Kind::Appointment;

    type Row = Model;

    fn read(fields: &mut Fields<'_>) -> Self {
        let mut new = NewAppointment::read(fields);
        none(&mut new.ticket_id);
        let task_num: String = fields.required("task_num");
        if !is_number(&task_num) {
            fields.violate("task_num", Rule::Form("15 digits, the last 7 not all 9"));
        }
        let sequence: Option<i64> = fields.optional("sequence");
        Self {
            id: id(fields),
            task_num,
            status: fields.optional("status").unwrap_or_default(),
            task_time_defaulted: fields.optional("task_time_defaulted").unwrap_or(new.task_time.is_none()),
            sequence: sequence.map_or(0, |number| between(fields, "sequence", number, 0, i64::from(i32::MAX))),
            creater_id: reference(fields, "creater_id"),
            created_at: time(fields, "created_at"),
            updated_at: time(fields, "updated_at"),
            moderators: parts(fields, "moderators", moderator::import::Part::read),
            publishers: parts(fields, "publishers", publisher::import::Part::read),
            new,
        }
    }

    fn check(&self, violations: &mut Violations) {
        violations.check(In::Body, &self.new);
        self.new.rules(violations);
        for part in &self.publishers {
            violations.check(In::Body, part);
        }
        let mut seen = HashSet::new();
        if !self.moderators.iter().all(|part| seen.insert(part.who())) {
            violations.body("moderators", Rule::other("must not name an employee twice"));
        }
        let mut seen = HashSet::new();
        if !self.publishers.iter().all(|part| seen.insert(&part.new.customer_id_num)) {
            violations.body("publishers", Rule::other("must not name a customer twice"));
        }
    }

    fn facts(&self) -> Facts {
        let number = (self.new.out_task_type.clone().unwrap_or_default(), self.new.out_task_num.clone());
        let mut facts = Facts::of(Self::KIND, self.id)
            .with("task_num", Tie::Own, Space::within("appointment", &["task_num"]), Key::Text(self.task_num.clone()))
            .with("out_task_num", Tie::Own, Space::within("appointment", &["out_task_type", "out_task_num"]), Key::Pair(Box::new(number)))
            .needs("ticket_id", Kind::Ticket, self.new.ticket_id)
            .needs("creater_id", Kind::Employee, self.creater_id);
        for part in &self.moderators {
            facts = part.facts(facts);
        }
        for part in &self.publishers {
            facts = facts.needs("publishers.contact_id", Kind::Contact, part.contact_id);
        }
        facts
    }

    fn row(&self, tx: &Tx) -> Model {
        let created_at = self.created_at.unwrap_or(tx.now());
        Model {
            id: self.id,
            task_num: self.task_num.clone(),
            status: self.status.word().into(),
            task_time_defaulted: self.task_time_defaulted,
            sequence: self.sequence,
            creater_id: self.creater_id,
            created_at,
            updated_at: self.updated_at.unwrap_or(created_at),
            ..draft(tx, &self.new)
        }
    }

    fn line(row: Model) -> Value {
        json!({
            "id": row.id,
            "task_num": row.task_num,
            "business_id": row.business_id,
            "out_task_num": row.out_task_num,
            "out_task_type": row.out_task_type,
            "task_type": row.task_type,
            "task_notify": row.task_notify,
            "task_time": UnixTime::of_millis(row.task_time),
            "task_time_defaulted": row.task_time_defaulted,
            "task_remark": row.task_remark,
            "branch_code": row.branch_code,
            "business_code": row.business_code,
            "room_type": row.room_type,
            "video": row.video,
            "status": row.status,
            "ticket_id": row.ticket_id,
            "duration_minutes": row.duration_minutes,
            "sequence": row.sequence,
            "creater_id": row.creater_id,
            "created_at": moment(row.created_at),
            "updated_at": moment(row.updated_at),
        })
    }

    fn lines(db: &Snapshot, organization: OrganizationId, rows: Vec<Model>) -> BoxFuture<'_, Result<Vec<Value>>> {
        Box::pin(async move {
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            let mut people: HashMap<i64, (Vec<Value>, Vec<Value>)> = HashMap::new();
            for row in moderator::repo::of_appointments(db, organization, &ids).await? {
                people.entry(row.appointment_id).or_default().0.push(moderator::import::line(&row));
            }
            for row in publisher::repo::of_appointments(db, organization, &ids).await? {
                people.entry(row.appointment_id).or_default().1.push(publisher::import::line(&row));
            }
            let with = |row: Model| {
                let (moderators, publishers) = people.remove(&row.id).unwrap_or_default();
                let mut line = Self::line(row);
                line["moderators"] = moderators.into();
                line["publishers"] = publishers.into();
                line
            };
            Ok(rows.into_iter().map(with).collect())
        })
    }

    fn insert<'c>(tx: &'c Tx, lines: &'c [Self]) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            let rows: Vec<_> = lines.iter().map(|line| line.row(tx)).collect();
            put(tx, rows.clone()).await?;
            for (line, row) in lines.iter().zip(rows) {
                let whole = line.people(tx, row).await?;
                tx.record(Change::created(Self::KIND, line.id, serde_json::to_value(whole)?));
                let (day, number) = line.task_num.split_at(8);
                raise_number(tx, tx.caller().organization, &format!("task_num:{day}"), number.parse()?).await?;
            }
            Ok(())
        })
    }
}
