//! Every stage of a signature, with what is nobody's business masked.

use klikoo_adapter::RequestToSign;

use super::{Desk, PATH, SECRET, TIME, TOKEN, hmac};
use crate::harness::Place;

#[test]
fn every_stage_is_shown_and_people_and_token_are_masked() {
    let desk = Desk::new();
    let ran = desk.sign(&[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    let canonical = desk.canonical();
    let right = RequestToSign {
        method: "POST",
        path: PATH,
        access_token: Some(TOKEN),
        body: &canonical,
        timestamp: TIME,
    };
    assert_eq!(json["signature"], hmac().sign(&right).as_str());
    assert_eq!(
        json["hashed_payload"],
        klikoo_adapter::hashed_payload(&canonical)
    );
    assert_eq!(json["headers"]["Open-Api-Timestamp"], TIME);
    assert_eq!(json["headers"]["Open-Api-Signature"], json["signature"]);
    assert_eq!(json["scheme"], "hmac-sha512");
    let shown = json["canonical_body"].as_str().unwrap();
    assert!(
        shown.starts_with("{\"departure\":{\"passengers\":[{\"dob\":\"[personal]\""),
        "{shown}"
    );
    for hidden in ["Pandu", "pdputra", "0821", "1996", "3174", TOKEN, SECRET] {
        assert!(!ran.everything().contains(hidden), "{hidden}: {ran:?}");
    }
    let text = desk.place.run([
        "sign",
        "POST",
        PATH,
        "--body",
        "order.json",
        "--token-file",
        "token",
    ]);
    for hidden in ["Pandu", "pdputra", "0821", "1996", "3174", TOKEN, SECRET] {
        assert!(!text.everything().contains(hidden), "{hidden}: {text:?}");
    }
}

#[test]
fn reveal_shows_them_exactly_as_signed() {
    let desk = Desk::new();
    let json = desk.sign(&["--reveal"]).json();
    let body = String::from_utf8(desk.canonical()).unwrap();
    assert_eq!(json["canonical_body"], body);
    let hash = klikoo_adapter::hashed_payload(body.as_bytes());
    assert_eq!(
        json["string_to_sign"],
        format!("POST:{PATH}:{TOKEN}:{hash}:{TIME}")
    );
    assert_eq!(json["headers"]["Authorization"], format!("Bearer {TOKEN}"));
}

/// SHA-256 of nothing, as any reference for it gives it.
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn an_empty_body_is_called_empty_and_its_hash_that_of_nothing() {
    let desk = Desk::new();
    desk.place.write("nothing", "");
    let request = ["sign", "GET", "/v1/open-api/transactions/7"];
    for (more, why) in [
        (&[][..], "empty, since no --body is given"),
        (&["--body", "nothing"], "empty, as the file is"),
    ] {
        let all = || request.into_iter().chain(more.iter().copied());
        let text = desk.place.run(all());
        assert_eq!(text.code, 0, "{text:?}");
        assert!(
            text.stdout.contains(&format!("body to send    {why}")),
            "{text:?}"
        );
        let hash = format!("its SHA-256     {OF_NOTHING}   (of zero bytes)\n");
        assert!(text.stdout.contains(&hash), "{text:?}");
        assert!(
            text.stdout.lines().all(|line| line == line.trim_end()),
            "{text:?}"
        );
        // Nothing is there to be masked.
        assert!(!text.stdout.contains("masked"), "{text:?}");
        let json = desk.place.run(["--json"].into_iter().chain(all())).json();
        assert_eq!(json["canonical_body"], "");
        assert_eq!(json["hashed_payload"], OF_NOTHING);
        let file = json.get("body_in_file_bytes");
        assert_eq!(file.is_some(), !more.is_empty(), "{json}");
    }
    let text = desk
        .place
        .run(["sign", "POST", PATH, "--body", "order.json"]);
    assert!(text.stdout.contains("are masked here"), "{text:?}");
    assert!(!text.stdout.contains("empty, "), "{text:?}");
}

#[test]
fn a_query_is_sent_and_not_signed() {
    let desk = Desk::new();
    let sign = |path: &str| {
        desk.place
            .run(["--json", "sign", "get", path, "--timestamp", TIME])
            .json()
    };
    let with = sign("/v1/open-api/transactions?page=1&limit=10");
    assert_eq!(
        with["signature"],
        sign("/v1/open-api/transactions")["signature"]
    );
    let text = desk
        .place
        .run(["sign", "GET", "/v1/open-api/transactions?page=1"]);
    assert!(text.stdout.contains("not signed"), "{text:?}");
}

#[test]
fn the_same_instant_is_signed_alike_in_every_time_zone() {
    let desk = Desk::new();
    let signed: Vec<String> = ["America/New_York", "Asia/Jakarta", "UTC"]
        .map(|zone| {
            let arguments = [
                "--json",
                "sign",
                "POST",
                PATH,
                "--body",
                "order.json",
                "--timestamp",
                TIME,
            ];
            desk.place.run_with(arguments, &[("TZ", zone)]).stdout
        })
        .into();
    assert!(
        signed
            .iter()
            .all(|text| *text == signed[0] && !text.is_empty())
    );

    let now = |zone: &str| {
        let ran = desk
            .place
            .run_with(["--json", "sign", "POST", PATH], &[("TZ", zone)]);
        let text = ran.json()["timestamp"].as_str().unwrap().to_owned();
        assert!(text.ends_with("+07:00"), "{zone}: {text}");
        time::OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc3339).unwrap()
    };
    let difference = now("America/New_York") - now("Asia/Jakarta");
    assert!(
        difference.abs() < time::Duration::minutes(1),
        "{difference}"
    );
}

#[test]
fn what_cannot_be_signed_is_told() {
    let desk = Desk::new();
    for (arguments, code) in [
        (&["sign", "POST", "/klikoo-b2b/v1/x"][..], 2),
        (
            &["sign", "POST", PATH, "--timestamp", "2024-02-07T03:28:35Z"],
            2,
        ),
        (&["sign", "P OST", PATH], 2),
        (&["sign", "POST", PATH, "--body", "absent"], 1),
        (&["sign", "POST", PATH, "--token-file", "absent"], 1),
        (&["sign", "POST", PATH, "--body", "secret"], 1),
    ] {
        let ran = desk.place.run(arguments.iter().copied());
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(!ran.everything().contains(SECRET));
    }
    let ran = Place::new().run(["sign", "POST", PATH]);
    assert_eq!(ran.code, 1);
    for part in [
        "no settings",
        "klikoo.base_url",
        "klikoo.client_secret_file",
    ] {
        assert!(ran.stderr.contains(part), "{ran:?}");
    }
}
