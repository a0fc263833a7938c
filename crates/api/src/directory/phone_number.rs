//! Phone numbers of contacts: `/api/v1/phone-number`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::PhoneNumberId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::phone::{NewPhoneNumber, PhoneNumber, PhoneNumberFilter, PhoneNumberPatch};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const SORT: [&str; 4] = ["id", "number", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "type": 2, "extension": null, "number": "+886 900 000 001", "description": null, "profile_id": 201})
}

fn page() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: PhoneNumberId) -> Result<Kept> {
    Ok(respond::wrapped(&call.services.phone_numbers.get(&call.caller, id).await?))
}

/// List Phone Numbers
///
/// The phone numbers of contacts, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "contacts",
    params(
        PhoneNumberFilter,
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `number`, `created_at`, `updated_at`; `-number` is descending."),
    ),
    responses((status = 200, description = "A page of phone numbers.", body = Listing<PhoneNumber>, example = json!(page())))
)]
#[get("/api/v1/phone-number")]
pub(crate) async fn phone_number_list(call: Call) -> Answer {
    call.require(Permission::ReadContacts)?;
    let (filter, page) = call.query(|fields| (PhoneNumberFilter::read(fields), PageRequest::sorted(fields, 15, &SORT)))?;
    Ok(respond::listing(&call, call.services.phone_numbers.list(&call.caller, &filter, page).await?))
}

/// Create Phone Number
///
/// Gives a contact another phone number, by which it is found at once.
#[utoipa::path(
    tag = "contacts",
    request_body(content = NewPhoneNumber, example = json!({"contact_id": 1, "type": 2, "number": "+886 900 000 021"})),
    responses((status = 201, description = "The phone number.", body = Data<PhoneNumber>, example = json!({"data": example()})))
)]
#[post("/api/v1/phone-number")]
pub(crate) async fn phone_number_create(call: Call) -> Answer {
    call.require(Permission::WriteContacts)?;
    let (input, phones) = (call.body(NewPhoneNumber::read)?, &call.services.phone_numbers);
    call.write(respond::created, |cx| async move { phones.create(&cx, input).await }).await
}

/// View Phone Number
///
/// One phone number of a contact.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The phone number's id.", example = 1)),
    responses((status = 200, description = "The phone number.", body = Data<PhoneNumber>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/phone-number/{id}")]
pub(crate) async fn phone_number_view(call: Call) -> Answer {
    call.require(Permission::ReadContacts)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update Phone Number
///
/// A field that is absent stays as it is; null clears one that may be null. Another `contact_id` gives the number to that
/// contact.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The phone number's id.", example = 1)),
    request_body(content = PhoneNumberPatch, example = json!({"type": 1, "extension": "12"})),
    responses((status = 200, description = "The phone number.", body = Data<PhoneNumber>, example = json!({"data": example()})))
)]
#[put("/api/v1/phone-number/{id}")]
pub(crate) async fn phone_number_update(call: Call) -> Answer {
    call.require(Permission::WriteContacts)?;
    let (input, id, phones) = (call.body(PhoneNumberPatch::read)?, call.id()?, &call.services.phone_numbers);
    call.change(respond::wrapped, |cx| async move { phones.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete Phone Number
///
/// Whoever may change the contact may take a phone number from it.
#[utoipa::path(
    tag = "contacts",
    params(("id" = i64, Path, description = "The phone number's id.", example = 90)),
    responses((status = 204, description = "Deleted."))
)]
#[delete("/api/v1/phone-number/{id}")]
pub(crate) async fn phone_number_delete(call: Call) -> Answer {
    call.require(Permission::WriteContacts)?;
    call.judge_query()?;
    let (id, phones) = (call.id()?, &call.services.phone_numbers);
    call.change(respond::gone, |cx| async move { phones.delete(&cx, id).await }, present(&call, id)).await
}
