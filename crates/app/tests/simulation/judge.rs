//! The promises I1 to I8 of the failure model, each judged here, by what Klikoo really holds.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::{BlockOrder, HoldState, PartnerReference};
use booking_ports::{
    BlockError, Clock as _, Fact, Finding, HoldLedger as _, ManualClock, NotSentKind, Outcome,
    SendPermit, UnknownKind,
};
use time::{Duration, OffsetDateTime};

use crate::klikoo::{Flight, Held, Klikoo};
use crate::people;
use crate::scene::{Scene, at_once};

/// At most so many sends under one reference.
const SENDS_MAX: u32 = 3;

pub(crate) struct Judge {
    scene: Arc<Scene>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The fence of the latest mark of each process, by reference.
    permits: HashMap<(usize, PartnerReference), u64>,
    /// Until when whoever took a reference with a fence has it to itself, by the taker's clock.
    leases: HashMap<(PartnerReference, u64), OffsetDateTime>,
    /// Senders that somebody has given up, since their lease was over by that one's clock.
    given_up: HashSet<(PartnerReference, u64)>,
    /// The reference that a process last worked at.
    at_work: HashMap<usize, PartnerReference>,
    /// Senders whose token was refused: they may send once more in the same attempt.
    refused: Vec<Flight>,
    told: HashMap<PartnerReference, Told>,
}

/// A final answer that somebody was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Held(String),
    Refused(String),
}

impl Judge {
    pub(crate) fn new(scene: &Arc<Scene>) -> Arc<Self> {
        Arc::new(Self {
            scene: scene.clone(),
            state: Mutex::default(),
        })
    }

    /// I1, I2, I4: what must be true of every order at every moment.
    pub(crate) fn look(&self, klikoo: &Klikoo, orders: &[BlockOrder]) {
        let now = self.scene.now();
        for (number, order) in orders.iter().enumerate() {
            let identity = people::identity(number);
            klikoo.with_holds(|holds| {
                let ours = holds.iter().filter(|held| held.identity == identity);
                let ours: Vec<&Held> = ours.collect();
                if ours.is_empty() {
                    return;
                }
                let live = ours.iter().filter(|held| held.until > now).count();
                if live > 1 {
                    let what = format!("the seats of {} are held {live} times", order.reference());
                    self.scene.broken("I1", &what);
                }
                for held in ours {
                    self.is_known(order, held, held.until > now);
                }
            });
        }
    }

    /// I2: the ledger has the hold, or is looking for it. I4: it is not denied.
    fn is_known(&self, order: &BlockOrder, held: &Held, live: bool) {
        let reference = order.reference();
        let record = self.scene.record(reference);
        let state = record.map_or(HoldState::Intended, |record| record.state);
        let (promise, known) = match &state {
            HoldState::Held(ours) | HoldState::Booked(ours) | HoldState::Expired(Some(ours)) => {
                ("I2", ours.transaction_id.as_str() == held.id)
            }
            HoldState::Sending | HoldState::Unknown | HoldState::HeldWithoutReceipt => ("I2", true),
            // Time has passed over it, and nobody was told of it.
            HoldState::Expired(None) => ("I2", !live),
            HoldState::Intended | HoldState::Refused | HoldState::NotSent => ("I4", false),
        };
        if !known || held.reference != reference.as_str() {
            let name = state.name();
            let what = format!(
                "Klikoo made hold {} for {reference}, which is {name}",
                held.id
            );
            self.scene.broken(promise, &what);
        }
    }

    /// I8: somebody takes a reference, so nobody else's request under it may be under way, but for
    /// one whose lease is over.
    pub(crate) fn takes(
        &self,
        klikoo: &Klikoo,
        process: usize,
        (reference, fence): (&PartnerReference, u64),
        lease: std::time::Duration,
        clock: &ManualClock,
    ) {
        let now = clock.now();
        self.scene.trace(&format!(
            "process {process} takes {reference} with fence {fence}"
        ));
        let ends = now + Duration::try_from(lease).unwrap_or(Duration::MAX);
        let mut state = self.lock();
        let key = (reference.clone(), fence);
        state.leases.entry(key).or_insert(ends);
        state.at_work.insert(process, reference.clone());
        // Also one who has its mark and not sent yet: no clock can stop it now.
        let State {
            leases, given_up, ..
        } = &mut *state;
        let over = leases.iter().filter(|(sender, ends)| {
            let (of, by) = *sender;
            of == reference && *by != fence && **ends <= now
        });
        given_up.extend(over.map(|(sender, _)| sender.clone()));
        let mut others = klikoo.flights(reference.as_str());
        others.retain(|flight| {
            let sender = (reference.clone(), flight.fence);
            flight.fence != fence && !given_up.contains(&sender)
        });
        drop(state);
        if let Some(other) = others.first() {
            let what = format!(
                "process {process} takes {reference} while process {} sends it",
                other.process
            );
            self.scene.broken("I8", &what);
        }
    }

    /// I8, again: a mark is durable, so its sender may send.
    pub(crate) fn marks(
        &self,
        klikoo: &Klikoo,
        process: usize,
        permit: &SendPermit,
        lease: std::time::Duration,
        clock: &ManualClock,
    ) {
        let taken = (&permit.reference, permit.fence);
        self.takes(klikoo, process, taken, lease, clock);
        let key = (process, permit.reference.clone());
        self.lock().permits.insert(key, permit.fence);
    }

    pub(crate) fn works_at(&self, process: usize, reference: &PartnerReference) {
        self.lock().at_work.insert(process, reference.clone());
    }

    pub(crate) fn at_work(&self, process: usize) -> Option<PartnerReference> {
        self.lock().at_work.get(&process).cloned()
    }

    /// A request leaves: who sends it, by the process's latest permit.
    pub(crate) fn departs(
        &self,
        process: usize,
        reference: &PartnerReference,
        identity: &str,
    ) -> Flight {
        let fence = self
            .lock()
            .permits
            .get(&(process, reference.clone()))
            .copied();
        if fence.is_none() {
            let what = format!("{reference} ({identity}) leaves without a mark");
            self.scene
                .broken("I3", &what.replace(identity, "its traveller"));
        }
        Flight {
            process,
            reference: reference.to_string(),
            fence: fence.unwrap_or(0),
        }
    }

    /// I3: the mark of what leaves is durable, and not too many leave.
    pub(crate) fn check_departure(&self, klikoo: &Klikoo, reference: &PartnerReference) {
        let sends = klikoo.attempts(reference.as_str());
        let marks = self
            .scene
            .record(reference)
            .map_or(0, |record| record.attempts);
        if sends > marks {
            let what = format!("{reference} was sent {sends} times, with {marks} marks");
            self.scene.broken("I3", &what);
        }
        if sends > SENDS_MAX {
            let what = format!("{reference} was sent {sends} times");
            self.scene.broken("sends", &what);
        }
    }

    /// Rows 21 and 23: what a sender says is written down, however late it comes.
    pub(crate) fn ended(&self, permit: &SendPermit) {
        let story = at_once(self.scene.ledger.story(&permit.reference)).unwrap();
        let told =
            |fact: &Fact| matches!(fact, Fact::Ended { attempt, .. } if *attempt == permit.attempt);
        if !story.iter().any(|entry| told(&entry.fact)) {
            let SendPermit {
                reference, attempt, ..
            } = permit;
            let what = format!("how attempt {attempt} of {reference} ended is dropped");
            self.scene.broken("row 23", &what);
        }
    }

    pub(crate) fn token_was_refused(&self, flight: &Flight) {
        self.lock().refused.push(flight.clone());
    }

    /// Whether this request is the repeat of one whose token was refused.
    pub(crate) fn refused_before(&self, flight: &Flight) -> bool {
        let mut state = self.lock();
        let at = state.refused.iter().position(|refused| refused == flight);
        at.map(|at| state.refused.remove(at)).is_some()
    }

    /// What was told of `reference` so far.
    pub(crate) fn told(&self, reference: &PartnerReference) -> Option<Told> {
        self.lock().told.get(reference).cloned()
    }

    /// I4 to I7: what a caller is told, `before` being what was told when the call began, and
    /// `behind` how far this host's clock was behind Klikoo's when its process began.
    pub(crate) fn answered(
        &self,
        klikoo: &Klikoo,
        order: &BlockOrder,
        outcome: &Outcome,
        before: Option<&Told>,
        behind: Duration,
    ) {
        let reference = order.reference();
        match outcome {
            Ok(hold) => self.scene.trace(&format!("{reference}: {hold:?}")),
            Err(error) => {
                let advice = error.advice();
                self.scene
                    .trace(&format!("{reference}: {error} {error:?} {advice}"));
            }
        }
        self.is_true(klikoo, order, outcome, behind);
        self.is_durable(reference, outcome);
        self.is_the_same(reference, outcome, before);
    }

    /// I4: no *held* without a hold, no denial of one. I5: no hold is live that is not.
    fn is_true(&self, klikoo: &Klikoo, order: &BlockOrder, outcome: &Outcome, behind: Duration) {
        let (reference, now) = (order.reference(), self.scene.now());
        let ours = klikoo.with_holds(|holds| {
            let mut named = holds.iter().filter(|held| {
                held.reference == reference.as_str() && held.identity.starts_with("MARKER")
            });
            named.next().cloned()
        });
        match (outcome, ours) {
            (Ok(told), Some(held)) => {
                if held.id != told.transaction_id.as_str() {
                    self.scene
                        .broken("I4", &format!("{reference} is told held as another"));
                }
                let wanted = order.legs().flat_map(booking_domain::Leg::passengers);
                let wanted: Vec<_> = wanted.map(|it| it.seat_name().to_string()).collect();
                // A transaction shows no seats: only what a reply said can be held against it.
                if held.seats != wanted && (told.deadline.is_stated() || self.was_warned(reference))
                {
                    let what = format!("{reference} is told held, with {:?} alone", held.seats);
                    self.scene.broken("I4", &what);
                }
                let latest = held.until.min(now + Duration::hours(2)) + behind;
                if told.deadline.is_stated() && now >= told.deadline.at() + behind {
                    let what = format!("{reference} is shown live, and ended at {latest}");
                    self.scene.broken("I5", &what);
                }
            }
            (Ok(_), None) => {
                self.scene
                    .broken("I4", &format!("{reference} is held by nobody"));
            }
            (Err(BlockError::Refused(_)), Some(held)) => {
                let what = format!("{reference} is told refused, and was held as {}", held.id);
                self.scene.broken("I4", &what);
            }
            // Of this call alone; what was sent before stands, and the ledger says so.
            (Err(BlockError::NotSent(not_sent)), Some(held)) if held.until > now => {
                let of_the_call = matches!(
                    not_sent.kind,
                    NotSentKind::Unrecorded | NotSentKind::Overloaded
                );
                let denied = self.scene.state_of(reference) == "not sent";
                if denied && !of_the_call {
                    let what = format!("{reference} is told not sent, and held as {}", held.id);
                    self.scene.broken("I4", &what);
                }
            }
            _ => {}
        }
    }

    /// Whether a reply to this reference named something else than was ordered, before anything was
    /// found in the history.
    fn was_warned(&self, reference: &PartnerReference) -> bool {
        let story = at_once(self.scene.ledger.story(reference)).unwrap();
        let before = story.iter().take_while(|entry| {
            !matches!(&entry.fact, Fact::Learned(found) if matches!(found.finding, Finding::Held(_)))
        });
        before.into_iter().any(|entry| {
            matches!(
                &entry.fact,
                Fact::Ended { outcome: Err(BlockError::Unknown(unknown)), .. }
                    if unknown.kind == UnknownKind::MismatchedReply
            )
        })
    }

    /// I2, I6: what is told is in the ledger already.
    fn is_durable(&self, reference: &PartnerReference, outcome: &Outcome) {
        let state = self.scene.record(reference).map(|record| record.state);
        let durable = match (outcome, &state) {
            (
                Ok(told),
                Some(
                    HoldState::Held(hold)
                    | HoldState::Booked(hold)
                    | HoldState::Expired(Some(hold)),
                ),
            ) => told.transaction_id == hold.transaction_id,
            (Ok(_), _) => false,
            (Err(BlockError::Refused(_)), state) => matches!(state, Some(HoldState::Refused)),
            _ => true,
        };
        if !durable {
            let name = state.map_or("new", |state| state.name());
            let what = format!("{reference} is answered while the ledger says {name}");
            self.scene.broken("I6", &what);
        }
    }

    /// I6: the same reference has the same answer, for ever.
    fn is_the_same(&self, reference: &PartnerReference, outcome: &Outcome, before: Option<&Told>) {
        let same = match (before, outcome) {
            (None, _) => true,
            (Some(Told::Held(id)), Ok(hold)) => *id == hold.transaction_id.as_str(),
            (Some(Told::Held(id)), Err(BlockError::Expired(expired))) => expired
                .hold
                .as_ref()
                .is_some_and(|hold| *id == hold.transaction_id.as_str()),
            (Some(Told::Refused(code)), Err(BlockError::Refused(refusal))) => *code == refusal.code,
            // A call may fail by itself.
            (Some(_), Err(BlockError::NotSent(not_sent))) => matches!(
                not_sent.kind,
                NotSentKind::Unrecorded | NotSentKind::Overloaded
            ),
            (Some(_), Err(BlockError::Unknown(unknown))) => unknown.kind == UnknownKind::Unrecorded,
            (Some(_), Ok(_) | Err(_)) => false,
        };
        if !same {
            let what = format!("{reference} was told {before:?}, and now {outcome:?}");
            self.scene.broken("I6", &what);
        }
        let told = match outcome {
            Ok(hold) => Told::Held(hold.transaction_id.to_string()),
            Err(BlockError::Refused(refusal)) => Told::Refused(refusal.code.clone()),
            Err(_) => return,
        };
        self.lock().told.entry(reference.clone()).or_insert(told);
    }

    /// Process `process` has ended, and what it was at with it.
    pub(crate) fn forget(&self, process: usize) {
        let mut state = self.lock();
        state.permits.retain(|(who, _), _| *who != process);
        state.refused.retain(|flight| flight.process != process);
        state.at_work.remove(&process);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
