use frontdesk_core::access::{Actor, Caller, Permission};
use frontdesk_core::digest::hex;
use frontdesk_core::error::TokenFault;
use frontdesk_core::id::{EmployeeId, ExternalUserId};
use frontdesk_core::status::{ClientId, GrantRole, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::callers::{Before, Known, change_callers};
use super::secret::{KEY, TOKEN, sha256};
use super::{Secret, SignIn, fresh, service_key};
use crate::employee;

pub(super) mod entity;
pub(crate) mod repo;

use repo::{Found, NewToken};

/// A new token (vendor's page).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// The token, for `Authorization: Bearer …`.
    #[schema(value_type = String, example = "fd_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s")]
    pub access_token: Secret,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    pub token_type: &'static str,
    /// Seconds the token lives.
    #[schema(example = 3600)]
    pub expires_in: i64,
}

/// The token a request came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// The token's number; none where the request came with a service key.
    pub id: Option<i64>,
    /// The program it was made for.
    pub client_id: ClientId,
    /// The role it was asked for with.
    pub role: GrantRole,
}

/// What a token is (vendor's page, checkAuthToken).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthCheck {
    /// The program it was made for.
    pub client_id: ClientId,
    /// The employee's id, or the number of the customer.
    pub user_id: i64,
    /// The role it was asked for with.
    pub role: GrantRole,
}

/// What a token carries: the words of both kinds differ, and the store keeps either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// A password token: the employee's role at that time.
    Own(Role),
    /// A token from a code: the role asked for.
    Granted(GrantRole),
}

impl Carried {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Own(role) => role.word(),
            Self::Granted(role) => role.word(),
        }
    }

    pub(super) fn of_word(word: &str) -> Self {
        GrantRole::of_word(word).map_or_else(|| Self::Own(Role::of_word(word).unwrap_or_default()), Self::Granted)
    }

    /// The most it lets an employee do.
    fn ceiling(self) -> Role {
        match self {
            Self::Own(role) => role,
            Self::Granted(GrantRole::Admin) => Role::Admin,
            Self::Granted(GrantRole::Moderator | GrantRole::Switch) => Role::Agent,
            Self::Granted(GrantRole::Publisher | GrantRole::Client) => Role::None,
        }
    }

    /// The word that checkAuthToken says.
    fn grant(self) -> GrantRole {
        match self {
            Self::Granted(role) => role,
            Self::Own(Role::Admin) => GrantRole::Admin,
            Self::Own(_) => GrantRole::Moderator,
        }
    }
}

/// The lesser of two roles.
fn lesser(a: Role, b: Role) -> Role {
    if a.rank() <= b.rank() { a } else { b }
}

impl Found {
    /// Who the token stands for, unless it has come to its end at `now`.
    fn judge(self, now: i64) -> Result<Known, TokenFault> {
        if self.revoked_at.is_some() {
            return Err(TokenFault::Revoked);
        }
        if self.expires_at <= now {
            return Err(TokenFault::Expired);
        }
        let carried = Carried::of_word(&self.role);
        let actor = match (self.employee_id, self.external_user_id, self.user_id) {
            (Some(id), ..) => {
                let present = Role::of_word(self.employee_role.as_deref().unwrap_or_default()).unwrap_or_default();
                let role = lesser(carried.ceiling(), present);
                if self.is_active != Some(true) || role == Role::None {
                    return Err(TokenFault::Revoked);
                }
                Actor::Employee { id: EmployeeId(id), role }
            }
            (None, Some(id), Some(customer_id_num)) => Actor::Publisher { id: ExternalUserId(id), customer_id_num },
            _ => return Err(TokenFault::Unknown),
        };
        let zone = Zone::named(&self.time_zone).unwrap_or_else(Zone::utc);
        let client_id = self.client_id.as_deref().and_then(ClientId::of_word).unwrap_or_default();
        let caller = Caller { organization: self.organization_id.into(), zone, actor };
        let token = TokenInfo { id: Some(self.id), client_id, role: carried.grant() };
        Ok(Known { caller, token, ends: Some(self.expires_at) })
    }
}

impl SignIn {
    /// Who a bearer token or service key stands for, in one query; for a moment it is remembered.
    ///
    /// The role is the lesser of the token's and the one the employee has at present. A token of an employee who has become
    /// inactive or lost the role counts as revoked, a service key whose time is over as expired.
    pub async fn authenticate(&self, bearer: &str) -> Result<(Caller, TokenInfo)> {
        let (hash, before) = (sha256(bearer), Before::now());
        let known = if let Some(known) = self.callers.get(&hash, before) {
            known
        } else {
            let known = self.look_up(bearer.starts_with(KEY), &hex(&hash)).await?;
            self.callers.put(hash, before, known.clone());
            known
        };
        known.at(self.now()).map_err(Error::Unauthenticated)
    }

    async fn look_up(&self, is_key: bool, hash: &str) -> Result<Known> {
        let (db, now) = (self.db.read(), self.now());
        let judged = if is_key {
            service_key::find(&db, hash).await?.map(|found| found.judge(now))
        } else {
            repo::find(&db, hash).await?.map(|found| found.judge(now))
        };
        judged.unwrap_or(Err(TokenFault::Unknown)).map_err(Error::Unauthenticated)
    }

    /// What the caller's token is. A password token has no client and was asked for with no role: it answers
    /// `arctos-webapp`, and `ADMIN` for an admin, else `MODERATOR`.
    pub fn check(&self, caller: &Caller, token: &TokenInfo) -> Result<AuthCheck> {
        caller.require(Permission::SignedIn)?;
        let user_id = caller.actor.label().1.ok_or(Error::Forbidden)?;
        Ok(AuthCheck { client_id: token.client_id, user_id, role: token.role })
    }

    /// A new token of the same kind and length of life for the caller's, which is revoked at once. Of several refreshes of
    /// one token only the first succeeds.
    pub async fn refresh(&self, caller: &Caller, token: &TokenInfo, request_id: &str) -> Result<AccessToken> {
        caller.require(Permission::SignedIn)?;
        let id = token.id.ok_or(Error::Forbidden)?;
        let employee = caller.employee();
        let access_token = Secret::draw(&self.world, TOKEN)?;
        let hash = access_token.digest();
        let cx = self.context(caller.organization, caller.zone.clone(), request_id);
        let work = change_callers(&self.db, &cx, move |tx| {
            let token_hash = hash.clone();
            Box::pin(async move {
                if let Some(employee) = employee {
                    employee::repo::lock_one(tx, employee).await?;
                }
                let old = repo::lock(tx, id).await?.filter(|old| old.revoked_at.is_none());
                let old = old.ok_or(Error::Unauthenticated(TokenFault::Revoked))?;
                let lifetime = old.expires_at - old.created_at;
                let new = NewToken {
                    token_hash,
                    employee_id: old.employee_id,
                    external_user_id: old.external_user_id,
                    carried: Carried::of_word(&old.role),
                    client_id: old.client_id.clone(),
                    lifetime,
                };
                repo::revoke(tx, old).await?;
                repo::insert(tx, new).await?;
                Ok(lifetime)
            })
        });
        let lifetime = fresh(work.await?)?;
        tracing::info!(target: "security", "a token was refreshed");
        Ok(AccessToken { access_token, token_type: "bearer", expires_in: lifetime / 1000 })
    }

    /// Revokes the caller's token.
    pub async fn logout(&self, caller: &Caller, token: &TokenInfo, request_id: &str) -> Result<()> {
        caller.require(Permission::SignedIn)?;
        let id = token.id.ok_or(Error::Forbidden)?;
        let cx = self.context(caller.organization, caller.zone.clone(), request_id);
        let work = change_callers(&self.db, &cx, move |tx| {
            Box::pin(async move {
                match repo::lock(tx, id).await?.filter(|token| token.revoked_at.is_none()) {
                    Some(token) => repo::revoke(tx, token).await,
                    None => Ok(()),
                }
            })
        });
        fresh(work.await?)?;
        tracing::info!(target: "security", "signed out");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(role: &str, employee_role: &str) -> Found {
        Found {
            id: 9,
            organization_id: 1,
            employee_id: Some(7),
            external_user_id: None,
            role: role.into(),
            client_id: None,
            expires_at: 100,
            revoked_at: None,
            time_zone: "Asia/Taipei".into(),
            employee_role: Some(employee_role.into()),
            is_active: Some(true),
            user_id: None,
        }
    }

    fn role(found: Found) -> Result<Role, TokenFault> {
        found.judge(99).map(|known| match known.caller.actor {
            Actor::Employee { role, .. } => role,
            _ => Role::None,
        })
    }

    #[test]
    fn the_lesser_role_counts() {
        assert_eq!(role(found("admin", "admin")), Ok(Role::Admin));
        assert_eq!(role(found("admin", "agent")), Ok(Role::Agent));
        assert_eq!(role(found("agent", "admin")), Ok(Role::Agent));
        assert_eq!(role(found("MODERATOR", "admin")), Ok(Role::Agent));
        assert_eq!(role(found("SWITCH", "supervisor")), Ok(Role::Agent));
        assert_eq!(role(found("ADMIN", "supervisor")), Ok(Role::Supervisor));
        assert_eq!(role(found("admin", "")), Err(TokenFault::Revoked));
    }

    #[test]
    fn faults() {
        assert_eq!(role(Found { revoked_at: Some(1), expires_at: 5, ..found("admin", "admin") }), Err(TokenFault::Revoked));
        assert_eq!(role(Found { expires_at: 99, ..found("admin", "admin") }), Err(TokenFault::Expired));
        assert_eq!(role(Found { is_active: Some(false), ..found("admin", "admin") }), Err(TokenFault::Revoked));
        assert_eq!(role(Found { employee_id: None, ..found("CLIENT", "") }), Err(TokenFault::Unknown));
    }

    #[test]
    fn what_check_says_of_a_password_token() {
        assert_eq!(Carried::Own(Role::Admin).grant(), GrantRole::Admin);
        assert_eq!(Carried::Own(Role::Supervisor).grant(), GrantRole::Moderator);
        for carried in [Carried::Own(Role::Agent), Carried::Granted(GrantRole::Admin)] {
            assert_eq!(Carried::of_word(carried.word()), carried);
        }
    }
}
