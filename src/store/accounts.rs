//! People.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::{Role, SecondFactor, Theme, User};
use crate::content::moment::Moment;

pub(super) const USER: &str = "id, email, name, role, password, created, theme, seen, shortcuts, guided, second";

impl Read<'_> {
    /// All people, oldest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn users(&self) -> Result<Vec<User>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {USER} FROM user ORDER BY id"))?;
        let rows = statement.query_map([], read_user)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The person who signs in with this address.
    pub fn user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        let sql = format!("SELECT {USER} FROM user WHERE email = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([email], read_user).optional()?)
    }
}

impl Write<'_> {
    /// Adds a person; the `id` is given by the database unless it is positive.
    ///
    /// # Errors
    /// `Taken` when another has the address, and the database's, as for every method here.
    pub fn add_user(&mut self, user: &User) -> Result<i64, Error> {
        self.connection.execute(
            &format!("INSERT INTO user ({USER}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            params![
                (user.id > 0).then_some(user.id),
                user.email,
                user.name,
                user.role.as_str(),
                user.password,
                user.created.micros(),
                user.theme.as_str(),
                user.seen.map(Moment::micros),
                user.shortcuts,
                user.guided,
                second(user)?,
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Changes a person, but for when they were seen.
    pub fn put_user(&mut self, user: &User) -> Result<(), Error> {
        self.connection.execute(
            "UPDATE user SET email = ?2, name = ?3, role = ?4, password = ?5, theme = ?6, shortcuts = ?7, guided = ?8,
             second = ?9 WHERE id = ?1",
            params![
                user.id,
                user.email,
                user.name,
                user.role.as_str(),
                user.password,
                user.theme.as_str(),
                user.shortcuts,
                user.guided,
                second(user)?,
            ],
        )?;
        Ok(())
    }

    /// Removes a person.
    pub fn remove_user(&mut self, id: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM user WHERE id = ?", [id])?;
        Ok(())
    }
}

pub(super) fn read_user(row: &Row<'_>) -> rusqlite::Result<User> {
    let (role, theme): (String, String) = (row.get(3)?, row.get(6)?);
    Ok(User {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        // A role this version does not know gives no rights.
        role: Role::parse(&role).unwrap_or(Role::Viewer),
        password: row.get(4)?,
        created: Moment::from_micros(row.get(5)?),
        theme: Theme::parse(&theme).unwrap_or_default(),
        seen: row.get::<_, Option<i64>>(7)?.map(Moment::from_micros),
        shortcuts: row.get(8)?,
        guided: row.get(9)?,
        second: row.get::<_, Option<String>>(10)?.map(|text| read_second(&text)).transpose()?,
    })
}

fn second(user: &User) -> Result<Option<String>, Error> {
    let unwritten = |error: serde_json::Error| Error::Unreadable { what: "a second factor", why: error.to_string() };
    user.second.as_ref().map(serde_json::to_string).transpose().map_err(unwritten)
}

/// One that cannot be read keeps people out: without it, the password alone would let them in.
fn read_second(text: &str) -> rusqlite::Result<SecondFactor> {
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(10, Type::Text, error.into()))
}
