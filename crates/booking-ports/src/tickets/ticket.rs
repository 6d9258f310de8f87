//! What a traveller gets.

use std::fmt;

use booking_domain::{ProviderStatus, TransactionId};

/// A hold that is booked.
///
/// ```
/// use booking_domain::{ProviderStatus, StatusMeaning, TransactionId};
/// use booking_ports::{BookingCode, BookingCodes, Ticket};
///
/// let ticket = Ticket {
///     transaction_id: TransactionId::new("14429004").unwrap(),
///     booking_codes: BookingCodes {
///         departure: BookingCode::new("D14429004").unwrap(),
///         return_leg: None,
///     },
///     status: ProviderStatus::new(StatusMeaning::Booked, "SUCCESS"),
/// };
/// assert_eq!(ticket.booking_codes.departure.as_str(), "D14429004");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The provider's number of the hold.
    pub transaction_id: TransactionId,
    /// What the travellers show.
    pub booking_codes: BookingCodes,
    /// The provider's word for it.
    pub status: ProviderStatus,
}

/// The code of each leg.
///
/// ```
/// use booking_ports::{BookingCode, BookingCodes};
///
/// let one_way = BookingCodes { departure: BookingCode::new("KX 7").unwrap(), return_leg: None };
/// assert!(one_way.return_leg.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingCodes {
    /// Of the departure.
    pub departure: BookingCode,
    /// Of the return, where there is one.
    pub return_leg: Option<BookingCode>,
}

impl fmt::Display for BookingCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "departure {}", self.departure)?;
        match &self.return_leg {
            Some(code) => write!(f, ", return {code}"),
            None => Ok(()),
        }
    }
}

/// What a traveller shows at the bus: 1 to 64 printable ASCII characters, without spaces around
/// them. It is no personal value, and may be printed.
///
/// ```
/// use booking_ports::BookingCode;
///
/// assert_eq!(BookingCode::new("KX-7 12").unwrap().as_str(), "KX-7 12");
/// assert!(BookingCode::new("KX\u{1b}[31m").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BookingCode(String);

impl BookingCode {
    /// `None` for a text that no traveller could show.
    ///
    /// ```
    /// assert!(booking_ports::BookingCode::new("").is_none());
    /// ```
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        const LONGEST: usize = 64;
        let text = text.into();
        let sound = !text.is_empty()
            && text.len() <= LONGEST
            && text.trim() == text
            && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        sound.then_some(Self(text))
    }

    /// The text.
    ///
    /// ```
    /// assert_eq!(booking_ports::BookingCode::new("7").unwrap().as_str(), "7");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BookingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::BookingCode;

    #[test]
    fn a_code_can_be_shown() {
        for code in ["A", "D14429004", "KX-7/12", "a b", &"9".repeat(64)] {
            assert_eq!(BookingCode::new(code).unwrap().as_str(), code);
        }
        for odd in [
            "",
            " ",
            " A",
            "A ",
            "A\n",
            "A\tB",
            "É",
            "A\u{202e}B",
            "\0",
            &"9".repeat(65),
        ] {
            assert_eq!(BookingCode::new(odd), None, "{odd:?}");
        }
    }
}
