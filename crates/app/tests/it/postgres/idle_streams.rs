//! What event streams cost the database in which nothing happens.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::Duration;

use super::gateways::{Gateway, gateways, key};
use super::rig_at;
use super::server::Server;

const STREAMS: usize = 100;
const SPAN: Duration = Duration::from_secs(5);

/// How many statements the server is asked within five seconds.
fn statements(server: &Server) -> usize {
    let count = || {
        let log = std::fs::read_to_string(server.log()).unwrap();
        let asked = |line: &&str| line.contains("LOG:  execute") || line.contains("statement: ");
        log.lines().filter(asked).count()
    };
    let before = count();
    std::thread::sleep(SPAN);
    count() - before
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn a_hundred_idle_streams_ask_the_database_no_more_than_one() {
    let server = Server::start(&["log_statement=all"]);
    let rig = rig_at(&server.database(), |builder| builder);
    // A key may have sixteen.
    let keys: Vec<String> = (0..STREAMS.div_ceil(16)).map(|_| key(&rig)).collect();
    let [gateway]: [Gateway; 1] = gateways(&rig);
    std::thread::sleep(Duration::from_secs(2));
    let without = statements(&server);
    let streams: Vec<TcpStream> = (0..STREAMS)
        .map(|number| {
            let peer = gateway.peer.by(&keys[number / 16]);
            let mut stream = peer.open("/v1/events");
            let mut first = [0; 512];
            let read = stream.read(&mut first).unwrap();
            assert!(first[..read].starts_with(b"HTTP/1.1 200"));
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    let with = statements(&server);
    println!("{SPAN:?}: {without} statements without a stream, {with} with {STREAMS} of them");
    assert!(with < without + 15, "{without} without, {with} with them");
    drop(streams);
}
