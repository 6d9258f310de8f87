//! The `OpenAPI` document: nothing is served that it does not have, and it says what the code does.

use std::path::Path;

use booking_domain::limits;
use serde_json::Value;

use crate::client::Ask;
use crate::described::{DOCUMENT, ROUTES, keyed};
use crate::house::House;

/// Pages and files, which no program calls.
const PAGES: [&str; 5] = [
    "/",
    "/console",
    "/console/",
    "/console/{*file}",
    "/docs/problems",
];

/// Every path that stands in the gateway's sources as a route.
fn in_sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        // `.route(` may have its path on the next line; the description always says `path = "..."`.
        for mark in [".route(", "path = "] {
            for after in source.split(mark).skip(1) {
                let path = after
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|it| it.split('"').next());
                found.extend(path.map(ToOwned::to_owned));
            }
        }
    }
    found
}

#[test]
fn every_route_of_the_router_is_described() {
    let found = in_sources();
    assert!(found.len() > 15, "{found:?}");
    let watched = ["/metrics"];
    for path in &found {
        let described = ROUTES.iter().any(|route| route.path == *path);
        let is_page = PAGES.contains(&path.as_str()) || watched.contains(&path.as_str());
        assert!(described || is_page, "{path} is served and not described");
    }
    for route in ROUTES.iter() {
        assert!(
            found.contains(&route.path),
            "{} is described and not served",
            route.path
        );
    }
    println!(
        "openapi: {} operations, {} need a key",
        ROUTES.len(),
        keyed().count()
    );
}

#[tokio::test]
async fn every_described_route_is_served_and_no_other_method_of_it() {
    let house = House::open().await;
    for route in ROUTES.iter() {
        let own: Vec<&str> = ROUTES
            .iter()
            .filter(|it| it.path == route.path)
            .map(|it| it.method.as_str())
            .collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let reply = house.send(&Ask::new(method, &route.target("held-1"))).await;
            let is_own = own.contains(&method);
            assert_eq!(
                reply.status != 405,
                is_own,
                "{method} {}: {}",
                route.path,
                reply.status
            );
            if !is_own {
                let allowed = reply.header("allow").unwrap_or_default();
                assert!(
                    own.iter().all(|it| allowed.contains(it)),
                    "{}: Allow: {allowed}",
                    route.path
                );
            }
        }
    }
}

#[test]
fn every_error_is_a_problem_and_every_wait_is_told() {
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let at = format!("{method} {path} {status}");
                let code: u16 = status.parse().unwrap();
                if code >= 400 {
                    let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{at}");
                }
                if [429, 503].contains(&code) {
                    assert!(response["headers"]["Retry-After"].is_object(), "{at}");
                }
            }
            let statuses = &operation["responses"];
            assert!(
                statuses["500"].is_object() && statuses["503"].is_object(),
                "{method} {path}"
            );
            if operation["security"].is_array() {
                for status in ["401", "403", "429"] {
                    assert!(statuses[status].is_object(), "{method} {path} {status}");
                }
            }
        }
    }
}

#[test]
fn no_description_shows_code_of_rust() {
    fn look(value: &Value, described: &mut usize) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if let (true, Some(text)) = (name == "description", member.as_str()) {
                        *described += 1;
                        assert!(!text.contains("```") && !text.trim().is_empty(), "{text}");
                    }
                    look(member, described);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| look(item, described)),
            _ => {}
        }
    }
    let mut described = 0;
    look(&DOCUMENT, &mut described);
    assert!(described > 100, "{described}");
}

fn schema(pointer: &str) -> &Value {
    DOCUMENT
        .pointer(&format!("/components/schemas/{pointer}"))
        .unwrap_or_else(|| panic!("{pointer}"))
}

#[test]
fn the_limits_of_an_order_are_the_domains() {
    let max_length = [
        ("Order/properties/product_code", limits::PRODUCT_CODE_MAX),
        (
            "Order/properties/partner_reference_no",
            limits::PARTNER_REFERENCE_MAX,
        ),
        ("OrderContact/properties/name", limits::PERSON_NAME_MAX),
        ("OrderContact/properties/email", limits::EMAIL_MAX),
        ("OrderPassenger/properties/name", limits::PERSON_NAME_MAX),
        ("OrderPassenger/properties/seat_name", limits::SEAT_NAME_MAX),
        (
            "OrderPassenger/properties/id_card_number",
            limits::IDENTITY_NUMBER_MAX,
        ),
    ];
    for (path, limit) in max_length {
        assert_eq!(schema(path)["maxLength"], limit, "{path}");
    }
    let identity = schema("OrderPassenger/properties/id_card_number");
    assert_eq!(identity["minLength"], limits::IDENTITY_NUMBER_MIN);
    assert_eq!(
        schema("OrderLeg/properties/passengers")["maxItems"],
        limits::PASSENGERS_MAX
    );
    assert_eq!(schema("OrderLeg/properties/passengers")["minItems"], 1);
    let digits = limits::SELLING_PRICE_MAX.to_string().len() - 1;
    assert_eq!(
        schema("Order/properties/selling_price")["pattern"],
        format!("^[1-9][0-9]{{0,{digits}}}$")
    );
    let (min, max) = (limits::PHONE_DIGITS_MIN, limits::PHONE_DIGITS_MAX);
    let phone = format!(
        "^(08[0-9]{{{},{}}}|\\+[1-9][0-9]{{{},{}}})$",
        min - 2,
        max - 2,
        min - 1,
        max - 1
    );
    assert_eq!(
        schema("OrderContact/properties/phone_number")["pattern"],
        phone
    );
    for name in ["Order", "OrderContact", "OrderLeg", "OrderPassenger"] {
        assert_eq!(schema(name)["additionalProperties"], false, "{name}");
    }
    let required = schema("Order")["required"].as_array().unwrap();
    assert_eq!(required.len(), 5, "{required:?}");
}

#[tokio::test]
async fn a_reference_of_every_kind_can_be_looked_at_where_its_answer_says() {
    let house = House::open().await;
    let key = house.master_key();
    for reference in [
        "held-1",
        "a/b",
        "a%2Fb",
        "a?b=c",
        "a#b",
        "a;b=c",
        "%",
        "a+b",
        "...",
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    ] {
        let reply = house.block(&key, reference).await;
        assert_eq!(reply.status, 201, "{reference}: {}", reply.text());
        let place = reply.header("location").unwrap().to_owned();
        let hold = house.send(&Ask::get(&place).key(&key)).await;
        assert_eq!(hold.status, 200, "{place}");
        assert_eq!(hold.json()["partner_reference_no"], reference);
    }
}
