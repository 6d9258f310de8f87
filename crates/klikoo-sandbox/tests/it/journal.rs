//! What the journal shows, and what it hides.

use klikoo_sandbox::{Answered, JournalEntry, Sandbox, SignatureVerdict};
use serde_json::Value;

use crate::client::{BLOCK, block, draft, order, send};

#[tokio::test]
async fn an_entry_tells_what_was_asked_answered_and_executed() {
    let sandbox = Sandbox::start().await.unwrap();
    // Odd spacing must survive: tests judge what was sent.
    let body = format!(
        "{} ",
        serde_json::to_string_pretty(&order("r", &["1", "9A"])).unwrap()
    );
    send(&sandbox, &draft(&sandbox, "POST", BLOCK, body.as_bytes()))
        .await
        .reply();
    let entry = sandbox.journal().pop().unwrap();
    assert_eq!((entry.sequence, entry.connection), (1, 1));
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str()),
        ("POST", BLOCK)
    );
    assert_eq!(entry.body, body);
    assert!(entry.is_block() && entry.signature.is_valid());
    assert_eq!(entry.headers["content-type"], "application/json");
    let response_code = Some("201052001".to_owned());
    assert_eq!(
        entry.answered,
        Answered::Reply {
            status: 201,
            response_code
        }
    );
    let executed = entry.executed.unwrap();
    assert_eq!(executed.transaction_id, "14429004");
    assert_eq!(executed.partner_reference_no, "r");
    assert_eq!(executed.legs[0].seats, ["1", "9A"]);
    assert_eq!(sandbox.block_bodies(), [body]);
    assert_eq!((sandbox.calls("block-seat"), sandbox.calls("book")), (1, 0));
}

#[tokio::test]
async fn a_wrong_signature_is_told_from_a_missing_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let call = draft(&sandbox, "POST", BLOCK, b"{}");
    send(&sandbox, &call.clone().set("Open-Api-Signature", "no"))
        .await
        .reply();
    send(&sandbox, &call.without("Open-Api-Signature"))
        .await
        .reply();
    let verdicts: Vec<_> = sandbox
        .journal()
        .iter()
        .map(|entry| entry.signature)
        .collect();
    assert_eq!(
        verdicts,
        [SignatureVerdict::Invalid, SignatureVerdict::Missing]
    );
}

#[tokio::test]
async fn the_file_has_one_object_a_line_and_is_private() {
    let path = std::env::temp_dir().join(format!("klikoo-sandbox-{}.jsonl", std::process::id()));
    std::fs::write(&path, "").unwrap();
    let sandbox = Sandbox::builder()
        .journal_capacity(1)
        .journal_file(&path)
        .start()
        .await
        .unwrap();
    for seat in ["1", "2", "CUT"] {
        block(&sandbox, seat, seat).await;
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let entries: Vec<JournalEntry> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::remove_file(&path).unwrap();
    let numbers: Vec<_> = entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(entries[2].answered, Answered::Cut);
    // Memory keeps the last one alone.
    assert_eq!(sandbox.journal(), entries[2..]);
}

#[tokio::test]
async fn without_capacity_nothing_is_kept() {
    let sandbox = Sandbox::builder()
        .journal_capacity(0)
        .start()
        .await
        .unwrap();
    assert_eq!(block(&sandbox, "r", "1").await.reply().status, 201);
    assert!(sandbox.journal().is_empty());
    assert_eq!(sandbox.holds().len(), 1);
}

#[tokio::test]
async fn no_secret_token_key_or_signature_is_written() {
    let marker = "MARKER-SECRET-0123456789abcdefgh";
    let sandbox = Sandbox::builder()
        .client_secret(marker)
        .start()
        .await
        .unwrap();
    let request = crate::token::request(&sandbox);
    let reply = send(&sandbox, &request).await.reply().json();
    let token = reply["data"]["access_token"].as_str().unwrap();
    let mut misplaced = order("r", &["1"]);
    misplaced["order_detail"]["name"] = Value::from(marker);
    let call = draft(&sandbox, "POST", BLOCK, misplaced.to_string().as_bytes())
        .set("Authorization", &format!("Bearer {token}"))
        .set("User-Agent", token);
    send(&sandbox, &call).await.reply();
    let broken = format!("{{\"client_secret\":\"{marker}\",");
    send(
        &sandbox,
        &draft(&sandbox, "POST", "/v1/x", broken.as_bytes()),
    )
    .await
    .reply();
    let mut in_path = draft(&sandbox, "POST", "/v1/x", b"");
    in_path.target = format!("/v1/{marker}?token={marker}");
    send(&sandbox, &in_path).await.reply();

    let journal = serde_json::to_string(&sandbox.journal()).unwrap();
    assert_eq!(sandbox.journal().len(), 4);
    let signatures = [&request, &call].map(|call| call.header("Open-Api-Signature"));
    for hidden in [marker, token, signatures[0], signatures[1]] {
        assert!(!journal.contains(hidden), "{hidden}");
    }
    // What tests judge by is there.
    assert!(journal.contains("082122274139"));
}

#[tokio::test]
async fn debug_output_shows_neither_people_nor_secrets() {
    let builder = Sandbox::builder();
    let before = format!("{builder:?}");
    let sandbox = builder.start().await.unwrap();
    block(&sandbox, "r", "1").await.reply();
    let shown = format!(
        "{before} {sandbox:?} {:?} {:?}",
        sandbox.journal(),
        sandbox.holds()
    );
    assert!(shown.contains("14429004"));
    let key = sandbox.private_key_pem().lines().nth(1).unwrap();
    for hidden in [
        "Pandu",
        "082122274139",
        "1996-12-09",
        "31741009219923332",
        key,
    ] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    assert!(!shown.contains(sandbox.client_secret()));
}
