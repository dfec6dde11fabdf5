//! How long clients may take, without a timer for each request.
//!
//! hyper starts a timer before each request and ends it when the head is there: with tokio's, that is a
//! tenth of all the time a cached answer takes. Here a timer is a point in time that is compared with the
//! clock whenever the connection is looked at, and whoever drives the connection looks every few seconds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// How often a silent connection is looked at; so much later than asked for may a timer end.
const LOOK: Duration = Duration::from_secs(5);

/// Makes timers that end when they are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience;

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline(deadline))
    }
}

struct Deadline(Instant);

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if self.0 <= Instant::now() { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Drives a connection to its end, and looks at its timers.
pub(super) async fn drive<T>(connection: impl Future<Output = T>) -> T {
    let mut connection = std::pin::pin!(connection);
    loop {
        if let Ok(ended) = tokio::time::timeout(LOOK, connection.as_mut()).await {
            return ended;
        }
    }
}
