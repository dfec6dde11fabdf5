//! Where copies of answers are kept.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What is wrong with a store.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// What a store will have done.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps copies of answers. Three methods are all it takes to write one.
pub trait Store: Send + Sync {
    /// `None` when there is no copy.
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Option<String>>;
    /// Keeps a copy, which is of no use after `max_age`.
    fn set<'a>(&'a self, key: &'a str, text: String, max_age: Duration) -> Later<'a, ()>;
    /// Forgets a copy.
    fn delete<'a>(&'a self, key: &'a str) -> Later<'a, ()>;
}

/// Keeps the copies used last in this process.
pub struct MemoryStore {
    entries: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    copies: HashMap<String, (u64, String)>,
    /// Counts uses.
    now: u64,
}

impl MemoryStore {
    /// For so many copies.
    pub fn new(entries: usize) -> Self {
        Self { entries, held: Mutex::default() }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Held) -> T) -> Later<'_, T>
    where
        T: Send + 'static,
    {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.now += 1;
        let done = work(&mut held);
        Box::pin(std::future::ready(Ok(done)))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(500)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Option<String>> {
        self.with(|held| {
            let (used, text) = held.copies.get_mut(key)?;
            *used = held.now;
            Some(text.clone())
        })
    }

    fn set<'a>(&'a self, key: &'a str, text: String, _max_age: Duration) -> Later<'a, ()> {
        self.with(|held| {
            held.copies.insert(key.to_owned(), (held.now, text));
            if held.copies.len() > self.entries {
                // A walk through some hundred numbers, once for a copy that is new.
                let oldest = held.copies.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
                oldest.and_then(|key| held.copies.remove(&key));
            }
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Later<'a, ()> {
        self.with(|held| {
            held.copies.remove(key);
        })
    }
}
