//! The audit log: who did what, when and from where. It outlives what it tells of, and is bounded by age and lines.

use rusqlite::{Row, ToSql, params};
use serde_json::Value;

use super::error::Error;
use super::{Read, Write};
use crate::account::{Deed, Record};
use crate::content::event::Event;
use crate::content::moment::Moment;

/// How many lines are kept.
const MOST: i64 = 200_000;
/// How many of them may be failed sign-ins, of which strangers can make any number.
const MOST_FAILURES: i64 = 20_000;
/// How many lines are written between two looks at how many there are.
const EACH: i64 = 4_096;
/// How long lines are kept, in microseconds: 400 days.
pub const AUDIT_KEPT: i64 = 400 * 24 * 60 * 60 * 1_000_000;
/// The longest name of something that is kept, in characters.
const LONGEST: usize = 200;

/// Which lines are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Only these deeds; all without.
    pub deeds: Vec<Deed>,
    /// Only lines with this in who, to what, or from where.
    pub words: String,
    /// Only since this moment.
    pub from: Option<Moment>,
    /// Only before this moment.
    pub to: Option<Moment>,
    /// Only lines before the one with this number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// Who makes a change, as the audit log tells of it.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// A person's or token's name.
    pub by: String,
    /// The person, by id.
    pub user: Option<i64>,
    /// From where; empty on the server.
    pub address: String,
}

impl Read<'_> {
    /// Lines of the audit log, newest first. Those of deeds that only a newer program knows are left out.
    ///
    /// # Errors
    /// The database's.
    pub fn audit(&self, query: &AuditQuery) -> Result<Vec<Record>, Error> {
        let deeds = query.deeds.iter().map(|deed| format!("'{}'", deed.as_str())).collect::<Vec<_>>().join(",");
        let among = if deeds.is_empty() { String::new() } else { format!("AND deed IN ({deeds})") };
        let sql = format!(
            "SELECT id, at, deed, by, user, address, about, detail FROM audit
             WHERE id < ?1 AND at >= ?2 AND at < ?3 {among}
               AND (?4 = '' OR instr(lower(by || char(10) || about || char(10) || address), ?4) > 0)
             ORDER BY id DESC LIMIT ?5"
        );
        let words = query.words.to_lowercase();
        let bounds: [&dyn ToSql; 5] = [
            &query.before.unwrap_or(i64::MAX),
            &query.from.map_or(i64::MIN, Moment::micros),
            &query.to.map_or(i64::MAX, Moment::micros),
            &words,
            &(query.limit as i64),
        ];
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(bounds, read_record)?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

impl Write<'_> {
    /// Says who makes this change, and from where.
    pub fn done_by(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// Notes that whoever makes this change did something.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn record(&mut self, deed: Deed, about: &str, detail: &Value) -> Result<(), Error> {
        let (at, actor) = (self.moment(), self.actor.clone());
        self.add_record(deed, at, &actor, about, detail)
    }

    /// Notes what happened to an entry, under the name that it has.
    pub(super) fn record_event(&mut self, event: &Event) -> Result<(), Error> {
        let Some(deed) = Deed::parse(event.kind.as_str()) else { return Ok(()) };
        let sql = "SELECT CAST(ifnull(json_extract(revision.fields, face.title), revision.name) AS TEXT), entry.slug, entry.schema
                   FROM entry LEFT JOIN face ON face.schema = entry.schema
                   LEFT JOIN revision ON revision.id = ifnull(?2, (
                       SELECT ifnull(draft, live) FROM variant WHERE variant.entry = entry.id AND variant.locale = ?3))
                   WHERE entry.id = ?1";
        let named = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![event.entry.0, event.revision.map(|id| id.0), event.locale.0], |row| {
                Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, i64>(2)?))
            });
        let (title, slug, schema) = match named {
            Err(rusqlite::Error::QueryReturnedNoRows) => (None, None, 0),
            named => named?,
        };
        let title = title.filter(|title| !title.is_empty()).or(slug).unwrap_or_default();
        let kind = self.model.schemas.iter().find(|known| known.id.0 == schema).map(|schema| schema.name.clone());
        let about =
            if title.is_empty() { format!("{} {}", kind.as_deref().unwrap_or("entry"), event.entry.0) } else { title };
        let mut detail = serde_json::json!({"entry": event.entry.0, "type": kind});
        if let Some(locale) = self.model.locale_slug(event.locale) {
            detail["locale"] = locale.into();
        }
        let known = self.actor.by == event.by;
        let actor = if known { self.actor.clone() } else { Actor { by: event.by.clone(), ..Actor::default() } };
        self.add_record(deed, event.at, &actor, &about, &detail)
    }

    fn add_record(&mut self, deed: Deed, at: Moment, actor: &Actor, about: &str, detail: &Value) -> Result<(), Error> {
        let about: String = about.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let Actor { by, user, address } = actor;
        self.connection
            .prepare_cached(
                "INSERT INTO audit (at, deed, by, user, address, about, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![at.micros(), deed.as_str(), by, user, address, about, detail.to_string()])?;
        if self.connection.last_insert_rowid() % EACH == 0 {
            self.bound_audit()?;
        }
        Ok(())
    }

    /// Removes lines from before a moment; returns how many.
    pub fn remove_old_records(&mut self, before: Moment) -> Result<usize, Error> {
        // Numbers grow with time, so that these are the first ones.
        let removed = self.connection.execute(
            "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit WHERE at < ?1) AND at < ?1",
            [before.micros()],
        )?;
        self.bound_audit()?;
        Ok(removed)
    }

    fn bound_audit(&mut self) -> Result<(), Error> {
        self.connection.execute(
            "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?1)",
            [MOST],
        )?;
        self.connection.execute(
            "DELETE FROM audit WHERE deed = 'sign_in_failed' AND id <= (
                 SELECT id FROM audit WHERE deed = 'sign_in_failed' ORDER BY id DESC LIMIT 1 OFFSET ?1)",
            [MOST_FAILURES],
        )?;
        Ok(())
    }
}

fn read_record(row: &Row<'_>) -> rusqlite::Result<Option<Record>> {
    let Some(deed) = Deed::parse(&row.get::<_, String>(2)?) else { return Ok(None) };
    Ok(Some(Record {
        id: row.get(0)?,
        at: Moment::from_micros(row.get(1)?),
        deed,
        by: row.get(3)?,
        user: row.get(4)?,
        address: row.get(5)?,
        about: row.get(6)?,
        // Only for people to read: what cannot be read is not there.
        detail: serde_json::from_str(&row.get::<_, String>(7)?).unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AuditQuery, MOST_FAILURES};
    use crate::account::Deed;
    use crate::content::moment::Moment;
    use crate::store::{Error, Store};

    fn count(store: &Store, deed: Deed) -> usize {
        let query = AuditQuery { deeds: vec![deed], limit: usize::MAX >> 1, ..AuditQuery::default() };
        store.read(|read| read.audit(&query)).expect("readable").len()
    }

    #[test]
    fn failed_sign_ins_push_nothing_else_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(folder.path()).expect("a site");
        let failures = usize::try_from(MOST_FAILURES).expect("a number");
        store
            .write::<_, Error>(move |write| {
                write.record(Deed::TokenMade, "website", &json!({}))?;
                for _ in 0..failures + 5_000 {
                    write.record(Deed::SignInFailed, "", &json!({}))?;
                }
                Ok(())
            })
            .expect("written");
        assert!(count(&store, Deed::SignInFailed) < failures + 5_000);
        store.write::<_, Error>(|write| write.remove_old_records(Moment::from_micros(-1)).map(drop)).expect("bounded");
        assert_eq!((count(&store, Deed::SignInFailed), count(&store, Deed::TokenMade)), (failures, 1));
    }

    #[test]
    fn old_lines_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(folder.path()).expect("a site");
        for at in [10, 20, 30] {
            let write = move |write: &mut crate::store::Write<'_>| {
                write.happens_at(Moment::from_micros(at));
                write.record(Deed::TokenMade, "website", &json!({}))
            };
            store.write::<_, Error>(write).expect("written");
        }
        let removed = store.write::<_, Error>(|write| write.remove_old_records(Moment::from_micros(25)));
        assert_eq!((removed.expect("removed"), count(&store, Deed::TokenMade)), (2, 1));
    }
}
