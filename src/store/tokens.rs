//! Tokens: the keys of programs.

use rusqlite::{Row, params};

use super::error::Error;
use super::{Read, Write};
use crate::account::{Access, ApiToken, Former, LastUse};
use crate::content::key::Key;
use crate::content::moment::Moment;

const TOKEN: &str = "id, name, kind, hash, secret, preview, created, ends, old_hash, old_ends, seen, seen_from";

impl Read<'_> {
    /// All tokens, oldest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
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
    /// Adds a token; the `id` is given by the database unless it is positive.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_token(&mut self, token: &ApiToken) -> Result<i64, Error> {
        self.connection.execute(
            "INSERT INTO token (id, name, kind, hash, secret, preview, created, ends, old_hash, old_ends)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                (token.id > 0).then_some(token.id),
                token.name,
                token.access.as_str(),
                token.hash,
                token.secret,
                token.preview,
                token.created.micros(),
                token.ends.map(Moment::micros),
                token.former.as_ref().map(|former| &former.hash),
                token.former.as_ref().map(|former| former.ends.micros()),
            ],
        )?;
        let id = self.connection.last_insert_rowid();
        self.count_token_change()?;
        Ok(id)
    }

    /// Changes a token: its name, secrets, end, and whether it sees previews.
    pub fn put_token(&mut self, token: &ApiToken) -> Result<(), Error> {
        self.connection.execute(
            "UPDATE token SET name = ?2, hash = ?3, secret = ?4, preview = ?5, ends = ?6, old_hash = ?7, old_ends = ?8
             WHERE id = ?1",
            params![
                token.id,
                token.name,
                token.hash,
                token.secret,
                token.preview,
                token.ends.map(Moment::micros),
                token.former.as_ref().map(|former| &former.hash),
                token.former.as_ref().map(|former| former.ends.micros()),
            ],
        )?;
        // CDNs go on answering who has what it was.
        self.touch(Key::Tokens);
        self.count_token_change()
    }

    /// Notes the last uses of tokens, by their numbers. No token changes by that.
    pub fn put_token_uses(&mut self, uses: &[(i64, LastUse)]) -> Result<(), Error> {
        let mut statement =
            self.connection.prepare_cached("UPDATE token SET seen = ?2, seen_from = ?3 WHERE id = ?1")?;
        for (id, last) in uses {
            statement.execute(params![id, last.at.micros(), last.from])?;
        }
        Ok(())
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

fn read_token(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    let access: String = row.get(2)?;
    let moment = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Moment::from_micros));
    let former = row.get::<_, Option<String>>(8)?.zip(moment(9)?);
    let used = moment(10)?.zip(row.get::<_, Option<String>>(11)?);
    Ok(ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        access: Access::parse(&access).unwrap_or(Access::Read),
        hash: row.get(3)?,
        secret: row.get(4)?,
        preview: row.get(5)?,
        created: Moment::from_micros(row.get(6)?),
        ends: moment(7)?,
        former: former.map(|(hash, ends)| Former { hash, ends }),
        used: used.map(|(at, from)| LastUse { at, from }),
    })
}
