//! The key of the installation: equal secrets get equal hashes, and nobody without the key can try out values.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of a key: as many as the hash gives (RFC 2104, section 3).
const KEY_BYTES: usize = 32;
/// Longest key file that is read: digits and some blanks.
const MAX_FILE_BYTES: u64 = 1_024;

/// A key for hashing secrets. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MaskingKey([u8; KEY_BYTES]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum MaskingKeyError {
    /// What was given is no key; it is not repeated, since it may nearly be one.
    #[error("a key must have 64 hexadecimal digits; make one with: openssl rand -hex 32")]
    Malformed,
    /// The file holds something else.
    #[error(
        "{} holds no key of 64 hexadecimal digits; restore it from a backup, or remove it for a new key: values hashed \
         before and after will differ", .path.display()
    )]
    MalformedFile {
        /// The file.
        path: PathBuf,
    },
    /// Others may read the key.
    #[error("{} can be read by other users; run: chmod 600 {}", .path.display(), .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The file can be neither read nor made.
    #[error("the key file {} cannot be {action}; set privacy.key, or let the folder be written to", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers for a key; set privacy.key")]
    NoRandomness,
}

impl MaskingKey {
    /// A key of 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`MaskingKeyError::Malformed`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, MaskingKeyError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 2 * KEY_BYTES {
            return Err(MaskingKeyError::Malformed);
        }
        let mut key = [0; KEY_BYTES];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let value = char::from(*digit).to_digit(16).ok_or(MaskingKeyError::Malformed)?;
                *byte = *byte << 4 | u8::try_from(value).map_err(|_| MaskingKeyError::Malformed)?;
            }
        }
        Ok(Self(key))
    }

    /// The key in a file, which is made with a new key and for its owner alone when it is missing.
    ///
    /// # Errors
    /// All of [`MaskingKeyError`], with the remedy in each.
    pub fn load_or_make(path: &Path) -> Result<Self, MaskingKeyError> {
        match std::fs::File::open(path) {
            Ok(file) => Self::read(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(path),
            Err(source) => Err(file_error(path, "read", source)),
        }
    }

    /// HMAC-SHA-256 of a value (RFC 2104).
    pub(super) fn digest(&self, value: &[u8]) -> Vec<u8> {
        // Keys of any length are fine for HMAC; without one nothing is shown.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Vec::new() };
        mac.update(value);
        mac.finalize().into_bytes().to_vec()
    }

    fn read(path: &Path, file: std::fs::File) -> Result<Self, MaskingKeyError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let metadata = file.metadata().map_err(|source| file_error(path, "read", source))?;
            if metadata.permissions().mode() & 0o077 != 0 {
                return Err(MaskingKeyError::Exposed { path: path.to_owned() });
            }
        }
        let mut text = Vec::new();
        file.take(MAX_FILE_BYTES)
            .read_to_end(&mut text)
            .map_err(|source| file_error(path, "read", source))?;
        let malformed = || MaskingKeyError::MalformedFile { path: path.to_owned() };
        Self::from_hex(std::str::from_utf8(&text).map_err(|_| malformed())?).map_err(|_| malformed())
    }

    fn make(path: &Path) -> Result<Self, MaskingKeyError> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|_| MaskingKeyError::NoRandomness)?;
        let failed = |source| file_error(path, "written", source);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        let mut text: String = key.iter().flat_map(|byte| [byte >> 4, byte & 0xF]).map(hex_digit).collect();
        text.push('\n');
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(Self(key))
    }
}

impl fmt::Debug for MaskingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskingKey(…)")
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

fn file_error(path: &Path, action: &'static str, source: io::Error) -> MaskingKeyError {
    MaskingKeyError::File { path: path.to_owned(), action, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_hmac_sha_256() {
        // RFC 4231, test case 2, with its key of four bytes filled up by zeros as HMAC does itself.
        let key = MaskingKey::from_hex(&format!("4a656665{}", "00".repeat(28))).expect("a key");
        let digest = key.digest(b"what do ya want for nothing?");
        assert_eq!(digest.get(..6), Some([0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60].as_slice()));
        assert!(!format!("{key:?}").contains("4a"));
    }

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("data/masking.key");
        let made = MaskingKey::load_or_make(&path).expect("made");
        assert_eq!(MaskingKey::load_or_make(&path).expect("read"), made);
        let mut permissions = std::fs::metadata(&path).expect("there").permissions();
        let mode = std::os::unix::fs::PermissionsExt::mode(&permissions);
        assert_eq!(mode & 0o777, 0o600);
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o644);
        std::fs::set_permissions(&path, permissions).expect("ours");
        let exposed = MaskingKey::load_or_make(&path).expect_err("others may read it").to_string();
        assert!(exposed.contains("chmod 600"), "{exposed}");
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("masking.key");
        let mut file = {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path).expect("made")
        };
        file.write_all(b"hunter2\n").expect("written");
        let message = MaskingKey::load_or_make(&path).expect_err("no key").to_string();
        assert!(message.contains("masking.key") && !message.contains("hunter2"), "{message}");
        for text in ["", "hunter2", &"g".repeat(64), &"0".repeat(63)] {
            let message = MaskingKey::from_hex(text).expect_err("no key").to_string();
            assert!(message.contains("openssl") && !message.contains("hunter2"), "{message}");
        }
        let nowhere = MaskingKey::load_or_make(Path::new("/proc/none/masking.key")).expect_err("no folder");
        assert!(nowhere.to_string().contains("privacy.key"), "{nowhere}");
    }
}
