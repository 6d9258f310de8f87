//! What looks mistaken although no rule forbids it.

use serde::Serialize;

use super::block_order::BlockOrder;

/// Which doubt a [`Warning`] states.
///
/// ```
/// assert_eq!(booking_domain::WarningCode::NotANik.as_str(), "not_a_nik");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// Sixteen digits, as a NIK has, but digits 7 to 12 are no date of birth (day, plus 40 for
    /// women, month, year).
    NotANik,
}

impl WarningCode {
    /// The stable word of this code.
    ///
    /// ```
    /// assert_eq!(booking_domain::WarningCode::NotANik.as_str(), "not_a_nik");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotANik => "not_a_nik",
        }
    }
}

/// Something worth a second look before the traveller pays. The order is valid all the same.
///
/// ```
/// use booking_domain::{OrderDraft, WarningCode};
///
/// let mut draft = OrderDraft::sample();
/// draft.departure.passengers[0].id_card_number = "3174100921992333".into();
/// let order = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// assert_eq!(order.warnings()[0].code, WarningCode::NotANik);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where, as in a [`Fault`](crate::Fault).
    pub path: String,
    /// Which doubt.
    pub code: WarningCode,
    /// For a person; repeats no personal value.
    pub message: String,
}

pub(super) fn warnings(order: &BlockOrder) -> Vec<Warning> {
    let legs = [
        ("departure", Some(order.departure())),
        ("return", order.return_leg()),
    ];
    let mut warnings = Vec::new();
    for (leg_name, leg) in legs {
        for (index, passenger) in leg
            .iter()
            .flat_map(|leg| leg.passengers().iter().enumerate())
        {
            if cannot_be_nik(passenger.identity_number().expose()) {
                warnings.push(Warning {
                    path: format!("{leg_name}.passengers[{index}].id_card_number"),
                    code: WarningCode::NotANik,
                    message: "has 16 digits but cannot be a NIK: digits 7 to 12 are no date of birth (day, plus 40 for women, month, year); sent as given".to_owned(),
                });
            }
        }
    }
    warnings
}

/// Whether a number of 16 digits has no possible date in its digits 7 to 12, `DDMMYY` with 40
/// added to a woman's day. Anything but 16 digits is no NIK to begin with, and no concern here.
fn cannot_be_nik(number: &str) -> bool {
    if number.len() != 16 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let pair = |at: usize| {
        number
            .get(at..at + 2)
            .and_then(|two| two.parse::<u8>().ok())
    };
    let (Some(day), Some(month), Some(year)) = (pair(6), pair(8), pair(10)) else {
        return true;
    };
    let day = if day > 40 { day - 40 } else { day };
    let Ok(month) = time::Month::try_from(month) else {
        return true;
    };
    // Two digits leave the century open; the years 1900 and 2000 differ in their leap day.
    let longest = [1900, 2000]
        .map(|century| month.length(century + i32::from(year)))
        .into_iter()
        .max();
    !(1..=longest.unwrap_or(31)).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::cannot_be_nik;

    #[test]
    fn the_date_part_decides() {
        for possible in [
            "3174100912960001",  // 9 December
            "3174104912960001",  // the same day, a woman
            "3174102902000001",  // 29 February 2000
            "3174107112990001",  // 31 December, a woman
            "31741009219923332", // 17 digits: the given document's sample
            "C123456789012345",
        ] {
            assert!(!cannot_be_nik(possible), "{possible}");
        }
        for impossible in [
            "3174100921992333", // month 21
            "3174100012990001", // day 0
            "3174104012990001", // day 40
            "3174103202990001", // day 32
            "3174107202990001", // day 72
            "3174102902010001", // 29 February 2001 and 1901
            "3174103104990001", // 31 April
            "3174100900990001", // month 0
        ] {
            assert!(cannot_be_nik(impossible), "{impossible}");
        }
    }
}
