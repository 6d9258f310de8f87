//! What Klikoo knows of a transaction: `GET /v1/open-api/transactions`, and one by its number.

mod history;

use async_trait::async_trait;
use booking_domain::{PartnerReference, TransactionId};
use booking_ports::{InquiryError, Transaction, TransactionInquiry};
use http::StatusCode;
use time::{Duration, OffsetDateTime};

use self::history::{History, PAGES_MAX, transaction};
use crate::base_url::Endpoint;
use crate::client::KlikooClient;
use crate::envelope::Envelope;
use crate::inquiry::{answered, unanswered, unavailable, unreadable, withheld};
use crate::reply::Reply;
use crate::response_code::Case;
use crate::timestamp::Timestamp;

const PATH: &str = "/v1/open-api/transactions";

/// Transactions on a page. The reference names no maximum.
const PAGE: &str = "100";

/// How much further than asked the history is searched, before and after: Klikoo's clock writes
/// its times, and may differ from ours by as much as it is assumed to tolerate (A3).
const LEEWAY: Duration = Duration::minutes(5);

/// How the history is searched for a reference. Klikoo does not say whether its search text `q`
/// matches one (`docs/klikoo-api.md`, A6).
///
/// ```
/// use klikoo_adapter::HistorySearch;
///
/// assert_eq!(HistorySearch::default(), HistorySearch::ByReference);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistorySearch {
    /// By `q`: one page, but nothing is found where `q` does not match references.
    #[default]
    ByReference,
    /// All transactions of the time asked for: right in either case, and as many pages as there
    /// are, up to 100 of 100 transactions. Each page is a call with a timeout of its own; whoever
    /// has less time may drop the question, since asking changes nothing.
    WholeWindow,
}

/// Asks Klikoo for transactions. Keeps the contract of [`TransactionInquiry`].
///
/// ```
/// use booking_domain::TransactionId;
/// use booking_ports::{InquiryError, TransactionInquiry};
/// use klikoo_adapter::{KlikooClient, KlikooTransactions};
///
/// async fn is_known(client: KlikooClient, id: &TransactionId) -> Result<bool, InquiryError> {
///     Ok(KlikooTransactions::new(client).by_id(id).await?.is_some())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooTransactions {
    client: KlikooClient,
    endpoint: Endpoint,
    search: HistorySearch,
}

impl KlikooTransactions {
    /// An adapter over `client`, whose token and connections it shares with others, that searches
    /// [by reference](HistorySearch::ByReference).
    ///
    /// ```
    /// use klikoo_adapter::{KlikooClient, KlikooTransactions};
    ///
    /// fn transactions(client: &KlikooClient) -> KlikooTransactions {
    ///     KlikooTransactions::new(client.clone())
    /// }
    /// ```
    #[must_use]
    pub fn new(client: KlikooClient) -> Self {
        Self {
            endpoint: client.endpoint(PATH),
            client,
            search: HistorySearch::default(),
        }
    }

    /// Searches the history in another way.
    ///
    /// ```
    /// use klikoo_adapter::{HistorySearch, KlikooClient, KlikooTransactions};
    ///
    /// fn transactions(client: KlikooClient) -> KlikooTransactions {
    ///     KlikooTransactions::new(client).with_search(HistorySearch::WholeWindow)
    /// }
    /// ```
    #[must_use]
    pub fn with_search(mut self, search: HistorySearch) -> Self {
        self.search = search;
        self
    }
}

#[async_trait]
impl TransactionInquiry for KlikooTransactions {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        let clocks = self.client.clocks();
        let now = clocks
            .provider
            .map_or(clocks.here, |it| it.max(clocks.here));
        let from = Timestamp::at(since.saturating_sub(LEEWAY));
        // Fixed for all pages, so that what is made meanwhile moves none of them for long.
        let to = Timestamp::at(now.saturating_add(LEEWAY));
        let mut history = History::of(reference);
        for page in 1..=PAGES_MAX {
            let number = page.to_string();
            let mut query = vec![
                ("from", from.as_str()),
                ("limit", PAGE),
                ("page", &number),
                ("to", to.as_str()),
            ];
            if self.search == HistorySearch::ByReference {
                query.push(("q", reference.as_str()));
            }
            let reply = self.client.get(&self.endpoint, &query).await;
            let reply = reply.map_err(unanswered)?;
            let envelope = answered(&reply, withheld)?;
            if history.add(&envelope, page, &reply.secrets())? {
                return history.finish();
            }
        }
        Err(history::too_long(PAGES_MAX))
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let endpoint = self.endpoint.below(id.as_str()).ok_or_else(|| {
            unavailable(format!(
                "{id} cannot be asked for: a transaction id of Klikoo has letters, digits, - and _ only; check it"
            ))
        })?;
        let reply = self.client.get(&endpoint, &[]).await.map_err(unanswered)?;
        if says_there_is_none(&reply) {
            return Ok(None);
        }
        let found = answered(&reply, withheld)?
            .whole_data()
            .as_ref()
            .map(|data| transaction(data, &reply.secrets()))
            .ok_or_else(|| unreadable("its data is absent, or cannot be read whole"))??;
        if found.id != *id {
            return Err(unreadable(format!(
                "it describes another transaction than {id}"
            )));
        }
        Ok(Some(found))
    }
}

/// Klikoo's own envelope under a 404 whose code says that the *transaction* is not found; any other
/// 404 may be about the path.
fn says_there_is_none(reply: &Reply) -> bool {
    reply.status == StatusCode::NOT_FOUND
        && Envelope::read(reply).is_ok_and(|envelope| {
            envelope.agrees(reply) && envelope.code.case() == Some(Case::TransactionNotFound)
        })
}
