use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::{Kind, SubcategoryId};
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Lookup, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{NewSubcategory, Subcategory, SubcategoryFilter, SubcategoryPatch, repo};

/// The ticket sub-categories of an organization.
#[derive(Clone, Debug)]
pub struct Subcategories {
    db: Db,
}

impl Subcategories {
    /// The ticket sub-categories in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id.
    pub async fn list(&self, caller: &Caller, filter: SubcategoryFilter, page: PageRequest) -> Result<Page<Subcategory>> {
        caller.require(Permission::ReadDirectory)?;
        repo::page(&self.db.together(), caller.organization, filter, page).await
    }

    /// One sub-category.
    pub async fn get(&self, caller: &Caller, id: SubcategoryId) -> Result<Versioned<Subcategory>> {
        caller.require(Permission::ReadDirectory)?;
        let db = self.db.together();
        let row = record::find(&db, caller.organization, id).await?;
        versioned(&db, caller, row).await
    }

    /// Creates a sub-category.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewSubcategory>>) -> Result<Written<Versioned<Subcategory>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a sub-category.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: SubcategoryId,
        input: impl Into<Input<SubcategoryPatch>>,
    ) -> Result<Written<Versioned<Subcategory>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a sub-category. [`frontdesk_core::Error::Conflict`] where a ticket is sorted under it.
    pub async fn delete(&self, cx: &WriteContext, id: SubcategoryId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewSubcategory>) -> Result<Versioned<Subcategory>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    record::refer(tx, &mut violations, [("category_id", Kind::Category, new.category_id.map(Into::into))]).await?;
    violations.or(())?;
    let row = record::create(tx, Model::from(new)).await?;
    versioned(tx, tx.caller(), row).await
}

async fn update(tx: &Tx, id: SubcategoryId, input: Input<SubcategoryPatch>) -> Result<Versioned<Subcategory>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    record::refer(tx, &mut violations, [("category_id", Kind::Category, patch.category_id.value().copied().map(Into::into))]).await?;
    violations.or(())?;
    let after = before.patched(patch);
    let row = record::change(tx, before, after, "updated").await?;
    versioned(tx, tx.caller(), row).await
}

async fn delete(tx: &Tx, id: SubcategoryId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

async fn versioned(db: &impl Lookup, caller: &Caller, row: Model) -> Result<Versioned<Subcategory>> {
    let version = row.version;
    let record = repo::with_categories(db, caller.organization, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    Ok(Versioned { version, record })
}
