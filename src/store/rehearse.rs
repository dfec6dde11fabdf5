//! Changes that are made, looked at and undone.

use std::collections::BTreeSet;
use std::convert::Infallible;

use super::error::Error;
use super::{Read, Store, Write};
use crate::content::key::Key;

/// Why a rehearsal's change is undone: always, and with what was seen or what went wrong.
enum Ended<T, E> {
    Seen(T),
    Failed(E),
}

impl<T, E: From<Error>> From<Error> for Ended<T, E> {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Store {
    /// Makes a change, lets `after` look at it and at the keys it would make old, undoes it, and lets
    /// `before` look at how things really are. Nothing else is written meanwhile, and nothing is kept.
    ///
    /// # Errors
    /// Those of the three, and the database's.
    pub fn rehearse<A, T, E>(
        &self,
        change: impl FnOnce(&mut Write<'_>) -> Result<(), E> + Send + 'static,
        after: impl FnOnce(&Read<'_>, &BTreeSet<Key>) -> Result<A, E> + Send + 'static,
        before: impl FnOnce(&Read<'_>, A) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let rehearsed: Result<Infallible, Ended<T, E>> = self.write(move |write| {
            let seen = write.tried(|write| {
                change(write)?;
                let keys = write.settled()?;
                after(write, &keys)
            });
            Err(match seen.and_then(|seen| before(write, seen)) {
                Ok(seen) => Ended::Seen(seen),
                Err(error) => Ended::Failed(error),
            })
        });
        match rehearsed {
            Err(Ended::Seen(seen)) => Ok(seen),
            Err(Ended::Failed(error)) => Err(error),
            Ok(never) => match never {},
        }
    }
}

impl Write<'_> {
    /// Runs part of a change and undoes it.
    fn tried<T, E: From<Error>>(&mut self, part: impl FnOnce(&mut Write<'_>) -> Result<T, E>) -> Result<T, E> {
        let connection = self.connection;
        connection.execute_batch("SAVEPOINT rehearsal").map_err(Error::from)?;
        let tried = part(&mut Write::new(connection, self.scratch));
        // What the writer remembers of it was never so.
        self.scratch.forget();
        connection.execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal").map_err(Error::from)?;
        self.scratch.begin(connection)?;
        tried
    }
}
