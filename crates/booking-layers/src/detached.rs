//! A call that goes on when its caller has gone.

use std::sync::Arc;

use booking_domain::BlockOrder;
use booking_ports::{Outcome, SeatBlocker, Unknown, UnknownKind};
use tracing::Instrument as _;

/// Blocks in a task of its own, so that neither a caller that hangs up nor a panic loses the
/// outcome. `kept` lives as long as the call, however soon its caller goes.
pub(crate) async fn call<B, K>(blocker: Arc<B>, order: Arc<BlockOrder>, kept: K) -> Outcome
where
    B: SeatBlocker + 'static,
    K: Send + 'static,
{
    let reference = order.reference().clone();
    let task = async move {
        let _kept = kept;
        blocker.block(&order).await
    };
    match tokio::spawn(task.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(error) => {
            // The words of a panic are left out: they may quote what the code was working on.
            let message = if error.is_panic() {
                "the program failed while the order was being sent"
            } else {
                "the program ended while the order was being sent"
            };
            Err(Unknown::new(reference, UnknownKind::Interrupted, message).into())
        }
    }
}
