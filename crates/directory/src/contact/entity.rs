use frontdesk_core::id::Kind;
use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub first_name: String,
    pub last_name: Option<String>,
    pub membership_no: Option<String>,
    pub identity_no: Option<String>,
    pub gender: Option<i64>,
    pub birth_at: Option<String>,
    pub profile_id: i64,
    pub sponsor_id: Option<i64>,
    #[serde(skip)]
    pub search: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

frontdesk_store::row!(Model, Kind::Contact);
