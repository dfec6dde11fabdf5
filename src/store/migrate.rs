//! Bringing a database file up to date: numbered SQL files, forward only.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::Error;
use super::{faces, media, models, oversights, secret};

/// `larder` as SQLite's application id, so that `file` and we can tell what a database is.
const APPLICATION_ID: i64 = 0x4c72_6472;

/// The SQL that leads from format `n` to `n + 1`, in order.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_site.sql"),
    include_str!("migrations/0002_people.sql"),
    include_str!("migrations/0003_drafts.sql"),
    include_str!("migrations/0004_lists.sql"),
    include_str!("migrations/0005_history.sql"),
    include_str!("migrations/0006_oversights.sql"),
    include_str!("migrations/0007_redirects.sql"),
    include_str!("migrations/0008_media.sql"),
    include_str!("migrations/0009_intake.sql"),
    include_str!("migrations/0010_pictures.sql"),
    include_str!("migrations/0011_past.sql"),
    include_str!("migrations/0012_outbox.sql"),
    include_str!("migrations/0013_access.sql"),
    include_str!("migrations/0014_model.sql"),
    include_str!("migrations/0015_visitors.sql"),
];

/// The format this program knows.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The format from which on what editors overlook is kept.
const OVERSIGHTS: i64 = 6;
/// The format from which on it is noted where pictures and files are used, and with which tasks.
const NOTES_MEDIA: i64 = 10;
/// The format from which on the site has a key with which addresses of pictures are signed.
const SIGNS_PICTURES: i64 = 10;

/// Brings the database to the format this program knows; a new file is made from nothing.
///
/// Before an existing file is changed it is copied to `larder.db.before-<format>` beside itself.
///
/// # Errors
/// `Newer` and `Damaged` when the file is not ours to change.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let known = KNOWN;
    let found = format(connection, path)?;
    if found > known {
        return Err(Error::Newer { path: path.into(), found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        copy_aside(connection, path, found)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for the lock.
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for sql in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(sql)?;
    }
    if found < NOTES_MEDIA {
        media::backfill(&transaction)?;
    }
    if found < SIGNS_PICTURES {
        secret::make(&transaction)?;
    }
    faces::put(&transaction, &models::load(&transaction)?.model)?;
    if found < OVERSIGHTS {
        oversights::fill(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// Whether a file is a database that this program can use or bring up to date. Changes nothing.
///
/// # Errors
/// `Newer` and `Damaged` when it is not; an empty one is not.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), Error> {
    let known = KNOWN;
    match format(connection, path)? {
        0 => Err(Error::Damaged { path: path.into(), error: "there is nothing in it".into() }),
        found if found > known => Err(Error::Newer { path: path.into(), found, known }),
        _ => Ok(()),
    }
}

/// Whether a file is a database of the very format that this program knows. Changes nothing.
///
/// # Errors
/// `Older`, `Newer` and `Damaged` when it is not.
pub(super) fn check_same(connection: &Connection, path: &Path) -> Result<(), Error> {
    check(connection, path)?;
    let found = format(connection, path)?;
    if found < KNOWN { Err(Error::Older { path: path.into(), found, known: KNOWN }) } else { Ok(()) }
}

/// The format of the file; 0 for an empty one.
fn format(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let damaged = |error: rusqlite::Error| match Error::from(error) {
        Error::Sqlite(error) => Error::Damaged { path: path.into(), error: error.to_string() },
        other => other,
    };
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(damaged)?;
    let application = number("application_id").map_err(damaged)?;
    if tables > 0 && application != APPLICATION_ID {
        let error = "it belongs to another program".to_owned();
        return Err(Error::Damaged { path: path.into(), error });
    }
    number("user_version").map_err(damaged)
}

fn copy_aside(connection: &Connection, path: &Path, found: i64) -> Result<(), Error> {
    let aside = path.with_extension(format!("db.before-{found}"));
    if !aside.exists() {
        connection.execute("VACUUM INTO ?1", [aside.to_string_lossy()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{APPLICATION_ID, MIGRATIONS, migrate};

    #[test]
    fn what_was_written_before_there_were_lists_is_listed() {
        let mut connection = Connection::open_in_memory().expect("a database");
        for sql in &MIGRATIONS[..3] {
            connection.execute_batch(sql).expect("an earlier format");
        }
        let post =
            r#"{"title": "Oak", "author": 3, "categories": [7, 7], "featured_image": {"url": "/media/x", "alt": ""}}"#;
        connection.pragma_update(None, "application_id", APPLICATION_ID).expect("set");
        connection.pragma_update(None, "user_version", 3).expect("set");
        connection
            .execute_batch(&format!(
                "INSERT INTO entry (id, schema, slug, created, position) VALUES (1, 1, 'oak', 0, 1);
                 INSERT INTO revision (id, entry, locale, name, slug, fields, at, by, why)
                   VALUES (5, 1, 0, 'Oak', 'oak', '{post}', 10, 'Ada', 'created');
                 INSERT INTO variant (entry, locale, live, updated, published) VALUES (1, 0, 5, 10, 10);"
            ))
            .expect("written");
        let folder = tempfile::tempdir().expect("a folder");
        migrate(&mut connection, &folder.path().join("larder.db")).expect("migrated");
        let line: (String, String, i64, i64) = connection
            .query_row("SELECT title, picture, author, standing FROM overview WHERE lane = 2", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .expect("a line");
        assert_eq!(line, ("Oak".into(), "/media/x".into(), 3, 4));
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("counted");
        assert_eq!(count("SELECT lines FROM tally WHERE lane = 1"), 1);
        assert_eq!(count("SELECT count(*) FROM filed WHERE lane = 2 AND path = 'category' AND id = 7"), 1);
        assert_eq!(count("SELECT count(*) FROM bare_picture WHERE media = 'x' AND revision = 5"), 2);
    }
}
