//! Searches, up to the calls of the provider that they cost.

use klikoo_sandbox::{Fault, Rule};

use super::served::Served;
use crate::harness::{Rig, order};

fn asked_for_seats(rig: &Rig) -> usize {
    let journal = rig.sandbox.journal();
    let of_seats = journal
        .iter()
        .filter(|entry| entry.path.ends_with("/trips-detail"));
    of_seats.count()
}

#[test]
fn a_hundred_who_ask_for_the_same_seats_are_one_call_of_the_provider() {
    let rig = Rig::new();
    let slow = Rule::new(Fault::Latency { ms: 500 }).path("trips-detail");
    rig.sandbox.add_fault(slow);
    let served = Served::start(&rig, &[]);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..100)
            .map(|_| scope.spawn(|| served.get("/v1/trips/188336/seats")))
            .collect();
        for answer in asking {
            let answer = answer.join().unwrap();
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    });
    assert_eq!(asked_for_seats(&rig), 1);
    assert_eq!(served.stop().code, 0);
}

#[test]
fn who_has_asked_its_share_still_blocks() {
    let rig = Rig::new();
    let bounds = [("SEATBLOCK_GATEWAY__READS_PER_SECOND_PER_TENANT", "1")];
    let served = Served::start(&rig, &bounds);
    let answers: Vec<_> = (1..=20)
        .map(|trip| served.get(&format!("/v1/trips/{trip}/seats")).status)
        .collect();
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert!(refused >= 15, "{answers:?}");
    assert!(asked_for_seats(&rig) + refused == 20);
    let held = served.post("/v1/holds", &order("reads-1", "8"));
    assert_eq!(held.status, 201, "{held:?}");
    assert_eq!(served.stop().code, 0);
}

#[test]
fn a_trip_that_the_provider_has_not_is_not_found() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[]);
    let answer = served.get("/v1/trips/77/seats");
    assert_eq!(answer.status, 404, "{answer:?}");
    assert_eq!(answer.json()["code"], "404057003");
    assert_eq!(served.stop().code, 0);
}
