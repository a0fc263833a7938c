pub(super) mod phone_number {
    use frontdesk_core::id::Kind;
    use sea_orm::entity::prelude::*;
    use serde::Serialize;

    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "phone_number")]
    pub(in crate::phone) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
        pub profile_id: i64,
        #[sea_orm(column_name = "type")]
        #[serde(rename = "type")]
        pub kind: i64,
        pub extension: Option<String>,
        pub number: String,
        pub description: Option<String>,
        #[serde(skip)]
        pub digits: String,
        pub version: i64,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::phone) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    frontdesk_store::row!(Model, Kind::PhoneNumber);
}

pub(super) mod profile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, Default, DeriveEntityModel)]
    #[sea_orm(table_name = "profile")]
    pub(in crate::phone) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::phone) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
