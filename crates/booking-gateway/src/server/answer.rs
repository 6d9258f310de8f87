//! Long answers: a slow reader keeps its place until it has one, and not for ever.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// What a connection takes at a time: about what it holds of an answer that is not read.
const SLICE: usize = 16 * 1024;

/// How long a long answer may take to be read.
const READ_WITHIN: Duration = Duration::from_mins(2);

/// The places of a request, to be kept while its answer takes memory.
#[derive(Clone)]
pub(crate) struct Places(#[expect(dead_code, reason = "kept")] Arc<Taken>);

type Taken = (OwnedSemaphorePermit, Option<Arc<OwnedSemaphorePermit>>);

impl Places {
    /// Hands them on with `response`, where that is long.
    pub(crate) fn go_with(
        response: &mut Response,
        all: OwnedSemaphorePermit,
        own: Option<Arc<OwnedSemaphorePermit>>,
    ) {
        if is_long(response.body()) {
            response.extensions_mut().insert(Self(Arc::new((all, own))));
        }
    }
}

fn is_long(body: &Body) -> bool {
    let size = body.size_hint().exact();
    size.is_some_and(|size| usize::try_from(size).is_ok_and(|size| size > SLICE))
}

/// The same answer, which keeps its [`Places`] for as long as it takes to be read, where that can be
/// long. One without an end, such as a stream of events, has places of its own.
pub(super) fn bounded(response: Response) -> Response {
    if !is_long(response.body()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let places = parts.extensions.remove::<Places>();
    let slices = Slices {
        body,
        rest: Bytes::new(),
        until: Instant::now() + READ_WITHIN,
        _places: places,
    };
    Response::from_parts(parts, Body::new(slices))
}

/// A body that is given away slice by slice, as fast as it is read.
struct Slices {
    body: Body,
    rest: Bytes,
    until: Instant,
    _places: Option<Places>,
}

impl HttpBody for Slices {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if Instant::now() > self.until {
            let error = "the answer was read too slowly";
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                end => return Poll::Ready(end),
            }
        }
        let slice = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(slice)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        self.body
            .size_hint()
            .exact()
            .map_or_else(SizeHint::new, |size| {
                SizeHint::with_exact(size.saturating_add(rest))
            })
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn answer(length: usize) -> Body {
        bounded(Response::new(Body::from(vec![b'x'; length]))).into_body()
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_answer_is_given_whole_and_in_slices() {
        for length in [0, 1, SLICE, SLICE + 1, 10 * SLICE, 1_000_003] {
            let mut body = answer(length);
            assert_eq!(body.size_hint().exact(), u64::try_from(length).ok());
            let mut read = 0;
            while let Some(frame) = body.frame().await {
                let slice = frame.unwrap().into_data().unwrap().len();
                assert!(slice <= SLICE, "{slice}");
                read += slice;
            }
            assert_eq!(read, length);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_answer_that_is_read_too_slowly_is_cut_off() {
        let mut body = answer(3 * SLICE);
        assert!(body.frame().await.unwrap().is_ok());
        tokio::time::advance(READ_WITHIN + Duration::from_secs(1)).await;
        assert!(body.frame().await.unwrap().is_err());
    }
}
