//! The `OpenAPI` document, against which every answer of every test is held.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

/// A route of the document.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) statuses: BTreeSet<u16>,
    /// The scope that it needs; `None`: no key at all.
    pub(crate) scope: Option<String>,
    pub(crate) has_body: bool,
}

impl Route {
    /// The path with its parameters filled in.
    pub(crate) fn target(&self, reference: &str) -> String {
        let path = self
            .path
            .replace("{reference}", reference)
            .replace("{id}", "188336")
            .replace("{provider}", "klikoo");
        let query = match path.as_str() {
            "/v1/places" => "?role=source",
            "/v1/trips" => "?from=city:1&to=city:2&date=2026-11-26&seats=1",
            _ => "",
        };
        path + query
    }

    /// A body that it takes.
    pub(crate) fn body(&self, reference: &str) -> Value {
        match self.path.rsplit('/').next() {
            Some("holds") => crate::orders::order(reference),
            Some("settlement") => serde_json::json!({"finding": "not_held", "because": "test"}),
            Some("disclosure") => serde_json::json!({"because": "test"}),
            _ => Value::Null,
        }
    }
}

pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&booking_gateway::openapi()).unwrap());

pub(crate) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut routes = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap();
            let scope = &operation["security"][0]["key"][0];
            routes.push(Route {
                method: method.to_uppercase(),
                path: path.clone(),
                statuses: statuses.keys().map(|it| it.parse().unwrap()).collect(),
                scope: scope.as_str().map(ToOwned::to_owned),
                has_body: operation["requestBody"].is_object(),
            });
        }
    }
    routes
});

/// The routes that need a key.
pub(crate) fn keyed() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.scope.is_some())
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').collect()
}

/// The route that `target` leads to.
fn route(method: &str, target: &str) -> Option<&'static Route> {
    let path = segments(target.split('?').next().unwrap());
    let fits = |template: &str| {
        let template = segments(template);
        template.len() == path.len()
            && template.iter().zip(&path).all(|(wanted, given)| {
                wanted == given || (wanted.starts_with('{') && !given.is_empty())
            })
    };
    let method = if method == "HEAD" { "GET" } else { method };
    ROUTES
        .iter()
        .find(|route| route.method == method && fits(&route.path))
}

/// A status that nobody described is a fault of the description, or of the gateway.
pub(crate) fn check(method: &str, target: &str, status: u16) {
    if let Some(route) = route(method, target) {
        assert!(
            route.statuses.contains(&status),
            "{method} {} answers {status}, which its description does not have",
            route.path
        );
    }
}

/// How many routes each scope opens.
pub(crate) fn by_scope() -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for route in keyed() {
        *counts.entry(route.scope.as_deref().unwrap()).or_default() += 1;
    }
    counts
}
