//! Employees at two appointments at once.

use frontdesk_core::Result;
use frontdesk_core::input::{Rule, Violations};
use frontdesk_core::status::DoubleBooking;
use frontdesk_directory::employee::Staff;
use frontdesk_directory::organization;
use frontdesk_store::Tx;

use super::entity::Model;
use super::repo;

/// What is to be said of those among `staff` whom another appointment keeps from this one, by the organization's
/// `double_booking`; under `reject` it is a violation of `field` too. The employees must be locked.
pub(crate) async fn judge(
    tx: &Tx,
    row: &Model,
    staff: &[Staff],
    field: &'static str,
    violations: &mut Violations,
) -> Result<Option<String>> {
    let setting = organization::double_booking(tx, tx.caller().organization).await?;
    let mut clashes = vec![];
    for employee in staff.iter().filter(|_| setting != DoubleBooking::Allow) {
        if let Some(other) = repo::obstacle(tx, row, employee.id).await? {
            clashes.push(format!("{} is also a service member of the overlapping task {other}", employee.employee_no));
        }
    }
    if clashes.is_empty() {
        return Ok(None);
    }
    let clashes = clashes.join("; ");
    if setting == DoubleBooking::Reject {
        violations.body(field, Rule::other(format!("is refused: {clashes}")));
    }
    Ok(Some(clashes))
}
