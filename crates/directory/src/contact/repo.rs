use std::collections::{BTreeSet, HashMap};

use frontdesk_core::Result;
use frontdesk_core::id::{ContactId, Kind, OrganizationId};
use frontdesk_core::page::{Page, PageRequest, Sort};
use frontdesk_core::text::{full_name, searchable};
use frontdesk_core::time::{Day, millis};
use frontdesk_store::search::{CONTACTS, Entries};
use frontdesk_store::{Tx, page_searched, record};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, Select};

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
        .expr_as(Expr::value(""), "search")
        .filter(Column::OrganizationId.eq(organization.0))
}

/// The caller's organization's contacts of these profiles, by id, who stay until the write ends.
pub(crate) async fn with_profiles(tx: &Tx, profiles: &[i64]) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0));
    let query = query.filter(Column::ProfileId.is_in(profiles.iter().copied())).order_by_asc(Column::Id);
    Ok(tx.lock(query).all(tx).await?)
}

/// Gives contacts the searched texts that `text` makes of their profiles and of the present ones.
pub(crate) async fn put_searches(tx: &Tx, rows: Vec<Model>, text: impl Fn(i64, &str) -> String) -> Result<()> {
    for row in rows {
        let search = text(row.profile_id, &row.search);
        if search != row.search {
            let row = Model { search, ..row };
            let entries = Entries::of(Kind::Contact, std::slice::from_ref(&row))?;
            let set = ActiveModel { id: Unchanged(row.id), search: Set(row.search), ..Default::default() };
            Entity::update(set).exec_without_returning(tx).await?;
            entries.put(tx).await?;
        }
    }
    Ok(())
}

/// A page of the contacts that the filter lets through, newest first.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ContactFilter,
    request: PageRequest,
) -> Result<Page<Model>> {
    let search = found::search(CONTACTS, organization, filter.search.as_deref());
    page_searched(db, rows(organization), matching(organization, filter), search, request.or(Sort::descending("id")), &[]).await
}

fn matching(organization: OrganizationId, filter: &ContactFilter) -> Condition {
    let any = |column: Column, values: Vec<i64>| (!values.is_empty()).then(|| column.is_in(values));
    let having = |numbers| Column::ProfileId.in_subquery(numbers);
    Condition::all()
        .add_option(any(Column::Id, filter.ids.iter().map(|id| id.0).collect()))
        .add_option(filter.gender.map(|gender| Column::Gender.eq(gender)))
        .add_option(filter.birth_at_start.map(|start| Column::BirthAt.gte(start.to_string())))
        .add_option(filter.birth_at_end.map(|end| Column::BirthAt.lte(end.to_string())))
        .add_option((!filter.birth_months.is_empty()).then(|| born_in(&filter.birth_months)))
        .add_option(filter.created_at_start.map(|start| Column::CreatedAt.gte(millis(start))))
        .add_option(filter.created_at_end.map(|end| Column::CreatedAt.lte(millis(end.0))))
        .add_option(filter.updated_at_start.map(|start| Column::UpdatedAt.gte(millis(start))))
        .add_option(filter.updated_at_end.map(|end| Column::UpdatedAt.lte(millis(end.0))))
        .add_option(filter.phone_number.as_deref().map(|number| having(phone::repo::profiles_with(organization, number))))
        .add_option(filter.email.as_ref().map(|_| Column::Id.is_in(Vec::<i64>::new())))
        .add_option(filter.identity_no.as_deref().map(|number| Column::IdentityNo.eq(number)))
        .add_option(filter.membership_no.as_deref().map(|number| Column::MembershipNo.eq(number)))
        .add_option(filter.sponsor_id.map(|id| Column::SponsorId.eq(id.0)))
}

/// A day is stored as `YYYY-MM-DD`.
fn born_in(months: &[i64]) -> Condition {
    let months: BTreeSet<_> = months.iter().collect();
    months.into_iter().fold(Condition::any(), |any, month| any.add(Column::BirthAt.like(format!("____-{month:02}-__"))))
}

/// The profiles of the organization's contacts.
pub(crate) fn profiles(organization: OrganizationId) -> SelectStatement {
    Query::select().column(Column::ProfileId).from(Entity).and_where(Column::OrganizationId.eq(organization.0)).to_owned()
}

/// The profile of the organization's contact with this id, where there is one.
pub(crate) fn profile_of(organization: OrganizationId, id: ContactId) -> SelectStatement {
    profiles(organization).and_where(Column::Id.eq(id.0)).to_owned()
}

/// The profile of the caller's organization's contact, who stays until the write ends.
pub(crate) async fn lock_profile(tx: &Tx, id: ContactId) -> Result<Option<i64>> {
    let query = Entity::find().filter(Column::OrganizationId.eq(tx.caller().organization.0)).filter(Column::Id.eq(id.0));
    Ok(tx.lock(query).one(tx).await?.map(|row| row.profile_id))
}

/// Whether any of the organization's contacts, but for this one, has this profile.
pub(crate) async fn has_profile(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    profile: i64,
    but: Option<ContactId>,
) -> Result<bool> {
    let other = Condition::all().add_option(but.map(|id| Column::Id.ne(id.0)));
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::ProfileId.eq(profile)).filter(other);
    Ok(query.one(db).await?.is_some())
}

/// The organization's contacts with these ids, as tickets show them.
pub async fn briefs(db: &impl ConnectionTrait, organization: OrganizationId, ids: &[i64]) -> Result<HashMap<i64, ContactBrief>> {
    record::by_ids::<Model, _>(db, organization, ids.to_vec()).await
}

/// The organization's contacts by their membership numbers; the oldest where several share one.
pub async fn find_by_membership_no(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    numbers: &[String],
) -> Result<HashMap<String, ContactId>> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Entity::find().filter(Column::OrganizationId.eq(organization.0)).filter(Column::MembershipNo.is_in(numbers));
    let rows = query.order_by_desc(Column::Id).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.membership_no?, ContactId(row.id)))).collect())
}
