use std::collections::HashMap;

use frontdesk_core::id::{ContactId, OrganizationId, PhoneNumberId};
use frontdesk_core::page::{Page, PageRequest};
use frontdesk_core::status::PhoneType;
use frontdesk_core::text::digits;
use frontdesk_core::{Error, Result};
use frontdesk_store::{List, Lookup, Tx, contains, record};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QueryOrder, Select};

use super::entity::phone_number::{Column, Entity, Model};
use super::entity::profile;
use super::{NewPhoneNumber, PhoneNumber, PhoneNumberFilter, PhoneNumberPatch};
use crate::{contact, employee, found};

impl From<Model> for PhoneNumber {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            kind: PhoneType::of_number(row.kind).unwrap_or_default(),
            extension: row.extension,
            number: row.number,
            description: row.description,
            profile_id: row.profile_id.into(),
        }
    }
}

impl Model {
    /// The row of a new number on this profile.
    pub(super) fn of(new: NewPhoneNumber, profile_id: i64) -> Self {
        Self {
            id: 0,
            organization_id: 0,
            profile_id,
            kind: new.kind.number(),
            extension: new.extension,
            digits: digits(&new.number),
            number: new.number,
            description: new.description,
            version: 0,
            created_at: 0,
            updated_at: 0,
        }
    }

    /// The row as `patch` makes it, on another profile where one is given.
    pub(super) fn patched(&self, patch: PhoneNumberPatch, profile: Option<i64>) -> Self {
        let mut row = self.clone();
        row.profile_id = profile.unwrap_or(row.profile_id);
        row.kind = patch.kind.map_or(row.kind, PhoneType::number);
        row.number = patch.number.unwrap_or(row.number);
        row.digits = digits(&row.number);
        patch.extension.apply(&mut row.extension);
        patch.description.apply(&mut row.description);
        row
    }
}

fn of_contacts(organization: OrganizationId) -> Select<Entity> {
    let contact = contact::repo::with_profile(organization, Expr::col((Entity, Column::ProfileId)));
    Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Expr::exists(contact))
}

/// So many digits are in few numbers.
const FEW: usize = 5;

/// The numbers of contacts that have the digits of `number` in a row; where it has none, those that are exactly that.
fn having(organization: OrganizationId, number: &str, backend: DbBackend) -> List<Entity> {
    let digits = digits(number);
    if digits.is_empty() {
        return List::of(of_contacts, organization).filter(Some(is_nameless(number)));
    }
    let like = contains(Column::Digits, std::slice::from_ref(&digits));
    if digits.len() < FEW {
        return List::of(of_contacts, organization).filter(Some(like));
    }
    // By their ids, and these by their contacts: otherwise SQLite reads all numbers in their order.
    let mut ids = Query::select();
    ids.column(Column::Id).from(Entity).and_where(Column::OrganizationId.eq(organization.0)).cond_where(like);
    ids.and_where(Column::ProfileId.in_subquery(contact::repo::profiles_called(organization, &digits, backend)));
    List::of_some(Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.in_subquery(ids)))
}

/// A page of the numbers of contacts that the filter lets through, by id.
pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &PhoneNumberFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let profile = match filter.contact_id {
        Some(id) => contact::repo::profile_of(db, organization, id).await?,
        None => None,
    };
    let nobody = filter.contact_id.is_some() && profile.is_none();
    let numbers = match &filter.number {
        Some(number) => having(organization, number, db.get_database_backend()),
        None => List::of(of_contacts, organization),
    };
    numbers
        .filter(nobody.then(|| Condition::all().add(Column::Id.is_in(Vec::<i64>::new()))))
        .narrow(Column::ProfileId, profile)
        .narrow(Column::Extension, filter.extension.as_deref())
        .narrow_by(beginning(), filter.description.as_deref().map(|text| text.chars().take(50).collect::<String>()))
        .filter(filter.description.as_deref().map(|text| Condition::all().add(Column::Description.eq(text))))
        .narrow(Column::Kind, filter.kind.map(PhoneType::number))
        .page(db, request)
        .await
}

/// How a description begins: no index takes long texts whole. As in its index, to the letter.
fn beginning() -> SimpleExpr {
    Expr::cust("substr(description, 1, 50)")
}

/// The number of one of the organization's contacts, or [`Error::NotFound`].
pub(super) async fn find(db: &impl Lookup, organization: OrganizationId, id: PhoneNumberId) -> Result<Model> {
    of_contacts(organization).filter(Column::Id.eq(id.0)).one(db).await?.ok_or(Error::NotFound)
}

/// Is exactly this, in which no digits are.
fn is_nameless(number: &str) -> Condition {
    Condition::all().add(Column::Digits.eq("")).add(Column::Number.eq(number))
}

/// The profiles of the organization that have exactly this number, in which no digits are.
pub(crate) fn profiles_with(organization: OrganizationId, number: &str) -> SelectStatement {
    let same = is_nameless(number).add(Column::OrganizationId.eq(organization.0));
    Query::select().column(Column::ProfileId).from(Entity).cond_where(same).to_owned()
}

/// The phone numbers of profiles, by profile.
pub(crate) async fn by_profiles(
    db: &impl Lookup,
    organization: OrganizationId,
    profiles: Vec<i64>,
) -> Result<HashMap<i64, Vec<PhoneNumber>>> {
    let mut phones: HashMap<i64, Vec<PhoneNumber>> = HashMap::new();
    for row in rows(db, organization, profiles).await? {
        phones.entry(row.profile_id).or_default().push(row.into());
    }
    Ok(phones)
}

/// The rows of the phone numbers of profiles, by id.
pub(super) async fn rows(db: &impl Lookup, organization: OrganizationId, profiles: Vec<i64>) -> Result<Vec<Model>> {
    if profiles.is_empty() {
        return Ok(vec![]);
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::ProfileId.is_in(profiles));
    // Put in order here: SQLite would take the order from the ids of all there are.
    let mut rows = db.all(query).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// The digits of the phone numbers of profiles, by id, each with its profile.
pub(crate) async fn digits_of(db: &impl Lookup, organization: OrganizationId, profiles: Vec<i64>) -> Result<Vec<(i64, String)>> {
    Ok(rows(db, organization, profiles).await?.into_iter().map(|row| (row.profile_id, row.digits)).collect())
}

/// Makes a profile and says its id.
pub(crate) async fn new_profile(db: &impl Lookup, organization: OrganizationId) -> Result<i64> {
    let row = profile::ActiveModel { id: NotSet, organization_id: Set(organization.0) };
    Ok(row.insert(db).await?.id)
}

/// Deletes a profile of the caller's organization, which somebody has just left, with its phone numbers; nothing happens where
/// somebody else still has it.
pub(crate) async fn leave(tx: &Tx, profile: i64) -> Result<()> {
    if is_shared(tx, profile, None).await? {
        return Ok(());
    }
    clear(tx, profile).await?;
    profile::Entity::delete_many()
        .filter(profile::Column::OrganizationId.eq(tx.caller().organization.0))
        .filter(profile::Column::Id.eq(profile))
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether anybody but this contact has a profile of the caller's organization, which is locked: of two who leave it at the same
/// time, the second sees that the first is gone.
pub(crate) async fn is_shared(tx: &Tx, profile: i64, but: Option<ContactId>) -> Result<bool> {
    let organization = tx.caller().organization;
    let query = profile::Entity::find().filter(profile::Column::OrganizationId.eq(organization.0)).filter(profile::Column::Id.eq(profile));
    tx.lock(query).one(tx).await?;
    let colleague = employee::repo::of(organization).filter(employee::entity::Column::ProfileId.eq(profile)).one(tx).await?;
    Ok(colleague.is_some() || contact::repo::has_profile(tx, organization, profile, but).await?)
}

/// Deletes the phone numbers of a profile of the caller's organization, and says which they were.
pub(super) async fn clear(tx: &Tx, profile: i64) -> Result<Vec<i64>> {
    let numbers = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::ProfileId.eq(profile));
    // Locked before they are believed: one of them may be on its way to another contact.
    let rows = tx.lock(numbers.order_by_asc(Column::Id)).all(tx).await?;
    let ids = rows.iter().map(|row| row.id).collect();
    for row in rows {
        record::delete(tx, row).await?;
    }
    found::by_phones(tx, &[profile]).await?;
    Ok(ids)
}

/// Those of the ids that are phone numbers of the organization.
pub(super) async fn present(db: &impl Lookup, organization: OrganizationId, ids: Vec<i64>) -> Result<Vec<i64>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.is_in(ids));
    Ok(query.all(db).await?.into_iter().map(|row| row.id).collect())
}
