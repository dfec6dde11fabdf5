//! Who is signed in, and where.

use rusqlite::{OptionalExtension, Row, params};

use super::accounts::{USER, read_user};
use super::error::Error;
use super::{Read, Write};
use crate::account::{Role, Session, User};
use crate::content::moment::Moment;

const SESSION: &str = "hash, user, created, seen, agent, address, sees_as";

impl Read<'_> {
    /// The session with this hash, and whose it is.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn session(&self, hash: &str) -> Result<Option<(Session, User)>, Error> {
        let sql = format!("SELECT {SESSION} FROM session WHERE hash = ?");
        let session = self.connection.prepare_cached(&sql)?.query_row([hash], read_session).optional()?;
        let Some(session) = session else { return Ok(None) };
        Ok(self.user(session.user)?.map(|user| (session, user)))
    }

    /// The person with this id.
    pub fn user(&self, id: i64) -> Result<Option<User>, Error> {
        let sql = format!("SELECT {USER} FROM user WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read_user).optional()?)
    }

    /// The sessions of a person, last used first.
    pub fn sessions(&self, user: i64) -> Result<Vec<Session>, Error> {
        let sql = format!("SELECT {SESSION} FROM session WHERE user = ? ORDER BY seen DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([user], read_session)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_session(&mut self, session: &Session) -> Result<(), Error> {
        self.connection.execute(
            &format!("INSERT INTO session ({SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?)"),
            params![
                session.hash,
                session.user,
                session.created.micros(),
                session.seen.micros(),
                session.agent,
                session.address,
                session.sees_as.map(Role::as_str),
            ],
        )?;
        self.put_session_seen(&session.hash, session.seen)
    }

    /// Notes that a session was used, and by whom.
    pub fn put_session_seen(&mut self, hash: &str, seen: Moment) -> Result<(), Error> {
        let seen = params![hash, seen.micros()];
        self.connection.execute("UPDATE session SET seen = ?2 WHERE hash = ?1", seen)?;
        self.connection
            .execute("UPDATE user SET seen = ?2 WHERE id = (SELECT user FROM session WHERE hash = ?1)", seen)?;
        Ok(())
    }

    /// Sets the role by which an owner looks at the dashboard in a session; with `None`, their own.
    pub fn put_sees_as(&mut self, hash: &str, role: Option<Role>) -> Result<(), Error> {
        let set = params![hash, role.map(Role::as_str)];
        self.connection.execute("UPDATE session SET sees_as = ?2 WHERE hash = ?1", set)?;
        Ok(())
    }

    /// Ends a session; false when there is none.
    pub fn remove_session(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(self.connection.execute("DELETE FROM session WHERE hash = ?", [hash])? > 0)
    }

    /// Ends all sessions of a person but one, or all.
    pub fn remove_sessions(&mut self, user: i64, but: Option<&str>) -> Result<(), Error> {
        self.connection.execute("DELETE FROM session WHERE user = ?1 AND hash IS NOT ?2", params![user, but])?;
        Ok(())
    }

    /// Removes sessions that began or were last used before these moments; returns how many.
    pub fn remove_old_sessions(&mut self, begun: Moment, seen: Moment) -> Result<usize, Error> {
        Ok(self
            .connection
            .execute("DELETE FROM session WHERE created < ?1 OR seen < ?2", params![begun.micros(), seen.micros()])?)
    }
}

fn read_session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        hash: row.get(0)?,
        user: row.get(1)?,
        created: Moment::from_micros(row.get(2)?),
        seen: Moment::from_micros(row.get(3)?),
        agent: row.get(4)?,
        address: row.get(5)?,
        sees_as: row.get::<_, Option<String>>(6)?.and_then(|role| Role::parse(&role)),
    })
}
