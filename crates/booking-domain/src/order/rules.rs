//! The rules that `validator` has no word for. Each returns a code of
//! [`FaultCode`](crate::FaultCode) by name, with `message`, and `at` where it is not the field
//! itself that is wrong.

use std::borrow::Cow;
use std::collections::HashSet;

use validator::{ValidateEmail, ValidateLength, ValidationError};

use super::draft::{LegDraft, OrderDraft};
use super::limits::{
    BIRTH_DATE_MIN, PARTNER_REFERENCE_MAX, PASSENGERS_MAX, PERSON_NAME_MAX, PHONE_DIGITS_MAX,
    PHONE_DIGITS_MIN, PRODUCT_CODE_MAX, SEAT_NAME_MAX, SELLING_PRICE_MAX,
};
use super::values::{Gender, parse_date};
use crate::deceptive::is_deceptive;

type Verdict = Result<(), ValidationError>;

/// The parameter that names the paths at fault, beneath the struct that was checked.
pub(super) const AT: &str = "at";

fn fault(code: &'static str, message: impl Into<Cow<'static, str>>) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

fn bounded(
    mut error: ValidationError,
    min: Option<impl ToString>,
    max: Option<impl ToString>,
) -> ValidationError {
    if let Some(min) = min {
        error.add_param("min".into(), &min.to_string());
    }
    if let Some(max) = max {
        error.add_param("max".into(), &max.to_string());
    }
    error
}

/// `text` has 1 to `max` characters.
fn length(text: &str, max: u64) -> Verdict {
    if text.is_empty() {
        return Err(bounded(
            fault(
                "empty",
                format!("is empty; 1 to {max} characters are accepted"),
            ),
            Some(1),
            Some(max),
        ));
    }
    if !text.validate_length(None, Some(max), None) {
        let count = text.chars().count();
        return Err(bounded(
            fault(
                "too_long",
                format!("has {count} characters; 1 to {max} are accepted"),
            ),
            Some(1),
            Some(max),
        ));
    }
    Ok(())
}

pub(super) fn product_code(text: &str) -> Verdict {
    length(text, PRODUCT_CODE_MAX)?;
    let accepted = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.chars().all(accepted) {
        Ok(())
    } else {
        Err(fault(
            "bad_characters",
            "has other characters than letters A to Z, digits, '-' and '_'; the code of bus tickets is BUS",
        ))
    }
}

pub(super) fn selling_price(text: &str) -> Verdict {
    selling_price_amount(text).map(drop)
}

pub(super) fn selling_price_amount(text: &str) -> Result<u64, ValidationError> {
    let range = |error| bounded(error, Some(1), Some(SELLING_PRICE_MAX));
    if text.is_empty() {
        return Err(range(fault(
            "empty",
            "is empty; give whole rupiah such as \"20000\"",
        )));
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(range(fault(
            "bad_format",
            "is not whole rupiah; write digits only, without sign, separators or decimals, such as \"20000\"",
        )));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(range(fault(
            "bad_format",
            "begins with 0; write whole rupiah without leading zeros, such as \"20000\"",
        )));
    }
    match text.parse() {
        Ok(amount @ 1..=SELLING_PRICE_MAX) => Ok(amount),
        _ => Err(range(fault(
            "out_of_range",
            format!("is not from 1 to {SELLING_PRICE_MAX} rupiah"),
        ))),
    }
}

pub(super) fn partner_reference(text: &str) -> Verdict {
    length(text, PARTNER_REFERENCE_MAX)?;
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(fault(
            "bad_characters",
            "has spaces, control characters or letters beyond ASCII; use printable ASCII such as a UUID, or leave the field out to have one made",
        ))
    }
}

pub(super) fn trip_id(id: i64) -> Verdict {
    if id >= 1 {
        return Ok(());
    }
    Err(bounded(
        fault(
            "out_of_range",
            "is below 1; give the trip's number as the trip search states it",
        ),
        Some(1),
        None::<i64>,
    ))
}

pub(super) fn seat_name(text: &str) -> Verdict {
    length(text, SEAT_NAME_MAX)?;
    seat_name_form(text)
}

/// What a seat name must be beside not too long.
pub(super) fn seat_name_form(text: &str) -> Verdict {
    if text.trim().is_empty() {
        return Err(bounded(
            fault(
                "empty",
                "is blank; give the seat's name as the seat map states it",
            ),
            Some(1),
            Some(SEAT_NAME_MAX),
        ));
    }
    if text.trim() != text {
        return Err(fault(
            "surrounding_spaces",
            "has spaces around it; seat names are compared letter by letter, so write it as the seat map does",
        ));
    }
    // Names are compared letter by letter, those that are not seen included.
    if text.contains(is_deceptive) {
        return Err(fault(
            "bad_characters",
            "has characters that cannot be seen; write it as the seat map does",
        ));
    }
    no_control_characters(text)
}

fn no_control_characters(text: &str) -> Verdict {
    if text.chars().any(char::is_control) {
        return Err(fault(
            "control_character",
            "has a control character such as a line break, a tab or NUL; remove it",
        ));
    }
    Ok(())
}

pub(super) fn person_name(text: &str) -> Verdict {
    // Before trimming, which would take a line break at the end away unseen.
    no_control_characters(text)?;
    length(text.trim(), PERSON_NAME_MAX)
}

pub(super) fn email(text: &str) -> Verdict {
    if text.is_empty() {
        return Err(fault(
            "empty",
            "is empty; give an address such as name@example.co.id",
        ));
    }
    if !text.is_ascii() {
        return Err(fault(
            "bad_characters",
            "has letters beyond ASCII; write the domain in punycode (xn--…)",
        ));
    }
    let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    let shaped = text.validate_email()
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !dots(local) && domain.contains('.'));
    if shaped {
        Ok(())
    } else {
        Err(fault(
            "bad_format",
            "is not an email address such as name@example.co.id",
        ))
    }
}

pub(super) fn phone_number(text: &str) -> Verdict {
    let range = |error| bounded(error, Some(PHONE_DIGITS_MIN), Some(PHONE_DIGITS_MAX));
    if text.is_empty() {
        return Err(range(fault(
            "empty",
            "is empty; give a number such as 082122274139 or +6282122274139",
        )));
    }
    let international = text.strip_prefix('+');
    let digits = international.unwrap_or(text);
    let begins_well = match international {
        Some(digits) => !digits.starts_with('0'),
        None => digits.starts_with("08"),
    };
    if !begins_well || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(range(fault(
            "bad_format",
            "is neither a local number (08…) nor an international one (+62…); write digits only after the beginning, without spaces or dashes",
        )));
    }
    let count = digits.len();
    if (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&count) {
        return Ok(());
    }
    let code = if count < PHONE_DIGITS_MIN {
        "too_short"
    } else {
        "too_long"
    };
    Err(range(fault(
        code,
        format!("has {count} digits; {PHONE_DIGITS_MIN} to {PHONE_DIGITS_MAX} are accepted"),
    )))
}

/// The part of the rule that does not depend on today; see
/// [`validation`](super::validation) for the rest.
pub(super) fn birth_date(text: &str) -> Verdict {
    match parse_date(text) {
        None => Err(fault(
            "not_a_date",
            "is not a day of the calendar written YYYY-MM-DD, such as 1996-12-09",
        )),
        Some(date) if date < BIRTH_DATE_MIN => Err(bounded(
            fault("date_out_of_range", format!("is before {BIRTH_DATE_MIN}")),
            Some(BIRTH_DATE_MIN),
            None::<i64>,
        )),
        Some(_) => Ok(()),
    }
}

pub(super) fn gender(text: &str) -> Verdict {
    match Gender::parse(text) {
        Some(_) => Ok(()),
        None => Err(fault(
            "not_one_of",
            "is neither \"male\" nor \"female\", in small letters",
        )),
    }
}

pub(super) fn identity_number(text: &str) -> Verdict {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(fault(
        "bad_characters",
        "has other characters than letters A to Z and digits; write a NIK or passport number without spaces or dashes",
    ))
}

pub(super) fn passenger_count(leg: &LegDraft) -> Verdict {
    count_of_passengers(leg.passengers.len()).map_err(|mut error| {
        error.add_param(AT.into(), &["passengers"]);
        error
    })
}

pub(super) fn count_of_passengers(count: usize) -> Verdict {
    if (1..=PASSENGERS_MAX).contains(&count) {
        return Ok(());
    }
    Err(bounded(
        fault(
            "passenger_count",
            format!("has {count} passengers; 1 to {PASSENGERS_MAX} are accepted"),
        ),
        Some(1),
        Some(PASSENGERS_MAX),
    ))
}

pub(super) fn distinct_seats(leg: &LegDraft) -> Verdict {
    let mut taken = HashSet::new();
    let twice: Vec<String> = leg
        .passengers
        .iter()
        .enumerate()
        .filter(|(_, passenger)| !passenger.seat_name.is_empty())
        .filter(|(_, passenger)| !taken.insert(passenger.seat_name.as_str()))
        .map(|(index, _)| format!("passengers[{index}].seat_name"))
        .collect();
    if twice.is_empty() {
        return Ok(());
    }
    let mut error = fault(
        "duplicate_seat",
        "is the seat of an earlier passenger of this leg; each passenger needs a seat of their own",
    );
    error.add_param(AT.into(), &twice);
    Err(error)
}

pub(super) fn return_trip(order: &OrderDraft) -> Verdict {
    match &order.return_leg {
        Some(leg) if leg.trip_id >= 1 && leg.trip_id == order.departure.trip_id => {
            let mut error = fault(
                "same_trip",
                "is the departure's trip; a return leg needs a trip of its own",
            );
            error.add_param(AT.into(), &["return.trip_id"]);
            Err(error)
        }
        _ => Ok(()),
    }
}
