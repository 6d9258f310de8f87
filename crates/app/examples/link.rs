//! A program that links the crates: it holds a seat at a local Klikoo.
//!
//! `cargo run -p app --example link`

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::sync::Arc;

use booking_domain::{BlockOrder, PartnerReference, day_in_jakarta};
use booking_ports::{Clock, SeatBlocker, SystemClock};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, KlikooSeatBlocker,
    RequestSigner,
};
use time::format_description::well_known::Rfc3339;

fn connect(url: &str, credentials: Credentials) -> anyhow::Result<KlikooSeatBlocker> {
    let signer = RequestSigner::hmac_sha512(&credentials.client_secret);
    let token = Authorization::Bearer(credentials);
    let config = KlikooConfig::new(BaseUrl::parse(url)?, signer, token);
    let client = KlikooClient::new(config, Arc::new(SystemClock::default()))?;
    Ok(KlikooSeatBlocker::new(client))
}

async fn hold(blocker: &dyn SeatBlocker, document: &[u8], now: &dyn Clock) -> anyhow::Result<()> {
    let order = BlockOrder::from_json(document, day_in_jakarta(now.now()), new_reference)?;
    match blocker.block(&order).await {
        Ok(hold) => println!(
            "{} held until {}",
            hold.transaction_id,
            hold.deadline.at().format(&Rfc3339)?
        ),
        Err(error) if error.may_be_held() => println!("may be held: {error}. {}", error.advice()),
        Err(error) => println!("not held: {error}. {}", error.advice()),
    }
    Ok(())
}

/// A reference that nobody has used: write it down before the call, and repeat with the same.
#[expect(
    clippy::disallowed_methods,
    reason = "an app makes its references in one place: here"
)]
#[expect(clippy::expect_used, reason = "a UUID is a valid reference")]
fn new_reference() -> PartnerReference {
    PartnerReference::new(uuid::Uuid::new_v4().to_string()).expect("36 printable characters")
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    use klikoo_sandbox::Sandbox;

    let klikoo = Sandbox::start().await?;
    let credentials = Credentials {
        client_id: klikoo.client_id().to_owned(),
        client_secret: klikoo.client_secret().into(),
        key: AuthKey::from_pkcs8_pem(klikoo.private_key_pem())?,
    };
    let blocker = connect(klikoo.base_url(), credentials)?;
    let document = include_bytes!("../../../docs/examples/one-way.json");
    hold(&blocker, document, &SystemClock::default()).await
}
