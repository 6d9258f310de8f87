//! A hold, as tests look at it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Where a hold stands.
///
/// ```
/// assert_eq!(klikoo_sandbox::HoldState::Waiting.word(), "WAITING");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HoldState {
    /// Held and not paid.
    Waiting,
    /// Booked.
    Success,
    /// Ended by the clock; its seats are free again.
    Expired,
}

impl HoldState {
    /// The word for it on the wire.
    ///
    /// ```
    /// assert_eq!(klikoo_sandbox::HoldState::Expired.word(), "EXPIRED");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Success => "SUCCESS",
            Self::Expired => "EXPIRED",
        }
    }
}

/// One leg of a hold.
///
/// ```
/// use klikoo_sandbox::HeldLeg;
/// let leg = HeldLeg { trip_id: 188_336, seats: vec!["8".into()] };
/// assert_eq!(leg.seats, ["8"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLeg {
    /// The trip.
    pub trip_id: u64,
    /// The seats held on it, in the order of the request.
    pub seats: Vec<String>,
}

/// A block that was executed.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
/// assert!(sandbox.holds().is_empty());
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hold {
    /// The number that block-seat answered.
    pub transaction_id: String,
    /// The partner's number.
    pub partner_reference_no: String,
    /// Departure, then return if there was one.
    pub legs: Vec<HeldLeg>,
    /// As of the clock's now.
    pub state: HoldState,
    /// When it was executed.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends unless it is booked.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// `selling_price` of the request.
    pub selling_price: String,
}
