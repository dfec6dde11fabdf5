//! One cached answer, again and again: a post of 2.3 KB and a list of ten posts of 59 KB, on the same bytes
//! from every server.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Effort;
use crate::bare;
use crate::load::{Asked, Measured, alternate};
use crate::report::{Aim, Report, median, say};
use crate::server::Server;
use crate::site::Site;
use crate::steady;

/// How long larder may take until an answer is kept in an encoding.
const PATIENCE: Duration = Duration::from_secs(5);
/// Which share of what nginx can do at most is asked for when the time of answers is measured.
const STEADY_SHARE: f64 = 0.4;

/// How much more processor time than bare hyper larder may need before something is broken.
const STEP_BACK: f64 = 1.25;

/// Everything that serves the two answers.
struct Servers {
    larder: Server,
    hyper: Server,
    nginx: Server,
    varnish: Server,
    /// Their paths in larder and the bare server.
    small: String,
    large: String,
}

impl Servers {
    fn start(folder: &Path) -> Self {
        let site = Site::empty(folder);
        let larder = Server::larder(&site.folder);
        let (small, large) = site.write_posts(&larder);
        let files = folder.join("files");
        fs::create_dir_all(&files).expect("a folder");
        let mut index = String::new();
        for (name, path) in [("small.json", &small), ("large.json", &large)] {
            let plain = keep(&larder, path, "", files.join(name));
            let gzip = keep(&larder, path, "gzip", files.join(format!("{name}.gz")));
            say(&format!("  {name}: {plain} bytes, {gzip} with gzip"));
            index += &format!("{path}\t{name}\n");
        }
        fs::write(files.join(bare::INDEX), index).expect("written");
        let nginx = Server::nginx(&files, &folder.join("nginx"));
        let varnish = Server::varnish(&nginx, &folder.join("varnish"));
        let hyper = Server::hyper(&files);
        Self { larder, hyper, nginx, varnish, small, large }
    }
}

/// Keeps what larder answers as a file; returns its length.
fn keep(larder: &Server, path: &str, encoding: &str, file: PathBuf) -> usize {
    let mut client = larder.connect();
    let mut ask = || client.send("GET", path, &[("accept-encoding", encoding)], &[]);
    let start = Instant::now();
    let mut kept = ask();
    // Large bodies are compressed a moment after they are made.
    while kept.header("x-cache") != "HIT" || kept.header("content-encoding") != encoding {
        assert!(kept.status == 200 && start.elapsed() < PATIENCE, "{path} is not kept");
        kept = ask();
    }
    fs::write(file, &kept.body).expect("written");
    kept.body.len()
}

/// What larder is asked beside the others.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Plain,
    Gzip,
    Unchanged,
}

pub(crate) fn run(folder: &Path, effort: Effort, report: &mut Report) {
    let servers = Servers::start(folder);
    for (size, path, file) in [("2.3 KB", &servers.small, "/small.json"), ("59 KB", &servers.large, "/large.json")] {
        for how in [How::Plain, How::Gzip, How::Unchanged] {
            let what = format!("{size} {}", how.name());
            let asked =
                [(&servers.larder, &**path), (&servers.hyper, path), (&servers.nginx, file), (&servers.varnish, file)]
                    .map(|(server, path)| ask(server, path, how));
            let measured = alternate(&what, &asked, effort.rounds, effort.seconds);
            judge(size, how, &measured, report);
        }
    }
}

fn ask<'a>(server: &'a Server, path: &str, how: How) -> Asked<'a> {
    let mut asked = Asked::plain(server, path);
    let first = server.connect().get(path);
    match how {
        How::Plain => {}
        How::Gzip => asked.headers.push(("Accept-Encoding", "gzip".to_owned())),
        How::Unchanged => asked.headers.push(("If-None-Match", first.header("etag").to_owned())),
    }
    // Seen by varnish twice: once to fetch, once to keep.
    let headers: Vec<(&str, &str)> = asked.headers.iter().map(|(name, value)| (*name, &**value)).collect();
    for _ in 0..2 {
        let answer = server.connect().send("GET", path, &headers, &[]);
        assert_eq!(answer.status, if how == How::Unchanged { 304 } else { 200 }, "{}", server.name);
        assert_eq!(answer.header("content-encoding"), if how == How::Gzip { "gzip" } else { "" }, "{}", server.name);
    }
    asked
}

impl How {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Unchanged => "304",
        }
    }
}

fn judge(size: &str, how: How, measured: &[Measured], report: &mut Report) {
    let [larder, hyper, nginx, varnish] = measured else { return };
    let speed = |other: &Measured| larder.per_second / other.per_second;
    let cpu = |other: &Measured| larder.cpu / other.cpu;
    say(&format!(
        "  larder to hyper, nginx, varnish: {:.2}, {:.2}, {:.2} in requests/s; {:.2}, {:.2}, {:.2} in processor time",
        speed(hyper),
        speed(nginx),
        speed(varnish),
        cpu(hyper),
        cpu(nginx),
        cpu(varnish)
    ));
    // nginx needs more or less than hyper on different machines. A step back of larder's is seen beside hyper.
    let alarm = STEP_BACK * hyper.cpu / nginx.cpu;
    match (size, how) {
        ("2.3 KB", How::Plain) => {
            // Where the bare server is hardly faster than nginx, nobody on hyper can be.
            let bare = hyper.per_second / nginx.per_second;
            let aim = Aim::AtLeast(1.3, (bare / STEP_BACK).min(1.1));
            let reason = format!("bare hyper itself: {bare:.2}");
            report.judge_known("2.3 KB: requests/s, larder to nginx", speed(nginx), aim, &reason);
            let what = "2.3 KB: processor time, larder to nginx";
            report.judge_known(what, cpu(nginx), Aim::AtMost(0.78, alarm), "benches/RESULTS.md, \"2.3 KB\"");
            // The generator is slower than both: processor time tells them apart.
            report.judge("2.3 KB: bare hyper's processor time to larder's", 1.0 / cpu(hyper), Aim::AtLeast(0.9, 0.8));
            report.judge("2.3 KB: requests/s, larder to varnish", speed(varnish), Aim::AtLeast(2.5, 2.0));
        }
        ("59 KB", How::Plain) => {
            let reason = format!("bare hyper itself: {:.2}; nginx sends files without copying", nginx.cpu / hyper.cpu);
            let aim = Aim::AtLeast(1.0, 1.0 / alarm);
            report.judge_known("59 KB: processor time, nginx to larder", 1.0 / cpu(nginx), aim, &reason);
        }
        _ => {}
    }
}

/// How long answers take when requests come at a fixed rate.
pub(crate) fn run_steady(folder: &Path, effort: Effort, report: &mut Report) {
    let servers = Servers::start(folder);
    let pair = [(&servers.larder, &*servers.small), (&servers.nginx, "/small.json")];
    let most = alternate("most", &pair.map(|(server, path)| Asked::plain(server, path)), effort.rounds, 1);
    let rate = most[1].per_second * STEADY_SHARE;
    let mut p99 = [Vec::new(), Vec::new()];
    for round in 0..2 * effort.rounds {
        let place = (round + round / 2) % 2;
        let (server, path) = pair[place];
        let request = crate::client::request("GET", path, &[]);
        let seen = steady::ask(&server.address, rate, effort.seconds, |_| &request);
        p99[place].push(seen.percentile(0.99));
    }
    let [larder, nginx] = p99.map(median);
    say(&format!(
        "  at {rate:.0} requests/s, 99 of 100 answers are there after {larder:.0} µs (larder), {nginx:.0} µs (nginx)"
    ));
    report.judge("time of answers at a fixed rate, 99 of 100: larder to nginx", larder / nginx, Aim::AtMost(1.5, 4.0));
}
