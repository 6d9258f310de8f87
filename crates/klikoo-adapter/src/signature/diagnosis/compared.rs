//! What the search has tried, for people: read off its own tables, so that it claims no more.

use super::checks::Check;
use super::search::MOST_MISTAKES;
use super::{Choice, Part};

/// Each part's name with every value that was put in its place, the right one first; last, how the
/// signature in question was read.
pub(super) fn compared(
    parts: &[Part],
    checks: &[Choice<Check>],
) -> Vec<(&'static str, Vec<String>)> {
    let fewest = checks.iter().map(|check| check.mistakes.len()).min();
    // A check that is some mistakes off already leaves fewer for the parts.
    let left = MOST_MISTAKES.saturating_sub(fewest.unwrap_or_default());
    let parts = parts
        .iter()
        .map(|part| (part.name, forms(&part.choices, left)));
    let checks = ("signature", forms(checks, MOST_MISTAKES));
    parts.chain([checks]).collect()
}

fn forms<T>(choices: &[Choice<T>], most: usize) -> Vec<String> {
    let mut forms = Vec::new();
    for choice in choices {
        let reached = choice.mistakes.len() <= most && !choice.form.is_empty();
        if reached && !forms.contains(&choice.form) {
            forms.push(choice.form.clone());
        }
    }
    forms
}
