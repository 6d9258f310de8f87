//! Checks a draft: runs the rules, adds the one that depends on the day, and turns `validator`'s
//! findings, which carry the rejected values, into faults, which do not.

use time::Date;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::block_order::BlockOrder;
use super::conversion::convert;
use super::draft::OrderDraft;
use super::limits::BIRTH_DATE_MIN;
use super::personal::parse_date;
use super::rules::{self, AT};
use crate::fault::{Bound, Fault, FaultCode, Faults};

/// Checks `draft`. `shape_faults` were found while reading it, `unusable` are the paths whose
/// values could not be read, so that what the rules say of their placeholders means nothing.
pub(crate) fn check(
    draft: OrderDraft,
    today: Date,
    shape_faults: Vec<Fault>,
    unusable: &[String],
) -> Result<BlockOrder, Faults> {
    let mut faults = rule_faults(&draft, today);
    if draft.partner_reference_no.is_none() {
        faults.push(Fault::new(
            "partner_reference_no",
            FaultCode::Missing,
            "is missing; choose a unique reference and keep it for every repeat",
        ));
    }
    faults.retain(|fault| !unusable.iter().any(|path| lies_within(&fault.path, path)));
    faults.extend(shape_faults);
    match Faults::collect(faults) {
        Some(faults) => Err(faults),
        None => convert(draft).ok_or_else(disagreement),
    }
}

fn lies_within(path: &str, ancestor: &str) -> bool {
    // `$` is the whole document.
    ancestor == "$"
        || path
            .strip_prefix(ancestor)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// That `count` passengers at `path` are too many, if they are. For a reader that does not make a
/// draft of each.
pub(crate) fn passenger_count(path: &str, count: usize) -> Option<Fault> {
    let error = rules::count_of_passengers(count).err()?;
    Some(fault_of(path.to_owned(), &error))
}

/// Every rule that `draft` breaks.
fn rule_faults(draft: &OrderDraft, today: Date) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(errors) = draft.validate() {
        collect(&errors, "", &mut faults);
    }
    let legs = [
        ("departure", Some(&draft.departure)),
        ("return", draft.return_leg.as_ref()),
    ];
    for (leg_name, leg) in legs {
        for (index, passenger) in leg.iter().flat_map(|leg| leg.passengers.iter().enumerate()) {
            if parse_date(&passenger.dob).is_some_and(|born| born > today) {
                faults.push(Fault {
                    path: format!("{leg_name}.passengers[{index}].dob"),
                    code: FaultCode::DateOutOfRange,
                    bound: Some(Bound {
                        min: Some(BIRTH_DATE_MIN.to_string()),
                        max: Some(today.to_string()),
                    }),
                    message: format!("is after {today}, today in Jakarta"),
                });
            }
        }
    }
    faults
}

fn collect(errors: &ValidationErrors, prefix: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let name = if field == "return_leg" {
            "return"
        } else {
            field.as_ref()
        };
        let path = if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}.{name}")
        };
        match kind {
            ValidationErrorsKind::Struct(nested) => collect(nested, &path, faults),
            ValidationErrorsKind::List(items) => {
                for (index, nested) in items {
                    collect(nested, &format!("{path}[{index}]"), faults);
                }
            }
            ValidationErrorsKind::Field(found) => {
                for error in found {
                    match error.params.get(AT).and_then(|at| at.as_array()) {
                        Some(places) => faults.extend(places.iter().filter_map(|at| {
                            let at = at.as_str()?;
                            let dot = if prefix.is_empty() { "" } else { "." };
                            Some(fault_of(format!("{prefix}{dot}{at}"), error))
                        })),
                        None => faults.push(fault_of(path.clone(), error)),
                    }
                }
            }
        }
    }
}

/// One finding as a fault: `validator`'s own rules get our code and words here.
pub(super) fn fault_of(path: String, error: &ValidationError) -> Fault {
    let text = |name| {
        error.params.get(name).map(|value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let (min, max) = (text("min"), text("max"));
    let given = error.params.get("value");
    let (code, message) = match error.code.as_ref() {
        "length" => {
            let count = given
                .and_then(|value| value.as_str())
                .map_or(0, |text| text.chars().count());
            let accepted = match (&min, &max) {
                (Some(min), Some(max)) => format!("{min} to {max} are accepted"),
                (_, max) => format!("at most {} are accepted", max.as_deref().unwrap_or("?")),
            };
            let least = min
                .as_ref()
                .and_then(|min| min.parse::<usize>().ok())
                .unwrap_or(0);
            let code = match count {
                0 => FaultCode::Empty,
                short if short < least => FaultCode::TooShort,
                _ => FaultCode::TooLong,
            };
            (code, format!("has {count} characters; {accepted}"))
        }
        "range" => (
            FaultCode::OutOfRange,
            "is below 1; give the trip's number as the trip search states it".to_owned(),
        ),
        own => (
            code_named(own),
            error
                .message
                .as_deref()
                .unwrap_or("is not accepted")
                .to_owned(),
        ),
    };
    let bound = (min.is_some() || max.is_some()).then(|| Bound {
        min: min.map(|min| min.trim_end_matches(".0").to_owned()),
        max,
    });
    Fault {
        path,
        code,
        bound,
        message,
    }
}

fn code_named(name: &str) -> FaultCode {
    const OF_RULES: [FaultCode; 13] = [
        FaultCode::Empty,
        FaultCode::TooShort,
        FaultCode::TooLong,
        FaultCode::OutOfRange,
        FaultCode::BadCharacters,
        FaultCode::BadFormat,
        FaultCode::SurroundingSpaces,
        FaultCode::ControlCharacter,
        FaultCode::NotADate,
        FaultCode::DateOutOfRange,
        FaultCode::PassengerCount,
        FaultCode::DuplicateSeat,
        FaultCode::SameTrip,
    ];
    OF_RULES
        .into_iter()
        .find(|code| code.as_str() == name)
        .unwrap_or(FaultCode::NotOneOf)
}

fn disagreement() -> Faults {
    let fault = Fault::new(
        "$",
        FaultCode::BadFormat,
        "could not be read although every rule passed",
    );
    Faults::single(fault)
}
