//! Whether this process may change the database. It may, unless several share a replica: then one of them may, and
//! all others follow it.

use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;

use super::error::Error;

/// Whether this process may change the database.
pub struct Mandate(ArcSwap<Standing>);

enum Standing {
    Free,
    /// Until then, unless it is renewed.
    Until(Instant),
    /// The other one may, who is reached there if that is known.
    Follows(Option<String>),
}

impl Default for Mandate {
    fn default() -> Self {
        Self(ArcSwap::from_pointee(Standing::Free))
    }
}

impl Mandate {
    /// From here on it may.
    pub fn free(&self) {
        self.0.store(Arc::new(Standing::Free));
    }

    /// It may until then. The clock is one that nobody sets, and that goes on while the process is stopped.
    pub fn lend(&self, until: Instant) {
        self.0.store(Arc::new(Standing::Until(until)));
    }

    /// From here on it may not: another one may, who is reached there.
    pub fn follow(&self, primary: Option<String>) {
        self.0.store(Arc::new(Standing::Follows(primary)));
    }

    /// Whether it may.
    ///
    /// # Errors
    /// `Follows` or `NoLease`.
    pub fn holds(&self) -> Result<(), Error> {
        match &**self.0.load() {
            Standing::Free => Ok(()),
            Standing::Until(until) if Instant::now() < *until => Ok(()),
            Standing::Until(_) => Err(Error::NoLease),
            Standing::Follows(primary) => Err(Error::Follows(primary.clone())),
        }
    }

    /// Whether what was committed may be called saved: somebody else may have gone on without it.
    pub(super) fn confirm(&self) -> Result<(), Error> {
        self.holds().map_err(|error| Error::Unknown(Arc::new(error)))
    }
}
