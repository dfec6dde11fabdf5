//! Sign-ins.

use super::{Authoring, Error};
use crate::account::Session;
use crate::content::moment::Moment;

impl Authoring {
    /// Begins a session.
    ///
    /// # Errors
    /// The database's.
    pub fn begin_session(&self, session: Session) -> Result<(), Error> {
        Ok(self.store.write(move |write| write.add_session(&session))?)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The database's.
    pub fn note_session(&self, hash: &str, at: Moment) -> Result<(), Error> {
        let hash = hash.to_owned();
        Ok(self.store.write(move |write| write.put_session_seen(&hash, at))?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub fn end_session(&self, hash: &str) -> Result<(), Error> {
        let hash = hash.to_owned();
        Ok(self.store.write(move |write| write.remove_session(&hash))?)
    }
}
