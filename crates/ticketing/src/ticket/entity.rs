use frontdesk_core::id::Kind;
use sea_orm::entity::prelude::*;

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
