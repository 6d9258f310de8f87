//! The description of the API, made from the code, and its pages.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Object, Ref, RefOr, ResponseBuilder, Responses};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::gateway::Shared;
use crate::problem::{Problem, ProblemKind};

/// The order to block, in the names of the provider's own document.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are the document's")]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// The product.
    #[schema(
        example = "BUS",
        min_length = 1,
        max_length = 32,
        pattern = "^[A-Za-z0-9_-]{1,32}$"
    )]
    product_code: String,
    /// What the traveller pays for all of it, in whole rupiah, written as a text.
    #[schema(example = "20000", pattern = "^[1-9][0-9]{0,9}$")]
    selling_price: String,
    /// Your own, unique number of the order. The same order under the same number never holds
    /// twice.
    #[schema(
        example = "1238",
        min_length = 1,
        max_length = 64,
        pattern = "^[!-~]{1,64}$"
    )]
    partner_reference_no: String,
    /// Whom to reach.
    order_detail: OrderContact,
    /// The way there.
    departure: OrderLeg,
    /// The way back; `null` for one way.
    #[serde(rename = "return")]
    return_leg: Option<OrderLeg>,
}

/// Whom to reach about the order.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderContact {
    #[schema(example = "Pandu", min_length = 1, max_length = 100)]
    name: String,
    #[schema(example = "pdputra@pvg.co.id", format = "email", max_length = 254)]
    email: String,
    /// Local (`08…`) or international (`+62…`), 8 to 15 digits.
    #[schema(
        example = "082122274139",
        pattern = r"^(08[0-9]{6,13}|\+[1-9][0-9]{7,14})$"
    )]
    phone_number: String,
}

/// A trip and the passengers on it.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderLeg {
    /// The trip.
    #[schema(example = 188_336, minimum = 1)]
    trip_id: i64,
    /// Each with a seat of their own.
    #[schema(min_items = 1, max_items = 40)]
    passengers: Vec<OrderPassenger>,
}

/// A passenger.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderPassenger {
    /// The seat, as the seat map names it.
    #[schema(example = "8", min_length = 1, max_length = 10)]
    seat_name: String,
    #[schema(example = "Pandu", min_length = 1, max_length = 100)]
    name: String,
    /// Born on.
    #[schema(example = "1996-12-09", format = "date")]
    dob: String,
    /// `male` or `female`.
    #[schema(example = "male", pattern = "^(male|female)$")]
    gender: String,
    /// The number of the identity card or passport.
    #[schema(
        example = "31741009219923332",
        min_length = 6,
        max_length = 32,
        pattern = "^[A-Za-z0-9]{6,32}$"
    )]
    id_card_number: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Seatblock gateway",
        description = "Holds bus seats at a provider: never twice, never lost, every failure explained. `may_be_held` says in every answer and problem whether seats are held under the reference, or may be; try other seats for a traveller only where it is `false`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "holds", description = "Block seats, look, book"),
        (name = "trips", description = "What can be blocked"),
        (name = "operators", description = "For those who look after holds"),
        (name = "console", description = "Signing in with a browser"),
        (name = "providers", description = "What a provider says by itself"),
        (name = "watching", description = "For those who run the gateway")
    )
)]
struct Description;

/// The routes apart, those that need a key before those that need none, and what describes them.
pub(crate) fn split(
    keyed: OpenApiRouter<Arc<Shared>>,
    open: OpenApiRouter<Arc<Shared>>,
) -> (Router<Arc<Shared>>, Router<Arc<Shared>>, Value) {
    let (keyed, mut api) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(keyed)
        .split_for_parts();
    let (open, of_open) = open.split_for_parts();
    api.merge(of_open);
    (keyed, open, finish(api))
}

/// The description alone, as `OpenAPI` 3.1.
///
/// ```
/// let description = booking_gateway::openapi();
/// assert!(description.contains("/v1/holds"));
/// ```
#[must_use]
pub fn openapi() -> String {
    let (_, _, api) = split(super::described(|router, _scope| router), super::open());
    serde_json::to_string_pretty(&api).unwrap_or_default()
}

fn finish(mut api: utoipa::openapi::OpenApi) -> Value {
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("sbk_<id>_<secret>")
        .description(Some("A key that `seatblock gateway-keys new` made"))
        .build();
    let components = api.components.get_or_insert_with(Default::default);
    components.add_security_scheme("key", SecurityScheme::Http(key));
    for path in api.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            surround(&mut operation.responses);
        }
    }
    super::prose::without_code(&api)
}

/// What can be answered on every route, by what stands around them all.
fn surround(responses: &mut Responses) {
    let everywhere = [
        ("500", "The gateway failed; an order may have been sent"),
        ("503", "Too much is under way, or the ledger cannot be used"),
    ];
    for (status, description) in everywhere {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", content)
            .build();
        let status = status.to_owned();
        responses.responses.entry(status).or_insert(response.into());
    }
    for status in ["429", "503"] {
        if let Some(RefOr::T(response)) = responses.responses.get_mut(status) {
            let seconds = HeaderBuilder::new()
                .schema(Some(Object::with_type(Type::Integer)))
                .description(Some("Seconds, where asking again may help"))
                .build();
            response
                .headers
                .insert("Retry-After".to_owned(), seconds.into());
        }
    }
}

/// `/openapi.json`, `/docs` and `/docs/problems`.
pub(crate) fn router(api: Value) -> Router<Arc<Shared>> {
    Router::new()
        .merge(SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", api))
        .route("/docs/problems", get(problems))
        .layer(axum::middleware::map_response(relaxed))
}

/// The reference page writes styles into itself, and has no words for what it does not have.
async fn relaxed(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        let detail = "the reference has no such file";
        response = Problem::new(ProblemKind::NotFound, detail).into_response();
    }
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    response
}

/// Every kind of problem, where its `type` leads to.
async fn problems() -> Response {
    let rows: Vec<String> = ProblemKind::ALL
        .iter()
        .map(|kind| {
            let (name, status, title) = (kind.name(), kind.status(), kind.title());
            format!("<dt id=\"{name}\"><code>{name}</code> ({status})</dt><dd>{title}.</dd>")
        })
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Problems</title>\
         <h1>Problems</h1><p>The member <code>type</code> of a problem leads here.</p><dl>{}</dl>",
        rows.concat()
    );
    axum::response::Html(page).into_response()
}
