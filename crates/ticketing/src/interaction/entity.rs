pub(super) mod interaction {
    use frontdesk_core::id::Kind;
    use sea_orm::entity::prelude::*;
    use serde::Serialize;

    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "interaction")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
        pub is_acw_completed: bool,
        pub first_enter_queue_at: Option<i64>,
        pub first_start_service_at: Option<i64>,
        pub acw_at: Option<i64>,
        pub last_finished_at: Option<i64>,
        pub handler_id: Option<i64>,
        pub contact_id: Option<i64>,
        pub memo: Option<String>,
        pub bound_type: Option<i64>,
        pub sponsor_id: Option<i64>,
        pub result_id: Option<i64>,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    frontdesk_store::row!(Model, Kind::InteractCollection);
}

pub(super) mod link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "interaction_ticket")]
    #[expect(clippy::struct_field_names, reason = "the names of the columns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub interaction_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
