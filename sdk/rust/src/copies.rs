//! The last good answer to a question as it is kept, and the store with everything that may be wrong with it taken as
//! "there is no copy".

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{json, Value};

use crate::settings::{Event, Settings};
use crate::store::{Store, StoreError};

#[derive(Clone, Debug)]
pub(crate) struct Copy {
    /// Milliseconds since 1970.
    pub(crate) stored: f64,
    pub(crate) etag: Option<String>,
    /// The answer's text.
    pub(crate) body: String,
}

impl Copy {
    /// `None` for everything that is not a whole copy.
    fn of(text: &str) -> Option<Self> {
        let mut held: Value = serde_json::from_str(text).ok()?;
        let stored = held.get("stored")?.as_f64()?;
        let etag = held.get("etag").and_then(Value::as_str).map(str::to_owned);
        let Value::String(body) = held.get_mut("body")?.take() else { return None };
        serde_json::from_str::<serde_json::Map<String, Value>>(&body).ok()?;
        Some(Self { stored, etag, body })
    }

    fn text(&self) -> String {
        json!({"stored": self.stored.round() as i64, "etag": self.etag, "body": self.body}).to_string()
    }

    /// In milliseconds; negative when it comes from the future.
    pub(crate) fn age(&self, wall: SystemTime) -> f64 {
        milliseconds(wall) - self.stored
    }
}

pub(crate) fn milliseconds(wall: SystemTime) -> f64 {
    match wall.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs_f64() * 1000.0,
        Err(before) => before.duration().as_secs_f64() * -1000.0,
    }
}

pub(crate) struct Copies {
    settings: Arc<Settings>,
    /// Nanoseconds of the monotonic clock.
    rest_until: AtomicU64,
}

impl Copies {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self { settings, rest_until: AtomicU64::new(0) }
    }

    pub(crate) async fn load(&self, key: &str) -> Option<Copy> {
        let store = self.store()?;
        Copy::of(&self.safely("get", store.get(key)).await??)
    }

    pub(crate) async fn save(&self, key: &str, copy: &Copy) {
        let set = &self.settings;
        let max_age = (set.fresh + set.stale_while_revalidate).max(set.stale_if_error);
        if let Some(store) = self.store() {
            self.safely("set", store.set(key, copy.text(), max_age)).await;
        }
    }

    pub(crate) async fn remove(&self, key: &str) {
        if let Some(store) = self.store() {
            self.safely("delete", store.delete(key)).await;
        }
    }

    /// The store, unless it rests.
    fn store(&self) -> Option<&Arc<dyn Store>> {
        self.settings.store.as_ref().filter(|_| self.now() >= self.rest_until.load(Ordering::Relaxed))
    }

    async fn safely<T>(&self, operation: &'static str, work: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
        let message = match tokio::time::timeout(self.settings.store_timeout, work).await {
            Ok(Ok(done)) => return Some(done),
            Ok(Err(error)) => error.to_string(),
            Err(late) => {
                // Waiting for it each time would slow every call.
                let pause = u64::try_from(self.settings.cool_off.as_nanos()).unwrap_or(u64::MAX);
                self.rest_until.store(self.now().saturating_add(pause), Ordering::Relaxed);
                late.to_string()
            }
        };
        self.settings.log(&Event::StoreError { operation, message: &message });
        None
    }

    fn now(&self) -> u64 {
        let now: Duration = self.settings.clock.monotonic();
        u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
    }
}
