//! What was sent and what came of it, for people to read.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::content::moment::Moment;
use crate::content::outbox::{Attempt, Message, Parcel, ParcelId, ParcelState, TargetId};
use crate::store::Read;
use crate::store::error::Error;

/// A parcel's columns, read by [`read_parcel`].
pub(super) const PARCEL: &str = "parcel.id, parcel.target, parcel.state, parcel.tries, parcel.since, parcel.due, \
     parcel.done, parcel.said, parcel.ms, message.name, message.topic, message.body, message.at, parcel.subject";

/// Which parcels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParcelQuery {
    /// Of which target.
    pub target: TargetId,
    /// In which state; in any when `None`.
    pub state: Option<ParcelState>,
    /// Older than this one; the newest when `None`.
    pub before: Option<ParcelId>,
    /// How many at most.
    pub limit: usize,
}

impl Read<'_> {
    /// Parcels, newest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn parcels(&self, query: &ParcelQuery) -> Result<Vec<Parcel>, Error> {
        let sql = format!(
            "SELECT {PARCEL} FROM outbox_parcel AS parcel JOIN outbox_message AS message ON message.id = parcel.message
             WHERE parcel.target = ?1 AND parcel.id < ?2 AND (?3 IS NULL OR parcel.state = ?3)
             ORDER BY parcel.id DESC LIMIT ?4"
        );
        let before = query.before.map_or(i64::MAX, |id| id.0);
        let state = query.state.map(ParcelState::as_str);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(
            params![query.target.0, before, state, i64::try_from(query.limit).unwrap_or(i64::MAX)],
            read_parcel,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The parcel with this id.
    pub fn parcel(&self, id: ParcelId) -> Result<Option<Parcel>, Error> {
        let sql = format!(
            "SELECT {PARCEL} FROM outbox_parcel AS parcel JOIN outbox_message AS message ON message.id = parcel.message
             WHERE parcel.id = ?"
        );
        Ok(self.connection.prepare_cached(&sql)?.query_row([id.0], read_parcel).optional()?)
    }

    /// How often a parcel was tried, and what came of it, newest first.
    pub fn attempts(&self, parcel: ParcelId) -> Result<Vec<Attempt>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT attempt.at, attempt.ms, made.taken, attempt.said, attempt.exchanges
             FROM outbox_attempt_parcel AS made JOIN outbox_attempt AS attempt ON attempt.id = made.attempt
             WHERE made.parcel = ? ORDER BY attempt.id DESC",
        )?;
        let rows = statement.query_map([parcel.0], |row| {
            Ok(Attempt {
                at: Moment::from_micros(row.get(0)?),
                ms: row.get(1)?,
                taken: row.get(2)?,
                said: row.get(3)?,
                // Only for people to read: what cannot be read is not there.
                exchanges: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many parcels of a target are in a state.
    pub fn count_parcels(&self, target: TargetId, state: ParcelState) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM outbox_parcel WHERE target = ? AND state = ?";
        let count: i64 =
            self.connection.prepare_cached(sql)?.query_row(params![target.0, state.as_str()], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// How many parcels of a target were given up after a moment, those with this subject left out.
    pub fn dead_since(&self, target: TargetId, moment: Moment, but: &str) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM outbox_parcel
                   WHERE target = ? AND state = 'dead' AND done > ? AND subject IS NOT ?";
        let count: i64 = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![target.0, moment.micros(), but], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

pub(super) fn read_parcel(row: &Row<'_>) -> rusqlite::Result<Parcel> {
    let moment = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(Moment::from_micros));
    let (said, ms): (Option<String>, Option<f64>) = (row.get(7)?, row.get(8)?);
    let body: String = row.get(11)?;
    Ok(Parcel {
        id: ParcelId(row.get(0)?),
        target: TargetId(row.get(1)?),
        // A word of a newer program: it is not sent by this one.
        state: ParcelState::parse(&row.get::<_, String>(2)?).unwrap_or(ParcelState::Behind),
        tries: row.get(3)?,
        since: Moment::from_micros(row.get(4)?),
        due: moment(5)?,
        done: moment(6)?,
        last: said.zip(ms),
        subject: row.get(13)?,
        message: Message {
            name: row.get(9)?,
            topic: row.get(10)?,
            body: serde_json::from_str(&body).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(11, rusqlite::types::Type::Text, Box::new(error))
            })?,
            at: Moment::from_micros(row.get(12)?),
        },
    })
}
