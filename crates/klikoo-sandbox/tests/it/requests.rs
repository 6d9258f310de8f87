//! What the sandbox takes and refuses of a block-seat call.

use klikoo_sandbox::{BodyHash, Sandbox, Scheme, SignatureVerdict, VirtualClock};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::client::{
    BLOCK, address, block, draft, ecdsa, exchange, hmac, order, send, string_to_sign, timestamp,
};

const ONE_WAY: &str = include_str!("../data/block-seat.one-way.request.json");
const ROUND_TRIP: &str = include_str!("../data/block-seat.round-trip.request.json");
const VECTORS: &str = include_str!("../data/signing.json");

#[tokio::test]
async fn the_documented_samples_are_held() {
    let sandbox = Sandbox::start().await.unwrap();
    for (index, sample) in [ONE_WAY, ROUND_TRIP].into_iter().enumerate() {
        // Seat 8 is in both: the first hold has to end.
        sandbox.clock().advance(std::time::Duration::from_mins(31));
        let reply = send(&sandbox, &draft(&sandbox, "POST", BLOCK, sample.as_bytes()))
            .await
            .reply();
        assert_eq!((reply.status, reply.code().as_str()), (201, "201052001"));
        let data = &reply.json()["data"];
        assert_eq!(data["transaction_id"], (14_429_004 + index).to_string());
        assert_eq!(data["status"], "WAITING");
        assert!(data["expired_at"].as_str().unwrap().ends_with("+07:00"));
    }
    assert_eq!(sandbox.holds()[1].legs[1].seats, ["1", "2"]);
}

#[tokio::test]
async fn the_documented_reply_has_the_members_of_ours() {
    let clock = VirtualClock::fixed(datetime!(2024-04-30 07:26:28.5 +7));
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    let reply = send(
        &sandbox,
        &draft(&sandbox, "POST", BLOCK, ONE_WAY.as_bytes()),
    )
    .await
    .reply();
    let sample: Value =
        serde_json::from_str(include_str!("../data/block-seat.response.json")).unwrap();
    assert_eq!(reply.json(), sample);
    assert_eq!(reply.header("date"), Some("Tue, 30 Apr 2024 00:26:28 GMT"));
    assert_eq!(reply.header("x-klikoo-sandbox"), Some("true"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn every_vector_is_verified_over_the_wire() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let sandbox = Sandbox::builder()
        .client_secret(text(&vectors, "client_secret"))
        .partner_public_key_pem(&text(&vectors, "p256_public_key_spki_pem"))
        .unwrap()
        .start()
        .await
        .unwrap();
    for vector in vectors["request_signatures"].as_array().unwrap() {
        for (member, scheme) in [
            ("hmac_sha512_base64", Scheme::HmacSha512),
            ("ecdsa_p256_base64", Scheme::EcdsaP256),
        ] {
            let body = text(vector, "body");
            let mut call = draft(
                &sandbox,
                &text(vector, "method"),
                &text(vector, "path"),
                body.as_bytes(),
            )
            .set("Open-Api-Timestamp", &text(vector, "timestamp"))
            .set("Open-Api-Signature", &text(vector, member));
            let token = text(vector, "access_token");
            if !token.is_empty() {
                call = call.set("Authorization", &format!("Bearer {token}"));
            }
            send(&sandbox, &call).await.reply();
            let entry = sandbox.journal().pop().unwrap();
            assert_eq!(
                entry.signature,
                SignatureVerdict::Valid { scheme },
                "{}",
                vector["name"]
            );
        }
    }
}

#[tokio::test]
async fn headers_are_judged_in_the_documented_order() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = order("r", &["1"]).to_string();
    let good = draft(&sandbox, "POST", BLOCK, body.as_bytes());
    let old = timestamp(sandbox.clock().now() - time::Duration::minutes(6));
    // Each call has the mistakes of those after it as well.
    let signature = good.clone().set("Open-Api-Signature", &"A".repeat(88));
    let token = signature.clone().set("Authorization", "Bearer a.b.c");
    let time = token.clone().set("Open-Api-Timestamp", &old);
    let content = time.clone().set("Content-Type", "text/plain");
    for (call, code) in [
        (content, "400056510"),
        (time, "400056505"),
        (token.clone(), "401056500"),
        (token.set("Authorization", "Basic abc"), "401056500"),
        (signature, "400056508"),
        (good.clone().without("Content-Type"), "400056510"),
        (good.clone().without("Open-Api-Timestamp"), "400056505"),
        (good.clone().without("Open-Api-Signature"), "400056508"),
    ] {
        let reply = send(&sandbox, &call).await.reply();
        assert_eq!(reply.code(), code, "{call:?}");
        assert_eq!(reply.status.to_string(), code[..3]);
        assert_eq!(reply.json()["data"], Value::Null);
    }
    let mut twice = good.clone();
    twice.headers.push((
        "Open-Api-Signature".into(),
        good.header("Open-Api-Signature").into(),
    ));
    assert_eq!(send(&sandbox, &twice).await.reply().code(), "400056508");
    assert!(sandbox.holds().is_empty());
    assert_eq!(send(&sandbox, &good).await.reply().status, 201);
}

#[tokio::test]
async fn p256_signatures_of_the_demo_key_are_taken() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = order("r", &["1"]).to_string();
    let call = draft(&sandbox, "POST", BLOCK, body.as_bytes());
    let text = string_to_sign(
        "POST",
        BLOCK,
        "",
        body.as_bytes(),
        call.header("Open-Api-Timestamp"),
    );
    let call = call.set(
        "Open-Api-Signature",
        &ecdsa(sandbox.private_key_pem(), &text),
    );
    assert_eq!(send(&sandbox, &call).await.reply().status, 201);
    let scheme = Scheme::EcdsaP256;
    assert_eq!(
        sandbox.journal()[0].signature,
        SignatureVerdict::Valid { scheme }
    );
}

#[tokio::test]
async fn the_prefix_is_not_signed_but_the_path_is() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = order("r", &["1"]).to_string();
    let mut call = draft(&sandbox, "POST", BLOCK, body.as_bytes());
    call.target = format!("/klikoo-b2b{BLOCK}");
    assert_eq!(send(&sandbox, &call).await.reply().status, 201);
    let entry = sandbox.journal().pop().unwrap();
    assert_eq!(
        (entry.prefix.as_str(), entry.path.as_str()),
        ("/klikoo-b2b", BLOCK)
    );

    let text = string_to_sign(
        "POST",
        &call.target,
        "",
        body.as_bytes(),
        call.header("Open-Api-Timestamp"),
    );
    let call = call.set("Open-Api-Signature", &hmac(sandbox.client_secret(), &text));
    assert_eq!(send(&sandbox, &call).await.reply().code(), "400056508");
}

#[tokio::test]
async fn the_body_is_hashed_as_the_option_says() {
    let mut body = order("r", &["1"]);
    body["order_detail"]["name"] = json!("A & <B>\u{2028}é");
    // Keys in another order than the sorted one, and spaces.
    let sent = serde_json::to_string_pretty(&body).unwrap();
    let sorted = body.to_string();
    let escaped = sorted
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028");
    let inputs = [sent.clone(), sorted, escaped];
    for (index, option) in [BodyHash::Raw, BodyHash::Sorted, BodyHash::SortedGo]
        .into_iter()
        .enumerate()
    {
        let sandbox = Sandbox::builder().body_hash(option).start().await.unwrap();
        for (other, input) in inputs.iter().enumerate() {
            let call = draft(&sandbox, "POST", BLOCK, sent.as_bytes());
            let at = call.header("Open-Api-Timestamp");
            let text = string_to_sign("POST", BLOCK, "", input.as_bytes(), at);
            let call = call.set("Open-Api-Signature", &hmac(sandbox.client_secret(), &text));
            let status = send(&sandbox, &call).await.reply().status;
            assert_eq!(status == 201, index == other, "{option:?} {other}");
        }
    }
}

/// Applies `change` to a good order and gives the code of the answer.
async fn code_of(sandbox: &Sandbox, change: impl FnOnce(&mut Value)) -> String {
    let mut body = order("changed", &["2"]);
    change(&mut body);
    crate::client::post(sandbox, BLOCK, &body)
        .await
        .reply()
        .code()
}

#[tokio::test]
async fn every_field_has_its_documented_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let strings = [
        "/product_code",
        "/selling_price",
        "/partner_reference_no",
        "/order_detail/name",
        "/order_detail/email",
        "/order_detail/phone_number",
        "/departure/passengers/0/seat_name",
        "/departure/passengers/0/name",
        "/departure/passengers/0/dob",
        "/departure/passengers/0/gender",
        "/departure/passengers/0/id_card_number",
    ];
    for path in strings {
        for wrong in [
            json!(1),
            json!(null),
            json!(true),
            json!([]),
            json!({}),
            json!(1.5),
        ] {
            let code = code_of(&sandbox, |body| {
                *body.pointer_mut(path).unwrap() = wrong.clone();
            });
            assert_eq!(code.await, "400056510", "{path} {wrong}");
        }
        let code = code_of(&sandbox, |body| {
            *body.pointer_mut(path).unwrap() = json!("");
        });
        assert_eq!(code.await, "400056512", "{path}");
        let (parent, name) = path.rsplit_once('/').unwrap();
        let code = code_of(&sandbox, |body| {
            body.pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(name);
        });
        assert_eq!(code.await, "400056510", "{path} absent");
    }
    for wrong in [json!("188336"), json!(188_336.0), json!(-1), json!(null)] {
        let code = code_of(&sandbox, |body| {
            body["departure"]["trip_id"] = wrong.clone();
        });
        assert_eq!(code.await, "400056510", "{wrong}");
    }
    for (path, wrong) in [
        ("/order_detail", json!(["Pandu", "a@example.id", "0812"])),
        ("/departure", json!([188_336, []])),
        ("/departure/passengers", json!({})),
        ("/departure/passengers/0", json!("8")),
        ("/return", json!([])),
        ("/return", json!(false)),
        ("/return", json!({"trip_id": 188_400})),
    ] {
        let code = code_of(&sandbox, |body| {
            *body.pointer_mut(path).unwrap() = wrong.clone();
        });
        assert_eq!(code.await, "400056510", "{path} {wrong}");
    }
    let none = code_of(&sandbox, |body| body["departure"]["passengers"] = json!([])).await;
    assert_eq!(none, "400056512");
    assert!(sandbox.holds().is_empty());
}

#[tokio::test]
async fn unknown_fields_are_refused_at_every_level() {
    let sandbox = Sandbox::start().await.unwrap();
    for path in ["", "/order_detail", "/departure", "/departure/passengers/0"] {
        let code = code_of(&sandbox, |body| {
            body.pointer_mut(path).unwrap()["surprise"] = json!(1);
        });
        assert_eq!(code.await, "400056510", "{path}");
    }
}

#[tokio::test]
async fn return_may_be_absent_null_or_a_leg() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut absent = order("absent", &["1"]);
    absent.as_object_mut().unwrap().remove("return");
    let null = order("null", &["2"]);
    let mut leg = order("leg", &["3"]);
    leg["return"] = crate::client::leg(188_400, &["3"]);
    for body in [absent, null, leg] {
        assert_eq!(
            crate::client::post(&sandbox, BLOCK, &body)
                .await
                .reply()
                .status,
            201,
            "{body}"
        );
    }
}

#[tokio::test]
async fn products_trips_and_seats_that_do_not_exist() {
    let sandbox = Sandbox::start().await.unwrap();
    let product = code_of(&sandbox, |body| body["product_code"] = json!("TRAIN")).await;
    let trip = code_of(&sandbox, |body| body["departure"]["trip_id"] = json!(7)).await;
    let seat = code_of(&sandbox, |body| {
        body["departure"]["passengers"][0]["seat_name"] = json!("37");
    });
    assert_eq!(
        [product, trip, seat.await],
        ["404057003", "404057003", "400057802"]
    );
    let twice = order("twice", &["3", "3"]);
    assert_eq!(
        crate::client::post(&sandbox, BLOCK, &twice)
            .await
            .reply()
            .code(),
        "400056510"
    );
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused_without_harm() {
    let sandbox = Sandbox::start().await.unwrap();
    let deep = "[".repeat(200_000);
    let twice = ONE_WAY.replacen('{', "{\"product_code\":\"BUS\",", 1);
    let bodies: [&[u8]; 8] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{}{}",
        deep.as_bytes(),
        twice.as_bytes(),
    ];
    for body in bodies {
        let reply = send(&sandbox, &draft(&sandbox, "POST", BLOCK, body))
            .await
            .reply();
        assert_eq!((reply.status, reply.code().as_str()), (400, "400056510"));
    }
    let large = vec![b' '; 1024 * 1024 + 1];
    let call = draft(&sandbox, "POST", BLOCK, &large);
    assert_eq!(send(&sandbox, &call).await.reply().code(), "413057806");
    let largest = vec![b' '; 1024 * 1024];
    let call = draft(&sandbox, "POST", BLOCK, &largest);
    assert_eq!(send(&sandbox, &call).await.reply().code(), "400056510");
    assert_eq!(block(&sandbox, "after", "1").await.reply().status, 201);
}

#[tokio::test]
async fn raw_rubbish_does_not_stop_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let requests: [&[u8]; 7] = [
        b"\r\n\r\n",
        b"\0\0\0\0",
        b"GET\r\n\r\n",
        b"POST /v1/ HTTP/9.9\r\n\r\n",
        b"POST /v1/open-api/transports/block-seat HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /v1/open-api/transports/block-seat HTTP/1.1\r\nContent-Length: 9\r\n\r\nab",
        b"POST /v1/%ff%00 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ];
    for request in requests {
        exchange(address(&sandbox), request).await;
    }
    assert_eq!(block(&sandbox, "after", "1").await.reply().status, 201);
}
