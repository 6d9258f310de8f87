//! The query of a request, whose faults are problems.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::problem::Problem;

/// The parameters of a query, each once.
pub(crate) struct Parameters(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::invalid("query", "it cannot be read"))?;
        let mut all = BTreeMap::new();
        for (name, value) in pairs {
            if all.insert(name, value).is_some() {
                return Err(Problem::invalid("query", "a parameter stands in it twice"));
            }
        }
        Ok(Self(all))
    }
}

impl Parameters {
    /// Takes the parameter `name` out, read as a `T`; `accepted` says what is.
    pub(crate) fn take<T: FromStr>(
        &mut self,
        name: &str,
        accepted: &str,
    ) -> Result<Option<T>, Problem> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(Problem::invalid(name, format!("has to be {accepted}"))),
            },
        }
    }

    /// The same, where it has to be there.
    pub(crate) fn needed<T: FromStr>(&mut self, name: &str, accepted: &str) -> Result<T, Problem> {
        self.take(name, accepted)?
            .ok_or_else(|| Problem::invalid(name, format!("is missing; it has to be {accepted}")))
    }

    /// Nothing may be left: a misspelt filter must not widen an answer.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(_) => Err(Problem::invalid(
                "query",
                "it has a parameter that this path does not know; see /docs",
            )),
        }
    }
}
