use std::sync::Arc;

use frontdesk_core::id::{EmployeeId, LicenseId, OrganizationId};
use frontdesk_core::input::{Fields, In, Input};
use frontdesk_core::status::{ClientId, GrantRole, GrantType, Role};
use frontdesk_core::time::Zone;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_store::Tx;
use serde::Serialize;
use utoipa::ToSchema;
use validator::Validate;

use super::secret::{CODE, TOKEN, digest};
use super::token::{self, Carried};
use super::{DAY, Secret, SignIn, fresh, license};
use crate::employee::NewEmployee;
use crate::{employee, external_user, organization};

mod entity;
pub(super) mod repo;

use repo::{NewRow, Subject};

const CODE_LIVES: i64 = 10 * 60 * 1000;
const TOKEN_LIVES: i64 = DAY / 3;

/// Who wants a code, and as what (vendor's page, getAuthCode).
#[derive(Clone, Debug, Default, Validate, ToSchema)]
pub struct NewCode {
    /// The integrating system's own id of the person; for the staff the `employee_no`.
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    pub user_id: String,
    /// The person's name; `USER-` and 8 digits where it is not given.
    #[validate(length(min = 1, max = 255))]
    #[schema(min_length = 1, max_length = 255)]
    pub name: Option<String>,
    /// The role asked for. A token never carries more than it.
    pub role: GrantRole,
}

impl NewCode {
    /// Reads the body's fields.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { user_id: fields.required("user_id"), name: fields.optional("name"), role: fields.required("role") }
    }
}

/// A code (vendor's page, getAuthCode).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthCode {
    /// The code: good for one exchange within 10 minutes.
    #[schema(value_type = String, example = "fdc_4uE2n8mWZ0pD1yXjvS3oQe5bT7kGhRcA9iLfNqJzMxU")]
    pub code: Secret,
}

/// The exchange of a code for a token (vendor's page, getAuthTokenUseCode).
#[derive(Clone, Debug, Default, ToSchema)]
pub struct CodeExchange {
    /// Always `authorization_code`.
    pub grant_type: GrantType,
    /// The program that the token is for.
    pub client_id: ClientId,
    /// The code.
    #[schema(value_type = String)]
    pub code: Secret,
    /// Taken and not used.
    pub redirect_uri: Option<String>,
}

impl CodeExchange {
    /// Reads the body's fields.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            grant_type: fields.required("grant_type"),
            client_id: fields.required("client_id"),
            code: fields.required("code"),
            redirect_uri: fields.optional("redirect_uri"),
        }
    }
}

/// A token from a code (vendor's page, getAuthTokenUseCode).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthLogin {
    /// The employee's id, or the number of the customer.
    pub user_id: i64,
    /// The token; it lives 8 hours.
    #[schema(value_type = String, example = "fd_mYh0Zr0GmVQkqB1kTn1W9dZf1c0Vw1XoYb2Jc3LhQ9s")]
    pub access_token: Secret,
}

/// What a license says about the codes asked for with it.
#[derive(Clone, Copy, Debug)]
struct Terms {
    id: LicenseId,
    organization: OrganizationId,
    allow_admin: bool,
    new_moderators: bool,
}

fn random_name(world: &World) -> Result<String> {
    let number = u64::from_be_bytes(world.random()?) % 100_000_000;
    Ok(format!("USER-{number:08}"))
}

impl SignIn {
    async fn terms(&self, license_secret: &str) -> Result<(Terms, Zone)> {
        let db = self.db.read();
        let license = license::repo::find(&db, &digest(license_secret)).await?;
        let license = license.filter(|license| license.revoked_at.is_none()).ok_or(Error::Unlicensed)?;
        let organization = organization::repo::find(&db, license.organization_id.into()).await?.ok_or(Error::Unlicensed)?;
        let terms = Terms {
            id: license.id.into(),
            organization: organization.id.into(),
            allow_admin: license.allow_admin,
            new_moderators: license.new_moderators,
        };
        Ok((terms, organization.zone()))
    }

    /// A code for the person whom the integrating system names (getAuthCode).
    ///
    /// A `MODERATOR` who is no employee yet is added as an agent without a password, where the license allows it; a
    /// `PUBLISHER` or `CLIENT` becomes an external user. [`Error::Unlicensed`] for an unknown license, for any other unknown
    /// person, for an employee who is inactive or has no role, and for `ADMIN` under a license without that right.
    pub async fn code(&self, license_secret: &str, new: impl Into<Input<NewCode>>, request_id: &str) -> Result<AuthCode> {
        let (terms, zone) = self.terms(license_secret).await?;
        let Input { value: new, mut violations } = new.into();
        violations.check(In::Body, &new);
        let new = violations.or(new)?;
        if new.role == GrantRole::Admin && !terms.allow_admin {
            return Err(Error::Unlicensed);
        }
        let name = new.name.clone().map_or_else(|| random_name(&self.world), Ok)?;
        let code = Secret::draw(&self.world, CODE)?;
        let (code_hash, input) = (code.digest(), Arc::new((new, name)));
        let cx = self.context(terms.organization, zone, request_id);
        let work = self.db.write(&cx, move |tx| {
            let (code_hash, input) = (code_hash.clone(), input.clone());
            Box::pin(async move {
                let (new, name) = &*input;
                let subject = subject(tx, terms, new, name).await?;
                let expires_at = tx.now() + CODE_LIVES;
                repo::insert(tx, NewRow { code_hash, license_id: terms.id.0, subject, role: new.role, expires_at }).await
            })
        });
        fresh(work.await?)?;
        tracing::info!(target: "security", license = terms.id.0, "a code was issued");
        Ok(AuthCode { code })
    }

    /// A token for a code (getAuthTokenUseCode). A code is good once, however many ask at the same time;
    /// [`Error::Unlicensed`] for one that is wrong, used or older than 10 minutes, whose license was revoked, or whose employee
    /// may not sign in any more.
    pub async fn exchange(&self, exchange: impl Into<Input<CodeExchange>>, request_id: &str) -> Result<AuthLogin> {
        let exchange = exchange.into().checked()?;
        let code_hash = exchange.code.digest();
        let db = self.db.read();
        let found = repo::find(&db, &code_hash).await?.ok_or(Error::Unlicensed)?;
        let organization = organization::repo::find(&db, found.organization_id.into()).await?.ok_or(Error::Unlicensed)?;
        let access_token = Secret::draw(&self.world, TOKEN)?;
        let (id, token_hash, client_id) = (found.id, access_token.digest(), exchange.client_id);
        let cx = self.context(organization.id.into(), organization.zone(), request_id);
        let work = self.db.write(&cx, move |tx| {
            let token_hash = token_hash.clone();
            Box::pin(async move { redeem(tx, id, token_hash, client_id).await })
        });
        let user_id = fresh(work.await?)?;
        tracing::info!(target: "security", user = user_id, client = client_id.word(), "signed in with a code");
        Ok(AuthLogin { user_id, access_token })
    }
}

/// Makes a code, which has this hash and lives so many milliseconds, for an employee as a moderator.
pub(super) async fn put(tx: &Tx, code_hash: String, license: LicenseId, employee: EmployeeId, lives: i64) -> Result<()> {
    let (subject, expires_at) = (Subject::Employee(employee.0), tx.now() + lives);
    repo::insert(tx, NewRow { code_hash, license_id: license.0, subject, role: GrantRole::Moderator, expires_at }).await
}

/// The person that a code is for, added where the rules say so.
async fn subject(tx: &Tx, terms: Terms, new: &NewCode, name: &str) -> Result<Subject> {
    if matches!(new.role, GrantRole::Publisher | GrantRole::Client) {
        return Ok(Subject::ExternalUser(external_user::repo::find_or_add(tx, &new.user_id, name).await?));
    }
    match employee::repo::find_by_no(tx, terms.organization, &new.user_id).await? {
        Some(employee) if employee.may_sign_in() => Ok(Subject::Employee(employee.id)),
        None if new.role == GrantRole::Moderator && terms.new_moderators => {
            let moderator =
                NewEmployee { employee_no: new.user_id.clone(), first_name: name.to_owned(), role: Role::Agent, ..NewEmployee::default() };
            let row = employee::repo::insert(tx, moderator).await?;
            Ok(Subject::Employee(row.id))
        }
        _ => Err(Error::Unlicensed),
    }
}

/// Uses a code up for a token; says whose it is.
async fn redeem(tx: &Tx, id: i64, token_hash: String, client_id: ClientId) -> Result<i64> {
    let code = repo::lock(tx, id).await?.filter(|code| code.used_at.is_none() && code.expires_at > tx.now()).ok_or(Error::Unlicensed)?;
    if !license::repo::holds(tx, code.license_id).await? {
        return Err(Error::Unlicensed);
    }
    if let Some(employee) = code.employee_id
        && !employee::repo::lock_one(tx, EmployeeId(employee)).await?.is_some_and(|employee| employee.may_sign_in())
    {
        return Err(Error::Unlicensed);
    }
    let user_id = code.employee_id.or(code.external_user_id).ok_or(Error::Unlicensed)?;
    let new = token::repo::NewToken {
        token_hash,
        employee_id: code.employee_id,
        external_user_id: code.external_user_id,
        carried: Carried::Granted(GrantRole::of_word(&code.role).ok_or(Error::Unlicensed)?),
        client_id: Some(client_id.word().into()),
        lifetime: TOKEN_LIVES,
    };
    repo::use_up(tx, code).await?;
    token::repo::insert(tx, new).await?;
    Ok(user_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_the_nameless() {
        let name = random_name(&World::real()).unwrap();
        let digits = name.strip_prefix("USER-").unwrap();
        assert!(digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()), "{name}");
    }
}
