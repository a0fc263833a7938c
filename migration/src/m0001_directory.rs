//! Who there is: organizations, employees and what is nested in them, contacts, and sign-in.

use sea_orm_migration::prelude::*;

use crate::table::{
    Forward, create, drop_all, flag, index, indexes, int, int_required, owned, reference, stamps, text, text_required, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), forward()).await?;
        indexes(manager, keys()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, tables(), forward()).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    [organization(), staff(), sign_in()].concat()
}

fn forward() -> Vec<Forward> {
    vec![Forward { table: "staff_group", column: "supervisor_id", to: "employee" }]
}

fn organization() -> Vec<TableCreateStatement> {
    let id = ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().to_owned();
    let mut table = Table::create().table("organization").col(id).to_owned();
    for column in
        [text_required("slug"), text_required("name"), text_required("time_zone"), text("language"), text_required("double_booking")]
            .into_iter()
            .chain(stamps())
    {
        table.col(column);
    }
    vec![table]
}

fn staff() -> Vec<TableCreateStatement> {
    vec![
        owned("staff_group", [text_required("name"), text("description"), int("supervisor_id")].into_iter().chain(stamps())),
        owned("job_title", [text("abbrev"), text_required("name"), text("description")].into_iter().chain(stamps())),
        owned("department", [text_required("name"), text("abbrev"), text("number"), text("description")].into_iter().chain(stamps())),
        owned(
            "extension",
            [int_required("type"), text_required("extension"), text("description"), int("media_cluster_id")].into_iter().chain(stamps()),
        ),
        owned("cti_agent", [text_required("account"), int("group_id")].into_iter().chain(stamps()))
            .foreign_key(&mut reference("cti_agent", "group_id", "staff_group"))
            .to_owned(),
        owned("profile", []),
        owned(
            "phone_number",
            [
                int_required("profile_id"),
                int_required("type"),
                text("extension"),
                text_required("number"),
                text("description"),
                text_required("digits"),
            ]
            .into_iter()
            .chain(stamps()),
        )
        .foreign_key(&mut reference("phone_number", "profile_id", "profile"))
        .to_owned(),
        owned("sponsor", [text_required("name"), text("description"), flag("is_immortal")].into_iter().chain(stamps())),
        employee(),
        contact(),
    ]
}

fn employee() -> TableCreateStatement {
    let columns = [
        text_required("employee_no"),
        text_required("first_name"),
        text("last_name"),
        text("photo_url"),
        text("identity_no"),
        int("job_title_id"),
        int("department_id"),
        int("extension_id"),
        int("group_id"),
        int("cti_agent_id"),
        int_required("profile_id"),
        text("email"),
        text_required("role"),
        flag("is_active"),
        flag("is_immortal"),
        text("password_hash"),
        int("login_at"),
        int("leave_at"),
        text_required("search"),
    ];
    owned("employee", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("employee", "job_title_id", "job_title"))
        .foreign_key(&mut reference("employee", "department_id", "department"))
        .foreign_key(&mut reference("employee", "extension_id", "extension"))
        .foreign_key(&mut reference("employee", "group_id", "staff_group"))
        .foreign_key(&mut reference("employee", "cti_agent_id", "cti_agent"))
        .foreign_key(&mut reference("employee", "profile_id", "profile"))
        .to_owned()
}

fn contact() -> TableCreateStatement {
    let columns = [
        text_required("first_name"),
        text("last_name"),
        text("membership_no"),
        text("identity_no"),
        int("gender"),
        text("birth_at"),
        int_required("profile_id"),
        int("sponsor_id"),
        text_required("search"),
    ];
    owned("contact", columns.into_iter().chain(stamps()))
        .foreign_key(&mut reference("contact", "profile_id", "profile"))
        .foreign_key(&mut reference("contact", "sponsor_id", "sponsor"))
        .to_owned()
}

fn sign_in() -> Vec<TableCreateStatement> {
    vec![
        owned("external_user", [text_required("user_id"), text("name"), int_required("created_at")]),
        owned(
            "license",
            [text_required("label"), text_required("secret_hash"), flag("allow_admin"), flag("new_moderators"), int("revoked_at")]
                .into_iter()
                .chain(stamps()),
        ),
        owned(
            "service_key",
            [text_required("label"), text_required("secret_hash"), text_required("scopes"), int("expires_at"), int("revoked_at")]
                .into_iter()
                .chain(stamps()),
        ),
        owned(
            "auth_code",
            [
                text_required("code_hash"),
                int_required("license_id"),
                int("employee_id"),
                int("external_user_id"),
                text_required("role"),
                int_required("expires_at"),
                int("used_at"),
            ],
        )
        .foreign_key(&mut reference("auth_code", "license_id", "license"))
        .foreign_key(&mut reference("auth_code", "employee_id", "employee"))
        .foreign_key(&mut reference("auth_code", "external_user_id", "external_user"))
        .to_owned(),
        owned(
            "token",
            [
                text_required("token_hash"),
                int("employee_id"),
                int("external_user_id"),
                text_required("role"),
                text("client_id"),
                int_required("created_at"),
                int_required("expires_at"),
                int("revoked_at"),
            ],
        )
        .foreign_key(&mut reference("token", "employee_id", "employee"))
        .foreign_key(&mut reference("token", "external_user_id", "external_user"))
        .to_owned(),
    ]
}

fn keys() -> Vec<IndexCreateStatement> {
    let store_wide = |table: &'static str, column: &'static str| {
        Index::create().unique().name(format!("{table}_by_{column}")).table(table).col(column).to_owned()
    };
    vec![
        store_wide("organization", "slug"),
        store_wide("license", "secret_hash"),
        store_wide("service_key", "secret_hash"),
        store_wide("auth_code", "code_hash"),
        store_wide("token", "token_hash"),
        unique("employee", &["employee_no"]),
        unique("external_user", &["user_id"]),
        index("employee", &["group_id"]),
        index("employee", &["profile_id"]),
        index("contact", &["membership_no"]),
        index("contact", &["profile_id"]),
        index("phone_number", &["profile_id"]),
        index("phone_number", &["digits"]),
        index("token", &["employee_id"]),
        index("token", &["expires_at"]),
    ]
}
