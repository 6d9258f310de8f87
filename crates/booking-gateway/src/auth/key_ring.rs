//! Which keys there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use booking_domain::Tenant;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::api_key::{ApiKey, KeyId, SecretHash};
use super::scope::Scopes;

/// What is kept of a key.
///
/// ```
/// use booking_gateway::{ApiKey, KeyRecord, Scope};
/// use time::macros::datetime;
///
/// let key = ApiKey::of_random([1; 8], [2; 32]);
/// let scopes = [Scope::Read].into_iter().collect();
/// let record = KeyRecord::of(&key, "web shop", None, scopes, datetime!(2026-11-24 10:00 +7));
/// assert!(record.admits(&key));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// Its public part.
    pub id: KeyId,
    /// Who holds it, for people.
    pub name: String,
    /// Whose holds it sees and makes; `None`: it sees everybody's, and makes holds of no tenant.
    #[serde(default, with = "tenant_text", skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
    /// What it may do.
    pub scopes: Scopes,
    /// The hash of its secret.
    pub secret_sha256: SecretHash,
    /// Since when it exists.
    #[serde(with = "time::serde::rfc3339")]
    pub made_at: OffsetDateTime,
    /// Since when it opens nothing any more.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub revoked_at: Option<OffsetDateTime>,
}

/// A tenant as its text.
mod tenant_text {
    use booking_domain::Tenant;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands over the field")]
    pub(super) fn serialize<S: Serializer>(
        tenant: &Option<Tenant>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        tenant.as_ref().map(Tenant::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Tenant>, D::Error> {
        let read = |text: String| {
            Tenant::new(text).map_err(|fault| serde::de::Error::custom(fault.message))
        };
        Option::<String>::deserialize(deserializer)?
            .map(read)
            .transpose()
    }
}

impl KeyRecord {
    /// What is kept of `key`.
    ///
    /// ```
    /// # use booking_gateway::{ApiKey, KeyRecord, Scopes};
    /// # let key = ApiKey::of_random([1; 8], [2; 32]);
    /// let now = time::macros::datetime!(2026-11-24 10:00 +7);
    /// assert_eq!(KeyRecord::of(&key, "shop", None, Scopes::default(), now).revoked_at, None);
    /// ```
    #[must_use]
    pub fn of(
        key: &ApiKey,
        name: impl Into<String>,
        tenant: Option<Tenant>,
        scopes: Scopes,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            id: key.id().clone(),
            name: name.into(),
            tenant,
            scopes,
            secret_sha256: key.secret_hash(),
            made_at: now,
            revoked_at: None,
        }
    }

    /// Whether `key` is this one and opens anything.
    ///
    /// ```
    /// # use booking_gateway::{ApiKey, KeyRecord, Scopes};
    /// # let now = time::macros::datetime!(2026-11-24 10:00 +7);
    /// let key = ApiKey::of_random([1; 8], [2; 32]);
    /// let record = KeyRecord::of(&key, "shop", None, Scopes::default(), now);
    /// assert!(!record.admits(&ApiKey::of_random([1; 8], [3; 32])));
    /// ```
    #[must_use]
    pub fn admits(&self, key: &ApiKey) -> bool {
        let same = self.secret_sha256 == key.secret_hash();
        same && self.id == *key.id() && self.revoked_at.is_none()
    }
}

/// Finds what is kept of a key. Asked at every request, so it answers from memory.
///
/// ```
/// use booking_gateway::{ApiKey, KeyRing};
///
/// fn opens(ring: &dyn KeyRing, key: &ApiKey) -> bool {
///     ring.find(key.id()).is_some_and(|record| record.admits(key))
/// }
/// ```
pub trait KeyRing: Send + Sync {
    /// The key `id`, also where it is revoked.
    fn find(&self, id: &KeyId) -> Option<Arc<KeyRecord>>;
}

/// Keys in memory.
///
/// ```
/// use booking_gateway::{ApiKey, KeyRecord, KeyRing, MemoryKeyRing, Scopes};
///
/// # let now = time::macros::datetime!(2026-11-24 10:00 +7);
/// let key = ApiKey::of_random([1; 8], [2; 32]);
/// let ring = MemoryKeyRing::of([KeyRecord::of(&key, "shop", None, Scopes::default(), now)]);
/// assert!(ring.find(key.id()).is_some());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryKeyRing(BTreeMap<KeyId, Arc<KeyRecord>>);

impl MemoryKeyRing {
    /// A ring of `keys`.
    ///
    /// ```
    /// let empty = booking_gateway::MemoryKeyRing::of([]);
    /// ```
    #[must_use]
    pub fn of(keys: impl IntoIterator<Item = KeyRecord>) -> Self {
        let entry = |key: KeyRecord| (key.id.clone(), Arc::new(key));
        Self(keys.into_iter().map(entry).collect())
    }

    /// How many open anything.
    pub(super) fn live(&self) -> usize {
        let live = |key: &&Arc<KeyRecord>| key.revoked_at.is_none();
        self.0.values().filter(live).count()
    }
}

impl KeyRing for MemoryKeyRing {
    fn find(&self, id: &KeyId) -> Option<Arc<KeyRecord>> {
        self.0.get(id).cloned()
    }
}
