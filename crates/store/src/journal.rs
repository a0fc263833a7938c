//! History and events, written in the transaction of the change.

use frontdesk_core::Result;
use frontdesk_core::id::{Kind, OrganizationId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, IntoActiveModel};
use serde_json::{Map, Value};

use crate::handle::Tx;

/// Rows of one statement: SQLite binds at most 32,766 values.
const ROWS: usize = 1000;

/// A change of one record.
#[derive(Clone, Debug)]
pub struct Change {
    organization: Option<OrganizationId>,
    kind: Kind,
    id: String,
    version: i64,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// A record came to be. `after` is its row, without secrets.
    #[must_use]
    pub fn created(kind: Kind, id: impl std::fmt::Display, after: Value) -> Self {
        Self { organization: None, kind, id: id.to_string(), version: 1, action: "created", before: None, after: Some(after) }
    }

    /// A record changed; `action` is the past tense of the verb, `version` the new one.
    #[must_use]
    pub fn updated(kind: Kind, id: impl std::fmt::Display, version: i64, action: &'static str, before: Value, after: Value) -> Self {
        Self { organization: None, kind, id: id.to_string(), version, action, before: Some(before), after: Some(after) }
    }

    /// A record is gone; `version` was its last.
    #[must_use]
    pub fn deleted(kind: Kind, id: impl std::fmt::Display, version: i64, before: Value) -> Self {
        Self { organization: None, kind, id: id.to_string(), version, action: "deleted", before: Some(before), after: None }
    }

    /// The same change in the journal of another organization than the caller's: that of an organization just made.
    #[must_use]
    pub fn of(self, organization: OrganizationId) -> Self {
        Self { organization: Some(organization), ..self }
    }

    /// Each field that differs, with its value before and after.
    fn differences(&self) -> Value {
        let empty = Map::new();
        let before = self.before.as_ref().and_then(Value::as_object).unwrap_or(&empty);
        let after = self.after.as_ref().and_then(Value::as_object).unwrap_or(&empty);
        let mut fields: Vec<_> = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).collect();
        fields
            .retain(|name| !matches!(name.as_str(), "organization_id" | "version" | "updated_at") && before.get(*name) != after.get(*name));
        let value = |row: &Map<String, Value>, name: &String| row.get(name).cloned().unwrap_or(Value::Null);
        fields
            .into_iter()
            .map(|name| (name.clone(), Value::Array(vec![value(before, name), value(after, name)])))
            .collect::<Map<_, _>>()
            .into()
    }
}

mod history {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "history")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
        pub kind: String,
        pub record_id: String,
        pub version: i64,
        pub action: String,
        pub actor_kind: String,
        pub actor_id: Option<i64>,
        pub request_id: String,
        pub at: i64,
        #[sea_orm(column_type = "Text")]
        pub changes: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "event")]
    pub(super) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub organization_id: i64,
        #[sea_orm(column_name = "type")]
        pub kind: String,
        pub record_id: String,
        pub version: i64,
        pub actor_kind: String,
        pub actor_id: Option<i64>,
        pub request_id: String,
        pub at: i64,
        #[sea_orm(column_type = "Text")]
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Writes what the closure noted.
pub(crate) async fn write(tx: &Tx) -> Result<()> {
    let changes = tx.take_changes();
    let context = tx.context();
    let (actor_kind, actor_id) = context.caller.actor.label();
    let (mut rows, mut events) = (vec![], vec![]);
    for change in changes {
        let organization_id = change.organization.unwrap_or(context.caller.organization).0;
        let row = history::Model {
            id: 0,
            organization_id,
            kind: change.kind.word().into(),
            record_id: change.id.clone(),
            version: change.version,
            action: change.action.into(),
            actor_kind: actor_kind.into(),
            actor_id,
            request_id: context.request_id.clone(),
            at: tx.now(),
            changes: change.differences().to_string(),
        };
        rows.push(history::ActiveModel { id: ActiveValue::NotSet, ..row.into_active_model() });
        if context.announce {
            let event = event::Model {
                id: 0,
                organization_id,
                kind: format!("{}.{}", change.kind.word(), change.action),
                record_id: change.id,
                version: change.version,
                actor_kind: actor_kind.into(),
                actor_id,
                request_id: context.request_id.clone(),
                at: tx.now(),
                data: change.after.unwrap_or(Value::Null).to_string(),
            };
            events.push(event::ActiveModel { id: ActiveValue::NotSet, ..event.into_active_model() });
        }
    }
    for some in rows.chunks(ROWS) {
        history::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    for some in events.chunks(ROWS) {
        event::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs() {
        let change =
            Change::updated(Kind::Ticket, 7, 2, "updated", json!({"a": 1, "b": 2, "version": 1}), json!({"a": 1, "b": 3, "version": 2}));
        assert_eq!(change.differences(), json!({"b": [2, 3]}));
    }
}
