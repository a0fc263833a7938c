use sea_orm::entity::prelude::*;

/// Moments are milliseconds since 1970. `state` is `waiting`, `sent`, `failed` or `skipped`: a later one has taken its place.
#[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
#[sea_orm(table_name = "appointment_notice")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    pub appointment_id: i64,
    pub person_kind: String,
    pub person: i64,
    pub name: Option<String>,
    pub address: Option<String>,
    pub news: String,
    pub sequence: i64,
    pub task_time: i64,
    pub state: String,
    pub tries: i64,
    pub held_until: Option<i64>,
    pub reason: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
