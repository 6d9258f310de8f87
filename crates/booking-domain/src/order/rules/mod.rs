//! The rules that `validator` has no word for. Each returns a code of
//! [`FaultCode`](crate::FaultCode) by name, with `message`, and `at` where it is not the field
//! itself that is wrong.

mod legs;
mod order;
mod people;

use std::borrow::Cow;

use validator::{ValidateLength, ValidationError};

pub(super) use legs::{
    count_of_passengers, distinct_seats, passenger_count, seat_name, seat_name_form, trip_id,
};
pub(super) use order::{
    partner_reference, product_code, return_trip, selling_price, selling_price_amount, tenant,
};
pub(super) use people::{birth_date, email, gender, identity_number, person_name, phone_number};

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

fn no_control_characters(text: &str) -> Verdict {
    if text.chars().any(char::is_control) {
        return Err(fault(
            "control_character",
            "has a control character such as a line break, a tab or NUL; remove it",
        ));
    }
    Ok(())
}
