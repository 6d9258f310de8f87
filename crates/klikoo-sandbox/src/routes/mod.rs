//! The documented calls.

mod access_token;
mod block_seat;
mod helpers;
mod places;
mod transactions;
mod trips;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};

use crate::answer::{Answer, NO_SUCH_PATH, PRODUCT, Service, WRONG_METHOD};
use crate::auth::{authenticate, verdict};
use crate::call::{Call, Verdict};
use crate::kernel::Kernel;
use crate::server::serve;

/// Path of the call that all is about (API description §4).
pub(crate) const BLOCK_SEAT: &str = "/v1/open-api/transports/block-seat";

/// A call that the sandbox knows.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    /// HTTP status of its success.
    pub(crate) success: u16,
    /// Whether `Open-Api-Signature` is a request signature here.
    pub(crate) signed: bool,
    pub(crate) run: fn(&Kernel, &Call) -> Verdict,
}

const fn signed(success: u16, run: fn(&Kernel, &Call) -> Verdict) -> Route {
    Route {
        success,
        signed: true,
        run,
    }
}

const fn unsigned(run: fn(&Kernel, &Call) -> Verdict) -> Route {
    Route {
        success: 200,
        signed: false,
        run,
    }
}

/// Every path, with the route behind it.
pub(crate) fn router(kernel: Arc<Kernel>) -> Router {
    let posts = [
        ("access-token", unsigned(access_token::run)),
        ("auth-signature", unsigned(helpers::auth_signature)),
        ("signature", unsigned(helpers::signature)),
        ("transports/block-seat", signed(201, block_seat::run)),
        ("transports/book", signed(201, transactions::book)),
        ("transports/trips-detail", signed(200, trips::detail)),
        ("transports/trips", signed(200, trips::search)),
        ("transports/sources", signed(200, places::search)),
        ("transports/destinations", signed(200, places::search)),
    ];
    let gets = [
        ("transactions", signed(200, transactions::history)),
        ("transactions/{id}", signed(200, transactions::one)),
    ];
    let mut router = Router::new();
    for (path, route) in posts {
        let handler = move |kernel, request| handle(kernel, request, route);
        router = router.route(&format!("/v1/open-api/{path}"), post(handler));
    }
    for (path, route) in gets {
        let handler = move |kernel, request| handle(kernel, request, route);
        router = router.route(&format!("/v1/open-api/{path}"), get(handler));
    }
    router
        .fallback(|kernel, request| handle(kernel, request, signed(200, no_such_path)))
        .method_not_allowed_fallback(|kernel, request| {
            handle(kernel, request, signed(200, wrong_method))
        })
        .with_state(kernel)
}

async fn handle(State(kernel): State<Arc<Kernel>>, request: Request, route: Route) -> Response {
    serve(&kernel, request, route).await
}

fn no_such_path(kernel: &Kernel, call: &Call) -> Verdict {
    let answer = Answer::refusal(NO_SUCH_PATH, call.service());
    Verdict::new(verdict(kernel, call), answer)
}

fn wrong_method(kernel: &Kernel, call: &Call) -> Verdict {
    let answer = Answer::refusal(WRONG_METHOD, call.service());
    Verdict::new(verdict(kernel, call), answer)
}

/// Runs `work` on calls that are authentic, and answers what it refuses.
fn authentic(
    kernel: &Kernel,
    call: &Call,
    work: impl FnOnce(Service) -> Result<Answer, Answer>,
) -> Verdict {
    let service = call.service();
    let signature = verdict(kernel, call);
    let answer = authenticate(kernel, call, service, signature).and_then(|()| work(service));
    Verdict::new(signature, answer.unwrap_or_else(|refusal| refusal))
}

/// The one product that the sandbox sells; the documents name no other.
fn check_product(code: &str, service: Service) -> Result<(), Answer> {
    if code == "BUS" {
        Ok(())
    } else {
        let why = "`product_code` must be \"BUS\"";
        Err(Answer::refusal_because(PRODUCT, service, why))
    }
}
