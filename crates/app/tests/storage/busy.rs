//! Another process that holds the ledger's lock for longer than anybody waits.

use std::time::Duration;

use klikoo_sandbox::{Fault, Rule};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::runtime::Runtime;

use crate::harness::{Background, Rig, patiently};
use crate::told::Told;
use crate::traced::{LEDGER, REFERENCE, rig};

fn lock(rig: &Rig, runtime: &Runtime) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(rig.place.path(LEDGER))
        .busy_timeout(Duration::from_secs(5));
    runtime.block_on(async {
        let mut connection = options.connect().await.unwrap();
        let begun = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection);
        begun.await.unwrap();
        connection
    })
}

#[test]
#[ignore = "waits for five seconds; run by `just storage-faults` and .ci/run"]
fn a_ledger_that_is_locked_from_the_beginning_lets_nothing_be_sent() {
    let (rig, runtime) = (rig(), Runtime::new().unwrap());
    let other = lock(&rig, &runtime);
    let ran = rig.place.run(["block", "order.json"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("locked"), "{ran:?}");
    runtime.block_on(other.close()).unwrap();
    assert_eq!(rig.sandbox.calls("block-seat"), 1, "the earlier one");
    assert_eq!(rig.place.run(["block", "order.json"]).code, 0);
}

#[test]
#[ignore = "waits for five seconds; run by `just storage-faults` and .ci/run"]
fn an_outcome_that_a_locked_ledger_does_not_take_is_told_as_unknown_and_found() {
    let (rig, runtime) = (rig(), Runtime::new().unwrap());
    let slow = Rule::new(Fault::Latency { ms: 1_500 }).path("block-seat");
    rig.sandbox.add_fault(slow);
    let block = Background::start(&mut rig.place.command(["--json", "block", "order.json"]));
    patiently(|| rig.sandbox.holds().len() == 2);
    let other = lock(&rig, &runtime);
    let ran = block.wait();
    assert_eq!(
        (ran.code, &ran.json()["kind"]),
        (6, &"unrecorded".into()),
        "{ran:?}"
    );
    runtime.block_on(other.close()).unwrap();
    assert_eq!(rig.place.run(["recover"]).code, 0);
    let told = Told::by(&rig, REFERENCE).unwrap();
    let holds = rig.sandbox.holds();
    let hold = holds
        .iter()
        .find(|hold| hold.partner_reference_no == REFERENCE);
    assert_eq!(told.state, "held");
    assert!(told.knows(&hold.unwrap().transaction_id), "{told:?}");
    assert_eq!(rig.sandbox.calls("block-seat"), 2, "nothing was sent again");
}
