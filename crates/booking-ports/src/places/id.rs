//! The provider's number of a place, which is one only together with the kind of the place.

use std::fmt;
use std::str::FromStr;

/// What kind of place a provider's number is of: cities and stops are numbered apart.
///
/// ```
/// assert_eq!(booking_ports::PlaceKind::Location.to_string(), "location");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A city, with all stops in it.
    City,
    /// One stop: a terminal, a pool, a street corner.
    Location,
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::City => "city",
            Self::Location => "location",
        })
    }
}

/// A place, as it is asked for: its kind, and the provider's number or code of 1 to 64 printable
/// ASCII characters without spaces. Written `city:1` and `location:101`.
///
/// ```
/// use booking_ports::{PlaceId, PlaceKind};
///
/// let id: PlaceId = "location:101".parse().unwrap();
/// assert_eq!((id.kind(), id.as_str()), (PlaceKind::Location, "101"));
/// assert_eq!(id.to_string(), "location:101");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId {
    kind: PlaceKind,
    text: String,
}

/// Why a text is no [`PlaceId`]. It does not repeat the text.
///
/// ```
/// use booking_ports::{PlaceId, PlaceIdError};
///
/// assert_eq!("town:1".parse::<PlaceId>(), Err(PlaceIdError::Kind));
/// assert!(PlaceIdError::Kind.to_string().contains("city:1"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceIdError {
    /// It does not begin with a kind of place and a colon.
    #[error("a place is written as city:1 or location:101, as the search for places lists it")]
    Kind,
    /// What follows can be no provider's number.
    #[error(
        "the number of a place has 1 to 64 printable ASCII characters without spaces; take it as the search for places lists it"
    )]
    Number,
}

impl PlaceId {
    /// The place of this kind with the provider's number or code `text`.
    ///
    /// # Errors
    ///
    /// [`PlaceIdError::Number`]: empty, over 64 characters, or with spaces, control characters or
    /// letters beyond ASCII.
    ///
    /// ```
    /// use booking_ports::{PlaceId, PlaceKind};
    ///
    /// assert_eq!(PlaceId::new(PlaceKind::City, "1").unwrap().to_string(), "city:1");
    /// assert!(PlaceId::new(PlaceKind::City, "").is_err());
    /// ```
    pub fn new(kind: PlaceKind, text: impl Into<String>) -> Result<Self, PlaceIdError> {
        const LONGEST: usize = 64;
        let text = text.into();
        let sound = !text.is_empty()
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if sound {
            Ok(Self { kind, text })
        } else {
            Err(PlaceIdError::Number)
        }
    }

    /// What kind of place it is.
    ///
    /// ```
    /// # use booking_ports::{PlaceId, PlaceKind};
    /// assert_eq!("city:1".parse::<PlaceId>().unwrap().kind(), PlaceKind::City);
    /// ```
    #[must_use]
    pub fn kind(&self) -> PlaceKind {
        self.kind
    }

    /// The provider's number or code, without the kind.
    ///
    /// ```
    /// # use booking_ports::PlaceId;
    /// assert_eq!("city:1".parse::<PlaceId>().unwrap().as_str(), "1");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.text)
    }
}

impl FromStr for PlaceId {
    type Err = PlaceIdError;

    fn from_str(text: &str) -> Result<Self, PlaceIdError> {
        let (kind, number) = text.split_once(':').ok_or(PlaceIdError::Kind)?;
        let kind = match kind {
            "city" => PlaceKind::City,
            "location" => PlaceKind::Location,
            _ => return Err(PlaceIdError::Kind),
        };
        Self::new(kind, number)
    }
}

#[cfg(test)]
mod tests {
    use super::{PlaceId, PlaceIdError};

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["city:1", "location:101", "city:JKT-1", "location:a:b"] {
            let id: PlaceId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
        }
        let longest = format!("city:{}", "9".repeat(64));
        assert_eq!(longest.parse::<PlaceId>().unwrap().to_string(), longest);
    }

    #[test]
    fn anything_else_is_refused_with_what_is_accepted() {
        for (text, why) in [
            ("", PlaceIdError::Kind),
            ("1", PlaceIdError::Kind),
            ("city", PlaceIdError::Kind),
            ("CITY:1", PlaceIdError::Kind),
            (" city:1", PlaceIdError::Kind),
            ("town:1", PlaceIdError::Kind),
            ("city:", PlaceIdError::Number),
            ("city: 1", PlaceIdError::Number),
            ("city:1\n", PlaceIdError::Number),
            ("city:é", PlaceIdError::Number),
            ("city:\u{1b}[31m", PlaceIdError::Number),
        ] {
            assert_eq!(text.parse::<PlaceId>(), Err(why), "{text:?}");
        }
        let long = format!("city:{}", "9".repeat(65));
        assert_eq!(long.parse::<PlaceId>(), Err(PlaceIdError::Number));
    }
}
