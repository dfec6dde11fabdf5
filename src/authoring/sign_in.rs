//! Sign-ins.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::{Deed, Role, Session};
use crate::auth::session;
use crate::content::moment::Moment;
use crate::store::AUDIT_KEPT;

impl Authoring {
    /// Begins a session, in the place of the one with the hash `earlier` that the browser had. `with` says what was
    /// shown: `password`, `code`, ...
    ///
    /// # Errors
    /// The database's.
    pub fn begin_session(
        &self,
        session: Session,
        earlier: Option<String>,
        with: &'static str,
        signature: Signature,
    ) -> Result<(), Error> {
        self.write(&signature, move |write| {
            if let Some(earlier) = earlier {
                write.remove_session(&earlier)?;
            }
            write.record(Deed::SignedIn, "", &json!({"with": with}))?;
            Ok(write.add_session(&session)?)
        })
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The database's.
    pub fn note_session(&self, hash: &str, at: Moment) -> Result<(), Error> {
        let hash = hash.to_owned();
        Ok(self.store.write(move |write| write.put_session_seen(&hash, at))?)
    }

    /// Lets an owner look at the dashboard by another role's eyes in this session; with `None` by their own again.
    ///
    /// # Errors
    /// The database's.
    pub fn see_as(&self, hash: &str, role: Option<Role>, signature: Signature) -> Result<(), Error> {
        let hash = hash.to_owned();
        self.write(&signature, move |write| {
            if let Some(role) = role {
                write.record(Deed::SawAs, role.as_str(), &json!({}))?;
            }
            Ok(write.put_sees_as(&hash, role)?)
        })
    }

    /// Ends all sessions of this person.
    ///
    /// # Errors
    /// The database's.
    pub fn end_sessions_of(&self, user: i64, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            write.record(Deed::SignedOutEverywhere, "", &json!({}))?;
            Ok(write.remove_sessions(user, None)?)
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub fn end_session(&self, hash: &str, signature: Signature) -> Result<(), Error> {
        let hash = hash.to_owned();
        self.write(&signature, move |write| {
            write.record(Deed::SignedOut, "", &json!({}))?;
            Ok(write.remove_session(&hash).map(drop)?)
        })
    }

    /// Ends a session of this person.
    ///
    /// # Errors
    /// `NotFound` when they have no such session; the database's.
    pub fn end_session_of(&self, user: i64, hash: &str, signature: Signature) -> Result<(), Error> {
        let hash = hash.to_owned();
        self.write(&signature, move |write| {
            let own = write.sessions(user)?.into_iter().find(|session| session.hash == hash);
            let own = own.ok_or(Error::NotFound("sign-in"))?;
            write.remove_session(&hash)?;
            Ok(write.record(Deed::DeviceSignedOut, "", &json!({"signed in from": own.address}))?)
        })
    }

    /// Removes sessions, links and lines of the audit log whose time is over; returns how many.
    ///
    /// # Errors
    /// The database's.
    pub fn purge_ended(&self, now: Moment) -> Result<usize, Error> {
        Ok(self.store.write(move |write| {
            let (begun, seen) = session::ended(now);
            let records = write.remove_old_records(Moment::from_micros(now.micros() - AUDIT_KEPT))?;
            let signed_in = write.remove_old_sessions(begun, seen)? + write.remove_old_passes(now)?;
            Ok::<_, crate::store::Error>(records + signed_in)
        })?)
    }
}
