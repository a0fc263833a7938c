//! CTI Agents: `/api/v1/cti-agent`.

use actix_web::{delete, get, post, put};
use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::envelope::{Data, Listing};
use frontdesk_core::id::CtiAgentId;
use frontdesk_core::page::PageRequest;
use frontdesk_directory::cti_agent::{CtiAgent, CtiAgentPatch, NewCtiAgent};
use frontdesk_store::Kept;
use serde_json::{Value, json};

use crate::call::{Answer, Call};
use crate::docs::Paging;
use crate::respond;

const KEYS: &[&str] = &["id", "account", "group_id", "created_at", "updated_at"];

fn example() -> Value {
    json!({"id": 1, "account": "ag8005", "group_id": 1})
}

fn listed() -> Value {
    json!({"data": [example()], "meta": {"current_page": 1, "from": 1, "last_page": 1, "per_page": 15, "to": 1, "total": 1}})
}

async fn present(call: &Call, id: CtiAgentId) -> Result<Kept> {
    Ok(respond::one(&call.services.cti_agents.get(&call.caller, id).await?))
}

/// List CTI Agents
///
/// The agent accounts of the telephone system, by id. A page has 15 rows where `per_page` does not say otherwise.
#[utoipa::path(
    tag = "staff",
    params(
        Paging,
        ("sort" = Option<String>, Query, description = "Up to four of `id`, `account`, `group_id`, `created_at`, `updated_at`; `-id` is descending."),
    ),
    responses((status = 200, description = "A page of CTI Agents.", body = Listing<CtiAgent>, example = json!(listed()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/cti-agent")]
pub(crate) async fn cti_agent_list(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    let page = call.query(|fields| PageRequest::sorted(fields, 15, KEYS))?;
    Ok(respond::listing(&call, call.services.cti_agents.list(&call.caller, page).await?))
}

/// Create CTI Agent
///
/// An employee gets it by its own `cti_agent_id`.
#[utoipa::path(
    tag = "staff",
    request_body(content = NewCtiAgent, example = json!({"account": "ag8005", "group_id": 1})),
    responses((status = 201, description = "The CTI agent.", body = Data<CtiAgent>, example = json!({"data": example()}))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[post("/api/v1/cti-agent")]
pub(crate) async fn cti_agent_create(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, cti_agents) = (call.body(NewCtiAgent::read)?, &call.services.cti_agents);
    call.write(respond::created, |cx| async move { cti_agents.create(&cx, input).await }).await
}

/// View CTI Agent
///
/// One agent account of the telephone system.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The CTI agent's id.", example = 1)),
    responses((status = 200, description = "The CTI agent.", body = CtiAgent, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[get("/api/v1/cti-agent/{id}")]
pub(crate) async fn cti_agent_view(call: Call) -> Answer {
    call.require(Permission::ReadDirectory)?;
    call.read(present(&call, call.id()?).await?)
}

/// Update CTI Agent
///
/// A field that is absent stays as it is; null clears one that may be null.
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The CTI agent's id.", example = 1)),
    request_body(content = CtiAgentPatch, example = json!({"account": "ag8005"})),
    responses((status = 200, description = "The CTI agent.", body = CtiAgent, example = json!(example()))),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[put("/api/v1/cti-agent/{id}")]
pub(crate) async fn cti_agent_update(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    let (input, id, cti_agents) = (call.body(CtiAgentPatch::read)?, call.id()?, &call.services.cti_agents);
    call.change(respond::one, |cx| async move { cti_agents.update(&cx, id, input).await }, present(&call, id)).await
}

/// Delete CTI Agent
///
/// One that an employee has stays (409, which says what).
#[utoipa::path(
    tag = "staff",
    params(("id" = i64, Path, description = "The CTI agent's id.", example = 90)),
    responses((status = 204, description = "Deleted.")),
    extensions(("x-frontdesk-extension" = json!(true)))
)]
#[delete("/api/v1/cti-agent/{id}")]
pub(crate) async fn cti_agent_delete(call: Call) -> Answer {
    call.require(Permission::WriteDirectory)?;
    call.judge_query()?;
    let (id, cti_agents) = (call.id()?, &call.services.cti_agents);
    call.change(respond::gone, |cx| async move { cti_agents.delete(&cx, id).await }, present(&call, id)).await
}
