use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub(in crate::sign_in) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub token_hash: String,
    pub employee_id: Option<i64>,
    pub external_user_id: Option<i64>,
    pub role: String,
    pub client_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::sign_in) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
