use frontdesk_core::access::Scope;
use frontdesk_core::id::EmployeeId;
use frontdesk_core::world::World;
use frontdesk_core::{Error, Result};
use frontdesk_store::Tx;

use super::secret::{KEY, LICENSE, digest};
use super::{DAY, NewLicense, NewServiceKey, Secret, code, hash, license, service_key};
use crate::employee::entity::Model;
use crate::employee::repo::{lock_one, save};

const CODE_LIVES: i64 = 3650 * DAY;

/// Sign-ins that everybody knows, for the demo organization.
#[derive(Clone, Copy, Debug)]
pub struct KnownSecrets {
    /// A password, 8 to 128 characters.
    pub password: &'static str,
    /// The secret of a license with every right.
    pub license: &'static str,
    /// The secret of a service key with every scope; it begins with `fdk_`.
    pub key: &'static str,
    /// A code, which is good for one exchange within ten years.
    pub code: &'static str,
}

/// The hashes of [`KnownSecrets`], and of the secrets of a second license and a second service key, which nobody knows.
#[derive(Clone, Debug)]
pub struct HashedSecrets {
    password: String,
    licenses: [String; 2],
    keys: [String; 2],
    code: String,
}

impl KnownSecrets {
    /// Their hashes, ready to be written.
    pub async fn hashed(self, world: &World) -> Result<HashedSecrets> {
        Ok(HashedSecrets {
            password: hash(self.password.into()).await?,
            licenses: [digest(self.license), Secret::draw(world, LICENSE)?.digest()],
            keys: [digest(self.key), Secret::draw(world, KEY)?.digest()],
            code: digest(self.code),
        })
    }
}

impl HashedSecrets {
    /// Writes them into the caller's organization, which has no secrets yet: the password is `admin`'s, the code makes a
    /// moderator of `moderator`.
    pub async fn put(&self, tx: &Tx, admin: EmployeeId, moderator: EmployeeId) -> Result<()> {
        let row = lock_one(tx, admin).await?.ok_or(Error::NotFound)?;
        save(tx, Model { password_hash: Some(self.password.clone()), ..row }).await?;
        let [known, unknown] = &self.licenses;
        let full = NewLicense { label: "Demo".into(), allow_admin: true, new_moderators: true };
        let license = license::put(tx, full, known.clone()).await?;
        license::put(tx, NewLicense { label: "Branch kiosks".into(), ..NewLicense::default() }, unknown.clone()).await?;
        let [known, unknown] = &self.keys;
        let key = |label: &str, scopes: &[Scope]| NewServiceKey { label: label.into(), scopes: scopes.to_vec(), expires_at: None };
        service_key::put(tx, key("Demo", &Scope::ALL), known.clone()).await?;
        service_key::put(tx, key("Nightly report", &[Scope::TicketsRead, Scope::CallTasksRead]), unknown.clone()).await?;
        code::put(tx, self.code.clone(), license, moderator, CODE_LIVES).await
    }
}
