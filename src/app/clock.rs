//! What happens by itself: scheduled publishing, and noticing what other processes have changed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::auth::Tokens;
use crate::authoring::{Authoring, now};
use crate::content::moment::Moment;
use crate::delivery::Delivery;
use crate::site::Site;
use crate::store::{Error, Watch};

/// How often it looks. A look costs microseconds when nothing has changed.
const TICK: Duration = Duration::from_millis(200);

/// The thread that looks.
pub(super) struct Clock {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Clock {
    /// Starts it.
    ///
    /// # Errors
    /// When the database cannot be watched or the thread not be started.
    pub(super) fn start(site: &Site) -> Result<Self, super::Error> {
        let mut ticking = Ticking {
            authoring: site.authoring.clone(),
            tokens: site.tokens.clone(),
            delivery: site.delivery.clone(),
            watch: site.store.watch()?,
            next: None,
            failing: false,
        };
        let (stop, stopped) = sync_channel(1);
        let run = move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                ticking.tick();
            }
        };
        let thread = thread::Builder::new().name("larder-clock".into()).spawn(run)?;
        Ok(Self { stop, thread })
    }

    /// Ends it, after what it is doing.
    pub(super) fn stop(self) {
        // It only fails when the thread has ended, which is what is wanted.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

struct Ticking {
    authoring: Arc<Authoring>,
    tokens: Arc<Tokens>,
    delivery: Arc<Delivery>,
    watch: Watch,
    /// When something is due.
    next: Option<Moment>,
    /// Whether the last look failed: it is reported once, not five times a second.
    failing: bool,
}

impl Ticking {
    fn tick(&mut self) {
        let looked = catch_unwind(AssertUnwindSafe(|| self.look()));
        match looked {
            Ok(Ok(())) => self.failing = false,
            Ok(Err(error)) if !self.failing => {
                tracing::error!(%error, "scheduled changes wait");
                self.failing = true;
            }
            // A panic has reported itself.
            Ok(Err(_)) | Err(_) => {}
        }
    }

    fn look(&mut self) -> Result<(), Error> {
        self.tokens.refresh()?;
        self.delivery.trust(self.tokens.number());
        let now = now();
        let changed = self.watch.changed()?;
        if changed {
            // Tried again at the next look unless everything was taken over.
            self.delivery.follow().inspect_err(|_| self.watch.forget())?;
        }
        if changed || self.next.is_some_and(|next| next <= now) {
            // Forgotten until it has been done: a failure is tried again at the next look.
            self.next = Some(now);
            self.next = self.authoring.run_schedule(now).map_err(|error| match error {
                crate::authoring::Error::Store(error) => error,
                other => Error::Unreadable { what: "the schedule", why: other.to_string() },
            })?;
        }
        Ok(())
    }
}
