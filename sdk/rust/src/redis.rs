//! Copies in Redis.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue};

use crate::store::{Later, Store, StoreError};

/// Keeps copies in Redis.
pub struct RedisStore {
    client: redis::Client,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl RedisStore {
    /// With a client of the crate `redis`.
    pub fn new(client: redis::Client) -> Self {
        Self { client, connection: Mutex::new(None) }
    }

    async fn ask<T: FromRedisValue>(&self, command: Cmd) -> Result<T, StoreError> {
        let held = self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut connection = match held {
            Some(connection) => connection,
            None => self.client.get_multiplexed_async_connection().await?,
        };
        let answer = command.query_async(&mut connection).await;
        // A connection on which something failed is not used again.
        let good = answer.is_ok().then_some(connection);
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = good;
        Ok(answer?)
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").finish_non_exhaustive()
    }
}

impl Store for RedisStore {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Option<String>> {
        Box::pin(self.ask(Cmd::get(key)))
    }

    fn set<'a>(&'a self, key: &'a str, text: String, max_age: Duration) -> Later<'a, ()> {
        let milliseconds = u64::try_from(max_age.as_millis()).unwrap_or(u64::MAX).max(1);
        Box::pin(self.ask(Cmd::pset_ex(key, text, milliseconds)))
    }

    fn delete<'a>(&'a self, key: &'a str) -> Later<'a, ()> {
        Box::pin(self.ask(Cmd::del(key)))
    }
}
