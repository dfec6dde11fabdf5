//! Requests of a connection that the routes are answering.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

/// Requests of a connection that the routes are answering: from when their head was read until the last of their
/// body was handed on. What the door answers at once is never under way.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    /// Whether there are any.
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// One more, until what is returned is dropped.
    pub(super) fn one_more(&self) -> One {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(self.0.clone())
    }
}

/// A request that the routes are answering.
pub struct One(Arc<AtomicUsize>);

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A body of the routes'. Its request is under way as long as it is there.
pub struct Routed {
    pub(super) body: Body,
    #[expect(dead_code, reason = "it says what is wanted by being there")]
    pub(super) request: Option<One>,
}

impl http_body::Body for Routed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt as _;

    use super::{Routed, UnderWay};

    #[tokio::test]
    async fn a_request_is_under_way_until_its_body_was_handed_on() {
        let under_way = UnderWay::default();
        let body = Routed { body: Body::from("pie"), request: Some(under_way.one_more()) };
        assert!(under_way.any());
        assert_eq!(body.collect().await.expect("a body").to_bytes(), "pie");
        assert!(!under_way.any());
    }
}
