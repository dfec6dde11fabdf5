//! How long a publish takes with ten thousand cached answers, whatever the size of the site.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde_json::json;

use crate::Effort;
use crate::report::{Aim, Report, percentile, say};
use crate::server::Server;
use crate::site::{Site, slugs};

/// Pages whose answers are cached, each in [`forms`].
const CACHED: u64 = 1_000;
/// The small site.
const SMALL: u64 = 1_000;

struct Timed {
    median: f64,
    p99: f64,
}

pub(crate) fn run(folder: &Path, effort: Effort, report: &mut Report) {
    let flushed = Timed::of(flushes(folder, effort.publishes));
    say(&format!("  4 KB on this disk: {:.2} ms, 99 of 100 within {:.2} ms", flushed.median, flushed.p99));
    let sizes = [SMALL, effort.large];
    let slugs = slugs(CACHED);
    let sites: Vec<(Site, Server)> = sizes.iter().map(|entries| prepared(folder, *entries, &slugs)).collect();
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..effort.publishes {
        // In turns: what slows the disk slows both.
        for (times, (site, server)) in times.iter_mut().zip(&sites) {
            times.push(publish(site, server, &slugs, number));
        }
    }
    let [small, large] = times.map(Timed::of);
    for (entries, timed) in sizes.iter().zip([&small, &large]) {
        say(&format!(
            "  a publish that makes 10 of 10000 cached answers old, at {entries} entries: {:.2} ms, 99 of 100 within {:.2} ms",
            timed.median, timed.p99
        ));
    }
    say(&format!(
        "  the slow ones take {:.1} times what the disk itself takes for its slow ones",
        large.p99 / flushed.p99
    ));
    report.judge("publish, 99 of 100, ms", large.p99, Aim::AtMost(10.0, (10.0 * flushed.p99).max(100.0)));
    let ratio = large.median / small.median;
    report.judge(&format!("publish at {} entries to {SMALL}", effort.large), ratio, Aim::AtMost(1.3, 3.0));
}

impl Timed {
    fn of(milliseconds: Vec<f64>) -> Self {
        Self { median: percentile(milliseconds.iter().copied(), 0.5), p99: percentile(milliseconds, 0.99) }
    }
}

/// A site with these many entries, served, with ten thousand answers in its cache.
fn prepared(folder: &Path, entries: u64, slugs: &[String]) -> (Site, Server) {
    let site = Site::generated(&folder.join(entries.to_string()), entries);
    let server = Server::larder(&site.folder);
    let mut client = server.connect();
    for slug in slugs {
        for form in forms(slug) {
            assert_eq!(client.get(&site.path(&form)).status, 200);
        }
    }
    (site, server)
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

/// What the disk itself takes for a write that is to last.
fn flushes(folder: &Path, count: usize) -> Vec<f64> {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut file = File::create(folder.join("flushed")).expect("a file");
    let flush = |_| {
        let start = Instant::now();
        file.write_all(&[7; 4096]).expect("written");
        file.sync_data().expect("flushed");
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..count).map(flush).collect()
}
