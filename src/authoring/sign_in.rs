//! Sign-ins.

use super::{Authoring, Error};
use crate::account::Session;
use crate::auth::session;
use crate::content::moment::Moment;

impl Authoring {
    /// Begins a session, in the place of the one with the hash `earlier` that the browser had.
    ///
    /// # Errors
    /// The database's.
    pub fn begin_session(&self, session: Session, earlier: Option<String>) -> Result<(), Error> {
        Ok(self.store.write(move |write| {
            if let Some(earlier) = earlier {
                write.remove_session(&earlier)?;
            }
            write.add_session(&session)
        })?)
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
        Ok(self.store.write(move |write| write.remove_session(&hash).map(drop))?)
    }

    /// Ends a session of this person.
    ///
    /// # Errors
    /// `NotFound` when they have no such session; the database's.
    pub fn end_session_of(&self, user: i64, hash: &str) -> Result<(), Error> {
        let hash = hash.to_owned();
        self.store.write(move |write| {
            let own = write.sessions(user)?.iter().any(|session| session.hash == hash);
            if own && write.remove_session(&hash)? { Ok(()) } else { Err(Error::NotFound("sign-in")) }
        })
    }

    /// Removes sessions and links that have ended; returns how many.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_ended(&self, now: Moment) -> Result<usize, Error> {
        Ok(self.store.write(move |write| {
            let (begun, seen) = session::ended(now);
            Ok::<_, crate::store::Error>(write.remove_old_sessions(begun, seen)? + write.remove_old_passes(now)?)
        })?)
    }
}
