//! Where an outcome goes that the ledger would not take.

use std::io;

use async_trait::async_trait;
use booking_ports::{Outcome, SendPermit};
use time::OffsetDateTime;

/// An outcome that is not in the ledger yet.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_layers::Unwritten;
/// use booking_ports::{NotSent, NotSentKind, SendPermit};
/// use time::macros::datetime;
///
/// let reference = PartnerReference::new("1238").unwrap();
/// let unwritten = Unwritten {
///     permit: SendPermit { reference: reference.clone(), attempt: 1, fence: 1 },
///     outcome: Err(NotSent::new(reference, NotSentKind::Tls, "unknown issuer").into()),
///     at: datetime!(2026-11-24 10:00 +7),
/// };
/// assert_eq!(unwritten.permit.attempt, 1);
/// ```
#[derive(Clone, Debug)]
pub struct Unwritten {
    /// The attempt.
    pub permit: SendPermit,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub at: OffsetDateTime,
}

/// Keeps outcomes that the ledger would not take, in a place that does not fail with it.
///
/// # The contract
///
/// What [`spill`](Self::spill) was given survives the end of the process once it has returned
/// `Ok`, and no personal value is among it. Recovery hands each to
/// [`HoldLedger::end`](booking_ports::HoldLedger::end), which may be told twice.
///
/// ```
/// use booking_layers::{Spill, Unwritten};
///
/// struct Nowhere;
///
/// #[async_trait::async_trait]
/// impl Spill for Nowhere {
///     async fn spill(&self, _: &Unwritten) -> std::io::Result<()> {
///         Err(std::io::ErrorKind::Unsupported.into())
///     }
/// }
/// ```
#[async_trait]
pub trait Spill: Send + Sync {
    /// Keeps `unwritten`.
    ///
    /// # Errors
    ///
    /// It could not be made durable. The attempt stays unknown until evidence settles it.
    async fn spill(&self, unwritten: &Unwritten) -> io::Result<()>;
}
