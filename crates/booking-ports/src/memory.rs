//! A provider in memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use booking_domain::{
    BlockOrder, Deadline, PartnerReference, ProviderStatus, SeatHold, SeatName, StatusMeaning,
    TransactionId, TripId,
};
use time::Duration;

use crate::block_error::{BlockError, Refusal, RefusalKind, Unknown, UnknownKind};
use crate::clock::Clock;
use crate::seat_blocker::SeatBlocker;

/// How long the provider in memory keeps seats, unless told otherwise.
const HOLD: Duration = Duration::minutes(30);

/// A [`SeatBlocker`] in memory that keeps every promise of the contract: for tests and examples.
///
/// Every trip exists and has every seat. A hold ends by the clock; its seats are free again, its
/// reference stays used.
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::OrderDraft;
/// use booking_ports::{BlockError, ManualClock, MemorySeatBlocker, SeatBlocker};
/// use time::macros::{date, datetime};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
/// let blocker = MemorySeatBlocker::new(Arc::new(clock));
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let hold = blocker.block(&order).await.unwrap();
/// assert_eq!(blocker.block(&order).await.unwrap(), hold); // the same reference, the same hold
///
/// let mut other = OrderDraft::from(&order);
/// other.partner_reference_no = Some("1239".into());
/// let other = other.check(date!(2026 - 11 - 24)).unwrap();
/// assert!(matches!(blocker.block(&other).await, Err(BlockError::Refused(_))));
/// # }
/// ```
pub struct MemorySeatBlocker {
    clock: Arc<dyn Clock>,
    holds: Mutex<HashMap<PartnerReference, Held>>,
}

struct Held {
    order: BlockOrder,
    hold: SeatHold,
}

impl MemorySeatBlocker {
    /// A provider with every seat free, whose holds end by `clock`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// let blocker = MemorySeatBlocker::new(Arc::new(SystemClock::default()));
    /// assert_eq!(blocker.holds().len(), 0);
    /// ```
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            holds: Mutex::default(),
        }
    }

    /// Every hold that was ever made, the ended ones too.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::{MemorySeatBlocker, SystemClock};
    /// assert!(MemorySeatBlocker::new(Arc::new(SystemClock::default())).holds().is_empty());
    /// ```
    #[must_use]
    pub fn holds(&self) -> Vec<SeatHold> {
        self.lock().values().map(|held| held.hold.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerReference, Held>> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seats(order: &BlockOrder) -> impl Iterator<Item = (TripId, &SeatName)> {
    order.legs().flat_map(|leg| {
        leg.passengers()
            .iter()
            .map(|passenger| (leg.trip_id(), passenger.seat_name()))
    })
}

#[async_trait]
impl SeatBlocker for MemorySeatBlocker {
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError> {
        let now = self.clock.now();
        let reference = order.reference().clone();
        let mut holds = self.lock();
        if let Some(held) = holds.get(&reference) {
            if held.order != *order {
                let message = "another order has used this reference";
                return Err(Unknown::new(reference, UnknownKind::ReferenceUsed, message).into());
            }
            let hold = held.hold.clone();
            return if hold.deadline.has_passed(now) {
                Err(BlockError::Expired(hold.into()))
            } else {
                Ok(hold)
            };
        }
        let taken: HashSet<_> = holds
            .values()
            .filter(|held| !held.hold.deadline.has_passed(now))
            .flat_map(|held| seats(&held.order))
            .collect();
        if let Some((trip, seat)) = seats(order).find(|seat| taken.contains(seat)) {
            let message = format!("seat {seat} of trip {trip} is taken");
            let kind = RefusalKind::SeatUnavailable;
            return Err(Refusal::new(reference, kind, "seat_unavailable", message).into());
        }
        let number = (holds.len() + 1).to_string();
        let hold = SeatHold {
            transaction_id: TransactionId::new(number.clone()).ok_or_else(|| {
                Unknown::new(reference.clone(), UnknownKind::UnreadableReply, number)
            })?,
            reference: reference.clone(),
            status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
            deadline: Deadline::stated(now + HOLD, now, HOLD),
        };
        let entry = Held {
            order: order.clone(),
            hold: hold.clone(),
        };
        holds.insert(reference, entry);
        Ok(hold)
    }
}
