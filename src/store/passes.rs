//! Links that were handed to somebody: invitations and new passwords.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::{Pass, Purpose, Role};
use crate::content::moment::Moment;

const PASS: &str = "hash, user, email, role, by, created, ends";

impl Read<'_> {
    /// The pass with this hash, whether it still works or not.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn pass(&self, hash: &str) -> Result<Option<Pass>, Error> {
        let sql = format!("SELECT {PASS} FROM pass WHERE hash = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([hash], read_pass).optional()?)
    }

    /// All invitations, oldest first.
    pub fn invitations(&self) -> Result<Vec<Pass>, Error> {
        let sql = format!("SELECT {PASS} FROM pass WHERE email IS NOT NULL ORDER BY created, hash");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], read_pass)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Adds a pass in the place of an earlier one for the same person and purpose.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_pass(&mut self, pass: &Pass) -> Result<(), Error> {
        let (user, email, role) = match &pass.purpose {
            Purpose::Invite { email, role } => (None, Some(email), Some(role.as_str())),
            Purpose::Reset(user) => (Some(*user), None, None),
        };
        self.connection.execute("DELETE FROM pass WHERE user = ?1 OR email = ?2", params![user, email])?;
        self.connection.execute(
            &format!("INSERT INTO pass ({PASS}) VALUES (?, ?, ?, ?, ?, ?, ?)"),
            params![pass.hash, user, email, role, pass.by, pass.created.micros(), pass.ends.micros()],
        )?;
        Ok(())
    }

    /// Removes a pass; false when there is none.
    pub fn remove_pass(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(self.connection.execute("DELETE FROM pass WHERE hash = ?", [hash])? > 0)
    }

    /// Removes the passes that let this person choose a new password.
    pub fn remove_resets(&mut self, user: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM pass WHERE user = ?", [user])?;
        Ok(())
    }

    /// Removes the invitations of an address.
    pub fn remove_invitation(&mut self, email: &str) -> Result<bool, Error> {
        Ok(self.connection.execute("DELETE FROM pass WHERE email = ?", [email])? > 0)
    }

    /// Removes passes that work no more.
    pub fn remove_old_passes(&mut self, now: Moment) -> Result<usize, Error> {
        Ok(self.connection.execute("DELETE FROM pass WHERE ends <= ?", [now.micros()])?)
    }
}

fn read_pass(row: &Row<'_>) -> rusqlite::Result<Pass> {
    let purpose = match row.get::<_, Option<i64>>(1)? {
        Some(user) => Purpose::Reset(user),
        None => Purpose::Invite {
            email: row.get(2)?,
            // A role this version does not know gives no rights.
            role: Role::parse(&row.get::<_, String>(3)?).unwrap_or(Role::Viewer),
        },
    };
    Ok(Pass {
        hash: row.get(0)?,
        purpose,
        by: row.get(4)?,
        created: Moment::from_micros(row.get(5)?),
        ends: Moment::from_micros(row.get(6)?),
    })
}
