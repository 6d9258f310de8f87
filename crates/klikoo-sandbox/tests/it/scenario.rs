//! Scenario files: every fault can be written, and no mistake passes in silence.

use klikoo_sandbox::{Fault, Sandbox, Scenario, StartError, TripSpec};

use crate::client::{BLOCK, End, block, leg, order, post};

const EVERY_FAULT: &[&str] = &[
    "{ latency = { ms = 5 } }",
    "\"close_on_accept\"",
    "{ refuse_connections = { ms = 5 } }",
    "\"cut_before_reading\"",
    "\"reset_before_reading\"",
    "\"cut_before_executing\"",
    "\"reset_before_executing\"",
    "\"execute_then_cut\"",
    "\"execute_then_reset\"",
    "\"never_answer\"",
    "{ execute_then_status = { status = 502 } }",
    "{ execute_then_status = { status = 500, code = \"500058504\" } }",
    "{ status = { status = 429, code = \"429050000\", retry_after = 2 } }",
    "{ status = { status = 307, location = \"http://elsewhere.invalid/\" } }",
    "\"truncated\"",
    "\"not_json\"",
    "\"wrong_content_type\"",
    "\"oversize\"",
    "\"invalid_utf8\"",
    "{ slow_body = { chunk = 1, ms = 5 } }",
    "\"expired_token\"",
    "\"invalid_token\"",
    "\"duplicate\"",
    "\"missing_transaction_id\"",
    "\"missing_expired_at\"",
    "{ expired_at = { text = \"9999-12-31T23:59:59+07:00\" } }",
    "{ status_word = { text = \"NEW\" } }",
    "{ code = { text = \"2000200\" } }",
    "\"error_code_in_2xx\"",
    "{ extra_data = { data = { trip_id = 1, seats = [\"2\"] } } }",
    "{ date_header = { offset = -600 } }",
    "{ reply = { execute = true, status = 200, headers = { a = \"b\" }, body = \"x\" } }",
];

#[test]
fn every_fault_can_be_written_and_read_back() {
    for text in EVERY_FAULT {
        let scenario = Scenario::from_toml(&format!("[[fault]]\nthen = {text}")).unwrap();
        let again = toml::to_string(&scenario).unwrap();
        assert_eq!(Scenario::from_toml(&again).unwrap(), scenario, "{text}");
    }
}

#[test]
fn mistakes_are_named() {
    for (text, words) in [
        ("[[faults]]", "unknown field `faults`"),
        ("[[fault]]\nthen = \"nope\"", "unknown variant `nope`"),
        (
            "[[fault]]\npaht = \"x\"\nthen = \"not_json\"",
            "unknown field `paht`",
        ),
        (
            "[[fault]]\nthen = { latency = { seconds = 1 } }",
            "unexpected keys in table: seconds",
        ),
        (
            "[[fault]]\nthen = { latency = { ms = \"1\" } }",
            "expected u64",
        ),
        ("[[fault]]\nnth = 1", "missing field `then`"),
        ("[[trip]]\nid = 1\nseat = 2", "unknown field `seat`"),
        ("[[trip]]\nid = -1", "expected u64"),
        ("[[trip]]\nid = 1\nfrom = \"Jakarta\"", "write city:1"),
        (
            "[[trip]]\nid = 1\nto = \"city:9\"",
            "location:101 to location:103",
        ),
        ("[[trip]]\nid = 1\ndeparts = \"8 am\"", "write it as 08:00"),
        ("[[trip]]\nid = 1\nprice = -1", "expected u32"),
        ("[[fault]\n", "cannot be read"),
        ("[[fault]]\nnth = 0\nthen = \"not_json\"", "counts from 1"),
        (
            "[[fault]]\nseat = \"1\"\nthen = \"cut_before_reading\"",
            "cannot know the body",
        ),
        (
            "[[fault]]\npath = \"x\"\nthen = \"close_on_accept\"",
            "reads no request",
        ),
        (
            "[[fault]]\nnth = 1\nthen = { refuse_connections = { ms = 1 } }",
            "takes no condition",
        ),
        (
            "[[fault]]\nthen = { execute_then_status = { status = 100 } }",
            "outside 200 to 599",
        ),
        (
            "[[fault]]\nthen = { status = { status = 600 } }",
            "outside 200 to 599",
        ),
        (
            "[[fault]]\nthen = { slow_body = { chunk = 0, ms = 1 } }",
            "1 byte or more",
        ),
        (
            "[[fault]]\nthen = { reply = { execute = true, status = 200, headers = { \"a b\" = \"\" } } }",
            "does not allow the header `a b`",
        ),
    ] {
        let error = Scenario::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[tokio::test]
async fn a_scenario_brings_trips_and_faults() {
    let scenario = Scenario::from_toml(
        "[[trip]]\nid = 7\nseats = 2\n\n[[fault]]\nreference = \"lost\"\nthen = \"execute_then_cut\"",
    )
    .unwrap();
    let sandbox = Sandbox::builder().scenario(scenario).start().await.unwrap();
    let mut body = order("r", &[]);
    body["departure"] = leg(7, &["2"]);
    assert_eq!(post(&sandbox, BLOCK, &body).await.reply().status, 201);
    body["partner_reference_no"] = "s".into();
    body["departure"] = leg(7, &["3"]);
    assert_eq!(
        post(&sandbox, BLOCK, &body).await.reply().code(),
        "400057802"
    );
    assert!(matches!(block(&sandbox, "lost", "1").await, End::Closed));
    assert_eq!(sandbox.holds().len(), 2);
}

#[tokio::test]
async fn a_scenario_describes_its_trips() {
    let text = "[[trip]]\nid = 7\nseats = 1\nfrom = \"city:3\"\nto = \"location:102\"\n\
        travel_name = \"Bus Contoh\"\nbus_type = \"Double decker\"\ndeparts = \"22:30\"\nprice = 99000\n";
    let scenario = Scenario::from_toml(text).unwrap();
    assert_eq!(
        Scenario::from_toml(&toml::to_string(&scenario).unwrap()).unwrap(),
        scenario
    );
    let sandbox = Sandbox::builder().scenario(scenario).start().await.unwrap();
    let ask = serde_json::json!({
        "product_code": "BUS", "source_id": 103, "source_type": "LOCATION", "destination_id": 2,
        "destination_type": "CITY", "total_seat": 1, "date": "2026-11-25",
        "pagination": {"limit": 10, "page": 1},
    });
    let path = "/v1/open-api/transports/trips";
    let found = post(&sandbox, path, &ask).await.reply().json();
    let found = &found["data"][0];
    for (member, expected) in [
        ("id", serde_json::json!(7)),
        ("boarding_point_name", "Terminal Tiga".into()),
        ("drop_point_name", "Terminal Dua".into()),
        ("travel_name", "Bus Contoh".into()),
        ("bus_type", "Double decker".into()),
        ("depart_time", "2026-11-25T22:30:00+07:00".into()),
        ("arrival_time", "2026-11-26T01:30:00+07:00".into()),
        ("lower_price", "99000".into()),
    ] {
        assert_eq!(found[member], expected, "{member}");
    }
    let ask = serde_json::json!({"product_code": "BUS", "trip_id": 7});
    let detail = post(&sandbox, "/v1/open-api/transports/trips-detail", &ask).await;
    let detail = detail.reply().json();
    assert_eq!(detail["data"]["travel_name"], "Bus Contoh");
    assert_eq!(detail["data"]["seats"][0]["price"], 99_000);
}

#[tokio::test]
async fn a_scenario_may_begin_with_a_closed_door() {
    let fault = Fault::RefuseConnections { ms: 60_000 };
    let text = format!("[[fault]]\nthen = {}", EVERY_FAULT[2]).replace("= 5", "= 60000");
    let scenario = Scenario::from_toml(&text).unwrap();
    assert_eq!(scenario.faults[0].then, fault);
    let sandbox = Sandbox::builder().scenario(scenario).start().await.unwrap();
    assert!(matches!(block(&sandbox, "r", "1").await, End::Refused));
}

#[tokio::test]
async fn trips_have_ids_of_their_own_and_bounded_seats() {
    for (trips, expected) in [
        (
            vec![TripSpec::new(188_400, 1)],
            "trip 188400 exists already",
        ),
        (
            vec![TripSpec::new(7, 1), TripSpec::new(7, 2)],
            "trip 7 exists already",
        ),
        (
            vec![TripSpec::new(7, TripSpec::MAX_SEATS + 1)],
            "trip 7 asks for 1000001 seats",
        ),
    ] {
        let scenario = Scenario {
            trips,
            faults: Vec::new(),
        };
        let error = Sandbox::builder()
            .scenario(scenario)
            .start()
            .await
            .err()
            .unwrap();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let taken = Sandbox::start().await.unwrap();
    let again = Sandbox::builder()
        .listen(crate::client::address(&taken))
        .start()
        .await;
    assert!(matches!(again, Err(StartError::Listen { .. })));
    let journal = Sandbox::builder()
        .journal_file("/nowhere/at/all")
        .start()
        .await;
    assert!(matches!(journal, Err(StartError::Journal { .. })));
}
