//! The port: where a bus can be taken from and to.

#![cfg_attr(
    feature = "mock",
    expect(
        clippy::ref_option_ref,
        reason = "mockall hands its closures a reference to each argument"
    )
)]

mod id;

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::ProductCode;

pub use self::id::{PlaceId, PlaceIdError, PlaceKind};
use crate::seat_maps::InquiryError;

/// Finds the places that a provider serves. A question changes nothing and may be repeated freely.
///
/// # The contract
///
/// 1. Only what the provider says is answered; an answer that cannot be read is an error, never an
///    empty list. Single places that could not be asked for later are left out.
/// 2. No place is listed twice, and a list has an end: an adapter says at how many places it stops.
/// 3. Names and addresses are fit to print: one line each, bounded, without control characters.
/// 4. A blank keyword is none. One that [`is_keyword`] denies is not sent, and is an
///    [`InquiryError::Unavailable`]: whoever takes keywords from others asks first.
///
/// ```
/// use booking_domain::ProductCode;
/// use booking_ports::{InquiryError, PlaceRole, PlaceSearch};
///
/// async fn first(search: &dyn PlaceSearch, keyword: &str) -> Result<Option<String>, InquiryError> {
///     let product = ProductCode::new("BUS").expect("a valid code");
///     let places = search.places(&product, PlaceRole::Source, Some(keyword)).await?;
///     Ok(places.first().map(|place| format!("{} ({})", place.name, place.id)))
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PlaceSearch: Send + Sync {
    /// The places whose name or address the provider finds `keyword` in; all of them without one.
    ///
    /// # Errors
    ///
    /// [`InquiryError`]: the provider refused, could not be asked, or was not understood.
    async fn places<'a>(
        &self,
        product: &ProductCode,
        role: PlaceRole,
        keyword: Option<&'a str>,
    ) -> Result<Vec<Place>, InquiryError>;
}

/// What a place is wanted for: a provider may serve some in one direction alone.
///
/// ```
/// assert_ne!(booking_ports::PlaceRole::Source, booking_ports::PlaceRole::Destination);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceRole {
    /// Passengers get on there.
    Source,
    /// Passengers get off there.
    Destination,
}

/// A place that trips can be asked for.
///
/// ```
/// use booking_ports::Place;
///
/// let place = Place { id: "city:1".parse().unwrap(), name: "Jakarta".into(), address: None };
/// assert_eq!(place.id.to_string(), "city:1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What to ask for trips with.
    pub id: PlaceId,
    /// Its name, fit to print.
    pub name: String,
    /// Where it is, in the provider's words, where stated.
    pub address: Option<String>,
}

/// Longest keyword, in characters: longer than the name of any town.
pub const KEYWORD_MAX: usize = 64;

/// Whether `text` can be searched for: at most [`KEYWORD_MAX`] characters, all of them to be seen.
///
/// ```
/// use booking_ports::is_keyword;
///
/// assert!(is_keyword("Terminal Dua"));
/// assert!(!is_keyword("Jakarta\n") && !is_keyword(&"x".repeat(65)));
/// ```
#[must_use]
pub fn is_keyword(text: &str) -> bool {
    let hidden = |c: char| c.is_control() || booking_domain::is_deceptive(c);
    text.chars().count() <= KEYWORD_MAX && !text.contains(hidden)
}

#[async_trait]
impl<T: PlaceSearch + ?Sized> PlaceSearch for Arc<T> {
    async fn places<'a>(
        &self,
        product: &ProductCode,
        role: PlaceRole,
        keyword: Option<&'a str>,
    ) -> Result<Vec<Place>, InquiryError> {
        T::places(self, product, role, keyword).await
    }
}

#[async_trait]
impl<T: PlaceSearch + ?Sized> PlaceSearch for Box<T> {
    async fn places<'a>(
        &self,
        product: &ProductCode,
        role: PlaceRole,
        keyword: Option<&'a str>,
    ) -> Result<Vec<Place>, InquiryError> {
        T::places(self, product, role, keyword).await
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYWORD_MAX, is_keyword};

    #[test]
    fn a_keyword_can_be_seen_and_has_an_end() {
        for sound in ["", " ", "Bandung", "Pasar Senèn", &"é".repeat(KEYWORD_MAX)] {
            assert!(is_keyword(sound), "{sound:?}");
        }
        for odd in [
            "a\tb",
            "a\u{0}",
            "a\u{202e}b",
            "a\u{200b}b",
            &"é".repeat(KEYWORD_MAX + 1),
        ] {
            assert!(!is_keyword(odd), "{odd:?}");
        }
    }
}
