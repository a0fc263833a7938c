use frontdesk_core::id::Kind;
use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
#[sea_orm(table_name = "employee")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub employee_no: String,
    pub first_name: String,
    pub last_name: Option<String>,
    pub photo_url: Option<String>,
    pub identity_no: Option<String>,
    pub job_title_id: Option<i64>,
    pub department_id: Option<i64>,
    pub extension_id: Option<i64>,
    pub group_id: Option<i64>,
    pub cti_agent_id: Option<i64>,
    pub profile_id: i64,
    pub email: Option<String>,
    pub role: String,
    pub is_active: bool,
    pub is_immortal: bool,
    #[serde(skip)]
    pub password_hash: Option<String>,
    #[serde(skip)]
    pub login_at: Option<i64>,
    pub leave_at: Option<i64>,
    #[serde(skip)]
    pub search: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

frontdesk_store::row!(Model, Kind::Employee);
