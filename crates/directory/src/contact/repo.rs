use std::collections::HashMap;

use frontdesk_core::Result;
use frontdesk_core::id::{ContactId, Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::text::{digits, full_name, searchable};
use frontdesk_core::time::{Day, millis};
use frontdesk_store::search::{CONTACTS, Entries};
use frontdesk_store::{List, Lookup, Tally, Tx, record};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{Contact, ContactBrief, ContactFilter, ContactPatch, NewContact};
use crate::phone::{PhoneNumber, Profile};
use crate::{ANONYMIZED, found, phone};

impl Model {
    /// The row of a new contact, whose phone numbers hang on this profile.
    pub(super) fn of(new: NewContact, profile_id: i64) -> Self {
        indexed(Self {
            id: 0,
            organization_id: 0,
            first_name: new.first_name,
            last_name: new.last_name,
            membership_no: new.membership_no,
            identity_no: new.identity_no,
            gender: new.gender,
            birth_at: new.birth_at.map(|day| day.to_string()),
            profile_id,
            sponsor_id: new.sponsor_id.map(Into::into),
            search: String::new(),
            version: 0,
            created_at: 0,
            updated_at: 0,
        })
    }

    /// The row as `patch` makes it.
    pub(super) fn patched(&self, patch: ContactPatch) -> Self {
        let mut row = self.clone();
        row.first_name = patch.first_name.unwrap_or(row.first_name);
        patch.last_name.apply(&mut row.last_name);
        patch.membership_no.apply(&mut row.membership_no);
        patch.identity_no.apply(&mut row.identity_no);
        patch.gender.apply(&mut row.gender);
        patch.birth_at.map(|day| day.to_string()).apply(&mut row.birth_at);
        patch.sponsor_id.apply(&mut row.sponsor_id);
        indexed(row)
    }

    /// The row without what it says of the person, with its phone numbers on this profile.
    pub(super) fn anonymous(&self, profile_id: i64) -> Self {
        let nobody = Self {
            last_name: None,
            membership_no: None,
            identity_no: None,
            gender: None,
            birth_at: None,
            search: String::new(),
            ..self.clone()
        };
        indexed(Self { first_name: ANONYMIZED.into(), profile_id, ..nobody })
    }

    /// The contact with its phone numbers, which are among `phones` by their profile.
    pub(super) fn shown(self, phones: &HashMap<i64, Vec<PhoneNumber>>) -> Contact {
        Contact {
            id: self.id.into(),
            name: full_name(Some(&self.first_name), self.last_name.as_deref()),
            first_name: self.first_name,
            last_name: self.last_name,
            membership_no: self.membership_no,
            identity_no: self.identity_no,
            gender: self.gender,
            birth_at: self.birth_at.as_deref().and_then(Day::read),
            profile_id: self.profile_id.into(),
            profile: Profile { id: self.profile_id.into(), phones: phones.get(&self.profile_id).cloned().unwrap_or_default() },
        }
    }
}

impl From<Model> for ContactBrief {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.into(),
            name: full_name(Some(&row.first_name), row.last_name.as_deref()),
            first_name: row.first_name,
            last_name: row.last_name,
            membership_no: row.membership_no,
            identity_no: row.identity_no,
            gender: row.gender,
            birth_at: row.birth_at.as_deref().and_then(Day::read),
            profile_id: row.profile_id.into(),
            sponsor_id: row.sponsor_id.map(Into::into),
            disturb_setting: None,
        }
    }
}

/// The row with what it is found by, and the phone numbers that it had.
fn indexed(row: Model) -> Model {
    let name = full_name(Some(&row.first_name), row.last_name.as_deref());
    let texts = searchable([Some(name.as_str()), row.membership_no.as_deref(), row.identity_no.as_deref()]);
    Model { search: texts + found::phones(&row.search), ..row }
}

/// The organization's rows. Their searched text stays empty: only SQL looks at it.
fn rows(organization: OrganizationId) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns(Column::iter().filter(|column| !matches!(column, Column::Search)))
        .expr_as(Expr::cust("''"), "search")
        .filter(Column::OrganizationId.eq(organization.0))
}

/// The caller's organization's contacts of these profiles, by id, who stay until the write ends.
pub(crate) async fn with_profiles(tx: &Tx, profiles: &[i64]) -> Result<Vec<Model>> {
    // Not by the index of the ids, which SQLite would go through as a whole.
    let by_id = Expr::col((Entity, Column::Id)).add(0);
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0));
    let query = query.filter(Column::ProfileId.is_in(profiles.iter().copied())).order_by(by_id, Order::Asc);
    Ok(tx.lock(query).all(tx).await?)
}

/// Gives contacts the searched texts that `text` makes of their profiles and of the present ones.
pub(crate) async fn put_searches(tx: &Tx, rows: Vec<Model>, text: impl Fn(i64, &str) -> String) -> Result<()> {
    for row in rows {
        let search = text(row.profile_id, &row.search);
        if search != row.search {
            let before = row.clone();
            let row = Model { search, ..row };
            let entries = Entries::of_change(tx, Kind::Contact, &before, &row)?;
            let set = ActiveModel { id: Unchanged(row.id), search: Set(row.search), ..Default::default() };
            let of_organization = Column::OrganizationId.eq(tx.caller().organization.0);
            Entity::update(set).validate()?.filter(of_organization).exec_without_returning(tx).await?;
            entries.put(tx).await?;
        }
    }
    Ok(())
}

/// A page of the contacts that the filter lets through, newest first.
pub(super) async fn page(
    db: &impl Lookup,
    organization: OrganizationId,
    filter: &ContactFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    list(organization, filter).page(db, request.or(Sort::descending("id"))).await
}

fn list(organization: OrganizationId, filter: &ContactFilter) -> List<Entity> {
    let search = found::search(CONTACTS, organization, filter.search.as_deref());
    let number = filter.phone_number.as_deref();
    let called = number.map(digits).filter(|digits| !digits.is_empty());
    // A number says more than words, and leads.
    let (led, other) = match &called {
        Some(digits) => (found::by_phone(CONTACTS, organization, digits), Some(search).filter(|search| !search.is_empty())),
        None => (search, None),
    };
    let named = |number: &str| Condition::all().add(Column::ProfileId.in_subquery(phone::repo::profiles_with(organization, number)));
    let nobody = || Condition::all().add(Column::Id.is_in(Vec::<i64>::new()));
    List::of(rows, organization)
        .search(led)
        .filter(other.map(|other| other.condition()))
        .filter(number.filter(|_| called.is_none()).map(named))
        .filter(filter.email.as_ref().map(|_| nobody()))
        .narrow(Column::Id, filter.ids.iter().map(|id| id.0))
        .narrow(Column::MembershipNo, filter.membership_no.as_deref())
        .narrow(Column::IdentityNo, filter.identity_no.as_deref())
        .narrow(Column::SponsorId, filter.sponsor_id.map(|id| id.0))
        .narrow_by(month_of_birth(), filter.birth_months.iter().map(|month| format!("{month:02}")))
        .narrow(Column::Gender, filter.gender)
        .range(Column::BirthAt, filter.birth_at_start.map(|day| day.to_string()), filter.birth_at_end.map(|day| day.to_string()))
        .range(Column::CreatedAt, filter.created_at_start.map(millis), filter.created_at_end.map(|end| millis(end.0)))
        .range(Column::UpdatedAt, filter.updated_at_start.map(millis), filter.updated_at_end.map(|end| millis(end.0)))
        .kept((*filter == ContactFilter::default()).then(|| Tally::all(organization, Kind::Contact)))
}

/// A day is stored as `YYYY-MM-DD`. As in its index, to the letter.
fn month_of_birth() -> SimpleExpr {
    Expr::cust("substr(birth_at, 6, 2)")
}

/// The profiles of the organization's contacts.
pub(crate) fn profiles(organization: OrganizationId) -> SelectStatement {
    Query::select().column(Column::ProfileId).from(Entity).and_where(Column::OrganizationId.eq(organization.0)).to_owned()
}

/// The profiles of the organization's contacts with these digits in a phone number.
pub(crate) fn profiles_called(organization: OrganizationId, digits: &str, backend: DbBackend) -> SelectStatement {
    let mut query = found::by_phone(CONTACTS, organization, digits).found(rows(organization), backend).into_query();
    query.clear_selects().column((Entity, Column::ProfileId)).to_owned()
}

/// The organization's contacts with this profile, for use in another query.
pub(crate) fn with_profile(organization: OrganizationId, profile: SimpleExpr) -> SelectStatement {
    profiles(organization).and_where(Expr::col((Entity, Column::ProfileId)).eq(profile)).to_owned()
}

/// The profile of the organization's contact with this id, where there is one.
pub(crate) async fn profile_of(db: &impl Lookup, organization: OrganizationId, id: ContactId) -> Result<Option<i64>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::Id.eq(id.0));
    Ok(query.one(db).await?.map(|row| row.profile_id))
}

/// The profile of the caller's organization's contact, who stays until the write ends.
pub(crate) async fn lock_profile(tx: &Tx, id: ContactId) -> Result<Option<i64>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id.0));
    Ok(tx.lock(query).one(tx).await?.map(|row| row.profile_id))
}

/// Whether any of the organization's contacts, but for this one, has this profile.
pub(crate) async fn has_profile(db: &impl Lookup, organization: OrganizationId, profile: i64, but: Option<ContactId>) -> Result<bool> {
    let other = Condition::all().add_option(but.map(|id| Column::Id.ne(id.0)));
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::ProfileId.eq(profile)).filter(other);
    Ok(query.one(db).await?.is_some())
}

/// The organization's contacts with these ids, as tickets show them.
pub async fn briefs(db: &impl Lookup, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, ContactBrief>> {
    record::by_ids::<Model, _>(db, organization, ids.to_vec()).await
}

/// The organization's contacts by their membership numbers; the oldest where several share one.
pub async fn find_by_membership_no(
    db: &impl Lookup,
    organization: OrganizationId,
    numbers: &[String],
) -> Result<HashMap<String, ContactId>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::MembershipNo.is_in(numbers));
    // Put in order here: SQLite would take the order from the ids of all there are.
    let mut rows = db.all(query).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows.into_iter().filter_map(|row| Some((row.membership_no?, ContactId(row.id)))).collect())
}
