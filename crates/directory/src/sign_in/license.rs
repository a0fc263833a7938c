use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::Permission;
use frontdesk_core::id::{Kind, LicenseId};
use frontdesk_core::input::{In, Input};
use frontdesk_store::{Change, WriteContext};
use validator::Validate;

use super::secret::LICENSE;
use super::{Issued, Secret, SignIn, fresh};

mod entity;
pub(super) mod repo;

/// A license of an integrating system, to be added.
#[derive(Clone, Debug, Default, Validate)]
pub struct NewLicense {
    /// What it is for, 1 to 255 characters.
    #[validate(length(min = 1, max = 255))]
    pub label: String,
    /// Whether it may ask for the role `ADMIN`.
    pub allow_admin: bool,
    /// Whether a `MODERATOR` who is no employee yet is added to the directory.
    pub new_moderators: bool,
}

impl SignIn {
    /// Adds a license to the caller's organization; its secret is shown this once.
    pub async fn add_license(&self, cx: &WriteContext, new: impl Into<Input<NewLicense>>) -> Result<Issued<LicenseId>> {
        let secret = Secret::draw(&self.world, LICENSE)?;
        let id = self.put_license(cx, new.into(), &secret).await?;
        Ok(Issued { id, secret })
    }

    /// Adds a license with a secret that everybody knows, for the demo organization; nothing happens where a license has it.
    pub async fn ensure_license_secret(&self, cx: &WriteContext, new: NewLicense, secret: &str) -> Result<()> {
        if !self.has_license_secret(secret).await? {
            self.put_license(cx, new.into(), &Secret::from(secret)).await?;
        }
        Ok(())
    }

    /// Whether a license, revoked or not, has a secret that everybody knows.
    pub async fn has_license_secret(&self, secret: &str) -> Result<bool> {
        Ok(repo::find(&self.db.read(), &Secret::from(secret).digest()).await?.is_some())
    }

    async fn put_license(&self, cx: &WriteContext, input: Input<NewLicense>, secret: &Secret) -> Result<LicenseId> {
        cx.caller.require(Permission::Administer)?;
        let (hash, input) = (secret.digest(), Arc::new(input));
        let work = self.db.write(cx, move |tx| {
            let hash = hash.clone();
            let Input { value: new, mut violations } = (*input).clone();
            Box::pin(async move {
                violations.check(In::Body, &new);
                violations.or(())?;
                let row = repo::insert(tx, new, hash).await?;
                tx.record(Change::created(Kind::License, row.id, serde_json::to_value(&row)?));
                Ok(row.id.into())
            })
        });
        fresh(work.await?)
    }

    /// Revokes a license; nothing happens where it is revoked already. Tokens that came from it live on.
    pub async fn revoke_license(&self, cx: &WriteContext, id: LicenseId) -> Result<()> {
        cx.caller.require(Permission::Administer)?;
        let work = self.db.write(cx, move |tx| {
            Box::pin(async move {
                let before = repo::lock(tx, id).await?;
                if before.revoked_at.is_none() {
                    let row = repo::revoke(tx, before.clone()).await?;
                    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&row)?);
                    tx.record(Change::updated(Kind::License, row.id, row.version, "revoked", old, new));
                }
                Ok(())
            })
        });
        fresh(work.await?)
    }
}
