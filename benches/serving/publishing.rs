//! How long a publish takes with ten thousand cached answers, whatever the size of the site; and how much of
//! it is the disk's: SQLite alone commits as many pages in turns with it, and the same is measured where the
//! disk is memory.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use serde_json::json;

use crate::Effort;
use crate::report::{Aim, Report, percentile, say};
use crate::server::Server;
use crate::site::{Site, slugs};

/// Pages whose answers are cached, each in [`forms`].
const CACHED: u64 = 1_000;
/// Entries of the small site.
const SMALL: u64 = 1_000;

/// Where disks are memory: what is left of a publish there is larder's own.
const MEMORY: &str = "/dev/shm";
/// Pages that a publish writes into the log, counted with strace.
const PAGES: u32 = 45;

pub(crate) fn run(folder: &Path, effort: Effort, report: &mut Report) {
    let slugs = slugs(CACHED);
    let [small, large] =
        [SMALL, effort.large].map(|entries| Site::generated(&folder.join(entries.to_string()), entries));
    let memory = tempfile::tempdir_in(MEMORY).expect("a folder");
    let copy = large.copied_to(memory.path());
    let mut places = [
        Place::new(format!("{SMALL} entries on disk"), small, &slugs),
        Place::new(format!("{} entries on disk", effort.large), large, &slugs),
        Place::new(format!("{} entries in memory", effort.large), copy, &slugs),
    ];
    for number in 0..effort.publishes {
        // In turns: what slows the disk slows all.
        places.iter_mut().for_each(|place| place.publish(&slugs, number));
    }
    let [small, large, memory] = places.map(Place::times);
    let (added, added_p99) = (large.publish.median - large.commit.median, large.publish.p99 - large.commit.p99);
    say(&format!("  on disk, larder adds {added:.2} ms to the median of a commit, {added_p99:.2} ms to the slow ones"));
    let reason = format!("99 of 100 commits of SQLite alone in the same run: {:.2} ms", large.commit.p99);
    let aim = Aim::AtMost(10.0, (4.0 * large.commit.p99).max(100.0));
    report.judge_known("publish on disk, 99 of 100, ms", large.publish.p99, aim, &reason);
    report.judge("publish in memory, 99 of 100, ms", memory.publish.p99, Aim::AtMost(10.0, 100.0));
    let ratio = large.publish.median / small.publish.median;
    report.judge(&format!("publish at {} entries to {SMALL}", effort.large), ratio, Aim::AtMost(1.3, 3.0));
}

/// A site that is served, and what changes of it take.
struct Place {
    name: String,
    site: Site,
    server: Server,
    bare: Bare,
    /// Milliseconds.
    publishes: Vec<f64>,
    commits: Vec<f64>,
}

/// What publishes took, and commits of SQLite alone on the same disk.
struct Times {
    publish: Timed,
    commit: Timed,
}

/// Milliseconds.
struct Timed {
    median: f64,
    p99: f64,
}

impl Place {
    fn new(name: String, site: Site, slugs: &[String]) -> Self {
        let server = prepared(&site, slugs);
        let bare = Bare::new(&site.folder.join("bare.db"));
        Self { name, site, server, bare, publishes: Vec::new(), commits: Vec::new() }
    }

    fn publish(&mut self, slugs: &[String], number: usize) {
        self.publishes.push(publish(&self.site, &self.server, slugs, number));
        self.commits.push(self.bare.commit(number));
    }

    fn times(self) -> Times {
        let times = Times { publish: Timed::of(self.publishes), commit: Timed::of(self.commits) };
        for (what, Timed { median, p99 }) in [("publish", &times.publish), ("commit of SQLite alone", &times.commit)] {
            say(&format!("  {}: {what} {median:.2} ms, 99 of 100 within {p99:.2} ms", self.name));
        }
        times
    }
}

/// A database that takes what a publish writes, as larder's is set up: what no program on SQLite can save.
struct Bare(Connection);

impl Bare {
    fn new(file: &Path) -> Self {
        let connection = Connection::open(file).expect("a database");
        for (setting, value) in [("journal_mode", "wal"), ("synchronous", "full")] {
            connection.pragma_update(None, setting, value).expect("set");
        }
        // larder brings the log into the file beside its commits, not in them.
        connection.pragma_update(None, "wal_autocheckpoint", 0).expect("set");
        connection.execute_batch("CREATE TABLE page (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)").expect("a table");
        Self(connection)
    }

    /// Writes as many pages as a publish does; returns the milliseconds it took.
    fn commit(&self, number: usize) -> f64 {
        // One to a page of SQLite's.
        let bytes = vec![number as u8; 3_500];
        let start = Instant::now();
        let transaction = self.0.unchecked_transaction().expect("begun");
        for id in 0..PAGES {
            self.0
                .prepare_cached("REPLACE INTO page VALUES (?, ?)")
                .expect("prepared")
                .execute((id, &bytes))
                .expect("put");
        }
        transaction.commit().expect("committed");
        start.elapsed().as_secs_f64() * 1e3
    }
}

impl Timed {
    fn of(milliseconds: Vec<f64>) -> Self {
        Self { median: percentile(milliseconds.iter().copied(), 0.5), p99: percentile(milliseconds, 0.99) }
    }
}

/// Serves a site with ten thousand answers in its cache.
fn prepared(site: &Site, slugs: &[String]) -> Server {
    let server = Server::larder(&site.folder);
    let mut client = server.connect();
    for slug in slugs {
        for form in forms(slug) {
            assert_eq!(client.get(&site.path(&form)).status, 200);
        }
    }
    server
}

/// Ten questions whose answers show one page and nothing else: the page itself, and lists that hold only
/// it. A change of the page makes all ten old.
fn forms(slug: &str) -> Vec<String> {
    let page = |alt| format!("pages/generated/{slug}/?levels=1&alt_media_text={alt}");
    // A generated page's headline is its slug in other words.
    let words = slug.replace('-', "%20");
    let headline = words[..1].to_uppercase() + &words[1..];
    let list = move |number: u32| {
        let (alt, size) = (number % 2, 1 + number / 2);
        format!("pages/generated/?fields.headline={headline}&levels=1&alt_media_text={alt}&page_size={size}")
    };
    (0..2).map(page).chain((0..8).map(list)).collect()
}

/// Changes and publishes a page; returns the milliseconds until the answer.
fn publish(site: &Site, server: &Server, slugs: &[String], number: usize) -> f64 {
    let slug = &slugs[number * 37 % slugs.len()];
    let path = format!("/v2/pages/generated/{slug}/");
    let teaser = format!("Changed for the {number}th time.");
    let body = json!({"status": "published", "fields": {"teaser": teaser}});
    let start = Instant::now();
    site.change(server, "PATCH", &path, &body);
    let took = start.elapsed().as_secs_f64() * 1e3;
    for form in forms(slug) {
        let shown = server.connect().get(&site.path(&form));
        assert!(String::from_utf8_lossy(&shown.body).contains(&teaser), "{form} is old");
        assert_eq!(shown.header("x-cache"), "HIT", "{form}");
    }
    took
}
