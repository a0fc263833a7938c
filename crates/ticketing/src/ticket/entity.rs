use frontdesk_core::id::{EmployeeId, Kind};
use frontdesk_core::time::millis;
use sea_orm::entity::prelude::*;

use super::input::NewTicket;

#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "ticket")]
pub(super) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub due_at: Option<i64>,
    pub status: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub status_memo: Option<String>,
    pub priority: i64,
    pub contact_id: Option<i64>,
    pub sub_category_id: Option<i64>,
    pub creater_id: Option<i64>,
    pub handler_id: Option<i64>,
    pub sponsor_id: Option<i64>,
    pub termination_code_id: Option<i64>,
    /// How far the due date was announced: [`frontdesk_store::DueDates`].
    #[serde(skip)]
    pub due_told: i64,
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

frontdesk_store::row!(Model, Kind::Ticket);

impl Model {
    /// A new ticket, which the store has not seen yet.
    pub(super) fn of_new(new: NewTicket, creater: Option<EmployeeId>) -> Self {
        Self {
            subject: new.subject,
            content: new.content,
            due_at: new.due_at.map(millis),
            status: new.status.number(),
            status_memo: new.status_memo,
            priority: new.priority.number(),
            contact_id: new.contact_id.map(Into::into),
            sub_category_id: new.sub_category_id.map(Into::into),
            creater_id: creater.map(Into::into),
            handler_id: new.handler_id.map(Into::into),
            sponsor_id: new.sponsor_id.map(Into::into),
            termination_code_id: new.termination_code_id.or(new.termination_code).map(Into::into),
            ..Self::default()
        }
    }
}
