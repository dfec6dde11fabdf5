//! Work that waits for the database, the disk or the processor, kept off the threads that serve.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// How much is done at once. More than there are readers: changes that wait together share one flush.
const AT_ONCE: usize = 64;
/// How much may be done or wait. What comes on top is refused at once.
const IN_ALL: usize = 1024;
/// How long something waits for its turn, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// What work gives, whatever it is.
type Done = Box<dyn Any + Send>;

/// The places where waiting work is done.
#[derive(Clone)]
pub struct Work {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    patience: Duration,
}

/// Why work was not done, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// Too much waits already: it was not begun.
    #[error("the server is busy")]
    Busy,
    /// It panicked, which has been reported.
    #[error("internal server error")]
    Broken,
}

impl Default for Work {
    fn default() -> Self {
        Self::bounded(AT_ONCE, IN_ALL - AT_ONCE)
    }
}

impl Work {
    /// Fewer places, for work that needs much memory: `at_once` are at work, `waiting` more may wait.
    pub fn bounded(at_once: usize, waiting: usize) -> Self {
        let (admitted, running) = (Semaphore::new(at_once + waiting), Semaphore::new(at_once));
        Self { admitted: Arc::new(admitted), running: Arc::new(running), patience: PATIENCE }
    }

    /// The same places, where work waits for its turn as long as this.
    #[must_use]
    pub fn waiting_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Does work that blocks.
    ///
    /// # Errors
    /// See [`Undone`].
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Undone> {
        let done = self.run_boxed(Box::new(|| Box::new(work()))).await?;
        Ok(*done.downcast().expect("what the work gives"))
    }

    /// As [`Work::run`]. There are hundreds of kinds of work: the runtime's own code is compiled for one.
    async fn run_boxed(&self, work: Box<dyn FnOnce() -> Done + Send>) -> Result<Done, Undone> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| Undone::Busy)?;
        let turn = tokio::time::timeout(self.patience, self.running.clone().acquire_owned()).await;
        let running = turn.ok().and_then(Result::ok).ok_or(Undone::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work ends, which a client that goes away does not hasten.
            let _places = (admitted, running);
            catch_unwind(AssertUnwindSafe(work)).map_err(|_| Undone::Broken)
        });
        done.await.unwrap_or(Err(Undone::Broken))
    }
}
