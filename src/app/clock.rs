//! What happens by itself: noticing what other processes have changed, and the [`Duties`] that have their times.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::duties::Duties;
use crate::auth::Tokens;
use crate::authoring::{Authoring, now};
use crate::content::moment::Moment;
use crate::delivery::Delivery;
use crate::site::Site;
use crate::store::{Error, Store, Watch};

/// How often it looks. A look costs microseconds when nothing has changed.
const TICK: Duration = Duration::from_millis(200);
/// How often it looks while two processes answer the same clients: what one publishes, the other shall not deny.
const OVERLAP: Duration = Duration::from_millis(10);

/// How often the list of kept questions is written.
const LIST: Duration = Duration::from_secs(60);

/// How old the last use of a token may become before it is written anew, in microseconds.
const NOTED: i64 = 5 * 60 * 1_000_000;

/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The thread that looks.
pub(super) struct Clock {
    overlaps: Arc<AtomicBool>,
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Clock {
    /// Starts it, after a first look.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(super) fn start(site: &Site, duties: Arc<Duties>) -> Result<Self, super::Error> {
        let mut ticking = Ticking {
            authoring: site.authoring.clone(),
            tokens: site.tokens.clone(),
            delivery: site.delivery.clone(),
            store: site.store.clone(),
            duties,
            watch: site.store.watch(),
            next_list: Instant::now() + LIST,
            next: None,
            next_purge: now(),
            failing: false,
        };
        let (stop, stopped) = sync_channel(1);
        let overlaps = Arc::<AtomicBool>::default();
        let hurries = overlaps.clone();
        let run = move || {
            let pause = || if hurries.load(Ordering::Relaxed) { OVERLAP } else { TICK };
            ticking.tick();
            while stopped.recv_timeout(pause()) == Err(RecvTimeoutError::Timeout) {
                ticking.tick();
            }
            ticking.end();
        };
        let thread = thread::Builder::new().name("larder-clock".into()).spawn(run)?;
        Ok(Self { overlaps, stop, thread })
    }

    /// What says that another process answers clients too, and that it looks more often for as long.
    pub(super) fn overlaps(&self) -> Arc<AtomicBool> {
        self.overlaps.clone()
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
    store: Arc<Store>,
    duties: Arc<Duties>,
    watch: Watch,
    /// When the list of kept questions is written.
    next_list: Instant,
    /// When something is due.
    next: Option<Moment>,
    /// When what is too old is looked for.
    next_purge: Moment,
    /// Whether the last look failed: it is reported once, not five times a second.
    failing: bool,
}

impl Ticking {
    fn tick(&mut self) {
        let looked = catch_unwind(AssertUnwindSafe(|| {
            self.delivery.forget_past();
            let mut looked = self.look();
            let duties = self.duties.clone();
            duties.perform(|| {
                self.list();
                if looked.is_ok() {
                    looked = self.keep_times(now());
                }
            });
            looked
        }));
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

    /// Writes the list of kept questions when it is time.
    fn list(&mut self) {
        if Instant::now() < self.next_list {
            return;
        }
        self.next_list = Instant::now() + LIST;
        remember_questions(&self.delivery);
    }

    /// Takes over what other processes have changed.
    fn look(&mut self) -> Result<(), Error> {
        self.store.tend()?;
        self.tokens.refresh()?;
        self.tokens.keep_time(now());
        self.delivery.trust(self.tokens.number());
        let changed = self.watch.changed(&self.store)?;
        if changed {
            // Tried again at the next look unless everything was taken over.
            self.delivery.follow().inspect_err(|_| self.watch.forget())?;
            self.store.outbox_bell().ring();
            // What is due may be another thing now.
            self.next = Some(now());
        }
        if self.store.mandate().holds().is_err() {
            // What happens by itself happens at the primary; should this become one, everything is looked at.
            self.next = Some(now());
        }
        Ok(())
    }

    /// Does what is due, unless that is another server's.
    fn keep_times(&mut self, now: Moment) -> Result<(), Error> {
        if self.store.mandate().holds().is_err() {
            return Ok(());
        }
        if self.next.is_some_and(|next| next <= now) {
            // Forgotten until it has been done: a failure is tried again at the next look.
            self.next = Some(now);
            self.next = self.authoring.run_schedule(now).map_err(of_store)?;
        }
        self.keep_uses(NOTED)?;
        self.purge(now)
    }

    /// Writes down when tokens were used last, of those for which that was not done for `age` microseconds.
    fn keep_uses(&self, age: i64) -> Result<(), Error> {
        self.tokens.keep_uses(age, |uses| self.authoring.note_token_uses(uses)).map_err(of_store)
    }

    /// Writes down what would be lost with the process. Should that fail, it is lost.
    fn end(&self) {
        self.duties.perform(|| {
            self.tokens.keep_time(now());
            if self.store.mandate().holds().is_ok()
                && let Err(error) = self.keep_uses(0)
            {
                tracing::warn!(%error, "when tokens were used last could not be written down");
            }
        });
    }

    /// Removes for good, once a day, what was deleted, the values of fields that were dropped long enough ago,
    /// and sign-ins and links that have ended.
    fn purge(&mut self, now: Moment) -> Result<(), Error> {
        if now < self.next_purge {
            return Ok(());
        }
        // Before it is tried: what failed today can wait until tomorrow.
        self.next_purge = Moment::from_micros(now.micros() + DAY);
        self.authoring.purge_ended(now).map_err(of_store)?;
        let fields = self.authoring.purge_dropped(now).map_err(of_store)?;
        let entries = self.authoring.purge_deleted(now).map_err(of_store)?;
        let files = self.authoring.purge_deleted_media(now).map_err(of_store)?;
        if files > 0 {
            tracing::info!(files, "removed for good what was deleted from the media library 30 days ago");
        }
        if entries > 0 {
            tracing::info!(entries, "removed for good what was deleted 30 days ago");
        }
        if fields > 0 {
            tracing::info!(fields, "removed for good what was dropped from the content model 30 days ago");
        }
        Ok(())
    }
}

/// Writes the list of kept questions. Without it, the next start is colder.
pub(super) fn remember_questions(delivery: &Delivery) {
    if let Err(error) = delivery.remember_questions() {
        tracing::warn!(%error, "the list of questions for a warm start could not be written");
    }
}

fn of_store(error: crate::authoring::Error) -> Error {
    match error {
        crate::authoring::Error::Store(error) => error,
        other => Error::Unreadable { what: "the schedule", why: other.to_string() },
    }
}
