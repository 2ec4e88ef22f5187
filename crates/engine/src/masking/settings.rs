//! What the operator set about privacy.

use serde::{Deserialize, Serialize};

use super::names::longest_word;

/// Longest name that may be configured, in bytes.
const MAX_NAME: usize = 64;
/// Most names in one list.
const MAX_NAMES: usize = 1_000;

/// What is hidden before anything is stored, sent or logged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaskingSettings {
    /// Whose values are replaced by `[masked]`.
    pub mask: MaskedNames,
    /// Whose values are replaced by a keyed hash, so that equal ones stay equal; goes before `mask`.
    pub hash: HashedNames,
}

/// Names whose values are replaced. They match without case and as whole words of longer names; `*` matches all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaskedNames {
    /// Parameters of queries, those of the `Referer` included.
    pub parameters: Vec<String>,
    /// Headers.
    pub headers: Vec<String>,
    /// Cookies.
    pub cookies: Vec<String>,
    /// Fields of bodies: forms, JSON, multipart, XML, GraphQL.
    pub fields: Vec<String>,
    /// Whether numbers of payment cards are replaced wherever they stand.
    pub cards: bool,
}

/// Names whose values are hashed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the places of MaskedNames")]
pub struct HashedNames {
    pub parameters: Vec<String>,
    pub headers: Vec<String>,
    pub cookies: Vec<String>,
    pub fields: Vec<String>,
}

/// Why settings of privacy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MaskingError {
    /// A name in which nothing could match.
    #[error(
        "privacy.{list} holds {name:?}, which is no name; give names of up to 64 letters, digits, dashes and \
         underscores, such as access_token, or * for all"
    )]
    Name {
        /// The list, below `privacy`.
        list: &'static str,
        /// What stands in it.
        name: String,
    },
    /// More names than can be looked for quickly.
    #[error("privacy.{list} holds {count} names; give at most 1000, or * for all")]
    TooMany {
        /// The list, below `privacy`.
        list: &'static str,
        /// Their number.
        count: usize,
    },
    /// Hashes need a key.
    #[error("privacy.hash names values to hash, but there is no key; set privacy.key")]
    NoKey,
    /// The names do not fit into one search.
    #[error("the names of privacy.mask and privacy.hash are too many for one search; give fewer")]
    TooLarge,
}

/// Names of secrets in parameters and in fields of bodies.
const SECRET_NAMES: [&str; 53] = [
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "passcode",
    "pwd",
    "pw",
    "pass",
    "userpass",
    "newpassword",
    "oldpassword",
    "userpassword",
    "secret",
    "client_secret",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "authtoken",
    "bearer",
    "jwt",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "secret_key",
    "authorization",
    "auth",
    "credential",
    "credentials",
    "session",
    "session_id",
    "sid",
    "jsessionid",
    "phpsessid",
    "csrf",
    "xsrf",
    "code_verifier",
    "device_code",
    "assertion",
    "samlresponse",
    "signature",
    "sig",
    "otp",
    "totp",
    "pin",
    "ssn",
    "iban",
    "card",
    "cc",
    "ccnum",
    "cvv",
    "cvc",
];

/// Names of headers that carry secrets.
const SECRET_HEADERS: [&str; 15] = [
    "authorization",
    "proxy-authorization",
    "api-key",
    "apikey",
    "x-api-key",
    "token",
    "x-auth-token",
    "auth",
    "access-token",
    "x-csrf-token",
    "csrf",
    "xsrf",
    "secret",
    "password",
    "session",
];

impl Default for MaskedNames {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Self {
            parameters: owned(&SECRET_NAMES),
            headers: owned(&SECRET_HEADERS),
            cookies: owned(&["*"]),
            fields: owned(&SECRET_NAMES),
            cards: true,
        }
    }
}

impl MaskingSettings {
    /// Whether anything is hashed, which takes a key.
    pub fn needs_key(&self) -> bool {
        let HashedNames { parameters, headers, cookies, fields } = &self.hash;
        [parameters, headers, cookies, fields].iter().any(|names| !names.is_empty())
    }

    /// What types cannot say.
    ///
    /// # Errors
    /// [`MaskingError::Name`] and [`MaskingError::TooMany`] name the setting.
    pub fn validate(&self) -> Result<(), MaskingError> {
        for (list, names) in self.lists() {
            if names.len() > MAX_NAMES {
                return Err(MaskingError::TooMany { list, count: names.len() });
            }
            for name in names {
                let is_name = name == "*" || (name.len() <= MAX_NAME && longest_word(name).is_some());
                if !is_name || name.chars().any(char::is_control) {
                    let name = name.chars().take(MAX_NAME).collect();
                    return Err(MaskingError::Name { list, name });
                }
            }
        }
        Ok(())
    }

    /// Every list with its name below `privacy`.
    fn lists(&self) -> [(&'static str, &[String]); 8] {
        [
            ("mask.parameters", &self.mask.parameters),
            ("mask.headers", &self.mask.headers),
            ("mask.cookies", &self.mask.cookies),
            ("mask.fields", &self.mask.fields),
            ("hash.parameters", &self.hash.parameters),
            ("hash.headers", &self.hash.headers),
            ("hash.cookies", &self.hash.cookies),
            ("hash.fields", &self.hash.fields),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senseless_names_are_refused_with_the_setting_and_the_remedy() {
        MaskingSettings::default().validate().expect("the default is sound");
        for name in ["", "??", &"a".repeat(65), "a\nb"] {
            let mut settings = MaskingSettings::default();
            settings.hash.cookies = vec![name.to_owned()];
            let message = settings.validate().expect_err(name).to_string();
            assert!(message.contains("privacy.hash.cookies") && message.contains("such as"), "{message}");
        }
        let mut settings = MaskingSettings::default();
        settings.mask.fields = vec!["a".to_owned(); 1_001];
        assert!(settings.validate().expect_err("too many").to_string().contains("privacy.mask.fields"));
    }
}
