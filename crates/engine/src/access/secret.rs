//! What sessions and tokens are made of: 256 random bits, of which only a hash is kept.

use std::fmt::{self, Write as _};

use bartizan_store::CredentialHash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::AccessError;

/// Random bytes of a credential: 256 bits, which nobody guesses, so a plain hash of it is as good as a slow one.
const CREDENTIAL_BYTES: usize = 32;
/// Random bytes of a one-time password: 96 bits, 16 characters to copy.
const PASSWORD_BYTES: usize = 12;
/// Longest credential that is looked up; ours have 43 characters.
const MAX_CREDENTIAL: usize = 128;

/// Where random bytes come from: the operating system, but for tests.
#[derive(Clone, Copy)]
pub(super) struct Randomness(fn(&mut [u8]) -> bool);

impl Randomness {
    pub(super) fn system() -> Self {
        Self(|bytes| getrandom::fill(bytes).is_ok())
    }

    #[cfg(test)]
    pub(super) fn from_source(source: fn(&mut [u8]) -> bool) -> Self {
        Self(source)
    }

    /// A credential as its holder keeps it: 43 characters of `A–Z a–z 0–9 - _`.
    pub(super) fn credential(self) -> Result<String, AccessError> {
        self.text::<CREDENTIAL_BYTES>()
    }

    /// A password that is told once.
    pub(super) fn password(self) -> Result<String, AccessError> {
        self.text::<PASSWORD_BYTES>()
    }

    pub(super) fn bytes<const N: usize>(self) -> Result<[u8; N], AccessError> {
        let mut bytes = [0; N];
        if (self.0)(&mut bytes) { Ok(bytes) } else { Err(AccessError::NoRandomness) }
    }

    fn text<const N: usize>(self) -> Result<String, AccessError> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<N>()?))
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness")
    }
}

/// The hash under which a credential is found; `None` for what cannot be one of ours.
pub(super) fn hash(credential: &str) -> Option<CredentialHash> {
    if credential.is_empty() || credential.len() > MAX_CREDENTIAL {
        return None;
    }
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(credential.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    Some(CredentialHash(text))
}
