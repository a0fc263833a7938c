use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::password_hash::Error as HashError;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use frontdesk_core::input::{Rule, Violations};
use frontdesk_core::{Error, Result};
use tokio::sync::Semaphore;
use validator::ValidateLength;

use super::Secret;

// OWASP's recommendation for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SHORTEST: u64 = 8;
const LONGEST: u64 = 128;

/// One password is hashed at a time, some tens of them a second: a flood of sign-ins waits here instead of taking all memory
/// and all cores.
static HASHING: Semaphore = Semaphore::const_new(1);

/// The memory of the last hashing, for the next one: given back to the allocator it would stay with the thread it was taken
/// on, each time another.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(vec![]);

/// What a sign-in under an unknown name is compared with, so that it takes as long as under a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

fn params() -> Result<Params, HashError> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::ParamsInvalid)
}

fn output(password: &str, salt: &Salt, params: Params) -> Result<Output, HashError> {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    memory.resize(params.block_count(), Block::default());
    let mut bytes = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut bytes, &mut *memory);
    done.map_err(|_| HashError::Crypto)?;
    Ok(Output::new(&bytes)?)
}

fn hash_now(password: &str) -> Result<String, HashError> {
    let (salt, params) = (Salt::generate(), params()?);
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(salt),
        hash: Some(output(password, &salt, params)?),
    };
    Ok(hash.to_string())
}

/// Whether the password is the one of the hash; outputs are compared in constant time.
fn verify_now(password: &str, hash: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(hash)?;
    let salt = hash.salt.ok_or(HashError::SaltInvalid)?;
    Ok(hash.hash == Some(output(password, &salt, Params::try_from(&hash)?)?))
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, HashError> + Send + 'static) -> Result<T> {
    let permit = HASHING.acquire().await?;
    // The hashing goes on when the request goes away, so it is what holds the permit.
    let hashing = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(hashing).await?.map_err(|error| Error::internal(format!("password hashing failed: {error}")))
}

/// The hash of a password, made on a thread of its own. Takes some tens of milliseconds.
pub(crate) async fn hash(password: Secret) -> Result<String> {
    apart(move || hash_now(password.reveal())).await
}

/// Whether the password is the one of the hash. Takes as long without a hash, and is then false.
pub(super) async fn verify(password: Secret, hash: Option<String>) -> Result<bool> {
    apart(move || {
        let known = hash.is_some();
        // First the work, then what is known.
        Ok(verify_now(password.reveal(), &counterpart(hash)?)? && known)
    })
    .await
}

/// The hash that a password is compared with.
fn counterpart(hash: Option<String>) -> Result<String, HashError> {
    hash.or_else(|| NOBODY.clone()).ok_or(HashError::Crypto)
}

/// Notes what is wrong with the `password` somebody chose.
pub fn judge(password: &Secret, violations: &mut Violations) {
    if !password.length().is_some_and(|length| (SHORTEST..=LONGEST).contains(&length)) {
        violations.body("password", Rule::Length(Some(SHORTEST), Some(LONGEST)));
    }
    if password.reveal().contains('\0') {
        violations.body("password", Rule::other("must not contain the character U+0000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_with_the_recommended_parameters() {
        let hash = hash_now("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_now("correct horse", &hash).unwrap());
        assert!(!verify_now("correct horsE", &hash).unwrap());
        assert_ne!(hash, hash_now("correct horse").unwrap());
    }

    #[test]
    fn an_unknown_name_takes_the_same_work() {
        let work = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        let (known, nobody) = (hash_now("correct horse").unwrap(), counterpart(None).unwrap());
        assert_eq!(work(&nobody), work(&known));
        assert_eq!(nobody.len(), known.len());
        assert_eq!(counterpart(Some(known.clone())).unwrap(), known);
        // It is a hash in good order, so that comparing with it does not end before the work is done.
        assert!(verify_now("nobody's password", &nobody).unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify("nobody's password".into(), None).await.unwrap());
    }

    #[test]
    fn lengths() {
        for (length, fine) in [(7, false), (8, true), (128, true), (129, false)] {
            let mut violations = Violations::default();
            judge(&"界".repeat(length).into(), &mut violations);
            assert_eq!(violations.all().is_empty(), fine, "{length}");
        }
    }
}
