//! Import and export of moderators, which stand within the line of their appointment.

use frontdesk_core::id::{EmployeeId, Kind};
use frontdesk_core::input::{Fields, NumberOrText, Rule};
use frontdesk_core::{Error, Result};
use frontdesk_directory::employee;
use frontdesk_store::Tx;
use frontdesk_store::import::{Facts, Key, Space, Tie, reference};
use serde_json::{Value, json};

use super::entity::Model;

/// A moderator as [`Part::read`] reads it.
pub(crate) fn line(row: &Model) -> Value {
    json!({"employee_id": row.employee_id, "business_code": row.business_code, "branch_code": row.branch_code})
}

/// A moderator: by `employee_id`, or where that is left out by `emp_id`.
#[derive(Debug)]
pub(crate) struct Part {
    employee_id: Option<i64>,
    emp_id: Option<String>,
    business_code: Option<String>,
    branch_code: Option<String>,
}

impl Part {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let part = Self {
            employee_id: reference(fields, "employee_id"),
            emp_id: fields.optional("emp_id"),
            business_code: fields.optional::<NumberOrText>("business_code").map(|code| code.0),
            branch_code: fields.optional::<NumberOrText>("branch_code").map(|code| code.0),
        };
        if part.employee_id.is_none() && part.emp_id.is_none() {
            fields.violate("emp_id", Rule::Required);
        }
        part
    }

    /// What tells moderators apart within a line.
    pub(crate) fn who(&self) -> (Option<i64>, Option<&str>) {
        (self.employee_id, self.emp_id.as_deref().filter(|_| self.employee_id.is_none()))
    }

    pub(crate) fn facts(&self, facts: Facts) -> Facts {
        match self.who() {
            (None, Some(emp_id)) => {
                let space = Space::within("employee", &["employee_no"]);
                facts.with("moderators.emp_id", Tie::Need, space, Key::Text(emp_id.into()))
            }
            (id, _) => facts.needs("moderators.employee_id", Kind::Employee, id),
        }
    }

    pub(crate) async fn row(&self, tx: &Tx, appointment: i64, created_at: i64) -> Result<Model> {
        let organization = tx.caller().organization;
        let employee = match self.who() {
            (Some(id), _) => Some(EmployeeId(id)),
            (None, emp_id) => employee::find_by_no(tx, organization, emp_id.unwrap_or_default()).await?.map(|staff| staff.id),
        };
        Ok(Model {
            id: 0,
            organization_id: organization.0,
            appointment_id: appointment,
            employee_id: employee.ok_or_else(|| Error::internal("a moderator is gone"))?.0,
            business_code: self.business_code.clone(),
            branch_code: self.branch_code.clone(),
            created_at,
        })
    }
}
