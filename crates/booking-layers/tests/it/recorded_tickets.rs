//! Bookings through the ledger: one ticket, asked for before it is repeated, never lost.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{
    HoldState, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_layers::{RecordedTickets, Resolver, ResolverBounds};
use booking_ports::{
    Begun, BookingCode, BookingCodes, HoldLedger as _, HoldRecord, InquiryError, ManualClock,
    MemorySeatBlocker, NotSentKind, Ticket, TicketError, TicketIssuer, Transaction,
    TransactionInquiry, UnknownKind,
};
use tokio::sync::Semaphore;

use crate::setup::{FaultyLedger, MINUTE, clock, hold, order, reference, soon};

/// What becomes of one booking.
#[derive(Clone, Copy)]
enum Fate {
    Booked,
    AnswerLost,
    RequestLost,
    Panics,
}

/// A provider of tickets whose answers and transactions follow a script.
struct Desk {
    fates: Mutex<VecDeque<Fate>>,
    status: Mutex<Result<ProviderStatus, ()>>,
    sent: AtomicUsize,
    gate: Semaphore,
}

fn waiting() -> ProviderStatus {
    ProviderStatus::new(StatusMeaning::Waiting, "WAITING")
}

fn success() -> ProviderStatus {
    ProviderStatus::new(StatusMeaning::Booked, "SUCCESS")
}

fn ticket(hold: &SeatHold) -> Ticket {
    Ticket {
        transaction_id: hold.transaction_id.clone(),
        booking_codes: BookingCodes {
            departure: BookingCode::new("D1").unwrap(),
            return_leg: None,
        },
        status: success(),
    }
}

impl Desk {
    fn new(fates: &[Fate]) -> Arc<Self> {
        Arc::new(Self {
            fates: Mutex::new(fates.iter().copied().collect()),
            status: Mutex::new(Ok(waiting())),
            sent: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        })
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    fn shows(&self, status: Result<ProviderStatus, ()>) {
        *self.status.lock().unwrap() = status;
    }
}

#[async_trait]
impl TicketIssuer for Desk {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        self.sent.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        let fate = self.fates.lock().unwrap().pop_front();
        let lost = || TicketError::Unknown {
            reference: hold.reference.clone(),
            transaction_id: hold.transaction_id.clone(),
            kind: UnknownKind::ConnectionLost,
            message: "a test says so".to_owned(),
            retry_after: None,
            cause: None,
        };
        match fate.unwrap_or(Fate::Booked) {
            Fate::Booked => {
                self.shows(Ok(success()));
                Ok(ticket(hold))
            }
            Fate::AnswerLost => {
                self.shows(Ok(success()));
                Err(lost())
            }
            Fate::RequestLost => Err(lost()),
            Fate::Panics => panic!("a test says so"),
        }
    }
}

#[async_trait]
impl TransactionInquiry for Desk {
    async fn by_reference(
        &self,
        _: &PartnerReference,
        _: time::OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        Ok(Vec::new())
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let status = self.status.lock().unwrap().clone();
        match status {
            Ok(status) => Ok(Some(Transaction {
                id: id.clone(),
                reference: Some(reference("1")),
                status,
                amount: None,
            })),
            Err(()) => Err(InquiryError::Unavailable {
                message: "a test says so".to_owned(),
                retry_after: None,
                cause: None,
            }),
        }
    }
}

struct World {
    clock: Arc<ManualClock>,
    ledger: Arc<FaultyLedger>,
    desk: Arc<Desk>,
    tickets: RecordedTickets,
    hold: SeatHold,
}

impl World {
    /// With one hold under the reference 1.
    async fn new(fates: &[Fate]) -> Self {
        let clock = clock();
        let ledger = Arc::new(FaultyLedger::new(clock.clone()));
        let desk = Desk::new(fates);
        let Ok(Begun::Send(permit)) = ledger.begin(&order("1"), MINUTE).await else {
            unreachable!("a fresh reference is begun")
        };
        let hold = hold(&reference("1"), "T1");
        ledger.end(&permit, &Ok(hold.clone())).await.unwrap();
        let tickets = RecordedTickets::new(
            desk.clone(),
            desk.clone(),
            ledger.clone(),
            clock.clone(),
            MINUTE,
        );
        Self {
            clock,
            ledger,
            desk,
            tickets,
            hold,
        }
    }

    async fn book(&self) -> Result<Ticket, TicketError> {
        soon(self.tickets.issue(&self.hold)).await
    }

    async fn record(&self) -> HoldRecord {
        self.ledger.find(&reference("1")).await.unwrap().unwrap()
    }

    fn resolver(&self) -> Resolver {
        Resolver::new(
            self.ledger.clone(),
            self.desk.clone(),
            Arc::new(MemorySeatBlocker::new(self.clock.clone())),
            self.clock.clone(),
            ResolverBounds::default(),
        )
    }
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_issued_once_and_told_for_ever() {
    let world = World::new(&[]).await;
    let first = world.book().await.unwrap();
    assert_eq!(first, ticket(&world.hold));
    assert_eq!(world.book().await.unwrap(), first);
    world.clock.advance(Duration::from_hours(5));
    assert_eq!(world.book().await.unwrap(), first);
    assert_eq!(world.desk.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_many_callers_one_books() {
    let world = World::new(&[]).await;
    world.desk.gate.forget_permits(Semaphore::MAX_PERMITS);
    let first = tokio::spawn({
        let (tickets, hold) = (world.tickets.clone(), world.hold.clone());
        async move { tickets.issue(&hold).await }
    });
    while world.desk.sent() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..8 {
        let other = world.book().await;
        assert!(matches!(other, Err(TicketError::Busy { .. })), "{other:?}");
    }
    world.desk.gate.add_permits(1);
    assert_eq!(first.await.unwrap().unwrap(), ticket(&world.hold));
    assert_eq!(world.desk.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_and_its_codes_fetched() {
    let world = World::new(&[Fate::AnswerLost]).await;
    let lost = world.book().await.unwrap_err();
    assert!(lost.may_be_booked(), "{lost}");
    // Its deadline passes, and does not matter to a ticket.
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(world.book().await.unwrap(), ticket(&world.hold));
    let story = world.ledger.story(&reference("1")).await.unwrap();
    let told: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    assert!(
        told.contains(&"transaction query: booked as T1".to_owned()),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_booked_again_once_the_provider_shows_that_it_waits() {
    let world = World::new(&[Fate::RequestLost]).await;
    world.book().await.unwrap_err();
    world.clock.advance(MINUTE);
    assert_eq!(world.book().await.unwrap(), ticket(&world.hold));
    assert_eq!(world.desk.sent(), 2);
    assert!(!world.record().await.is_unsettled());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_booked_beside_a_booking_that_may_be_under_way() {
    let world = World::new(&[Fate::RequestLost]).await;
    world.book().await.unwrap_err();
    for _ in 0..3 {
        world.clock.advance(MINUTE / 4);
        let early = world.book().await.unwrap_err();
        assert!(early.to_string().contains("may still be at"), "{early}");
    }
    assert_eq!(world.desk.sent(), 1);
    // Who only asked puts off nothing.
    world.clock.advance(MINUTE / 4);
    assert_eq!(world.book().await.unwrap(), ticket(&world.hold));
}

#[tokio::test(start_paused = true)]
async fn what_never_gets_an_answer_is_booked_three_times_and_left_to_a_person() {
    let world = World::new(&[Fate::RequestLost; 9]).await;
    for _ in 0..6 {
        world.book().await.unwrap_err();
        world.clock.advance(MINUTE);
    }
    assert_eq!(world.desk.sent(), 3);
    let given_up = world.book().await.unwrap_err().to_string();
    assert!(given_up.contains("somebody has to look"), "{given_up}");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_the_ledger_does_not_take_is_told_until_it_does() {
    let world = World::new(&[]).await;
    world.ledger.fail_end(Some(FaultyLedger::unavailable()));
    assert!(world.book().await.unwrap_err().may_be_booked());
    assert_eq!(
        world.tickets.drain(Duration::ZERO).await,
        1,
        "it is under way"
    );
    world.ledger.fail_end(None);
    assert_eq!(world.tickets.drain(MINUTE).await, 0);
    assert_eq!(
        world.record().await.booking.ticket,
        Some(ticket(&world.hold))
    );
    assert_eq!(world.desk.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn where_nobody_can_tell_nothing_is_sent() {
    let world = World::new(&[Fate::AnswerLost]).await;
    world.book().await.unwrap_err();
    world.desk.shows(Err(()));
    let refused = world.book().await.unwrap_err();
    assert!(
        matches!(refused, TicketError::Unconfirmed { .. }),
        "{refused}"
    );
    assert_eq!(world.desk.sent(), 1);
    assert!(
        world.record().await.is_unsettled(),
        "the first may still have booked"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hold_that_ended_in_spite_of_an_unknown_booking_is_not_booked() {
    let world = World::new(&[Fate::RequestLost]).await;
    world.book().await.unwrap_err();
    world
        .desk
        .shows(Ok(ProviderStatus::new(StatusMeaning::Ended, "EXPIRED")));
    let over = world.book().await.unwrap_err();
    assert!(over.to_string().contains("expired"), "{over}");
    let record = world.record().await;
    assert!(
        matches!(record.state, HoldState::Expired(Some(_))),
        "{record:?}"
    );
    assert!(!record.is_unsettled());
    let again = world.book().await.unwrap_err();
    assert!(
        matches!(
            again,
            TicketError::NotHeld {
                state: "expired",
                ..
            }
        ),
        "{again}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_leaves_a_booking_unknown() {
    let world = World::new(&[Fate::Panics]).await;
    let error = world.book().await.unwrap_err();
    assert!(error.may_be_booked(), "{error}");
    assert!(world.record().await.is_unsettled());
}

#[tokio::test(start_paused = true)]
async fn without_its_mark_nothing_is_booked() {
    let world = World::new(&[]).await;
    world.ledger.begin_fails.store(true, Ordering::SeqCst);
    let error = world.book().await.unwrap_err();
    let unrecorded = matches!(
        error,
        TicketError::NotSent {
            kind: NotSentKind::Unrecorded,
            ..
        }
    );
    assert!(unrecorded, "{error}");
    assert_eq!(world.desk.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_its_record_no_ticket_is_told() {
    let world = World::new(&[]).await;
    world.ledger.fail_end(Some(FaultyLedger::unavailable()));
    let error = world.book().await.unwrap_err();
    assert!(error.may_be_booked(), "{error}");
    world.ledger.fail_end(None);
    world.clock.advance(MINUTE);
    assert_eq!(world.book().await.unwrap(), ticket(&world.hold));
}

#[tokio::test(start_paused = true)]
async fn another_transaction_than_the_ledgers_is_not_booked() {
    let world = World::new(&[]).await;
    let other = hold(&reference("1"), "T2");
    let error = world.tickets.issue(&other).await.unwrap_err();
    assert!(matches!(error, TicketError::Unconfirmed { .. }), "{error}");
    assert_eq!(world.desk.sent(), 0);
    assert!(!world.record().await.is_unsettled());
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_hangs_up_stops_no_booking() {
    let world = World::new(&[]).await;
    world.desk.gate.forget_permits(Semaphore::MAX_PERMITS);
    let caller = tokio::spawn({
        let (tickets, hold) = (world.tickets.clone(), world.hold.clone());
        async move { tickets.issue(&hold).await }
    });
    while world.desk.sent() == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    world.desk.gate.add_permits(1);
    assert_eq!(world.tickets.drain(MINUTE).await, 0);
    assert_eq!(
        world.record().await.booking.ticket,
        Some(ticket(&world.hold))
    );
    let late = world.book().await.unwrap_err();
    assert!(!late.may_be_booked(), "{late}");
}

#[tokio::test(start_paused = true)]
async fn a_sweep_settles_bookings_that_a_dead_process_left() {
    for (fate, shown, settled) in [
        (Fate::AnswerLost, success(), "booked"),
        (
            Fate::RequestLost,
            ProviderStatus::new(StatusMeaning::Ended, "EXPIRED"),
            "expired",
        ),
    ] {
        let world = World::new(&[fate]).await;
        world.book().await.unwrap_err();
        world.desk.shows(Ok(shown));
        world.clock.advance(Duration::from_hours(1));
        let sweep = world.resolver().sweep(|_| ()).await.unwrap();
        assert_eq!((sweep.progress.settled, sweep.left.len()), (1, 0));
        assert_eq!(world.record().await.state.name(), settled);
    }
}

#[tokio::test(start_paused = true)]
async fn no_sweep_ends_a_hold_that_may_be_a_ticket() {
    let world = World::new(&[Fate::AnswerLost]).await;
    world.book().await.unwrap_err();
    world.desk.shows(Err(()));
    world.clock.advance(Duration::from_hours(5));
    let sweep = world.resolver().sweep(|_| ()).await.unwrap();
    assert_eq!((sweep.progress.expired, sweep.left.len()), (0, 1));
    assert!(matches!(world.record().await.state, HoldState::Held(_)));
}

#[tokio::test(start_paused = true)]
async fn a_sweep_forgets_people_a_day_after_the_end() {
    let world = World::new(&[]).await;
    world.book().await.unwrap();
    world.clock.advance(Duration::from_hours(24));
    let resolver = world.resolver();
    assert_eq!(resolver.sweep(|_| ()).await.unwrap().progress.shredded, 0);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(resolver.sweep(|_| ()).await.unwrap().progress.shredded, 1);
    assert!(!world.record().await.keeps_order);
    assert_eq!(world.ledger.order(&reference("1")).await.unwrap(), None);
}
