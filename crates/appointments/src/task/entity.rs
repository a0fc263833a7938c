use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
#[sea_orm(table_name = "appointment")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub task_num: String,
    pub business_id: i64,
    pub out_task_num: String,
    pub out_task_type: String,
    pub task_type: String,
    pub task_notify: bool,
    pub task_time: i64,
    pub task_time_defaulted: bool,
    pub duration_minutes: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub task_remark: Option<String>,
    pub branch_code: String,
    pub business_code: Option<String>,
    pub room_type: String,
    pub video: bool,
    pub status: String,
    pub ticket_id: Option<i64>,
    pub creater_id: Option<i64>,
    pub sequence: i64,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
