//! What is wrong with a small document, member by member, in words for people.

use booking_domain::FaultCode;
use serde_json::Value;

use crate::problem::{FaultBody, Problem};

/// A member that a document may have.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) is_needed: bool,
    /// Of what kind its value has to be, at least.
    pub(super) fits: fn(&Value) -> bool,
    /// What is accepted, after "has to be".
    pub(super) accepts: &'static str,
}

/// The members that a document which could not be read lacks, or that do not fit, and whether it has
/// others. Nothing of the document is repeated: it may hold a name.
pub(super) fn faults(document: &Value, members: &[Member]) -> Option<Problem> {
    let Value::Object(found) = document else {
        return None;
    };
    let mut faults = Vec::new();
    let mut add = |path: &str, code: &str, message: String| {
        let (path, code) = (path.to_owned(), code.to_owned());
        faults.push(FaultBody {
            path,
            code,
            message,
        });
    };
    for member in members {
        match found.get(member.name) {
            None if member.is_needed => {
                let message = format!("is missing; it has to be {}", member.accepts);
                add(member.name, FaultCode::Missing.as_str(), message);
            }
            Some(value) if !(member.fits)(value) => {
                add(
                    member.name,
                    "invalid",
                    format!("has to be {}", member.accepts),
                );
            }
            _ => {}
        }
    }
    let names: Vec<&str> = members.iter().map(|member| member.name).collect();
    if found.keys().any(|name| !names.contains(&name.as_str())) {
        let message = format!("has a member that is none of {}", names.join(", "));
        add("", FaultCode::UnknownField.as_str(), message);
    }
    (!faults.is_empty()).then(|| Problem::invalid_members(faults))
}
