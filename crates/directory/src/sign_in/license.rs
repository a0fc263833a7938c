use std::sync::Arc;

use frontdesk_core::Result;
use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::LicenseId;
use frontdesk_core::input::{Fields, In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::time::{LocalTime, Zone};
use frontdesk_store::{Tx, WriteContext, record};
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use super::secret::LICENSE;
use super::{Secret, SignIn, fresh};

mod entity;
pub(super) mod repo;

use entity::Model;

/// A license of an integrating system, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct License {
    /// The id.
    pub id: LicenseId,
    /// What it is for.
    pub label: String,
    /// Whether it may ask for the role `ADMIN`.
    pub allow_admin: bool,
    /// Whether a `MODERATOR` who is no employee yet is added to the directory.
    pub new_moderators: bool,
    /// When it was added.
    pub created_at: LocalTime,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<LocalTime>,
}

impl License {
    fn of(row: Model, zone: &Zone) -> Self {
        Self {
            id: row.id.into(),
            label: row.label,
            allow_admin: row.allow_admin,
            new_moderators: row.new_moderators,
            created_at: zone.local(row.created_at),
            revoked_at: row.revoked_at.map(|at| zone.local(at)),
        }
    }
}

/// A new license with its secret, which is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssuedLicense {
    /// The id.
    pub id: LicenseId,
    /// What it is for.
    pub label: String,
    /// Whether it may ask for the role `ADMIN`.
    pub allow_admin: bool,
    /// Whether a `MODERATOR` who is no employee yet is added to the directory.
    pub new_moderators: bool,
    /// When it was added.
    pub created_at: LocalTime,
    /// Null: it has just been made.
    #[schema(required)]
    pub revoked_at: Option<LocalTime>,
    /// The secret.
    #[schema(value_type = String)]
    pub secret: Secret,
}

impl IssuedLicense {
    fn of(license: License, secret: Secret) -> Self {
        let License { id, label, allow_admin, new_moderators, created_at, revoked_at } = license;
        Self { id, label, allow_admin, new_moderators, created_at, revoked_at, secret }
    }

    /// The license as a view shows it.
    #[must_use]
    pub fn license(&self) -> License {
        let Self { id, label, allow_admin, new_moderators, created_at, revoked_at, secret: _ } = self.clone();
        License { id, label, allow_admin, new_moderators, created_at, revoked_at }
    }
}

/// A license of an integrating system, to be added.
#[derive(Clone, Debug, Default, Validate, ToSchema)]
pub struct NewLicense {
    /// What it is for.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub label: String,
    /// Whether it may ask for the role `ADMIN`; false when absent or null.
    #[schema(value_type = Option<bool>)]
    pub allow_admin: bool,
    /// Whether a `MODERATOR` who is no employee yet is added to the directory; true when absent or null.
    #[schema(value_type = Option<bool>)]
    pub new_moderators: bool,
}

impl NewLicense {
    /// Reads the fields of a request's body.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            label: fields.required("label"),
            allow_admin: fields.optional("allow_admin").unwrap_or(false),
            new_moderators: fields.optional("new_moderators").unwrap_or(true),
        }
    }
}

/// Adds a license, whose secret has this hash, to the caller's organization.
pub(super) async fn put(tx: &Tx, new: NewLicense, secret_hash: String) -> Result<LicenseId> {
    Ok(record::create(tx, Model::of(new, secret_hash)).await?.id.into())
}

impl SignIn {
    /// A page of the licenses of the caller's organization, revoked ones included, by id.
    pub async fn licenses(&self, caller: &Caller, page: PageRequest) -> Result<Page<License>> {
        caller.require(Permission::Administer)?;
        let found = repo::page(&self.db.together(), caller.organization, page).await?;
        Ok(found.map(|row| License::of(row, &caller.zone)))
    }

    /// One license of the caller's organization.
    pub async fn license(&self, caller: &Caller, id: LicenseId) -> Result<Versioned<License>> {
        caller.require(Permission::Administer)?;
        let row: Model = record::find(&self.db.read(), caller.organization, id).await?;
        Ok(Versioned { version: row.version, record: License::of(row, &caller.zone) })
    }

    /// Adds a license to the caller's organization; its secret is shown this once.
    pub async fn add_license(&self, cx: &WriteContext, new: impl Into<Input<NewLicense>>) -> Result<IssuedLicense> {
        cx.caller.require(Permission::Administer)?;
        let secret = Secret::draw(&self.world, LICENSE)?;
        let (hash, input) = (secret.digest(), Arc::new(new.into()));
        let work = self.db.write(cx, move |tx| {
            let hash = hash.clone();
            let Input { value: new, mut violations } = (*input).clone();
            Box::pin(async move {
                violations.check(In::Body, &new);
                violations.or(())?;
                let row = record::create(tx, Model::of(new, hash)).await?;
                Ok(License::of(row, &tx.caller().zone))
            })
        });
        Ok(IssuedLicense::of(fresh(work.await?)?, secret))
    }

    /// Whether a license, revoked or not, has a secret that everybody knows.
    pub async fn has_license_secret(&self, secret: &str) -> Result<bool> {
        Ok(repo::find(&self.db.read(), &Secret::from(secret).digest()).await?.is_some())
    }

    /// Revokes a license; nothing happens where it is revoked already. Tokens that came from it live on.
    pub async fn revoke_license(&self, cx: &WriteContext, id: LicenseId) -> Result<()> {
        cx.caller.require(Permission::Administer)?;
        let work = self.db.write(cx, move |tx| {
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
