//! The key and secret files that settings name.

use booking_ledger::LedgerKey;
use klikoo_adapter::{AuthKey, KeyError, RequestKey};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::keys;
use super::mistake::Mistake;
use super::values::{ClientSecret, KlikooSettings, NamedFile};
use crate::input;
use crate::private_file::{open_to_others, read_text, without_line_end};

/// Longest key or secret file, in bytes: an RSA key of 8192 bits has 6 600.
const SECRET_MAX: u64 = 64 * 1024;

/// Longest trust root file, in bytes: a whole system's bundle fits.
const CA_MAX: u64 = 1024 * 1024;

impl NamedFile {
    pub(crate) fn mistake(&self, message: &str) -> Mistake {
        let message = format!("{}: {message}", input::shown(&self.path));
        Mistake::new(self.origin.place(self.key), message)
    }

    /// Its text.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is longer than anything that belongs there.
    pub(crate) fn text(&self) -> Result<Zeroizing<String>, Mistake> {
        self.read(CA_MAX)
    }

    fn read(&self, longest: u64) -> Result<Zeroizing<String>, Mistake> {
        read_text(&self.path, longest)
            .map_err(|error| self.mistake(&format!("cannot be read: {error}")))
    }

    /// What to do about the mode of this secret file, where others can reach it.
    pub(crate) fn exposed(&self) -> Option<String> {
        let mode = open_to_others(&self.path)?;
        let is_key = ![
            keys::CLIENT_SECRET_FILE.name,
            keys::LEDGER_KEY_FILE.name,
            keys::GATEWAY_SESSION_KEY_FILE.name,
        ]
        .contains(&self.key);
        if is_key && !self.holds_a_private_key() {
            return None;
        }
        Some(format!(
            "{} ({}) is open to other users (mode {mode}); run `chmod 600 {}`",
            input::shown(&self.path),
            self.key,
            input::quoted(&self.path),
        ))
    }

    /// Another file in a key's place, such as the public half, is a mistake and no secret.
    fn holds_a_private_key(&self) -> bool {
        self.read(SECRET_MAX)
            .is_ok_and(|text| text.contains("PRIVATE KEY-----"))
    }
}

/// The client secret, read from its file where one is named.
pub(crate) fn client_secret(secret: &ClientSecret) -> Result<SecretString, Mistake> {
    let file = match secret {
        ClientSecret::Value(value) => return Ok(value.clone()),
        ClientSecret::File(file) => file,
    };
    let text = file.read(SECRET_MAX)?;
    let text = without_line_end(&text);
    if text.is_empty() {
        return Err(file.mistake("is empty; it has to hold the client secret"));
    }
    if text.chars().any(char::is_control) {
        return Err(file.mistake("has to hold the client secret on one line, and nothing else"));
    }
    Ok(text.into())
}

/// The key that signs token requests.
pub(crate) fn auth_key(file: &NamedFile) -> Result<AuthKey, Mistake> {
    AuthKey::from_pkcs8_pem(&file.read(SECRET_MAX)?)
        .map_err(|error| file.mistake(&in_words(&error, "")))
}

/// The key that signs requests.
pub(crate) fn request_key(file: &NamedFile) -> Result<RequestKey, Mistake> {
    // One key may serve tokens alone: then another setting names the one for requests.
    let place = if file.key == keys::SIGNING_KEY_FILE.name {
        ""
    } else {
        " and name it in klikoo.signing_key_file"
    };
    RequestKey::from_pkcs8_pem(&file.read(SECRET_MAX)?)
        .map_err(|error| file.mistake(&in_words(&error, place)))
}

/// What to do, where a key of another kind has to be made.
fn in_words(error: &KeyError, then: &str) -> String {
    match error {
        KeyError::WrongKind { found, wanted } => format!(
            "this is {found}, but {wanted} is needed; make one with `seatblock keys new p256 --out DIR`{then}, and register its public half"
        ),
        error => error.to_string(),
    }
}

/// The key that seals the ledger.
pub(crate) fn ledger_key(file: &NamedFile) -> Result<LedgerKey, Mistake> {
    LedgerKey::parse(&file.read(SECRET_MAX)?).map_err(|error| file.mistake(&error.to_string()))
}

/// The extra trust root.
pub(crate) fn trust_root(file: &NamedFile) -> Result<String, Mistake> {
    file.read(CA_MAX).map(|text| text.to_string())
}

impl KlikooSettings {
    /// The file of the key that signs requests under `ecdsa-p256`.
    pub(crate) fn request_key_file(&self) -> Option<&NamedFile> {
        self.signing_key_file
            .as_ref()
            .or(self.private_key_file.as_ref())
    }

    /// Every named file whose content is a secret.
    pub(crate) fn secret_files(&self) -> impl Iterator<Item = &NamedFile> {
        let secret = match &self.client_secret {
            Some(ClientSecret::File(file)) => Some(file),
            Some(ClientSecret::Value(_)) | None => None,
        };
        [
            secret,
            self.private_key_file.as_ref(),
            self.signing_key_file.as_ref(),
        ]
        .into_iter()
        .flatten()
    }
}
