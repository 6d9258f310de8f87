//! Who may send, and who may settle.

use std::time::Duration;

use booking_domain::PartnerReference;

use super::HoldRecord;

/// What a caller that wants to send may do.
///
/// ```
/// use booking_ports::Begun;
///
/// fn may_send(begun: &Begun) -> bool {
///     matches!(begun, Begun::Send(_))
/// }
/// assert!(!may_send(&Begun::Conflict));
/// ```
#[derive(Clone, Debug)]
pub enum Begun {
    /// Send, once, and record how it ended.
    Send(SendPermit),
    /// Do not send: there is an answer, or only evidence can give one.
    Recorded(Box<HoldRecord>),
    /// Do not send: another caller does, and has at most so long left.
    Busy {
        /// Until its lease ends.
        left: Duration,
    },
    /// Do not send: the reference is another order's.
    Conflict,
}

/// The right to send one attempt, once.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::SendPermit;
///
/// let reference = PartnerReference::new("1238").unwrap();
/// assert_eq!(SendPermit { reference, attempt: 1, fence: 1 }.attempt, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPermit {
    /// The reference to send.
    pub reference: PartnerReference,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// Grows whenever somebody takes the reference; a ledger knows by it who was given up.
    pub fence: u64,
}

/// The right to settle one reference.
///
/// ```
/// use booking_ports::Claim;
///
/// fn attempts(claim: &Claim) -> u32 {
///     claim.record.attempts
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where the reference stands.
    pub record: HoldRecord,
    /// As [`SendPermit::fence`].
    pub fence: u64,
}
