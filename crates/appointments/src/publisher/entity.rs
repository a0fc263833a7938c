use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
#[sea_orm(table_name = "appointment_publisher")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[serde(skip)]
    pub organization_id: i64,
    #[serde(skip)]
    pub appointment_id: i64,
    pub customer_title: Option<String>,
    pub customer_name: String,
    pub customer_id_num: String,
    pub customer_country_code: Option<String>,
    pub customer_phone: Option<String>,
    pub customer_email: Option<String>,
    pub contact_id: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
