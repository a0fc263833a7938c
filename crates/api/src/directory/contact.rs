//! Contacts: `/api/v1/contact`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::ContactId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::contact::{Contact, ContactFilter, ContactPatch, NewContact};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const SORT: [&str; 8] = ["id", "first_name", "last_name", "membership_no", "identity_no", "birth_at", "created_at", "updated_at"];

fn example() -> Value {
    json!({
        "id": 1, "name": "艾 魁爾", "first_name": "艾", "last_name": "魁爾", "membership_no": "M-1001", "identity_no": "A123456789",
        "gender": 0, "birth_at": "1987-10-10", "profile_id": 201,
        "profile": {"id": 201, "phones": [
            {"id": 1, "type": 2, "extension": null, "number": "+886 900 000 001", "description": null, "profile_id": 201}
        ]}
    })
}

fn page() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

pub(super) async fn present(call: &Call, id: ContactId) -> Result<Kept> {
    Ok(respond::wrapped(&call.services.contacts.get(&call.caller, id).await?))
}

/// List Contacts
///
/// The customers with their phone numbers, newest first. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "contacts",
    params(
        ContactFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `first_name`, `last_name`, `membership_no`, \
            `identity_no`, `birth_at`, `created_at`, `updated_at`; `-birth_at` is descending."),
    ),
    responses((status = 200, description = "A page of contacts.", body = Listing<Contact>, example = json!(page())))
)]
#[get("/api/v1/contact")]
pub(crate) async fn contact_list(call: Call) -> Answer {
    call.require(Permission::ReadContacts)?;
    let (filter, page) = call.query(|fields| (ContactFilter::read(fields), PageRequest::sorted(fields, 15, &SORT)))?;
    Ok(respond::listing(&call, call.services.contacts.list(&call.caller, &filter, page).await?))
}

/// Create Contact
///
/// A contact with a profile, on which `POST /api/v1/phone-number` hangs its phone numbers.
#[utoipa::path(
    tag = "contacts",
    request_body(content = NewContact, example = json!({"first_name": "大明", "last_name": "王", "membership_no": "M-1013", "gender": 1})),
    responses((status = 201, description = "The contact.", body = Data<Contact>, example = json!({"data": example()})))
)]
#[post("/api/v1/contact")]
pub(crate) async fn contact_create(call: Call) -> Answer {
    call.require(Permission::WriteContacts)?;
    let (input, contacts) = (call.body(NewContact::read)?, &call.services.contacts);
    call.write(respond::created, |cx| async move { contacts.create(&cx, input).await }).await
}

/// View Contact
///
/// One contact with its phone numbers.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The contact's id.", example = 1)),
    responses((status = 200, description = "The contact.", body = Data<Contact>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/contact/{id}")]
pub(crate) async fn contact_view(call: Call) -> Answer {
    call.require(Permission::ReadContacts)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Contact
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The contact's id.", example = 1)),
    request_body(content = ContactPatch, example = json!({"birth_at": "1987-10-10"})),
    responses((status = 200, description = "The contact.", body = Data<Contact>, example = json!({"data": example()})))
)]
#[put("/api/v1/contact/{id}")]
pub(crate) async fn contact_update(call: Call) -> Answer {
    call.require(Permission::WriteContacts)?;
    let (input, id, contacts) = (call.body(ContactPatch::read)?, call.id()?, &call.services.contacts);
    call.change(respond::wrapped, |cx| async move { contacts.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Contact
///
/// The phone numbers go with it. One that a ticket, an interaction or an appointment names stays (409, which says what).
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The contact's id.", example = 90)),
    responses((status = 204, description = "Deleted."))
)]
#[delete("/api/v1/contact/{id}")]
pub(crate) async fn contact_delete(call: Call) -> Answer {
    call.require(Permission::DeleteContacts)?;
    call.judge_query()?;
    let (id, contacts) = (call.id()?, &call.services.contacts);
    call.change(respond::gone, |cx| async move { contacts.delete(&cx, id).await }, present(&call, id)).await
}
