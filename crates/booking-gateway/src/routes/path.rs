//! The one parameter of a path, whose faults are problems.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::problem::{Problem, ProblemKind};

/// What stands in a path where its route has a parameter.
pub(crate) struct Named(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::from_request_parts(parts, state).await.map_err(|_| {
            // No UTF-8: nothing here has such a name.
            Problem::new(ProblemKind::NotFound, "nothing here has this name")
        })?;
        Ok(Self(text))
    }
}
