//! What the people of appointments are told by mail.

use sea_orm_migration::prelude::*;

use crate::table::{create, drop_all, index, indexes, int, int_required, owned, reference, text, text_required};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![notice()], vec![]).await?;
        indexes(manager, vec![index("appointment_notice", &["appointment_id", "id"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, vec![notice()], vec![]).await
    }
}

fn notice() -> TableCreateStatement {
    let columns = [
        int_required("appointment_id"),
        // An employee's id, or that of a publisher's row; either may be gone from the appointment.
        text_required("person_kind"),
        int_required("person"),
        // Only while the mail waits.
        text("name"),
        text("address"),
        text_required("news"),
        int_required("sequence"),
        int_required("task_time"),
        text_required("state"),
        int_required("tries"),
        // Until when somebody is sending it.
        int("held_until"),
        text("reason"),
        int_required("created_at"),
        int_required("updated_at"),
    ];
    owned("appointment_notice", columns).foreign_key(&mut reference("appointment_notice", "appointment_id", "appointment")).to_owned()
}
