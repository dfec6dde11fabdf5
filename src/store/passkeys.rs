//! People's passkeys.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::Passkey;
use crate::content::moment::Moment;

const PASSKEY: &str = "id, user, handle, name, key, state, created, seen";

impl Read<'_> {
    /// The passkey that browsers know by this id.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn passkey(&self, id: &[u8]) -> Result<Option<Passkey>, Error> {
        let sql = format!("SELECT {PASSKEY} FROM passkey WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read_passkey).optional()?)
    }

    /// The passkeys of a person, oldest first.
    pub fn passkeys(&self, user: i64) -> Result<Vec<Passkey>, Error> {
        let sql = format!("SELECT {PASSKEY} FROM passkey WHERE user = ? ORDER BY created, id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([user], read_passkey)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many passkeys each person has who has any.
    pub fn count_passkeys(&self) -> Result<Vec<(i64, u64)>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT user, count(*) FROM passkey GROUP BY user")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Adds a passkey.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_passkey(&mut self, passkey: &Passkey) -> Result<(), Error> {
        self.connection.execute(
            &format!("INSERT INTO passkey ({PASSKEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
            params![
                passkey.id,
                passkey.user,
                passkey.handle,
                passkey.name,
                passkey.key,
                passkey.state,
                passkey.created.micros(),
                passkey.seen.map(Moment::micros),
            ],
        )?;
        Ok(())
    }

    /// Notes that a passkey was used, and what that changed of it.
    pub fn put_passkey_use(&mut self, id: &[u8], state: &[u8], seen: Moment) -> Result<(), Error> {
        let used = params![id, state, seen.micros()];
        self.connection.execute("UPDATE passkey SET state = ?2, seen = ?3 WHERE id = ?1", used)?;
        Ok(())
    }

    /// Removes a passkey.
    pub fn remove_passkey(&mut self, id: &[u8]) -> Result<(), Error> {
        self.connection.execute("DELETE FROM passkey WHERE id = ?", [id])?;
        Ok(())
    }

    /// Removes all passkeys of a person; returns how many.
    pub fn remove_passkeys(&mut self, user: i64) -> Result<usize, Error> {
        Ok(self.connection.execute("DELETE FROM passkey WHERE user = ?", [user])?)
    }
}

fn read_passkey(row: &Row<'_>) -> rusqlite::Result<Passkey> {
    Ok(Passkey {
        id: row.get(0)?,
        user: row.get(1)?,
        handle: row.get(2)?,
        name: row.get(3)?,
        key: row.get(4)?,
        state: row.get(5)?,
        created: Moment::from_micros(row.get(6)?),
        seen: row.get::<_, Option<i64>>(7)?.map(Moment::from_micros),
    })
}
