use frontdesk_core::input::{Fields, In, Input};
use frontdesk_core::{Error, Result};
use utoipa::ToSchema;
use validator::Validate;

use super::secret::TOKEN;
use super::token::{self, AccessToken, Carried};
use super::{Secret, SignIn, fresh, password};
use crate::{employee, organization};

const DEFAULT_TTL: i64 = 60;

/// A sign-in by name and password (vendor's page).
#[derive(Clone, Debug, Validate, ToSchema)]
pub struct NewSession {
    /// The `employee_no`; where the store holds several organizations, `employee_no@slug`.
    #[schema(min_length = 1, example = "admin")]
    pub name: String,
    /// The password.
    #[schema(value_type = String, format = Password, min_length = 1, example = "frontdesk-demo")]
    pub password: Secret,
    /// Minutes the token is to live, 1 to 1,440.
    #[validate(range(min = 1, max = 1440))]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1440, default = 60)]
    pub ttl: i64,
}

impl Default for NewSession {
    fn default() -> Self {
        Self { name: String::new(), password: Secret::default(), ttl: DEFAULT_TTL }
    }
}

impl NewSession {
    /// Reads the body's fields.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self { name: fields.required("name"), password: fields.required("password"), ttl: fields.optional("ttl").unwrap_or(DEFAULT_TTL) }
    }
}

/// Somebody who has the name and may sign in, with the hash of the password to be told.
struct Known {
    organization: organization::entity::Model,
    employee: employee::entity::Model,
    hash: String,
}

impl SignIn {
    /// A token for a name and a password. [`Error::BadLogin`] where either is wrong, or where the employee is inactive or has
    /// no role or no password; all of these take the same time.
    pub async fn login(&self, new: impl Into<Input<NewSession>>, request_id: &str) -> Result<AccessToken> {
        let Input { value: new, mut violations } = new.into();
        violations.check(In::Body, &new);
        let NewSession { name, password, ttl } = violations.or(new)?;
        let known = self.known(&name).await?;
        let right = password::verify(password, known.as_ref().map(|known| known.hash.clone())).await?;
        let account = known.as_ref().map(|known| known.employee.id);
        let Some(Known { organization, employee, hash }) = known.filter(|_| right) else {
            tracing::warn!(target: "security", employee = account, known = account.is_some(), "a password was refused");
            return Err(Error::BadLogin);
        };

        let access_token = Secret::draw(&self.world, TOKEN)?;
        let (id, token_hash, seconds) = (employee.id, access_token.digest(), ttl * 60);
        let cx = self.context(organization.id.into(), organization.zone(), request_id);
        let work = self.db.write(&cx, move |tx| {
            let (token_hash, hash) = (token_hash.clone(), hash.clone());
            Box::pin(async move {
                let employee = employee::repo::lock_one(tx, id.into()).await?;
                let employee = employee.filter(|employee| employee.may_sign_in() && employee.password_hash == Some(hash));
                let employee = employee.ok_or(Error::BadLogin)?;
                let new = token::repo::NewToken {
                    token_hash,
                    employee_id: Some(id),
                    external_user_id: None,
                    carried: Carried::Own(employee.role()),
                    client_id: None,
                    lifetime: seconds * 1000,
                };
                token::repo::insert(tx, new).await?;
                employee::repo::signed_in(tx, employee).await
            })
        });
        fresh(work.await?)?;
        tracing::info!(target: "security", employee = id, "signed in with a password");
        Ok(AccessToken { access_token, token_type: "bearer", expires_in: seconds })
    }

    async fn known(&self, name: &str) -> Result<Option<Known>> {
        let db = self.db.read();
        let qualified = match name.rsplit_once('@') {
            Some((employee_no, slug)) => organization::repo::find_by_slug(&db, slug).await?.map(|found| (found, employee_no)),
            None => None,
        };
        let found = match qualified {
            Some(found) => Some(found),
            None => organization::repo::only(&db).await?.map(|only| (only, name)),
        };
        let Some((organization, employee_no)) = found else { return Ok(None) };
        let employee = employee::repo::find_by_no(&db, organization.id.into(), employee_no).await?;
        let Some(employee) = employee.filter(employee::entity::Model::may_sign_in) else { return Ok(None) };
        let hash = employee.password_hash.clone();
        Ok(hash.map(|hash| Known { organization, employee, hash }))
    }
}
