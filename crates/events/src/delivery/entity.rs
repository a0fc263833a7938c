use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub webhook_id: i64,
    pub event_id: i64,
    #[sea_orm(column_name = "type")]
    pub what: String,
    pub record: String,
    pub record_id: String,
    pub state: String,
    pub attempts: i64,
    pub run_at: i64,
    pub holder: Option<String>,
    pub last_status: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
