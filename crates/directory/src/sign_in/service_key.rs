use std::sync::Arc;

use frontdesk_core::access::{Actor, Caller, Permission, Scope};
use frontdesk_core::error::TokenFault;
use frontdesk_core::id::{Kind, ServiceKeyId};
use frontdesk_core::input::{In, Input, Rule, Violations};
use frontdesk_core::status::{ClientId, GrantRole};
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Change, WriteContext};
use time::OffsetDateTime;
use validator::Validate;

use super::secret::{KEY, digest};
use super::token::TokenInfo;
use super::{Issued, Secret, SignIn, fresh};

mod entity;
mod repo;

use repo::Found;

/// A key of a machine client, to be added.
#[derive(Clone, Debug, Default, Validate)]
pub struct NewServiceKey {
    /// What it is for, 1 to 255 characters.
    #[validate(length(min = 1, max = 255))]
    pub label: String,
    /// What it may do; at least one.
    pub scopes: Vec<Scope>,
    /// When it ends; none for never.
    pub expires_at: Option<OffsetDateTime>,
}

impl NewServiceKey {
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
    fn judge(self, now: i64) -> Result<(Caller, TokenInfo), TokenFault> {
        if self.revoked_at.is_some() {
            return Err(TokenFault::Revoked);
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(TokenFault::Expired);
        }
        let zone = Zone::named(&self.time_zone).unwrap_or_else(Zone::utc);
        let actor = Actor::Key { id: self.id.into(), scopes: self.scopes.split(',').filter_map(Scope::of_word).collect() };
        let token = TokenInfo { id: None, client_id: ClientId::default(), role: GrantRole::default() };
        Ok((Caller { organization: self.organization_id.into(), zone, actor }, token))
    }
}

impl SignIn {
    pub(super) async fn authenticate_key(&self, bearer: &str) -> Result<(Caller, TokenInfo)> {
        let found = repo::find(&self.db.read(), &digest(bearer)).await?;
        let found = found.ok_or(Error::Unauthenticated(TokenFault::Unknown))?;
        found.judge(self.now()).map_err(Error::Unauthenticated)
    }

    /// Adds a service key to the caller's organization; its secret is shown this once.
    pub async fn add_service_key(&self, cx: &WriteContext, new: impl Into<Input<NewServiceKey>>) -> Result<Issued<ServiceKeyId>> {
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
                let row = repo::insert(tx, new, hash).await?;
                tx.record(Change::created(Kind::ServiceKey, row.id, serde_json::to_value(&row)?));
                Ok(row.id.into())
            })
        });
        Ok(Issued { id: fresh(work.await?)?, secret })
    }

    /// Revokes a service key; nothing happens where it is revoked already.
    pub async fn revoke_service_key(&self, cx: &WriteContext, id: ServiceKeyId) -> Result<()> {
        cx.caller.require(Permission::Administer)?;
        let work = self.db.write(cx, move |tx| {
            Box::pin(async move {
                let before = repo::lock(tx, id).await?;
                if before.revoked_at.is_none() {
                    let row = repo::revoke(tx, before.clone()).await?;
                    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&row)?);
                    tx.record(Change::updated(Kind::ServiceKey, row.id, row.version, "revoked", old, new));
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
        let (caller, _) = found().judge(99).unwrap();
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
