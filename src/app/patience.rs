//! How long clients may take, without a timer and without a look at the clock for each request.
//!
//! hyper starts a timer before each request and ends it when the head is there: with tokio's, that is a
//! tenth of all the time a cached answer takes. Here a timer is a point in time that is compared, whenever
//! the connection is looked at, with a clock that is read once a second.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// How often the clock is read; so much later than asked for may a timer end.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// Makes timers that end when they are looked at.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    clock: Arc<Clock>,
}

/// A clock that stands still between two ticks.
#[derive(Debug)]
struct Clock {
    began: Instant,
    milliseconds: AtomicU64,
}

impl Clock {
    fn now(&self) -> Instant {
        self.began + Duration::from_millis(self.milliseconds.load(Ordering::Relaxed))
    }
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { clock: Arc::new(Clock { began: Instant::now(), milliseconds: AtomicU64::new(0) }) }
    }

    /// Reads the clock: to be called every [`TICK`].
    pub(super) fn tick(&self) {
        let passed = self.clock.began.elapsed().as_millis();
        self.clock.milliseconds.store(u64::try_from(passed).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline { deadline, clock: self.clock.clone() })
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }
}

struct Deadline {
    deadline: Instant,
    clock: Arc<Clock>,
}

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline <= self.clock.now() { Poll::Ready(()) } else { Poll::Pending }
    }
}
