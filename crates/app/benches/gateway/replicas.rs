//! Two gateways on one PostgreSQL, beside one.

use crate::gateway::Place;
use crate::load;
use crate::provider::sandbox;
use crate::rate::{AT_A_TIME, TURN, TURNS};
use crate::server::Server;
use crate::table::{Row, median};

pub(crate) async fn row() -> Row {
    let server = Server::start(&[]);
    let sandbox = sandbox(0).await;
    let place = Place::new(&sandbox, Some(server.database()));
    let gateways = [place.start(), place.start()];
    let addresses = gateways.each_ref().map(|gateway| gateway.address);
    let key = &gateways[0].key;
    let (mut ratios, mut ones, mut twos) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let one = load::rate(&addresses[..1], key, AT_A_TIME, TURN).await;
        let two = load::rate(&addresses, key, AT_A_TIME, TURN).await;
        eprintln!("PostgreSQL: one gateway {one:.0} holds/s, two {two:.0}");
        ratios.push(two / one);
        ones.push(one);
        twos.push(two);
    }
    Row {
        what: "holds per second of two gateways on one PostgreSQL, against one",
        target: "≥ 1.5 × where the cores allow",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!("{:.0}/s against {:.0}/s", median(twos), median(ones)),
    }
}
