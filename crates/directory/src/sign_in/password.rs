use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
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

/// Each hashing takes 19 MiB: a flood of sign-ins waits here instead of taking all memory.
static HASHING: Semaphore = Semaphore::const_new(8);

/// What a sign-in under an unknown name is compared with, so that it takes as long as under a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, HashError> {
    Ok(argon2()?.hash_password(password.as_bytes())?.to_string())
}

fn verify_now(password: &str, hash: &str) -> Result<bool, HashError> {
    match argon2()?.verify_password(password.as_bytes(), &PasswordHash::new(hash)?) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, HashError> + Send + 'static) -> Result<T> {
    let _permit = HASHING.acquire().await?;
    tokio::task::spawn_blocking(work).await?.map_err(|error| Error::internal(format!("password hashing failed: {error}")))
}

/// The hash of a password, made on a thread of its own. Takes some tens of milliseconds.
pub(crate) async fn hash(password: Secret) -> Result<String> {
    apart(move || hash_now(password.reveal())).await
}

/// Whether the password is the one of the hash. Takes as long without a hash, and is then false.
pub(super) async fn verify(password: Secret, hash: Option<String>) -> Result<bool> {
    apart(move || {
        let known = hash.is_some();
        let hash = hash.or_else(|| NOBODY.clone()).ok_or(HashError::Crypto)?;
        Ok(verify_now(password.reveal(), &hash)? && known)
    })
    .await
}

/// Notes what is wrong with the `password` somebody chose.
pub fn judge(password: &Secret, violations: &mut Violations) {
    if !password.length().is_some_and(|length| (SHORTEST..=LONGEST).contains(&length)) {
        violations.body("password", Rule::Length(Some(SHORTEST), Some(LONGEST)));
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
