use frontdesk_core::id::Kind;
use sea_orm::entity::prelude::*;
use serde::Serialize;

/// What is no setting, but how far its deliveries are, is no part of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub organization_id: i64,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    #[sea_orm(column_type = "Text")]
    pub events: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub is_active: bool,
    pub paused_at: Option<i64>,
    pub paused_reason: Option<String>,
    #[serde(skip)]
    pub secret: String,
    #[serde(skip)]
    pub old_secret: Option<String>,
    pub old_secret_until: Option<i64>,
    #[serde(skip)]
    pub position: i64,
    #[serde(skip)]
    pub replay_after: Option<i64>,
    #[serde(skip)]
    pub replay_until: Option<i64>,
    #[serde(skip)]
    pub failing_since: Option<i64>,
    #[serde(skip)]
    pub given_up: i64,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

frontdesk_store::row!(Model, Kind::Webhook);
