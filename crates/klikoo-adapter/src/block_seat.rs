//! *Block Ticket (Reserved Seat)*: `POST /v1/open-api/transports/block-seat`.

use async_trait::async_trait;
use booking_domain::{BlockOrder, SeatHold};
use booking_ports::{BlockError, NotSent, SeatBlocker, Unknown};

use crate::base_url::Endpoint;
use crate::client::KlikooClient;
use crate::outcome::outcome;
use crate::signature::{RequestSigner, RequestToSign, Signature};
use crate::silence::Silence;
use crate::timestamp::Timestamp;
use crate::wire::block_seat_body;

const PATH: &str = "/v1/open-api/transports/block-seat";

/// Holds seats at Klikoo. Keeps the contract of [`SeatBlocker`].
///
/// ```
/// use std::sync::Arc;
/// use booking_domain::BlockOrder;
/// use booking_ports::{BlockError, SeatBlocker};
/// use klikoo_adapter::{KlikooClient, KlikooSeatBlocker};
///
/// async fn hold(client: KlikooClient, order: &BlockOrder) -> Result<(), BlockError> {
///     let blocker = KlikooSeatBlocker::new(client);
///     let hold = blocker.block(order).await?;
///     println!("{} until {}", hold.transaction_id, hold.deadline.at());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooSeatBlocker {
    client: KlikooClient,
    endpoint: Endpoint,
}

impl KlikooSeatBlocker {
    /// An adapter over `client`, whose token and connections it shares with others.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_ports::SystemClock;
    /// # use klikoo_adapter::{Authorization, BaseUrl, KlikooClient, KlikooConfig, KlikooSeatBlocker, RequestSigner};
    /// # let base_url = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// # let config = KlikooConfig::new(base_url, signer, Authorization::None);
    /// let client = KlikooClient::new(config, Arc::new(SystemClock::default())).unwrap();
    /// let blocker = KlikooSeatBlocker::new(client);
    /// ```
    #[must_use]
    pub fn new(client: KlikooClient) -> Self {
        Self {
            endpoint: client.endpoint(PATH),
            client,
        }
    }
}

#[async_trait]
impl SeatBlocker for KlikooSeatBlocker {
    async fn block(&self, order: &BlockOrder) -> Result<SeatHold, BlockError> {
        let body = block_seat_body(order);
        match self.client.post(&self.endpoint, body).await {
            Ok(reply) => outcome(
                &reply,
                order,
                self.client.clocks(),
                self.client.longest_hold(),
            ),
            Err(error) => Err(without_reply(error.into(), order)),
        }
    }
}

fn without_reply(silence: Silence, order: &BlockOrder) -> BlockError {
    let reference = order.reference().clone();
    match silence {
        Silence::NotSent {
            kind,
            message,
            retry_after,
            cause,
        } => NotSent {
            retry_after,
            cause,
            ..NotSent::new(reference, kind, message)
        }
        .into(),
        Silence::Unknown {
            kind,
            message,
            cause,
        } => Unknown {
            cause: Some(cause),
            ..Unknown::new(reference, kind, message)
        }
        .into(),
    }
}

/// A signed *block seat* request, for programs that send it by other means or want to look at it.
/// The body is minified JSON with its keys sorted at every level, and the hash in the signature
/// is that of exactly these bytes (`docs/klikoo-api.md` §2).
///
/// ```
/// use booking_domain::OrderDraft;
/// use klikoo_adapter::{RequestSigner, SignedBlockSeat, Timestamp};
/// use time::macros::{date, datetime};
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let signer = RequestSigner::hmac_sha512(&"the client secret".into());
/// let timestamp = Timestamp::at(datetime!(2026-11-24 10:00 +7));
/// let request = SignedBlockSeat::new(&order, &signer, None, timestamp);
/// assert!(request.body.starts_with(b"{\"departure\":{\"passengers\":[{\"dob\":"));
/// assert_eq!(request.signature.as_str().len(), 88);
/// ```
pub struct SignedBlockSeat {
    /// The path that is signed, without a base URL's prefix.
    pub path: &'static str,
    /// The bytes to send. They hold personal data.
    pub body: Vec<u8>,
    /// `Open-Api-Timestamp`.
    pub timestamp: Timestamp,
    /// `Open-Api-Signature`.
    pub signature: Signature,
}

impl SignedBlockSeat {
    /// Signs `order` at `timestamp`, with `token` in the string to sign where one is used.
    ///
    /// ```
    /// # use booking_domain::OrderDraft;
    /// # use klikoo_adapter::{RequestSigner, SignedBlockSeat, Timestamp};
    /// # use time::macros::{date, datetime};
    /// # let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// # let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    /// let now = Timestamp::at(datetime!(2026-11-24 10:00 +7));
    /// let request = SignedBlockSeat::new(&order, &signer, Some("a token"), now);
    /// assert_eq!(request.path, "/v1/open-api/transports/block-seat");
    /// ```
    #[must_use]
    pub fn new(
        order: &BlockOrder,
        signer: &RequestSigner,
        token: Option<&str>,
        timestamp: Timestamp,
    ) -> Self {
        let body = block_seat_body(order);
        let signature = signer.sign(&RequestToSign {
            method: "POST",
            path: PATH,
            access_token: token,
            body: &body,
            timestamp: timestamp.as_str(),
        });
        Self {
            path: PATH,
            signature,
            body,
            timestamp,
        }
    }
}
