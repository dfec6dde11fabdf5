//! What the courier asks and notes: what is due, and what came of an attempt.

use rusqlite::params;

use super::log::{PARCEL, read_parcel};
use crate::content::moment::Moment;
use crate::content::outbox::{Exchange, Parcel, ParcelId, Standing, TargetId};
use crate::store::error::Error;
use crate::store::{Read, Write};

/// How long what was sent or given up is kept, in microseconds: 30 days.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;
/// How many parcels that were sent are kept of each target.
const SENT: i64 = 1_000;
/// How many that were given up.
const DEAD: i64 = 10_000;

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Whose parcels were sent.
    pub target: TargetId,
    /// When the attempt began.
    pub at: Moment,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// What it ended with, in a few words.
    pub said: String,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
    /// What becomes of each parcel.
    pub parcels: Vec<(ParcelId, Next)>,
    /// How the target stands now.
    pub standing: Standing,
    /// The moment of the note.
    pub now: Moment,
    /// What was posted before this is given up: the target has not taken anything for as long.
    pub abandon: Option<Moment>,
}

/// What becomes of a parcel after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was taken.
    Sent,
    /// It is tried again then.
    Again(Moment),
    /// It is given up.
    Dead,
}

impl Read<'_> {
    /// Parcels of a target whose time has come, those that wait longest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn due_parcels(&self, target: TargetId, now: Moment, limit: usize) -> Result<Vec<Parcel>, Error> {
        let sql = format!(
            "SELECT {PARCEL} FROM outbox_parcel AS parcel JOIN outbox_message AS message ON message.id = parcel.message
             WHERE parcel.target = ? AND parcel.state = 'waiting' AND parcel.due <= ?
             ORDER BY parcel.due, parcel.id LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![target.0, now.micros(), limit as i64], read_parcel)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the next parcel of a target is due after a moment.
    pub fn next_parcel(&self, target: TargetId, after: Moment) -> Result<Option<Moment>, Error> {
        let sql = "SELECT min(due) FROM outbox_parcel WHERE target = ? AND state = 'waiting' AND due > ?";
        let next: Option<i64> =
            self.connection.prepare_cached(sql)?.query_row([target.0, after.micros()], |row| row.get(0))?;
        Ok(next.map(Moment::from_micros))
    }

    /// What was done long ago, and the oldest of what is more than is kept.
    pub fn old_parcels(&self, now: Moment) -> Result<Vec<ParcelId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM outbox_parcel WHERE done < ?1
             UNION SELECT parcel.id FROM outbox_target AS target JOIN outbox_parcel AS parcel
               ON parcel.target = target.id AND parcel.state = 'sent' AND parcel.id <= (
                 SELECT id FROM outbox_parcel WHERE target = target.id AND state = 'sent'
                  ORDER BY id DESC LIMIT 1 OFFSET ?2)
             UNION SELECT parcel.id FROM outbox_target AS target JOIN outbox_parcel AS parcel
               ON parcel.target = target.id AND parcel.state = 'dead' AND parcel.id <= (
                 SELECT id FROM outbox_parcel WHERE target = target.id AND state = 'dead'
                  ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        )?;
        let rows = statement.query_map(params![now.micros() - KEPT, SENT, DEAD], |row| row.get(0).map(ParcelId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Notes what an attempt came to. Parcels that were removed meanwhile are passed over.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn record_attempt(&mut self, recorded: &Recorded) -> Result<(), Error> {
        let exchanges = serde_json::to_string(&recorded.exchanges).unwrap_or_else(|_| "[]".into());
        self.connection
            .prepare_cached("INSERT INTO outbox_attempt (at, ms, said, exchanges) VALUES (?, ?, ?, ?)")?
            .execute(params![recorded.at.micros(), recorded.ms, recorded.said, exchanges])?;
        let attempt = self.connection.last_insert_rowid();
        let mut known = false;
        for (parcel, next) in &recorded.parcels {
            if self.put_outcome_of(*parcel, *next, recorded)? {
                known = true;
                self.connection
                    .prepare_cached("INSERT INTO outbox_attempt_parcel (parcel, attempt, taken) VALUES (?, ?, ?)")?
                    .execute(params![parcel.0, attempt, *next == Next::Sent])?;
            }
        }
        if !known {
            self.connection.prepare_cached("DELETE FROM outbox_attempt WHERE id = ?")?.execute([attempt])?;
        }
        if let Some(before) = recorded.abandon {
            self.abandon(recorded.target, before, recorded.now)?;
        }
        self.put_standing(recorded.target, recorded.standing)
    }

    /// False when the parcel is gone.
    fn put_outcome_of(&mut self, parcel: ParcelId, next: Next, recorded: &Recorded) -> Result<bool, Error> {
        let (state, due, done) = match next {
            Next::Sent => ("sent", None, Some(recorded.now)),
            Next::Again(due) => ("waiting", Some(due), None),
            Next::Dead => ("dead", None, Some(recorded.now)),
        };
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE outbox_parcel SET state = ?2, tries = tries + 1, due = ?3, done = ?4, said = ?5, ms = ?6
                 WHERE id = ?1",
            )?
            .execute(params![
                parcel.0,
                state,
                due.map(Moment::micros),
                done.map(Moment::micros),
                recorded.said,
                recorded.ms
            ])?;
        if done.is_some() {
            self.call_next(parcel, recorded.now)?;
        }
        Ok(changed > 0)
    }

    /// The one behind it in its subject is next.
    fn call_next(&mut self, parcel: ParcelId, now: Moment) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE outbox_parcel SET state = 'waiting', due = ?2 WHERE id = (
                   SELECT min(next.id) FROM outbox_parcel AS this JOIN outbox_parcel AS next
                     ON next.target = this.target AND next.subject = this.subject AND next.state = 'behind'
                   WHERE this.id = ?1)",
            )?
            .execute(params![parcel.0, now.micros()])?;
        Ok(())
    }

    /// Gives up everything that was posted to a target before a moment.
    fn abandon(&mut self, target: TargetId, before: Moment, now: Moment) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE outbox_parcel SET state = 'dead', due = NULL, done = ?3
                 WHERE target = ?1 AND state IN ('waiting', 'behind') AND since < ?2",
            )?
            .execute(params![target.0, before.micros(), now.micros()])?;
        // Where all of a subject that stood before it are gone, the first of the rest is next.
        self.connection
            .prepare_cached(
                "UPDATE outbox_parcel SET state = 'waiting', due = ?2
                 WHERE target = ?1 AND state = 'behind' AND NOT EXISTS (
                   SELECT 1 FROM outbox_parcel AS earlier
                    WHERE earlier.target = ?1 AND earlier.subject = outbox_parcel.subject
                      AND earlier.state IN ('waiting', 'behind') AND earlier.id < outbox_parcel.id)",
            )?
            .execute(params![target.0, now.micros()])?;
        Ok(())
    }

    /// Removes what was done long ago, and the oldest of what is more than is kept.
    pub fn prune_outbox(&mut self, now: Moment) -> Result<(), Error> {
        for parcel in self.old_parcels(now)? {
            self.remove_parcel(parcel)?;
        }
        Ok(())
    }

    /// Removes a parcel, with what no other one needs.
    fn remove_parcel(&mut self, parcel: ParcelId) -> Result<(), Error> {
        let sql = "SELECT attempt FROM outbox_attempt_parcel WHERE parcel = ?";
        let attempts: Vec<i64> =
            self.connection.prepare_cached(sql)?.query_map([parcel.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
        self.connection.prepare_cached("DELETE FROM outbox_attempt_parcel WHERE parcel = ?")?.execute([parcel.0])?;
        for attempt in attempts {
            self.connection
                .prepare_cached(
                    "DELETE FROM outbox_attempt WHERE id = ?1
                       AND NOT EXISTS (SELECT 1 FROM outbox_attempt_parcel WHERE attempt = ?1)",
                )?
                .execute([attempt])?;
        }
        let message: i64 = self
            .connection
            .prepare_cached("DELETE FROM outbox_parcel WHERE id = ? RETURNING message")?
            .query_row([parcel.0], |row| row.get(0))?;
        self.connection
            .prepare_cached(
                "DELETE FROM outbox_message WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM outbox_parcel WHERE message = ?1)",
            )?
            .execute([message])?;
        Ok(())
    }
}
