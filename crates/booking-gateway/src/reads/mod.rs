//! What is asked of the provider and changes nothing: places, trips, free seats. Each is a signed call
//! as a block is, so questions have bounds of their own, and blocks always find room beside them.

mod answers;

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use booking_domain::{BlockOrder, ProductCode, Tenant, TripId};
use booking_ports::{Clock, InquiryError, PlaceRole, TripQuery};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;

use self::answers::{Answered, Answers, Unanswered};
use crate::auth::{Caller, Throttle};
use crate::gate::{A_PLACE_MAY_BE_FREE, PlacesOf};
use crate::limits::GatewayLimits;
use crate::problem::{Problem, ProblemKind};
use crate::view::{PlaceList, SeatMapView, TripList};

/// Towns do not move.
const PLACES_GOOD_FOR: Duration = Duration::from_mins(10);

/// Just long enough that those who ask at the same time are told by one call.
const SEATS_GOOD_FOR: Duration = Duration::from_secs(2);

/// Who asks: a tenant, or all who have none.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Asker(Option<Tenant>);

/// Whose question it is, and which. Nobody learns from an age what another tenant asked, and what a
/// tenant is refused is refused to nobody else.
type Own<Q> = (Asker, Q);

/// Questions to the provider, within their bounds.
pub(crate) struct Reads {
    pub(crate) places: Questions<(ProductCode, PlaceRole, Option<String>), PlaceList>,
    pub(crate) trips: Questions<TripQuery, TripList>,
    pub(crate) seats: Questions<(ProductCode, TripId), SeatMapView>,
}

/// Those of one kind.
pub(crate) struct Questions<Q, A> {
    name: &'static str,
    answers: Arc<Answers<Own<Q>, A>>,
    bounds: Arc<Bounds>,
}

/// What all questions together may take.
struct Bounds {
    of_asker: Throttle<Asker>,
    of_all: Throttle<()>,
    places: Arc<Semaphore>,
    places_of_asker: PlacesOf<Asker>,
}

impl Reads {
    pub(crate) fn new(limits: &GatewayLimits, clock: &Arc<dyn Clock>) -> Self {
        let clock = || Arc::clone(clock);
        let bounds = Arc::new(Bounds {
            of_asker: Throttle::per_second(limits.reads_per_second_per_tenant, clock()),
            of_all: Throttle::per_second(limits.reads_per_second, clock()),
            // The other half is for blocks, however long the provider lets a question wait.
            places: Arc::new(Semaphore::new((limits.in_flight / 2).max(1))),
            places_of_asker: PlacesOf::new((limits.in_flight_per_key / 2).max(1)),
        });
        let bounds = || Arc::clone(&bounds);
        let of_places = |list: &PlaceList| list.places.len();
        let of_trips = |list: &TripList| list.trips.len();
        let of_seats = |map: &SeatMapView| map.seats.len();
        Self {
            places: Questions {
                name: "places",
                answers: Arc::new(Answers::new(clock(), PLACES_GOOD_FOR, of_places)),
                bounds: bounds(),
            },
            trips: Questions {
                name: "trips",
                answers: Arc::new(Answers::new(clock(), SEATS_GOOD_FOR, of_trips)),
                bounds: bounds(),
            },
            seats: Questions {
                name: "seats",
                answers: Arc::new(Answers::new(clock(), SEATS_GOOD_FOR, of_seats)),
                bounds: bounds(),
            },
        }
    }
}

impl<Q, A> Questions<Q, A>
where
    Q: Hash + Eq + Send + Sync + 'static,
    A: Serialize + Send + Sync + 'static,
{
    /// The answer to `question`, by `call` where nobody has just asked it, with its age.
    pub(crate) async fn answer(
        &self,
        caller: &Caller,
        question: Q,
        call: impl Future<Output = Result<A, InquiryError>> + Send + 'static,
    ) -> Result<Response, Problem> {
        let asker = Asker(caller.tenant().cloned());
        let places = (caller.place(), self.bounds.take_place(&asker)?);
        let (answers, bounds) = (Arc::clone(&self.answers), Arc::clone(&self.bounds));
        // In a task of its own: who hangs up leaves those without answer who wait for the same, and
        // the provider is at work on it all the same.
        let asking = tokio::spawn(
            async move {
                let _places = places;
                let share_of = asker.clone();
                let may_ask = || bounds.take_share(&share_of);
                answers.ask((asker, question), may_ask, call).await
            }
            .in_current_span(),
        );
        let (answered, is_new) = asking.await.map_err(|_| failed())?;
        crate::metrics::read(self.name, word(&answered, is_new));
        let age = self.answers.age(&answered).as_secs();
        let body = answered.answer.map_err(Problem::from)?;
        Ok(([(header::AGE, age)], Json(&*body)).into_response())
    }
}

impl Reads {
    /// Forgets the free seats of the trips of `order`: whoever blocks and looks again must not see
    /// its own seats free.
    pub(crate) async fn forget_seats(&self, order: &BlockOrder) {
        let asker = Asker(order.tenant().cloned());
        for leg in order.legs() {
            let question = (order.product_code().clone(), leg.trip_id());
            self.seats.answers.forget(&(asker.clone(), question)).await;
        }
    }
}

impl Bounds {
    /// A place among those who wait for the provider.
    fn take_place(
        &self,
        asker: &Asker,
    ) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Problem> {
        let Some(own) = self.places_of_asker.take(asker) else {
            let detail = "too many questions for places, trips and seats of this key's tenant are under way; blocks are not hindered";
            return Err(Problem::new(ProblemKind::TooMany, detail).after(A_PLACE_MAY_BE_FREE));
        };
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let detail = "too many questions for places, trips and seats are under way; blocks are not hindered";
            return Err(Problem::new(ProblemKind::Overloaded, detail).after(A_PLACE_MAY_BE_FREE));
        };
        Ok((own, place))
    }

    /// One call of the tenant's share, and of all.
    fn take_share(&self, asker: &Asker) -> Result<(), Unanswered> {
        self.of_asker.take(asker).map_err(Unanswered::OfTenant)?;
        self.of_all.take(&()).map_err(Unanswered::OfAll)
    }
}

fn word<A>(answered: &Answered<A>, is_new: bool) -> &'static str {
    match answered.answer {
        Err(Unanswered::OfTenant(_) | Unanswered::OfAll(_)) => "too_many",
        _ if is_new => "asked",
        _ => "shared",
    }
}

fn failed() -> Problem {
    let detail = "the gateway failed while the provider was asked; nothing was changed by asking";
    Problem::new(ProblemKind::Internal, detail)
}

impl From<Unanswered> for Problem {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::OfTenant(after) => {
                let detail = "this key's tenant asks the provider for places, trips and seats more often than it may; blocks are not hindered";
                Self::new(ProblemKind::TooMany, detail).after(after)
            }
            Unanswered::OfAll(after) => {
                let detail = "the provider is asked for places, trips and seats as often as it may be; blocks are not hindered";
                Self::new(ProblemKind::Overloaded, detail).after(after)
            }
            Unanswered::Inquiry(error) => error.into(),
            Unanswered::Failed => failed(),
        }
    }
}
