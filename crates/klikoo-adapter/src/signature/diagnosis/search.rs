//! The search over all combinations, fewest mistakes first.

use super::checks::Check;
use super::{Choice, Mistake, Part};

/// Beyond three mistakes at once, a chance to start afresh helps more than a list.
pub(super) const MOST_MISTAKES: usize = 3;

/// The mistakes of the first combination that passes a check, or how many were tried in vain.
pub(super) fn fewest_mistakes(
    parts: &[Part],
    checks: &[Choice<Check>],
) -> Result<Vec<Mistake>, usize> {
    let mut search = Search {
        checks,
        text: Vec::new(),
        mistakes: Vec::new(),
        tried: 0,
    };
    for count in 0..=MOST_MISTAKES {
        if search.exactly(count, parts) {
            return Ok(search.mistakes.into_iter().cloned().collect());
        }
    }
    Err(search.tried)
}

struct Search<'a> {
    checks: &'a [Choice<Check>],
    text: Vec<u8>,
    mistakes: Vec<&'a Mistake>,
    tried: usize,
}

impl<'a> Search<'a> {
    /// Whether `left` mistakes, spread over `parts` and the check, give the signature. On success
    /// `mistakes` holds them.
    fn exactly(&mut self, left: usize, parts: &'a [Part]) -> bool {
        let Some((part, rest)) = parts.split_first() else {
            return self.check(left);
        };
        let choices = part.choices.iter();
        for choice in choices.filter(|choice| choice.mistakes.len() <= left) {
            let (text, mistakes) = (self.text.len(), self.mistakes.len());
            self.text.extend_from_slice(&choice.value);
            self.mistakes.extend(&choice.mistakes);
            if self.exactly(left - choice.mistakes.len(), rest) {
                return true;
            }
            self.text.truncate(text);
            self.mistakes.truncate(mistakes);
        }
        false
    }

    fn check(&mut self, left: usize) -> bool {
        let checks = self.checks;
        for choice in checks.iter().filter(|choice| choice.mistakes.len() == left) {
            self.tried += 1;
            if choice.value.passes(&self.text) {
                self.mistakes.extend(&choice.mistakes);
                return true;
            }
        }
        false
    }
}
