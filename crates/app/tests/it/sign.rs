//! `sign`: every stage, and the mistake in another signature.

use klikoo_adapter::{RequestKey, RequestSigner, RequestToSign, canonical_json};
use serde_json::Value;

use crate::harness::{Place, Ran, order};

const PATH: &str = "/v1/open-api/transports/block-seat";
const TIME: &str = "2024-02-07T10:28:35.120+07:00";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.right.c2ln";
const OTHER_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.other.c2ln";
const SECRET: &str = "k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa";

/// A folder with settings, a key, two tokens and an order that is neither sorted nor minified.
struct Desk {
    place: Place,
    body: Vec<u8>,
    key: RequestKey,
}

impl Desk {
    fn new() -> Self {
        let place = Place::new();
        assert_eq!(place.run(["keys", "new", "p256", "--out", "k"]).code, 0);
        let key = std::fs::read_to_string(place.path("k/private.pem")).unwrap();
        place.write(
            "seatblock.toml",
            "[klikoo]\nbase_url = \"http://127.0.0.1:1/klikoo-b2b\"\nclient_secret_file = \"secret\"\nprivate_key_file = \"k/private.pem\"\n",
        );
        place.write("secret", format!("{SECRET}\n"));
        place.write("token", format!("{TOKEN}\n"));
        place.write("other", OTHER_TOKEN);
        let sorted = serde_json::to_string_pretty(&order("1238", "8")).unwrap();
        // A key out of its order, else the file is sorted already.
        let unsorted = sorted
            .replacen('{', "{\n  \"selling_price\": \"20000\",", 1)
            .replacen(",\n  \"selling_price\": \"20000\"\n}", "\n}\n", 1);
        assert!(unsorted.matches("selling_price").count() == 1, "{unsorted}");
        place.write("order.json", &unsorted);
        Self {
            place,
            body: unsorted.into_bytes(),
            key: RequestKey::from_pkcs8_pem(&key).unwrap(),
        }
    }

    fn sign(&self, more: &[&str]) -> Ran {
        let all = ["--json", "sign", "POST", PATH, "--body", "order.json"];
        let all = all
            .iter()
            .chain(&["--token-file", "token", "--timestamp", TIME]);
        self.place.run(all.chain(more).copied())
    }

    fn canonical(&self) -> Vec<u8> {
        canonical_json(&self.body).unwrap()
    }

    fn minified_unsorted(&self) -> Vec<u8> {
        let text = String::from_utf8(self.body.clone()).unwrap();
        // No text of the order holds a space or a line end.
        text.split_whitespace().collect::<String>().into_bytes()
    }
}

fn hmac() -> RequestSigner {
    RequestSigner::hmac_sha512(&SECRET.into())
}

fn codes(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let mistakes = json["mistakes"].as_array().unwrap();
    mistakes
        .iter()
        .map(|mistake| mistake["code"].as_str().unwrap().to_owned())
        .collect()
}

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

#[test]
fn the_right_signature_matches_under_both_schemes() {
    let desk = Desk::new();
    let signature = desk.sign(&[]).json()["signature"]
        .as_str()
        .unwrap()
        .to_owned();
    let ran = desk.sign(&["--expect", &signature]);
    assert_eq!((ran.code, &ran.json()["matches"]), (0, &Value::from(true)));

    let scheme = [("SEATBLOCK_KLIKOO__REQUEST_SIGNATURE", "ecdsa-p256")];
    let arguments = ["--json", "sign", "GET", "/v1/open-api/transactions/7"];
    let ran = desk.place.run_with(arguments, &scheme);
    assert_eq!(ran.json()["scheme"], "ecdsa-p256");
    let at = ran.json()["timestamp"].as_str().unwrap().to_owned();
    let signature = ran.json()["signature"].as_str().unwrap().to_owned();
    let again = ["--timestamp", at.as_str(), "--expect", signature.as_str()];
    let ran = desk
        .place
        .run_with(arguments.into_iter().chain(again), &scheme);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn each_usual_mistake_is_named() {
    let desk = Desk::new();
    let (canonical, unsorted) = (desk.canonical(), desk.minified_unsorted());
    let sorted_value: Value = serde_json::from_slice(&desk.body).unwrap();
    let pretty = serde_json::to_vec_pretty(&sorted_value).unwrap();
    let right = RequestToSign {
        method: "POST",
        path: PATH,
        access_token: Some(TOKEN),
        body: &canonical,
        timestamp: TIME,
    };
    let prefixed = format!("/klikoo-b2b{PATH}");
    let cases = [
        (
            "body_unsorted",
            RequestToSign {
                body: &unsorted,
                ..right
            },
        ),
        (
            "body_pretty",
            RequestToSign {
                body: &pretty,
                ..right
            },
        ),
        (
            "path_with_prefix",
            RequestToSign {
                path: &prefixed,
                ..right
            },
        ),
        (
            "method_lower_case",
            RequestToSign {
                method: "post",
                ..right
            },
        ),
        (
            "token_missing",
            RequestToSign {
                access_token: None,
                ..right
            },
        ),
        (
            "token_other",
            RequestToSign {
                access_token: Some(OTHER_TOKEN),
                ..right
            },
        ),
        (
            "time_utc",
            RequestToSign {
                timestamp: "2024-02-07T03:28:35.120Z",
                ..right
            },
        ),
        (
            "time_without_milliseconds",
            RequestToSign {
                timestamp: "2024-02-07T10:28:35+07:00",
                ..right
            },
        ),
    ];
    for (code, wrong) in cases {
        let signature = hmac().sign(&wrong);
        let ran = desk.sign(&["--token-file", "other", "--expect", signature.as_str()]);
        assert_eq!(ran.code, 1, "{code}: {ran:?}");
        assert_eq!(ran.json()["matches"], false);
        assert_eq!(codes(&ran), [code]);
    }
    let other_scheme = RequestSigner::ecdsa_p256(desk.key.clone()).sign(&right);
    let ran = desk.sign(&["--expect", other_scheme.as_str()]);
    assert_eq!(
        (ran.code, codes(&ran)),
        (1, vec!["scheme_other".to_owned()])
    );

    let whole_file = hmac().sign(&RequestToSign {
        body: &desk.body,
        ..right
    });
    let ran = desk.sign(&["--expect", whole_file.as_str()]);
    assert_eq!(codes(&ran).len(), 1, "{ran:?}");
}

#[test]
fn an_unexplained_signature_gets_hints() {
    let desk = Desk::new();
    let ran = desk.sign(&["--expect", "bm9uZQ=="]);
    assert_eq!(ran.code, 1);
    assert!(!ran.json()["hints"].as_array().unwrap().is_empty());
    let text = desk
        .place
        .run(["sign", "POST", PATH, "--expect", "-bm9uZQ=="]);
    assert!(text.code == 1 && text.stdout.contains("hint: "), "{text:?}");
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
