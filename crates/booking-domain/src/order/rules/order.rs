//! The fields of the order itself.

use validator::ValidationError;

use super::{AT, Verdict, bounded, fault, length};
use crate::order::draft::OrderDraft;
use crate::order::limits::{
    PARTNER_REFERENCE_MAX, PRODUCT_CODE_MAX, SELLING_PRICE_MAX, TENANT_MAX,
};

pub(in crate::order) fn product_code(text: &str) -> Verdict {
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

pub(in crate::order) fn selling_price(text: &str) -> Verdict {
    selling_price_amount(text).map(drop)
}

pub(in crate::order) fn selling_price_amount(text: &str) -> Result<u64, ValidationError> {
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

pub(in crate::order) fn partner_reference(text: &str) -> Verdict {
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

pub(in crate::order) fn tenant(text: &str) -> Verdict {
    length(text, TENANT_MAX)?;
    let accepted = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if text.bytes().all(accepted) && !text.starts_with('-') {
        Ok(())
    } else {
        Err(fault(
            "bad_characters",
            "has other characters than a to z, 0 to 9 and '-', or begins with '-'; write it as in \"acme-2\"",
        ))
    }
}

pub(in crate::order) fn return_trip(order: &OrderDraft) -> Verdict {
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
