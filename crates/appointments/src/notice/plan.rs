//! Who is to be told what of a change.

use std::collections::{BTreeSet, HashMap, HashSet};

use frontdesk_core::Result;
use frontdesk_core::id::Kind;
use frontdesk_core::status::AppointmentStatus;
use frontdesk_directory::employee::{self, Staff};
use frontdesk_mail::News;
use frontdesk_store::jobs::NewJob;
use frontdesk_store::{Announcement, Tx};
use serde_json::json;

use super::entity::Model;
use super::{JOB, PersonKind, repo};
use crate::task::repo::Whole;

/// How often a mail's job is begun at most. Those that fail are tried less often than that ([`super::send`]); the rest is for
/// waiting until another mail to the same address is through.
const ATTEMPTS: u32 = 100;

/// One of an appointment's people.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    kind: PersonKind,
    id: i64,
    name: String,
    address: Option<String>,
}

/// What somebody is told.
#[derive(Debug, PartialEq, Eq)]
struct Telling<'a> {
    to: &'a Person,
    news: News,
    /// Whether an event tells of it too: not of a mail to an address that a person no longer has.
    announced: bool,
}

/// Announces what a change of an appointment means to its people and, with `mails`, queues the mails to those who have an
/// address. Nobody is told of an appointment that asks for no notifications, of one that was over before the change and is
/// over after it, nor that it was held.
pub(crate) async fn tell(tx: &Tx, before: &Whole, after: &Whole, mails: bool) -> Result<()> {
    // Until then it is worth telling: of an appointment that is moved into the past too.
    let deadline = before.row.end().max(after.row.end());
    if !after.row.task_notify || deadline <= tx.now() {
        return Ok(());
    }
    let ids: BTreeSet<_> = before.moderators.iter().chain(&after.moderators).map(|moderator| moderator.employee_id).collect();
    let staff = employee::staff(tx, tx.caller().organization, &Vec::from_iter(ids)).await?;
    let (old, new) = (people(before, &staff), people(after, &staff));
    let tellings = tellings(before, after, &old, &new)?;
    for telling in tellings.iter().filter(|telling| telling.announced) {
        tx.announce(announcement(after, telling));
    }
    if mails {
        let called_off = after.row.status()? == AppointmentStatus::Canceled;
        // A calendar knows the appointment by its UID alone: who shares an address with somebody who stays keeps the entry.
        let shared = |person: &Person| new.iter().any(|other| other.address == person.address);
        let due = tellings.iter().filter(|telling| telling.to.address.is_some());
        let due = due.filter(|telling| telling.news != News::Canceled || called_off || !shared(telling.to));
        queue(tx, due.map(|telling| row(tx, after, telling)).collect(), deadline).await?;
    }
    Ok(())
}

fn people(whole: &Whole, staff: &HashMap<i64, Staff>) -> Vec<Person> {
    let moderators = whole.moderators.iter().filter_map(|moderator| staff.get(&moderator.employee_id)).map(|staff| Person {
        kind: PersonKind::Moderator,
        id: staff.id.0,
        name: staff.name.clone(),
        // Who does not work here any more is told nothing.
        address: staff.email.clone().filter(|_| staff.is_active),
    });
    let publishers = whole.publishers.iter().map(|row| Person {
        kind: PersonKind::Publisher,
        id: row.id,
        name: row.customer_name.clone(),
        address: row.customer_email.clone(),
    });
    moderators.chain(publishers).collect()
}

fn tellings<'a>(before: &Whole, after: &Whole, old: &'a [Person], new: &'a [Person]) -> Result<Vec<Telling<'a>>> {
    let telling = |to, news| Telling { to, news, announced: true };
    match after.row.status()? {
        AppointmentStatus::Finished => return Ok(vec![]),
        AppointmentStatus::Canceled => return Ok(new.iter().map(|person| telling(person, News::Canceled)).collect()),
        AppointmentStatus::Pending => {}
    }
    let key = |person: &Person| (person.kind, person.id);
    let was: HashMap<_, _> = old.iter().map(|person| (key(person), person)).collect();
    let stays: HashSet<_> = new.iter().map(key).collect();
    let moved = before.row.task_time != after.row.task_time;
    let mut told = vec![];
    for person in new {
        match was.get(&key(person)) {
            None => told.push(telling(person, News::Invited)),
            Some(was) if was.address != person.address => {
                told.push(Telling { announced: false, ..telling(was, News::Canceled) });
                told.push(telling(person, News::Invited));
            }
            Some(_) if moved => told.push(telling(person, News::Moved)),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|person| !stays.contains(&key(person)));
    told.extend(gone.map(|person| telling(person, News::Canceled)));
    Ok(told)
}

fn announcement(after: &Whole, telling: &Telling<'_>) -> Announcement {
    let data = json!({
        "method": telling.news.method().word(),
        "sequence": after.row.sequence,
        "recipient": {"kind": telling.to.kind.word(), "id": telling.to.id},
        "has_email": telling.to.address.is_some(),
    });
    Announcement { kind: Kind::Appointment, id: after.row.id.to_string(), version: after.row.version, what: "notification_due", data }
}

fn row(tx: &Tx, after: &Whole, telling: &Telling<'_>) -> Model {
    Model {
        organization_id: after.row.organization_id,
        appointment_id: after.row.id,
        person_kind: telling.to.kind.word().into(),
        person: telling.to.id,
        name: Some(telling.to.name.clone()),
        address: telling.to.address.clone(),
        news: word(telling.news).into(),
        sequence: after.row.sequence,
        task_time: after.row.task_time,
        state: repo::WAITING.into(),
        created_at: tx.now(),
        updated_at: tx.now(),
        ..Model::default()
    }
}

async fn queue(tx: &Tx, rows: Vec<Model>, deadline: i64) -> Result<()> {
    for row in repo::insert(tx, rows).await? {
        let (record, payload) = (row.id.to_string(), json!({}));
        tx.queue(NewJob { kind: JOB, record, payload, run_at: None, deadline: Some(deadline), attempts: ATTEMPTS }).await?;
    }
    Ok(())
}

/// The word of a mail's news in the store.
fn word(news: News) -> &'static str {
    match news {
        News::Invited => "invited",
        News::Moved => "moved",
        News::Canceled => "canceled",
    }
}

/// The news of a word.
pub(super) fn news(word: &str) -> News {
    match word {
        "moved" => News::Moved,
        "canceled" => News::Canceled,
        _ => News::Invited,
    }
}
