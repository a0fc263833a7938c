//! The rows of texts of call tasks.

use sea_orm::entity::prelude::*;

/// Moments are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
#[sea_orm(table_name = "call_text")]
#[expect(clippy::struct_field_names, reason = "the column is what answers call it")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub call_task_id: Uuid,
    pub stage: String,
    pub run: Option<i64>,
    pub version: Option<i64>,
    pub state: String,
    pub source: String,
    pub model: Option<String>,
    pub text: Option<String>,
    pub is_current: bool,
    pub error_class: Option<String>,
    pub error_message: Option<String>,
    pub attempts: i64,
    pub started_at: Option<i64>,
    pub finished_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
