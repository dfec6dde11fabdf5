//! People and tokens.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::{Access, ApiToken, Role, Theme, User};
use crate::content::key::Key;
use crate::content::moment::Moment;

pub(super) const USER: &str = "id, email, name, role, password, created, theme, seen, shortcuts, guided";
const TOKEN: &str = "id, name, kind, hash, secret, preview, created";

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

    /// All tokens, oldest first.
    pub fn tokens(&self) -> Result<Vec<ApiToken>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {TOKEN} FROM token ORDER BY id"))?;
        let rows = statement.query_map([], read_token)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Counts the changes made to tokens. Another database in the place of this one counts on from there.
    pub fn tokens_number(&self) -> Result<i64, Error> {
        Ok(self.era.outside(self.own_tokens_number()?))
    }

    fn own_tokens_number(&self) -> Result<i64, Error> {
        Ok(self.fact("tokens")?.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Adds a person; the `id` is given by the database unless it is positive.
    ///
    /// # Errors
    /// `Taken` when another has the address, and the database's, as for every method here.
    pub fn add_user(&mut self, user: &User) -> Result<i64, Error> {
        self.connection.execute(
            &format!("INSERT INTO user ({USER}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
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
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Changes a person, but for when they were seen.
    pub fn put_user(&mut self, user: &User) -> Result<(), Error> {
        self.connection.execute(
            "UPDATE user SET email = ?2, name = ?3, role = ?4, password = ?5, theme = ?6, shortcuts = ?7, guided = ?8
             WHERE id = ?1",
            params![
                user.id,
                user.email,
                user.name,
                user.role.as_str(),
                user.password,
                user.theme.as_str(),
                user.shortcuts,
                user.guided,
            ],
        )?;
        Ok(())
    }

    /// Removes a person.
    pub fn remove_user(&mut self, id: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM user WHERE id = ?", [id])?;
        Ok(())
    }

    /// Adds a token; the `id` is given by the database unless it is positive.
    pub fn add_token(&mut self, token: &ApiToken) -> Result<i64, Error> {
        self.connection.execute(
            &format!("INSERT INTO token ({TOKEN}) VALUES (?, ?, ?, ?, ?, ?, ?)"),
            params![
                (token.id > 0).then_some(token.id),
                token.name,
                token.access.as_str(),
                token.hash,
                token.secret,
                token.preview,
                token.created.micros(),
            ],
        )?;
        let id = self.connection.last_insert_rowid();
        self.count_token_change()?;
        Ok(id)
    }

    /// Removes a token; false when there is none with this id.
    pub fn remove_token(&mut self, id: i64) -> Result<bool, Error> {
        let removed = self.connection.execute("DELETE FROM token WHERE id = ?", [id])?;
        // CDNs go on answering who has it.
        self.touch(Key::Tokens);
        self.count_token_change()?;
        Ok(removed > 0)
    }

    fn count_token_change(&mut self) -> Result<(), Error> {
        let number = self.own_tokens_number()? + 1;
        self.put_fact("tokens", number)
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
    })
}

fn read_token(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    let access: String = row.get(2)?;
    Ok(ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        access: Access::parse(&access).unwrap_or(Access::Read),
        hash: row.get(3)?,
        secret: row.get(4)?,
        preview: row.get(5)?,
        created: Moment::from_micros(row.get(6)?),
    })
}
