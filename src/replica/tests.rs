//! The log's reader against SQLite itself, and copying from a store to a place and back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use rusqlite::Connection;

use super::place::{Address, Level, Place};
use super::wal::{HEADER, Wal};
use super::{Error, Settings, Silent, Until, copy_once, restore};
use crate::store::{FILE, Store, Upkeep};

/// A database in a folder, with a log of three transactions, held open by its connection.
fn logged(folder: &Path, page_size: u32) -> Connection {
    let connection = Connection::open(folder.join("a.db")).expect("a database");
    connection
        .execute_batch(&format!(
            "PRAGMA page_size = {page_size}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE a (b BLOB); INSERT INTO a VALUES (randomblob(9000)); INSERT INTO a VALUES (randomblob(100));"
        ))
        .expect("written");
    connection
}

fn pages_of(connection: &Connection) -> Vec<Vec<u8>> {
    let mut select = connection.prepare("SELECT data FROM sqlite_dbpage ORDER BY pgno").expect("compiled in");
    select.query_map([], |row| row.get(0)).expect("asked").collect::<Result<_, _>>().expect("read")
}

#[test]
fn the_log_is_read_as_sqlite_reads_it() {
    for page_size in [512, 4096, 65_536] {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = logged(folder.path(), page_size);
        let wal = Wal::open(&folder.path().join("a.db-wal")).expect("readable").expect("there");
        let news = wal.news(wal.start()).expect("read").expect("something");
        let expected = pages_of(&connection);
        assert_eq!((news.commit as usize, news.pages.len()), (expected.len(), expected.len()));
        for (number, offset) in &news.pages {
            let mut page = vec![0; page_size as usize];
            wal.page(*offset, &mut page).expect("read");
            assert_eq!(page, expected[*number as usize - 1]);
        }
        assert!(wal.news(news.end).expect("read").is_none());
        assert_eq!(wal.mark_at(news.end.salts, news.end.offset).expect("read"), Some(news.end));
        assert!(wal.mark_at((0, 0), news.end.offset).expect("read").is_none());
        // What is not committed is not there.
        connection.execute_batch("BEGIN; INSERT INTO a VALUES (randomblob(90000)); SAVEPOINT x;").expect("written");
        assert!(wal.news(news.end).expect("read").is_none());
        connection.execute_batch("ROLLBACK; INSERT INTO a VALUES (1);").expect("written");
        assert!(wal.news(news.end).expect("read").is_some());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_behind_a_changed_byte_is_believed(place in any::<proptest::sample::Index>(), change in 1_u8..) {
        let folder = tempfile::tempdir().expect("a folder");
        let _connection = logged(folder.path(), 512);
        let mut bytes = fs::read(folder.path().join("a.db-wal")).expect("read");
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        let damaged = folder.path().join("damaged");
        fs::write(&damaged, &bytes).expect("written");
        if let Some(wal) = Wal::open(&damaged).expect("readable")
            && let Some(news) = wal.news(wal.start()).expect("read")
        {
            prop_assert!(news.end.offset <= place as u64 && place as u64 >= HEADER);
        }
    }
}

/// A site and a place, with what copies one to the other.
struct Copied {
    folder: tempfile::TempDir,
    store: Arc<Store>,
    settings: Settings,
}

impl Copied {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        drop(Store::create(&site).expect("a site"));
        let store = Arc::new(Store::open_as(&site, Upkeep::Left).expect("open"));
        let settings = Settings::to(Address::Folder(folder.path().join("copies")));
        Self { folder, store, settings }
    }

    fn change(&self) {
        // A change without an effect is undone and leaves nothing: this one is a setting.
        let connection = Connection::open(self.store.path()).expect("open");
        connection
            .execute_batch("PRAGMA wal_autocheckpoint = 0; INSERT INTO meta VALUES (hex(randomblob(8)), 1)")
            .expect("written");
    }

    fn copy(&self, take_over: bool) -> Result<(), Error> {
        copy_once(&self.store, &self.folder.path().join("site"), &self.settings, take_over, true).map(drop)
    }

    fn place(&self) -> Place {
        Place::open(&self.settings.address).expect("a place")
    }

    fn raw(&self) -> Vec<(u64, u64)> {
        let parts = self.place().list(Level::RAW).expect("listed");
        parts.iter().map(|part| (part.span.last, part.size)).collect()
    }
}

#[test]
fn each_time_only_what_is_new_is_copied() {
    let copied = Copied::new();
    copied.copy(false).expect("copied");
    copied.copy(false).expect("copied");
    let whole = copied.raw();
    assert_eq!(whole.len(), 1, "nothing new, no file");
    for _ in 0..3 {
        copied.change();
        copied.copy(false).expect("copied");
    }
    let files = copied.raw();
    assert_eq!(files.iter().map(|(last, _)| *last).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(files[1..].iter().all(|(_, size)| *size * 4 < whole[0].1), "{files:?}");
}

#[test]
fn a_site_restored_to_an_earlier_state_goes_on_only_when_told() {
    let copied = Copied::new();
    for _ in 0..3 {
        copied.copy(false).expect("copied");
        copied.change();
    }
    let site = copied.folder.path().join("restored");
    restore(&copied.place(), Until::Transaction(2), &site, false, &Silent).expect("restored");
    let store = Arc::new(Store::open_as(&site, Upkeep::Left).expect("open"));
    let go_on = |take_over| copy_once(&store, &site, &copied.settings, take_over, true).map(drop);
    assert!(matches!(go_on(false), Err(Error::Ahead { theirs: 3, ours: 2, .. })));
    go_on(true).expect("taken over");
    // And the one that was there before notices.
    copied.change();
    assert!(copied.copy(false).expect_err("two of them").is_final());
}

#[test]
fn a_restored_site_copies_on_from_the_newest_state() {
    let copied = Copied::new();
    copied.copy(false).expect("copied");
    let site = copied.folder.path().join("restored");
    let restored = restore(&copied.place(), Until::Latest, &site, false, &Silent).expect("restored");
    assert_eq!(restored.transaction, 1);
    let store = Arc::new(Store::open_as(&site, Upkeep::Left).expect("open"));
    copy_once(&store, &site, &copied.settings, false, true).expect("copied on");
    assert_eq!(copied.raw().len(), 2);
    assert!(matches!(
        restore(&copied.place(), Until::Latest, &site, false, &Silent),
        Err(Error::Exists(path)) if path == site.join(FILE)
    ));
}
