//! Time and chance, replaceable in tests. Time-outs are not here: they are always real.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// Time and chance.
pub trait Clock: Send + Sync {
    /// The time of day; it may jump.
    fn wall(&self) -> SystemTime;
    /// The time since any moment; it never jumps.
    fn monotonic(&self) -> Duration;
    /// At least 0, less than 1.
    fn random(&self) -> f64;
    /// Waits.
    fn pause(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The real ones.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }

    fn pause(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(pause))
    }
}
