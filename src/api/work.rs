//! Work that waits for the database, the disk or the processor, kept off the threads that serve.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::Api;
use super::error::Refusal;

/// How much is done at once. More than there are readers: changes that wait together share one flush.
const AT_ONCE: usize = 64;
/// How much may be done or wait. What comes on top is refused at once.
const IN_ALL: usize = 1024;
/// How long something waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The places where waiting work is done.
#[derive(Clone)]
pub struct Work {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Work {
    fn default() -> Self {
        Self { admitted: Arc::new(Semaphore::new(IN_ALL)), running: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Api {
    /// Does work that blocks.
    ///
    /// # Errors
    /// The work's own; 503 when too much waits already; 500 when it panics.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let admitted = self.work.admitted.clone().try_acquire_owned().map_err(|_| Refusal::busy())?;
        let turn = tokio::time::timeout(PATIENCE, self.work.running.clone().acquire_owned()).await;
        let running = turn.ok().and_then(Result::ok).ok_or_else(Refusal::busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work ends, which a client that goes away does not hasten.
            let _places = (admitted, running);
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Refusal::internal()))
        });
        done.await.unwrap_or_else(|_| Err(Refusal::internal()))
    }
}
