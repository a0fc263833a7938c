use std::sync::Arc;

use frontdesk_core::access::Permission;
use frontdesk_core::input::{In, Input};
use frontdesk_core::{Error, Result};
use frontdesk_directory::contact;
use frontdesk_store::{Tx, WriteContext, Written};

use super::{AppointmentPublishersRemoval, NewAppointmentPublisher, NewAppointmentPublishers, repo};
use crate::notice::plan;
use crate::reply::Reply;
use crate::task::{Appointments, repo as task};

const SUCCESS: &str = "customer member success";
const REMOVED: &str = "success";

impl Appointments {
    /// Adds customers to an appointment, all or none (createTaskPublisher).
    ///
    /// One who is there already (by `customer_id_num`) gets what the entry gives; what it leaves out stays. That is a remark,
    /// also where it changes nothing. Two entries for the same customer in one request are a violation.
    pub async fn add_publishers(&self, cx: &WriteContext, input: impl Into<Input<NewAppointmentPublishers>>) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { add(tx, &input, mails).await })
            })
            .await
    }

    /// Removes customers from an appointment (removeTaskPublisher). Those who are not there are a remark.
    pub async fn remove_publishers(
        &self,
        cx: &WriteContext,
        input: impl Into<Input<AppointmentPublishersRemoval>>,
    ) -> Result<Written<Reply>> {
        cx.caller.require(Permission::WriteAppointments)?;
        let (input, mails) = (Arc::new(input.into()), self.mails);
        self.db
            .write(cx, move |tx| {
                let input = Arc::clone(&input);
                Box::pin(async move { remove(tx, &input, mails).await })
            })
            .await
    }
}

async fn add(tx: &Tx, input: &Input<NewAppointmentPublishers>, mails: bool) -> Result<Reply> {
    let mut violations = input.violations.clone();
    let before = task::target(tx, &input.value.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open("nothing can be added to it", &mut violations)?;
    }
    violations.check(In::Body, &input.value);
    input.value.rules(&mut violations);
    violations.or(())?;
    let before = before.ok_or(Error::NotFound)?;
    let (after, known) = put(tx, &before, &input.value.customer).await?;
    let after = if after == before {
        after
    } else {
        let grown = after.publishers.len() > before.publishers.len();
        let after = after.save(tx, &before, if grown { "publishers_added" } else { "publishers_updated" }).await?;
        plan::tell(tx, &before, &after, mails).await?;
        after
    };
    let reply = Reply::new(SUCCESS, after.row.version, ());
    Ok(match known.as_slice() {
        [] => reply,
        known => reply.remark(format!("{SUCCESS}; already there and updated: {}", known.join(", "))),
    })
}

async fn remove(tx: &Tx, input: &Input<AppointmentPublishersRemoval>, mails: bool) -> Result<Reply> {
    let removal = &input.value;
    let mut violations = input.violations.clone();
    let before = task::target(tx, &removal.task_num, &violations).await?;
    if let Some(before) = &before {
        tx.expect_version(before.row.version)?;
        before.must_be_open("nothing can be removed from it", &mut violations)?;
    }
    violations.check(In::Body, removal);
    removal.rules(&mut violations);
    violations.or(())?;
    let before = before.ok_or(Error::NotFound)?;
    let mut after = before.clone();
    let mut strangers = vec![];
    let mut gone = vec![];
    for number in removal.customer.iter().map(|customer| customer.customer_id_num.as_str()) {
        match after.publishers.iter().position(|row| row.customer_id_num == number) {
            Some(there) => gone.push(after.publishers.remove(there)),
            None => strangers.push(number),
        }
    }
    if !gone.is_empty() {
        repo::delete(tx, before.row.id, &gone).await?;
        after = after.save(tx, &before, "publishers_removed").await?;
        plan::tell(tx, &before, &after, mails).await?;
    }
    let reply = Reply::new(REMOVED, after.row.version, ());
    Ok(if strangers.is_empty() { reply } else { reply.remark(format!("{REMOVED}; not there: {}", strangers.join(", "))) })
}

/// Adds the customers who are new and updates the others; gives the appointment as it is then, and who was there already.
async fn put(tx: &Tx, before: &task::Whole, customers: &[NewAppointmentPublisher]) -> Result<(task::Whole, Vec<String>)> {
    let numbers: Vec<_> = customers.iter().map(|customer| customer.customer_id_num.clone()).collect();
    let contacts = contact::find_by_membership_no(tx, tx.caller().organization, &numbers).await?;
    let mut after = before.clone();
    let (mut new, mut known) = (vec![], vec![]);
    for customer in customers {
        let there = after.publishers.iter_mut().find(|row| row.customer_id_num == customer.customer_id_num);
        let Some(there) = there else {
            new.push(customer.onto(repo::blank(tx, before.row.id), &contacts));
            continue;
        };
        let next = customer.onto(there.clone(), &contacts);
        if next != *there {
            repo::update(tx, next.clone()).await?;
            *there = next;
        }
        known.push(customer.customer_id_num.clone());
    }
    after.publishers.extend(repo::insert(tx, new).await?);
    Ok((after, known))
}
