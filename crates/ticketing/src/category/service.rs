use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::envelope::Versioned;
use frontdesk_core::id::CategoryId;
use frontdesk_core::input::{In, Input};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::{Error, Result};
use frontdesk_store::{Db, Lookup, Tx, WriteContext, Written, record};

use super::entity::Model;
use super::{Category, CategoryPatch, NewCategory, repo};
use crate::subcategory;

/// The ticket categories of an organization.
#[derive(Clone, Debug)]
pub struct Categories {
    db: Db,
}

impl Categories {
    /// The ticket categories in a store.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// A page of them, by id, each with its sub-categories.
    pub async fn list(&self, caller: &Caller, page: PageRequest) -> Result<Page<Category>> {
        caller.require(Permission::ReadDirectory)?;
        let db = self.db.together();
        let Page { items, total, request, next } = repo::page(&db, caller.organization, page).await?;
        Ok(Page { items: with_children(&db, caller, items).await?, total, request, next })
    }

    /// One category.
    pub async fn get(&self, caller: &Caller, id: CategoryId) -> Result<Versioned<Category>> {
        caller.require(Permission::ReadDirectory)?;
        let db = self.db.together();
        let row = record::find(&db, caller.organization, id).await?;
        versioned(&db, caller, row).await
    }

    /// Creates a category.
    pub async fn create(&self, cx: &WriteContext, input: impl Into<Input<NewCategory>>) -> Result<Written<Versioned<Category>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(create(tx, input.clone()))).await
    }

    /// Changes a category.
    pub async fn update(
        &self,
        cx: &WriteContext,
        id: CategoryId,
        input: impl Into<Input<CategoryPatch>>,
    ) -> Result<Written<Versioned<Category>>> {
        cx.caller.require(Permission::WriteDirectory)?;
        let input = input.into();
        self.db.write(cx, move |tx| Box::pin(update(tx, id, input.clone()))).await
    }

    /// Deletes a category. [`frontdesk_core::Error::Conflict`] where it has sub-categories.
    pub async fn delete(&self, cx: &WriteContext, id: CategoryId) -> Result<Written<()>> {
        cx.caller.require(Permission::WriteDirectory)?;
        self.db.write(cx, move |tx| Box::pin(delete(tx, id))).await
    }
}

async fn create(tx: &Tx, input: Input<NewCategory>) -> Result<Versioned<Category>> {
    let Input { value: new, mut violations } = input;
    violations.check(In::Body, &new);
    violations.or(())?;
    let row = record::create(tx, Model::from(new)).await?;
    versioned(tx, tx.caller(), row).await
}

async fn update(tx: &Tx, id: CategoryId, input: Input<CategoryPatch>) -> Result<Versioned<Category>> {
    let before: Model = record::lock(tx, id).await?;
    let Input { value: patch, mut violations } = input;
    violations.check(In::Body, &patch);
    violations.or(())?;
    let after = before.patched(patch);
    let row = record::change(tx, before, after, "updated").await?;
    versioned(tx, tx.caller(), row).await
}

async fn delete(tx: &Tx, id: CategoryId) -> Result<()> {
    let row: Model = record::lock(tx, id).await?;
    record::delete(tx, row).await
}

async fn versioned(db: &impl Lookup, caller: &Caller, row: Model) -> Result<Versioned<Category>> {
    let version = row.version;
    let record = with_children(db, caller, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    Ok(Versioned { version, record })
}

async fn with_children(db: &impl Lookup, caller: &Caller, rows: Vec<Model>) -> Result<Vec<Category>> {
    let ids = rows.iter().map(|row| row.id).collect();
    let mut children = subcategory::of_categories(db, caller.organization, ids).await?;
    let whole = |row: Model| Category {
        children: children.remove(&row.id).unwrap_or_default(),
        id: row.id.into(),
        name: row.name,
        description: row.description,
    };
    Ok(rows.into_iter().map(whole).collect())
}
