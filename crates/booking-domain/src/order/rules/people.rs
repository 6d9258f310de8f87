//! Contact and passengers.

use validator::ValidateEmail;

use super::{Verdict, bounded, fault, length, no_control_characters};
use crate::order::limits::{
    BIRTH_DATE_MIN, EMAIL_LOCAL_MAX, PERSON_NAME_MAX, PHONE_DIGITS_MAX, PHONE_DIGITS_MIN,
};
use crate::order::personal::{Gender, parse_date};

pub(in crate::order) fn person_name(text: &str) -> Verdict {
    // Before trimming, which would take a line break at the end away unseen.
    no_control_characters(text)?;
    length(text.trim(), PERSON_NAME_MAX)
}

pub(in crate::order) fn email(text: &str) -> Verdict {
    if text.is_empty() {
        return Err(fault(
            "empty",
            "is empty; give an address such as name@example.co.id",
        ));
    }
    let bad_format = |message| Err(fault("bad_format", message));
    let Some((local, domain)) = text.rsplit_once('@') else {
        return bad_format("is not an email address such as name@example.co.id");
    };
    if !local.is_ascii() {
        return Err(fault(
            "bad_characters",
            "has letters beyond ASCII before the @; give an address without them",
        ));
    }
    if !domain.is_ascii() {
        return Err(fault(
            "bad_characters",
            "has letters beyond ASCII in its domain; write the domain in punycode, such as xn--bcher-kva.example for bücher.example",
        ));
    }
    if local.len() > EMAIL_LOCAL_MAX {
        let count = local.len();
        let message = format!(
            "has {count} characters before the @; at most {EMAIL_LOCAL_MAX} are accepted there"
        );
        let error = fault("too_long", message);
        return Err(bounded(error, None::<usize>, Some(EMAIL_LOCAL_MAX)));
    }
    if local.starts_with('"') {
        return bad_format("has a quoted name before the @; give an address without quotes");
    }
    // `validator` takes whatever stands before an address literal, a line break too.
    if domain.contains('[') {
        return bad_format(
            "has an address in brackets after the @; give a domain name such as example.co.id",
        );
    }
    let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    // No top-level domain is a number: `name@192.0.2.1` is an address that lacks its brackets.
    let named = domain
        .rsplit_once('.')
        .is_some_and(|(_, top)| top.contains(|c: char| c.is_ascii_alphabetic()));
    if text.validate_email() && !dots(local) && named {
        Ok(())
    } else {
        bad_format("is not an email address such as name@example.co.id")
    }
}

pub(in crate::order) fn phone_number(text: &str) -> Verdict {
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
/// [`validation`](crate::order::validation) for the rest.
pub(in crate::order) fn birth_date(text: &str) -> Verdict {
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

pub(in crate::order) fn gender(text: &str) -> Verdict {
    match Gender::parse(text) {
        Some(_) => Ok(()),
        None => Err(fault(
            "not_one_of",
            "is neither \"male\" nor \"female\", in small letters",
        )),
    }
}

pub(in crate::order) fn identity_number(text: &str) -> Verdict {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(fault(
        "bad_characters",
        "has other characters than letters A to Z and digits; write a NIK or passport number without spaces or dashes",
    ))
}
