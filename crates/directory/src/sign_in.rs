//! Sign-in: passwords, licenses and their codes, service keys, tokens.
//!
//! A secret has 256 random bits and is kept as its SHA-256; a password as its Argon2id hash. Tokens and codes are no records:
//! they have no history.

use frontdesk_core::access::Caller;
use frontdesk_core::id::OrganizationId;
use frontdesk_core::time::{Zone, millis};
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Tx, WriteContext, Written};

mod account;
mod callers;
mod code;
mod known;
mod license;
mod login;
mod password;
mod secret;
mod service_key;
pub(crate) mod token;

pub use account::{Me, NewPassword};
pub use callers::change_callers;
pub use code::{AuthCode, AuthLogin, CodeExchange, NewCode};
pub use known::{HashedSecrets, KnownSecrets};
pub use license::{IssuedLicense, License, NewLicense};
pub use login::NewSession;
pub(crate) use password::hash;
pub use password::judge;
pub use secret::Secret;
pub use service_key::{IssuedServiceKey, NewServiceKey, ServiceKey};
pub use token::{AccessToken, AuthCheck, TokenInfo};

const DAY: i64 = 24 * 60 * 60 * 1000;
const KEPT_AFTER_EXPIRY: i64 = 7 * DAY;

/// Who comes in, and as whom.
#[derive(Clone, Debug)]
pub struct SignIn {
    db: Db,
    world: World,
    callers: callers::Callers,
}

impl SignIn {
    /// The sign-in of a store.
    #[must_use]
    pub fn new(db: Db, world: World) -> Self {
        Self { db, world, callers: callers::Callers::default() }
    }

    /// Deletes the tokens and codes of every organization that expired more than 7 days ago; says how many.
    pub async fn clean_up(&self) -> Result<u64> {
        self.forget_expired(self.now() - KEPT_AFTER_EXPIRY).await
    }

    /// Deletes every token and code of every organization, so that everybody must sign in again; says how many.
    pub async fn end_all(&self) -> Result<u64> {
        self.forget_expired(i64::MAX).await
    }

    async fn forget_expired(&self, before: i64) -> Result<u64> {
        let cx = self.context(OrganizationId(0), Zone::utc(), "clean-up");
        let work = change_callers(&self.db, &cx, move |tx| {
            Box::pin(async move { Ok(token::repo::delete_expired(tx, before).await? + code::repo::delete_expired(tx, before).await?) })
        });
        fresh(work.await?)
    }

    fn now(&self) -> i64 {
        millis(self.world.now())
    }

    /// Sign-in writes before it is known who asks, so it does so as Frontdesk itself.
    fn context(&self, organization: OrganizationId, zone: Zone, request_id: &str) -> WriteContext {
        WriteContext::new(Caller::system(organization, zone), request_id, self.world.now())
    }
}

/// The result of a write that never carries an idempotency key.
fn fresh<T>(written: Written<T>) -> Result<T> {
    written.fresh().ok_or_else(|| Error::internal("a sign-in was replayed"))
}

/// Deletes the tokens and codes of an employee of the caller's organization, who is about to go.
pub(crate) async fn forget(tx: &Tx, employee: i64) -> Result<()> {
    token::repo::delete_of(tx, employee).await?;
    code::repo::delete_of(tx, employee).await
}
