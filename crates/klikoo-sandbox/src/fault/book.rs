//! The rules in force and how often each was met.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Fault, Rule};

/// What a rule may look at. Reference and seats are known once the body is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) path: &'a str,
    pub(crate) reference: Option<&'a str>,
    pub(crate) seats: &'a [String],
}

#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    rules: Mutex<Vec<Counted>>,
}

#[derive(Debug)]
struct Counted {
    rule: Rule,
    met: u64,
}

impl Counted {
    /// Counts one match, and says whether the rule applies to it.
    fn meet(&mut self) -> bool {
        self.met += 1;
        self.rule.nth.is_none_or(|nth| nth == self.met)
    }
}

/// The moment at which a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Listening,
    Accepted,
    HeadRead,
    BodyRead,
}

fn moment(fault: &Fault) -> Moment {
    match fault {
        Fault::RefuseConnections { .. } => Moment::Listening,
        Fault::CloseOnAccept => Moment::Accepted,
        Fault::CutBeforeReading | Fault::ResetBeforeReading => Moment::HeadRead,
        _ => Moment::BodyRead,
    }
}

impl FaultBook {
    fn rules(&self) -> MutexGuard<'_, Vec<Counted>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, rule: Rule) {
        // It has struck by now: there is nothing to match later.
        if moment(&rule.then) != Moment::Listening {
            self.rules().push(Counted { rule, met: 0 });
        }
    }

    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules().is_empty()
    }

    /// Whether the connection that was just accepted is to be closed unread.
    pub(crate) fn closes_connection(&self) -> bool {
        self.first(Moment::Accepted, |_| true).is_some()
    }

    /// The fault that strikes when only the head was read.
    pub(crate) fn after_head(&self, path: &str) -> Option<Fault> {
        self.first(Moment::HeadRead, |rule| matches_path(rule, path))
    }

    /// The fault that strikes when all was read.
    pub(crate) fn after_body(&self, subject: Subject<'_>) -> Option<Fault> {
        self.first(Moment::BodyRead, |rule| {
            let reference = rule.reference.as_deref();
            matches_path(rule, subject.path)
                && reference.is_none_or(|wanted| subject.reference == Some(wanted))
                && rule
                    .seat
                    .as_deref()
                    .is_none_or(|start| subject.seats.iter().any(|seat| seat.starts_with(start)))
        })
    }

    fn first(&self, when: Moment, matches: impl Fn(&Rule) -> bool) -> Option<Fault> {
        let mut found = None;
        for counted in self.rules().iter_mut() {
            if moment(&counted.rule.then) == when && matches(&counted.rule) && counted.meet() {
                found = found.or_else(|| Some(counted.rule.then.clone()));
            }
        }
        found
    }
}

fn matches_path(rule: &Rule, path: &str) -> bool {
    rule.path.as_deref().is_none_or(|part| path.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject<'a>(path: &'a str, reference: &'a str, seats: &'a [String]) -> Subject<'a> {
        Subject {
            path,
            reference: Some(reference),
            seats,
        }
    }

    #[test]
    fn every_condition_must_hold_and_nth_counts_matches_alone() {
        let book = FaultBook::default();
        book.add(
            Rule::new(Fault::Duplicate)
                .path("block")
                .reference("r")
                .seat("9")
                .nth(2),
        );
        let seats = ["8".to_owned(), "9A".to_owned()];
        let matching = subject("/block-seat", "r", &seats);
        assert_eq!(book.after_body(subject("/book", "r", &seats)), None);
        assert_eq!(book.after_body(subject("/block-seat", "q", &seats)), None);
        assert_eq!(
            book.after_body(subject("/block-seat", "r", &seats[..1])),
            None
        );
        assert_eq!(book.after_body(matching), None);
        assert_eq!(book.after_body(matching), Some(Fault::Duplicate));
        assert_eq!(book.after_body(matching), None);
    }

    #[test]
    fn the_first_rule_decides_and_all_count() {
        let book = FaultBook::default();
        book.add(Rule::new(Fault::NotJson).nth(1));
        book.add(Rule::new(Fault::Truncated).nth(2));
        book.add(Rule::new(Fault::CutBeforeReading));
        let any = subject("/", "r", &[]);
        assert_eq!(book.after_body(any), Some(Fault::NotJson));
        assert_eq!(book.after_body(any), Some(Fault::Truncated));
        assert_eq!(book.after_head("/"), Some(Fault::CutBeforeReading));
        assert!(!book.closes_connection());
        book.clear();
        assert_eq!(book.after_head("/"), None);
    }
}
