//! People are forgotten, however many have ended.

use std::sync::Arc;

use booking_layers::Shredder;
use booking_ports::{Begun, Clock as _, HoldLedger as _, MemoryHoldLedger};

use crate::setup::{MINUTE, clock, order, refused};

#[tokio::test]
async fn more_than_a_page_of_orders_is_shredded() {
    let clock = clock();
    let ledger = Arc::new(MemoryHoldLedger::new(clock.clone()));
    for number in 1..=1_100 {
        let order = order(&number.to_string());
        let Ok(Begun::Send(permit)) = ledger.begin(&order, MINUTE).await else {
            unreachable!("a fresh reference is begun")
        };
        let outcome = Err(refused(order.reference()));
        ledger.end(&permit, &outcome).await.unwrap();
    }
    clock.advance(MINUTE);
    let shredder = Shredder::new(ledger.clone());
    let (now, mut seen) = (clock.now(), 0);
    let done = shredder.ended_before(now, |so_far| seen = so_far).await;
    assert_eq!((done.unwrap(), seen), (1_100, 1_100));
    assert_eq!(shredder.ended_before(now, |_| ()).await.unwrap(), 0);
}
