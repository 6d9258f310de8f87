//! Refuses rules that could never do what they say.

use axum::http::{HeaderName, HeaderValue};

use super::{Fault, Rule};

/// Says why `rule` makes no sense, if it does not.
pub(crate) fn check(rule: &Rule) -> Result<(), String> {
    if rule.nth == Some(0) {
        return Err("`nth` counts from 1".to_owned());
    }
    let looks_at_body = rule.reference.is_some() || rule.seat.is_some();
    match &rule.then {
        Fault::RefuseConnections { .. }
            if looks_at_body || rule.path.is_some() || rule.nth.is_some() =>
        {
            Err("`refuse_connections` strikes at once and takes no condition".to_owned())
        }
        Fault::CloseOnAccept if looks_at_body || rule.path.is_some() => {
            Err("`close_on_accept` reads no request; give `nth` alone, or nothing".to_owned())
        }
        Fault::CutBeforeReading | Fault::ResetBeforeReading if looks_at_body => {
            Err("a cut before reading cannot know the body; give `path` and `nth`".to_owned())
        }
        Fault::SlowBody { chunk: 0, .. } => Err("`chunk` must be 1 byte or more".to_owned()),
        Fault::ExecuteThenStatus { status, .. } | Fault::Status { status, .. } => {
            check_status(*status)
        }
        Fault::Reply {
            status, headers, ..
        } => {
            check_status(*status)?;
            headers.iter().try_for_each(|(name, value)| {
                let allowed = HeaderName::try_from(name.as_str()).is_ok()
                    && HeaderValue::try_from(value.as_str()).is_ok();
                allowed
                    .then_some(())
                    .ok_or_else(|| format!("HTTP does not allow the header `{name}`"))
            })
        }
        _ => Ok(()),
    }
}

fn check_status(status: u16) -> Result<(), String> {
    (200..600)
        .contains(&status)
        .then_some(())
        .ok_or_else(|| format!("status {status} is outside 200 to 599"))
}
