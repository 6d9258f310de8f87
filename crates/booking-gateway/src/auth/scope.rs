//! What a key may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One kind of thing that a key may do.
///
/// ```
/// use booking_gateway::Scope;
///
/// assert_eq!("operate".parse(), Ok(Scope::Operate));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read holds, trips and events.
    Read,
    /// Block seats and book them.
    Block,
    /// Settle what is unknown.
    Operate,
    /// Read the people of an order.
    Admin,
}

impl Scope {
    /// Every scope there is.
    ///
    /// ```
    /// assert_eq!(booking_gateway::Scope::ALL.len(), 4);
    /// ```
    pub const ALL: [Self; 4] = [Self::Read, Self::Block, Self::Operate, Self::Admin];

    /// Its word.
    ///
    /// ```
    /// assert_eq!(booking_gateway::Scope::Read.as_str(), "read");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Block => "block",
            Self::Operate => "operate",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| format!("{text:?} is no scope; there are read, block, operate, admin"))
    }
}

/// The scopes of a key. One does not include another.
///
/// ```
/// use booking_gateway::{Scope, Scopes};
///
/// let scopes: Scopes = [Scope::Read, Scope::Block].into_iter().collect();
/// assert!(scopes.has(Scope::Block) && !scopes.has(Scope::Operate));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes(std::collections::BTreeSet<Scope>);

impl Scopes {
    /// Whether `scope` is among them.
    ///
    /// ```
    /// assert!(!booking_gateway::Scopes::default().has(booking_gateway::Scope::Read));
    /// ```
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them.
    ///
    /// ```
    /// assert_eq!(booking_gateway::Scopes::default().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().collect())
    }
}
