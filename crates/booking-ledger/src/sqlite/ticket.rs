//! One thing to be written, and who waits for it.

use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{HoldCase, LedgerError};
use time::OffsetDateTime;
use tokio::sync::oneshot;

pub(super) struct Ticket {
    pub(super) subject: Subject,
    pub(super) work: Box<dyn Work>,
}

/// What it is about.
pub(super) enum Subject {
    /// An order that is to be begun.
    Order(Box<BlockOrder>),
    /// A reference that was begun.
    Reference(PartnerReference),
    /// One whose order must be gone from every file before the answer.
    Shredded(PartnerReference),
}

impl Subject {
    pub(super) fn reference(&self) -> &PartnerReference {
        match self {
            Self::Order(order) => order.reference(),
            Self::Reference(reference) | Self::Shredded(reference) => reference,
        }
    }
}

/// A decision whose answer is told only once it is durable. It may have to be made again, where a
/// transaction fails because of a neighbour.
pub(super) trait Work: Send {
    /// Decides; whether what became of the case is to be stored. There is no case where the
    /// reference was never begun, or is another order's.
    fn decide(&mut self, case: Option<&mut HoldCase>, now: OffsetDateTime) -> bool;

    /// It could not be done, whatever was decided.
    fn fail(&mut self, error: LedgerError);

    /// Tells what was decided.
    fn answer(self: Box<Self>);

    /// Whether nobody waits any more for a right that would be lost on the way.
    fn is_pointless(&self) -> bool;
}

pub(super) type Decide<T> =
    Box<dyn FnMut(Option<&mut HoldCase>, OffsetDateTime) -> Result<T, LedgerError> + Send>;

pub(super) struct Waiting<T> {
    decide: Decide<T>,
    decided: Option<Result<T, LedgerError>>,
    reply: oneshot::Sender<Result<T, LedgerError>>,
    gives_a_right: bool,
}

impl<T: Send + 'static> Waiting<T> {
    /// `gives_a_right` to send or to settle, which is good for nothing without its caller. All
    /// else is written even if the caller has gone.
    pub(super) fn work(
        decide: Decide<T>,
        gives_a_right: bool,
    ) -> (Box<dyn Work>, oneshot::Receiver<Result<T, LedgerError>>) {
        let (reply, answer) = oneshot::channel();
        let waiting = Self {
            decide,
            decided: None,
            reply,
            gives_a_right,
        };
        (Box::new(waiting), answer)
    }
}

impl<T: Send + 'static> Work for Waiting<T> {
    fn decide(&mut self, case: Option<&mut HoldCase>, now: OffsetDateTime) -> bool {
        let decided = (self.decide)(case, now);
        let store = decided.is_ok();
        self.decided = Some(decided);
        store
    }

    fn fail(&mut self, error: LedgerError) {
        // A refusal stands: it needs nothing to be durable.
        if !matches!(self.decided, Some(Err(_))) {
            self.decided = Some(Err(error));
        }
    }

    fn answer(self: Box<Self>) {
        if let Some(decided) = self.decided {
            // The caller may have gone; what was written stays.
            let _ = self.reply.send(decided);
        }
    }

    fn is_pointless(&self) -> bool {
        self.gives_a_right && self.reply.is_closed()
    }
}
