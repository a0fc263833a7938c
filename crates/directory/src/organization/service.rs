use std::sync::Arc;

use frontdesk_core::access::{Actor, Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::Kind;
use frontdesk_core::input::{In, Input, Rule};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Change, Db, WriteContext, Written};

use super::{NewOrganization, Organization, OrganizationPatch, repo};
use crate::sign_in::change_callers;

/// The tenants of a store.
#[derive(Clone, Debug)]
pub struct Organizations {
    db: Db,
}

impl Organizations {
    /// The organizations in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Every organization, by id. For the command line, which is of none of them.
    pub async fn list(&self) -> Result<Vec<Organization>> {
        Ok(repo::all(&self.db.read()).await?.into_iter().map(Into::into).collect())
    }

    /// Adds an organization, which is empty. Only the command line may; its context may name any organization.
    pub async fn create(&self, cx: &WriteContext, new: impl Into<Input<NewOrganization>>) -> Result<Written<Organization>> {
        if cx.caller.actor != Actor::System {
            return Err(Error::Forbidden);
        }
        let input = Arc::new(new.into());
        self.db
            .write(cx, move |tx| {
                let Input { value: new, mut violations } = (*input).clone();
                Box::pin(async move {
                    violations.check(In::Body, &new);
                    new.judge(&mut violations);
                    let slug = new.final_slug();
                    if repo::find_by_slug(tx, &slug).await?.is_some() {
                        violations.body("slug", Rule::other("is the slug of another organization"));
                    }
                    violations.or(())?;
                    let row = repo::insert(tx, &new, slug).await?;
                    tx.record(Change::created(Kind::Organization, row.id, serde_json::to_value(&row)?).of(row.id.into()));
                    Ok(row.into())
                })
            })
            .await
    }

    /// The caller's organization.
    pub async fn get(&self, caller: &Caller) -> Result<Versioned<Organization>> {
        caller.require(Permission::Administer)?;
        let row = repo::find(&self.db.read(), caller.organization).await?.ok_or(Error::NotFound)?;
        Ok(Versioned { version: row.version, record: row.into() })
    }

    /// Changes settings of the caller's organization.
    pub async fn update(&self, cx: &WriteContext, patch: impl Into<Input<OrganizationPatch>>) -> Result<Written<Versioned<Organization>>> {
        cx.caller.require(Permission::Administer)?;
        let input = Arc::new(patch.into());
        change_callers(&self.db, cx, move |tx| {
            let Input { value: patch, mut violations } = (*input).clone();
            Box::pin(async move {
                let before = repo::lock(tx, tx.caller().organization).await?;
                tx.expect_version(before.version)?;
                violations.check(In::Body, &patch);
                patch.judge(&mut violations);
                violations.or(())?;
                let mut row = before.patched(patch);
                if row != before {
                    (row.version, row.updated_at) = (before.version + 1, tx.now());
                    row = repo::save(tx, row).await?;
                    let (old, new) = (serde_json::to_value(&before)?, serde_json::to_value(&row)?);
                    tx.record(Change::updated(Kind::Organization, row.id, row.version, "updated", old, new));
                }
                Ok(Versioned { version: row.version, record: row.into() })
            })
        })
        .await
    }
}
