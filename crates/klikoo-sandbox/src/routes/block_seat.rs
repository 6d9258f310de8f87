//! `POST transports/block-seat` (the given document).

use serde_json::json;

use super::check_product;
use crate::answer::{Answer, CREATED, DUPLICATE, PRODUCT, SEAT_TAKEN, SEAT_UNKNOWN, Service};
use crate::auth::{authenticate, verdict};
use crate::call::{Call, Verdict};
use crate::fault::Script;
use crate::kernel::Kernel;
use crate::magic::{script_of, word_of};
use crate::order::Order;
use crate::store::{BlockRefusal, Hold};

const SERVICE: Service = Service::Transport;

pub(crate) fn run(kernel: &Kernel, call: &Call) -> Verdict {
    let signature = verdict(kernel, call);
    let order = authenticate(kernel, call, SERVICE, signature)
        .and_then(|()| Order::read(&call.body).map_err(|problem| problem.answer(SERVICE)));
    let order = match order {
        Ok(order) => order,
        Err(refusal) => return Verdict::new(signature, refusal),
    };
    match execute(kernel, call, &order) {
        Outcome::Held(hold, magic) => {
            kernel.changed(&hold);
            Verdict {
                magic,
                ..Verdict::new(signature, receipt(&hold)).executing(&hold)
            }
        }
        Outcome::Refused(refusal) => Verdict::new(signature, refusal),
        Outcome::Bewitched(word, script) => Verdict {
            magic: Some((word, script)),
            // Replaced by what the script says.
            ..Verdict::new(signature, Answer::refusal(SEAT_TAKEN, SERVICE))
        },
    }
}

type Magic = Option<(&'static str, Script)>;

enum Outcome {
    Held(Hold, Magic),
    Refused(Answer),
    /// A magic seat keeps the block from being executed.
    Bewitched(&'static str, Script),
}

/// Decides and holds under one lock: all seats of both legs, or none.
fn execute(kernel: &Kernel, call: &Call, order: &Order) -> Outcome {
    let mut store = kernel.store();
    let by_reference = || store.check_reference(order).map_err(refusal);
    let by_seats = || {
        check_product(&order.product_code, SERVICE)?;
        store.check_seats(order, call.at).map_err(refusal)
    };
    let checked = if kernel.options.open.reference_checked_last {
        by_seats().and_then(|()| by_reference())
    } else {
        by_reference().and_then(|()| by_seats())
    };
    let outcome = if let Err(answer) = checked {
        Outcome::Refused(answer)
    } else {
        let magic = if call.scripted { None } else { magic_of(order) };
        match magic {
            Some(("TOKEN", _)) if !store.first_token_renewal(&order.reference) => {
                outcome(store.block(order, call.at, kernel.options.hold_for), None)
            }
            Some((word, script)) if !script.execute => Outcome::Bewitched(word, script),
            magic => outcome(store.block(order, call.at, kernel.options.hold_for), magic),
        }
    };
    if kernel.options.open.refused_uses_reference && matches!(outcome, Outcome::Refused(_)) {
        store.burn(&order.reference);
    }
    outcome
}

fn outcome(result: Result<Hold, BlockRefusal>, magic: Magic) -> Outcome {
    match result {
        Ok(hold) => Outcome::Held(hold, magic),
        Err(reason) => Outcome::Refused(refusal(reason)),
    }
}

/// The first magic seat decides, departure before return.
fn magic_of(order: &Order) -> Magic {
    let word = order.seats().find_map(word_of)?.word;
    Some((word, script_of(word)?))
}

fn refusal(reason: BlockRefusal) -> Answer {
    let (case, why) = match reason {
        BlockRefusal::ReferenceUsed => return Answer::refusal(DUPLICATE, SERVICE),
        BlockRefusal::NoSuchTrip(id) => (PRODUCT, format!("there is no trip {id}")),
        BlockRefusal::NoSuchSeat(seat) => (SEAT_UNKNOWN, format!("{seat:?}; see trips-detail")),
        BlockRefusal::SeatTaken(seat) => (SEAT_TAKEN, format!("{seat:?} is held")),
    };
    Answer::refusal_because(case, SERVICE, &why)
}

fn receipt(hold: &Hold) -> Answer {
    let data = json!({
        "transaction_id": hold.transaction_id,
        "status": hold.state.word(),
        "expired_at": crate::clock::to_seconds(hold.expires_at),
    });
    Answer::success(CREATED, SERVICE, data)
}
