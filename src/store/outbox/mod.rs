//! What others are told after a change: written with it, sent afterwards.

mod log;
mod round;
mod targets;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};
use tokio::sync::Notify;

use super::Write;
use super::error::Error;
use crate::content::moment::Moment;
use crate::content::outbox::{Letter, ParcelId, TargetId};

pub use log::ParcelQuery;
pub use round::{Next, Recorded};

/// Wakes who sends what was posted.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There may be something to send. Never waits; rung several times before it is heard, it is heard once.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Returns when it is rung, or was since the last time.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

impl Write<'_> {
    /// Posts a letter to these targets: it is sent once this change is committed, and not before.
    ///
    /// # Errors
    /// The database's, as for every method here; `NoChance` without random numbers.
    pub fn post(&mut self, letter: &Letter, to: &[TargetId], at: Moment) -> Result<(), Error> {
        if to.is_empty() {
            return Ok(());
        }
        self.connection
            .prepare_cached("INSERT INTO outbox_message (name, topic, body, at) VALUES (?, ?, ?, ?)")?
            .execute(params![new_name()?, letter.topic, letter.body.to_string(), at.micros()])?;
        let message = self.connection.last_insert_rowid();
        for target in to {
            self.post_to(*target, message, letter.subject.as_deref(), at)?;
        }
        self.posted = true;
        Ok(())
    }

    fn post_to(&self, target: TargetId, message: i64, subject: Option<&str>, at: Moment) -> Result<(), Error> {
        let state = if self.is_behind(target, subject)? { "behind" } else { "waiting" };
        self.connection
            .prepare_cached(
                "INSERT INTO outbox_parcel (target, message, subject, state, since, due)
                 VALUES (?1, ?2, ?3, ?4, ?5, CASE ?4 WHEN 'waiting' THEN ?5 END)",
            )?
            .execute(params![target.0, message, subject, state, at.micros()])?;
        Ok(())
    }

    /// Posts a letter by hand: it is tried at once and before all others, though the target be left alone just now.
    pub fn post_by_hand(&mut self, letter: &Letter, to: TargetId, at: Moment) -> Result<ParcelId, Error> {
        self.post(letter, &[to], at)?;
        let parcel = ParcelId(self.connection.last_insert_rowid());
        self.hurry(parcel, to)?;
        Ok(parcel)
    }

    fn hurry(&mut self, parcel: ParcelId, target: TargetId) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE outbox_parcel SET due = 0 WHERE id = ? AND state = 'waiting'")?
            .execute([parcel.0])?;
        self.connection.prepare_cached("UPDATE outbox_target SET resumes = NULL WHERE id = ?")?.execute([target.0])?;
        Ok(())
    }

    /// Whether something of this subject is still to be sent to the target.
    fn is_behind(&self, target: TargetId, subject: Option<&str>) -> Result<bool, Error> {
        let Some(subject) = subject else { return Ok(false) };
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM outbox_parcel
                   WHERE target = ? AND subject = ? AND state IN ('waiting', 'behind'))",
            )?
            .query_row(params![target.0, subject], |row| row.get(0))?)
    }

    /// Posts a parcel that was sent or given up once more, under the same name, as by [`Write::post_by_hand`]. False
    /// when it still waits or there is none.
    pub fn resend(&mut self, parcel: ParcelId, now: Moment) -> Result<bool, Error> {
        let found = self
            .connection
            .prepare_cached("SELECT target, subject FROM outbox_parcel WHERE id = ? AND state IN ('sent', 'dead')")?
            .query_row([parcel.0], |row| Ok((TargetId(row.get(0)?), row.get::<_, Option<String>>(1)?)))
            .optional()?;
        let Some((target, subject)) = found else { return Ok(false) };
        let state = if self.is_behind(target, subject.as_deref())? { "behind" } else { "waiting" };
        self.connection
            .prepare_cached(
                "UPDATE outbox_parcel SET state = ?2, tries = 0, since = ?3, done = NULL,
                   due = CASE ?2 WHEN 'waiting' THEN ?3 END WHERE id = ?1",
            )?
            .execute(params![parcel.0, state, now.micros()])?;
        self.hurry(parcel, target)?;
        self.posted = true;
        Ok(true)
    }
}

/// A name that was never given, here or in a copy of this site.
fn new_name() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::NoChance(error.to_string()))?;
    Ok(bytes.iter().fold(String::from("msg_"), |name, byte| format!("{name}{byte:02x}")))
}
