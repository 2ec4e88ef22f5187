//! Passwords: Argon2id, away from the async runtime, never more at a time than memory allows.

use std::sync::Arc;

use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use super::AccessError;

/// Memory in KiB, passes and lanes: the first choice of the OWASP Password Storage Cheat Sheet for Argon2id.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// Passwords hashed at a time: 38 MiB of memory at most.
const AT_A_TIME: usize = 2;
/// Logins that wait for their turn at most; a login takes some 50 ms.
const WAITING: usize = 32;
/// Characters of a password (NIST SP 800-63B: at least 8, long ones must be possible).
const CHARS: std::ops::RangeInclusive<usize> = 12..=256;
/// Longest text that is tried as a password, in bytes.
const MAX_TRIED_BYTES: usize = 1_024;

/// A hash of nothing that anybody knows, at the same cost: an unknown user takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks hashes.
#[derive(Debug)]
pub(super) struct Passwords {
    queue: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { queue: Arc::new(Semaphore::new(WAITING)), running: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Passwords {
    /// Whether a text can be a password of that user.
    pub(super) fn validate(password: &str, username: &str) -> Result<(), AccessError> {
        let problem = if !CHARS.contains(&password.chars().count()) {
            "must have 12 to 256 characters"
        } else if password.to_lowercase().contains(&username.to_lowercase()) {
            "must not contain the user name"
        } else {
            return Ok(());
        };
        Err(AccessError::Invalid { field: "password", problem })
    }

    /// The hash of a password, with a salt of its own.
    pub(super) async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, AccessError> {
        self.run(move || {
            let salt = SaltString::encode_b64(&salt).ok()?;
            argon2()?.hash_password(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
        })
        .await?
        .ok_or(AccessError::Hashing)
    }

    /// Whether a password belongs to a hash; without one it takes as long and is wrong.
    pub(super) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AccessError> {
        self.run(move || {
            let known = hash.is_some() && password.len() <= MAX_TRIED_BYTES;
            let tried = password.get(..MAX_TRIED_BYTES).unwrap_or(&password);
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&hash).ok()?;
            let is_right = argon2()?.verify_password(tried.as_bytes(), &parsed).is_ok();
            Some(is_right && known)
        })
        .await?
        .ok_or(AccessError::Hashing)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccessError> {
        let waiting = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| AccessError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| AccessError::Busy)?;
        // The permits go with the work: a caller who gives up does not make room that is not there.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((waiting, running));
            result
        });
        done.await.map_err(|_| AccessError::Hashing)
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_belongs_to_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".to_owned(), [7; 16]).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.expect("tried"));
        assert!(!passwords.verify("correct horsf".to_owned(), Some(hash.clone())).await.expect("tried"));
        let long = "x".repeat(10_000_000);
        assert!(!passwords.verify(long, Some(hash)).await.expect("tried"));
        assert!(
            !passwords.verify("correct horse".to_owned(), None).await.expect("nobody is tried in earnest")
        );
    }

    #[tokio::test]
    async fn a_crowd_of_logins_waits_in_a_queue_with_an_end() {
        let passwords = Arc::new(Passwords::default());
        let held = Arc::clone(&passwords.running).acquire_many_owned(2).await.expect("free");
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.run(|| ()).await })
            })
            .collect();
        while passwords.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(passwords.run(|| ()).await, Err(AccessError::Busy)));
        drop(held);
        for one in waiting {
            assert!(one.await.expect("ran").is_ok());
        }
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert!(Passwords::validate("twelve chars", "alice").is_ok());
        for weak in ["eleven char", "my-Alice-2026!", &"x".repeat(257)] {
            assert!(Passwords::validate(weak, "alice").is_err(), "{weak}");
        }
    }
}
