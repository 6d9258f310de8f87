//! How a block ended: the same bytes each time that the same is asked.

use booking_domain::{BlockOrder, PartnerReference, SeatHold, StatusMeaning, rfc3339};
use booking_ports::{BlockError, OrderOutline};
use serde::Serialize;
use utoipa::ToSchema;

use super::message::block_message;

/// What is known of the seats of an order.
///
/// ```
/// use booking_gateway::Outcome;
///
/// assert_eq!(serde_json::to_string(&Outcome::NotSent).unwrap(), "\"not_sent\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Held until `expires_at`: now the traveller may be charged. Where that is `null`, nobody stated a
    /// deadline (`kind` is `deadline_not_stated`): book before you charge.
    Held,
    /// A ticket.
    Booked,
    /// The provider's definitive no.
    Refused,
    /// Nothing left this gateway.
    NotSent,
    /// Seats may be held, and nobody knows. Use no other reference.
    Unknown,
    /// Held no more.
    Expired,
    /// Being sent; the program calls it `busy`.
    InProgress,
}

/// One leg of an order.
///
/// ```
/// use booking_gateway::LegView;
///
/// let leg = LegView { trip_id: 188_336, seats: vec!["8".into()] };
/// assert_eq!(leg.seats.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LegView {
    /// The trip.
    pub trip_id: i64,
    /// Its seats.
    pub seats: Vec<String>,
}

/// How a block ended. Only what never changes by itself stands in it, so a repeated order is
/// answered with the same bytes.
///
/// ```
/// /// Where nobody stated a deadline: book before you charge.
/// fn may_charge(answer: &booking_gateway::HoldAnswer) -> bool {
///     answer.outcome == booking_gateway::Outcome::Held && answer.expires_at.is_some()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldAnswer {
    /// The reference of the order.
    pub partner_reference_no: String,
    /// What is known.
    pub outcome: Outcome,
    /// Whether seats are held under this reference, booked, or may be: then try no other seats for
    /// this traveller, and use no other reference. `false` only where it is certain that nothing is.
    pub may_be_held: bool,
    /// The provider's number of the hold.
    pub transaction_id: Option<String>,
    /// The provider's word for its state.
    pub status: Option<String>,
    /// Until when the seats are kept; `null` where nobody stated it, or where nothing is held.
    pub expires_at: Option<String>,
    /// Whether the provider stated a later end than is believed.
    pub brought_forward: bool,
    /// The product.
    pub product_code: String,
    /// What the traveller pays for all of it, in whole rupiah.
    pub selling_price: String,
    /// The departure leg, and the return leg where there is one.
    pub legs: Vec<LegView>,
    /// Why, in one word, where it is no plain hold.
    pub kind: Option<&'static str>,
    /// The provider's code of a refusal.
    pub code: Option<String>,
    /// Why, for people.
    pub message: Option<String>,
    /// What to do next.
    pub advice: Option<String>,
    /// `true` where a sandbox answered, so that nothing real is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<bool>,
}

impl HoldAnswer {
    /// Nothing but what was ordered.
    pub(crate) fn of_outline(
        reference: &PartnerReference,
        outline: &OrderOutline,
        outcome: Outcome,
        sandbox: bool,
    ) -> Self {
        let legs = outline.legs.iter().map(|leg| LegView {
            trip_id: leg.trip_id.get(),
            seats: leg.seats.iter().map(ToString::to_string).collect(),
        });
        Self {
            partner_reference_no: reference.to_string(),
            outcome,
            may_be_held: false,
            transaction_id: None,
            status: None,
            expires_at: None,
            brought_forward: false,
            product_code: outline.product_code.to_string(),
            selling_price: outline.selling_price.to_string(),
            legs: legs.collect(),
            kind: None,
            code: None,
            message: None,
            advice: None,
            sandbox: sandbox.then_some(true),
        }
    }

    /// The answer to `order`.
    pub(crate) fn of(
        order: &BlockOrder,
        ended: Result<&SeatHold, &BlockError>,
        sandbox: bool,
    ) -> Self {
        let outline = OrderOutline::of(order);
        Self::of_outline(order.reference(), &outline, Outcome::InProgress, sandbox).ending(ended)
    }

    /// With how it ended.
    pub(crate) fn ending(self, ended: Result<&SeatHold, &BlockError>) -> Self {
        match ended {
            Ok(hold) => self.holding(hold),
            Err(error) => self.failing(error),
        }
    }

    fn holding(mut self, hold: &SeatHold) -> Self {
        self.may_be_held = true;
        let booked = hold.status.meaning() == StatusMeaning::Booked;
        self.outcome = if booked {
            Outcome::Booked
        } else {
            Outcome::Held
        };
        self.with_hold(hold);
        let stated = hold.deadline.is_stated() && !booked;
        self.expires_at = stated.then(|| rfc3339(hold.deadline.at()));
        if !stated && !booked {
            self.kind = Some("deadline_not_stated");
            let why = "until when it is held is not known, since the receipt was lost";
            self.message = Some(why.to_owned());
            let advice = "Book it before you charge: the provider is asked first whether it still holds the seats.";
            self.advice = Some(advice.to_owned());
        }
        self
    }

    fn failing(mut self, error: &BlockError) -> Self {
        self.may_be_held = error.may_be_held();
        self.message = Some(block_message(error));
        self.advice = Some(error.advice().to_string());
        match error {
            BlockError::Refused(refusal) => {
                self.outcome = Outcome::Refused;
                self.kind = Some(refusal.kind.as_str());
                self.code = Some(refusal.code.clone());
            }
            BlockError::NotSent(not_sent) => {
                self.outcome = Outcome::NotSent;
                self.kind = Some(not_sent.kind.as_str());
            }
            BlockError::Unknown(unknown) => {
                self.outcome = Outcome::Unknown;
                self.kind = Some(unknown.kind.as_str());
            }
            BlockError::Expired(expired) => {
                self.outcome = Outcome::Expired;
                if let Some(hold) = &expired.hold {
                    self.with_hold(hold);
                }
            }
            BlockError::Conflict { .. } | BlockError::Busy { .. } => {
                self.outcome = Outcome::InProgress;
            }
        }
        self
    }

    fn with_hold(&mut self, hold: &SeatHold) {
        self.transaction_id = Some(hold.transaction_id.to_string());
        self.status = Some(hold.status.word().to_owned());
        self.brought_forward = hold.deadline.was_clamped();
    }
}
