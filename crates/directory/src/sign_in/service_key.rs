use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::{Actor, Caller, Permission, Scope};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::error::TokenFault;
use frontdesk_core::id::ServiceKeyId;
use frontdesk_core::input::{Fields, In, Input, Many, Rule, Violations};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::{ClientId, GrantRole};
use frontdesk_core::time::{LocalTime, Zone, millis};
use frontdesk_store::{Tx, WriteContext, record};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use validator::Validate;

use super::callers::{Known, change_callers};
use super::secret::KEY;
use super::token::TokenInfo;
use super::{Secret, SignIn, fresh};

mod entity;
mod repo;

use entity::Model;
use repo::Found;
pub(super) use repo::find;

/// A key of a machine client, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceKey {
    /// The id.
    pub id: ServiceKeyId,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends; null for never.
    #[schema(required)]
    pub expires_at: Option<LocalTime>,
    /// When it was added.
    pub created_at: LocalTime,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<LocalTime>,
}

impl ServiceKey {
    fn of(row: Model, zone: &Zone) -> Self {
        Self {
            id: row.id.into(),
            label: row.label,
            scopes: repo::scopes(&row.scopes),
            expires_at: row.expires_at.map(|at| zone.local(at)),
            created_at: zone.local(row.created_at),
            revoked_at: row.revoked_at.map(|at| zone.local(at)),
        }
    }
}

/// A new key with its secret, which is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssuedServiceKey {
    /// The id.
    pub id: ServiceKeyId,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends; null for never.
    #[schema(required)]
    pub expires_at: Option<LocalTime>,
    /// When it was added.
    pub created_at: LocalTime,
    /// Null: it has just been made.
    #[schema(required)]
    pub revoked_at: Option<LocalTime>,
    /// The secret.
    #[schema(value_type = String)]
    pub secret: Secret,
}

impl IssuedServiceKey {
    fn of(key: ServiceKey, secret: Secret) -> Self {
        let ServiceKey { id, label, scopes, expires_at, created_at, revoked_at } = key;
        Self { id, label, scopes, expires_at, created_at, revoked_at, secret }
    }

    /// The key as a view shows it.
    #[must_use]
    pub fn key(&self) -> ServiceKey {
        let Self { id, label, scopes, expires_at, created_at, revoked_at, secret: _ } = self.clone();
        ServiceKey { id, label, scopes, expires_at, created_at, revoked_at }
    }
}

/// A key of a machine client, to be added.
#[derive(Clone, Debug, Default, Validate, ToSchema)]
pub struct NewServiceKey {
    /// What it is for.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub label: String,
    /// What it may do.
    #[schema(min_items = 1)]
    pub scopes: Vec<Scope>,
    /// When it ends: `YYYY-MM-DD HH:MM:SS` on the organization's clocks, RFC 3339, or a date alone; never when absent or null.
    #[schema(value_type = Option<frontdesk_core::time::MomentText>, example = "2027-04-30 18:00:00")]
    pub expires_at: Option<OffsetDateTime>,
}

impl NewServiceKey {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            label: fields.required("label"),
            scopes: fields.optional("scopes").map_or_else(Vec::new, |Many(all)| all),
            expires_at: fields.optional("expires_at"),
        }
    }

    fn judge(&self, now: i64, violations: &mut Violations) {
        if self.scopes.is_empty() {
            violations.body("scopes", Rule::other("must name at least one scope"));
        }
        if self.expires_at.is_some_and(|end| millis(end) <= now) {
            violations.body("expires_at", Rule::other("must lie in the future"));
        }
    }
}

impl Found {
    /// What the key stands for, unless it has come to its end at `now`.
    pub(super) fn judge(self, now: i64) -> Result<Known, TokenFault> {
        if self.revoked_at.is_some() {
            return Err(TokenFault::Revoked);
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(TokenFault::Expired);
        }
        let zone = Zone::named(&self.time_zone).unwrap_or_else(Zone::utc);
        let actor = Actor::Key { id: self.id.into(), scopes: repo::scopes(&self.scopes) };
        let token = TokenInfo { id: None, client_id: ClientId::default(), role: GrantRole::default() };
        Ok(Known { caller: Caller { organization: self.organization_id.into(), zone, actor }, token, ends: self.expires_at })
    }
}

/// Adds a service key, whose secret has this hash, to the caller's organization.
pub(super) async fn put(tx: &Tx, new: NewServiceKey, secret_hash: String) -> Result<ServiceKeyId> {
    Ok(record::create(tx, Model::of(new, secret_hash)).await?.id.into())
}

impl SignIn {
    /// A page of the service keys of the caller's organization, revoked and expired ones included, by id.
    pub async fn service_keys(&self, caller: &Caller, page: PageRequest) -> Result<Page<ServiceKey>> {
        caller.require(Permission::Administer)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(|row| ServiceKey::of(row, &caller.zone)))
    }

    /// One service key of the caller's organization.
    pub async fn service_key(&self, caller: &Caller, id: ServiceKeyId) -> Result<Versioned<ServiceKey>> {
        caller.require(Permission::Administer)?;
        let row: Model = record::find(&self.db.read(), caller.organization, id).await?;
        Ok(Versioned { version: row.version, record: ServiceKey::of(row, &caller.zone) })
    }

    /// Adds a service key to the caller's organization; its secret is shown this once.
    pub async fn add_service_key(&self, cx: &WriteContext, new: impl Into<Input<NewServiceKey>>) -> Result<IssuedServiceKey> {
        cx.caller.require(Permission::Administer)?;
        let secret = Secret::draw(&self.world, KEY)?;
        let (hash, input) = (secret.digest(), Arc::new(new.into()));
        let work = self.db.write(cx, move |tx| {
            let hash = hash.clone();
            let Input { value: new, mut violations } = (*input).clone();
            Box::pin(async move {
                violations.check(In::Body, &new);
                new.judge(tx.now(), &mut violations);
                violations.or(())?;
                let row = record::create(tx, Model::of(new, hash)).await?;
                Ok(ServiceKey::of(row, &tx.caller().zone))
            })
        });
        Ok(IssuedServiceKey::of(fresh(work.await?)?, secret))
    }

    /// Revokes a service key; nothing happens where it is revoked already.
    pub async fn revoke_service_key(&self, cx: &WriteContext, id: ServiceKeyId) -> Result<()> {
        cx.caller.require(Permission::Administer)?;
        let work = change_callers(&self.db, cx, move |tx| {
            Box::pin(async move {
                let before: Model = record::lock(tx, id).await?;
                if before.revoked_at.is_none() {
                    let after = Model { revoked_at: Some(tx.now()), ..before.clone() };
                    record::change(tx, before, after, "revoked").await?;
                }
                Ok(())
            })
        });
        fresh(work.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Found {
        Found {
            id: 3,
            organization_id: 1,
            scopes: "tickets:read,call_tasks:write".into(),
            expires_at: Some(100),
            revoked_at: None,
            time_zone: "UTC".into(),
        }
    }

    #[test]
    fn scopes_and_faults() {
        let caller = found().judge(99).unwrap().caller;
        assert!(caller.may(Permission::ReadTickets) && caller.may(Permission::WriteCallTasks));
        assert!(!caller.may(Permission::WriteTickets) && !caller.may(Permission::SignedIn) && !caller.may(Permission::Administer));
        assert_eq!(found().judge(100).err(), Some(TokenFault::Expired));
        assert_eq!(Found { revoked_at: Some(1), ..found() }.judge(99).err(), Some(TokenFault::Revoked));
    }

    #[test]
    fn a_key_needs_a_scope_and_a_future() {
        let mut violations = Violations::default();
        NewServiceKey { expires_at: Some(OffsetDateTime::UNIX_EPOCH), ..Default::default() }.judge(1, &mut violations);
        assert!(violations.has("scopes") && violations.has("expires_at"));
    }
}
