//! A provider whose doings are told by the names of the references, and whose word is counted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use booking_domain::{
    BlockOrder, Deadline, PartnerReference, ProductCode, ProviderStatus, SeatHold, StatusMeaning,
    TransactionId, TripId,
};
use booking_ports::{
    BookingCode, BookingCodes, Callback, CallbackError, CallbackParser, Clock, Expired,
    InquiryError, ManualClock, NotSent, NotSentKind, Outcome, Place, PlaceId, PlaceRole,
    PlaceSearch, Refusal, RefusalKind, SeatBlocker, SeatMap, SeatMaps, Ticket, TicketError,
    TicketIssuer, Transaction, TransactionInquiry, TripPage, TripQuery, TripSearch, TripSummary,
    Unknown, UnknownKind,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

const HOLD: Duration = Duration::minutes(30);

#[derive(Default)]
struct Known {
    transactions: HashMap<PartnerReference, Transaction>,
    /// How often each reference was sent.
    sendings: HashMap<PartnerReference, usize>,
    /// How often each reference, or its transaction, was asked about.
    questions: HashMap<PartnerReference, usize>,
    /// How often each was booked.
    tickets: HashMap<PartnerReference, usize>,
    /// Sendings and questions that wait at the gate.
    waiting: usize,
    /// How often it was asked for places, trips or seats.
    reads: usize,
}

/// A reference that begins with
/// - `gone-` is executed and its answer lost,
/// - `lost-` is lost on its way,
/// - `no-` is refused, `clock-` for a reason of ours,
/// - `away-` is provably not sent,
/// - `past-` is held until a moment ago,
/// - `wait-` waits until the gate is opened,
/// - `burst-` panics;
///
/// every other is held. With `-late` in it, questions about it and its ticket wait at the gate.
/// Trips below 100 wait at the gate to tell their seats.
pub(crate) struct Provider {
    clock: ManualClock,
    known: Mutex<Known>,
    gate: watch::Sender<bool>,
}

impl Provider {
    pub(crate) fn new(clock: &ManualClock) -> Self {
        Self {
            clock: clock.clone(),
            known: Mutex::default(),
            gate: watch::Sender::new(false),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go what waits, and all that comes.
    pub(crate) fn open_gate(&self) {
        self.gate.send_replace(true);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.known().waiting
    }

    pub(crate) fn tickets(&self, reference: &str) -> usize {
        let reference = PartnerReference::new(reference).unwrap();
        self.known().tickets.get(&reference).copied().unwrap_or(0)
    }

    pub(crate) fn reads(&self) -> usize {
        self.known().reads
    }

    async fn wait_at_gate(&self) {
        self.known().waiting += 1;
        let mut gate = self.gate.subscribe();
        gate.wait_for(|open| *open).await.unwrap();
        self.known().waiting -= 1;
    }

    pub(crate) fn sendings(&self, reference: &str) -> usize {
        let reference = PartnerReference::new(reference).unwrap();
        self.known().sendings.get(&reference).copied().unwrap_or(0)
    }

    pub(crate) fn questions(&self, reference: &str) -> usize {
        let reference = PartnerReference::new(reference).unwrap();
        self.known().questions.get(&reference).copied().unwrap_or(0)
    }

    pub(crate) fn all_questions(&self) -> usize {
        self.known().questions.values().sum()
    }

    /// What it says of `reference` from now on.
    pub(crate) fn says(&self, reference: &str, meaning: StatusMeaning, word: &str) {
        let reference = PartnerReference::new(reference).unwrap();
        if let Some(transaction) = self.known().transactions.get_mut(&reference) {
            transaction.status = ProviderStatus::new(meaning, word);
        }
    }

    fn execute(&self, order: &BlockOrder, ends_at: OffsetDateTime) -> SeatHold {
        let reference = order.reference().clone();
        let mut known = self.known();
        let number = 14_429_000 + known.transactions.len();
        let transaction = known
            .transactions
            .entry(reference.clone())
            .or_insert_with(|| Transaction {
                id: TransactionId::new(number.to_string()).unwrap(),
                reference: Some(reference.clone()),
                status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
                amount: None,
            });
        SeatHold {
            reference,
            transaction_id: transaction.id.clone(),
            status: transaction.status.clone(),
            deadline: Deadline::stated(ends_at, self.clock.now(), HOLD),
        }
    }
}

#[async_trait]
impl SeatBlocker for Provider {
    async fn block(&self, order: &BlockOrder) -> Outcome {
        let reference = order.reference().clone();
        *self.known().sendings.entry(reference.clone()).or_default() += 1;
        let ends_at = self.clock.now() + HOLD;
        let fate = reference.as_str().split('-').next().unwrap_or_default();
        match fate {
            "gone" | "lost" => {
                if fate == "gone" {
                    self.execute(order, ends_at);
                }
                Err(Unknown::new(reference, UnknownKind::Timeout, "no answer").into())
            }
            "no" => {
                let kind = RefusalKind::SeatUnavailable;
                Err(Refusal::new(reference, kind, "404057003", "the seat is taken").into())
            }
            "clock" => {
                let kind = RefusalKind::Clock;
                Err(Refusal::new(reference, kind, "400056505", "the time is wrong").into())
            }
            "away" => {
                let kind = NotSentKind::Unreachable;
                Err(NotSent::new(reference, kind, "nobody is there").into())
            }
            "past" => {
                let hold = self.execute(order, self.clock.now() - Duration::SECOND);
                Err(Expired::from(hold).into())
            }
            "burst" => panic!("on purpose"),
            "wait" => {
                self.wait_at_gate().await;
                Ok(self.execute(order, ends_at))
            }
            _ => Ok(self.execute(order, ends_at)),
        }
    }
}

#[async_trait]
impl TransactionInquiry for Provider {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        _: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        if reference.as_str().contains("-late") {
            self.wait_at_gate().await;
        }
        let mut known = self.known();
        *known.questions.entry(reference.clone()).or_default() += 1;
        Ok(known
            .transactions
            .get(reference)
            .cloned()
            .into_iter()
            .collect())
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let mut known = self.known();
        let found = known.transactions.iter().find(|(_, it)| it.id == *id);
        let Some((reference, transaction)) = found.map(|(a, b)| (a.clone(), b.clone())) else {
            return Ok(None);
        };
        *known.questions.entry(reference).or_default() += 1;
        Ok(Some(transaction))
    }
}

#[async_trait]
impl TicketIssuer for Provider {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        if hold.reference.as_str().contains("-late") {
            self.wait_at_gate().await;
        }
        *self
            .known()
            .tickets
            .entry(hold.reference.clone())
            .or_default() += 1;
        let status = ProviderStatus::new(StatusMeaning::Booked, "SUCCESS");
        self.says(hold.reference.as_str(), StatusMeaning::Booked, "SUCCESS");
        Ok(Ticket {
            transaction_id: hold.transaction_id.clone(),
            booking_codes: BookingCodes {
                departure: BookingCode::new(format!("D{}", hold.transaction_id)).unwrap(),
                return_leg: None,
            },
            status,
        })
    }
}

#[async_trait]
impl SeatMaps for Provider {
    async fn seat_map(&self, _: &ProductCode, trip: TripId) -> Result<SeatMap, InquiryError> {
        self.known().reads += 1;
        if trip.get() == 404 {
            return Err(InquiryError::NotFound {
                code: "404057003".to_owned(),
                message: "no such trip".to_owned(),
            });
        }
        if trip.get() < 100 {
            self.wait_at_gate().await;
        }
        Ok(SeatMap::of_trip(trip))
    }
}

#[async_trait]
impl TripSearch for Provider {
    async fn trips(&self, _: &TripQuery) -> Result<TripPage, InquiryError> {
        self.known().reads += 1;
        Ok(TripPage {
            trips: vec![TripSummary::of_trip(TripId::new(188_336).unwrap())],
            ..TripPage::default()
        })
    }
}

#[async_trait]
impl PlaceSearch for Provider {
    async fn places<'a>(
        &self,
        _: &ProductCode,
        _: PlaceRole,
        keyword: Option<&'a str>,
    ) -> Result<Vec<Place>, InquiryError> {
        self.known().reads += 1;
        match keyword {
            Some("refused") => Err(InquiryError::Refused {
                code: "4010700".to_owned(),
                message: "no".to_owned(),
            }),
            Some("silent") => Err(InquiryError::Unavailable {
                message: "no answer".to_owned(),
                retry_after: None,
                cause: None,
            }),
            Some("burst") => panic!("on purpose"),
            Some("odd") => Err(InquiryError::Unreadable {
                message: "no JSON".to_owned(),
            }),
            _ => Ok(vec![Place {
                id: "city:1".parse::<PlaceId>().unwrap(),
                name: "Jakarta".to_owned(),
                address: None,
            }]),
        }
    }
}

/// Callbacks of a form of its own, read strictly: the gateway knows no provider's form.
pub(crate) struct Callbacks;

impl CallbackParser for Callbacks {
    fn parse(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        let body: serde_json::Value =
            serde_json::from_slice(body).map_err(|_| CallbackError::NotAnObject)?;
        let text = |member: &str| body[member].as_str();
        let word = text("status").ok_or(CallbackError::Missing { member: "status" })?;
        let meaning = match word {
            "WAITING" => StatusMeaning::Waiting,
            "SUCCESS" => StatusMeaning::Booked,
            "EXPIRED" | "FAILED" | "CANCELED" => StatusMeaning::Ended,
            _ => StatusMeaning::Unrecognised,
        };
        let odd = |member| move || CallbackError::Odd { member };
        Ok(Callback {
            reference: text("reference")
                .map(|it| PartnerReference::new(it).map_err(|_| odd("reference")()))
                .transpose()?,
            transaction_id: text("transaction").and_then(TransactionId::new),
            status: ProviderStatus::new(meaning, word),
        })
    }
}

pub(crate) type SharedProvider = Arc<Provider>;
