//! How fast does larder serve? `make bench` starts larder, nginx, varnish and a bare hyper server on the
//! same bytes, each alone on processor 0 while processor 1 generates load, and prints ratios with the
//! project's aims. Seconds differ from machine to machine and from minute to minute; ratios of servers
//! measured in alternation hold.
//!
//! `LARDER_BENCH_QUICK=1` measures a tenth of it. `LARDER_BENCH_ONLY` names the chapters to run, by their
//! first letters: `cached`, `steady`, `mixed`, `publishing`, `footprint`, `pictures`. What is missing of nginx,
//! varnish, wrk and vips is installed with apt-get when that is possible. Results: `benches/RESULTS.md`.

mod bare;
mod cached;
mod client;
mod footprint;
mod load;
mod mixed;
mod pictures;
mod publishing;
#[path = "../report.rs"]
mod report;
mod server;
mod site;
mod steady;
mod tools;

use std::path::Path;

use report::Report;

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// Rounds of every comparison.
    pub(crate) rounds: usize,
    /// Seconds of one round.
    pub(crate) seconds: u32,
    /// Entries of the large site.
    pub(crate) large: u64,
    /// Seconds of the run with a publish each second.
    pub(crate) publishing_seconds: u32,
    /// How many publishes are timed.
    pub(crate) publishes: usize,
}

impl Effort {
    fn asked_for() -> Self {
        if std::env::var_os("LARDER_BENCH_QUICK").is_some() {
            Self { rounds: 2, seconds: 1, large: 10_000, publishing_seconds: 5, publishes: 50 }
        } else {
            Self { rounds: 3, seconds: 2, large: 100_000, publishing_seconds: 20, publishes: 300 }
        }
    }
}

/// Measures something in a folder of its own.
type Chapter = fn(&Path, Effort, &mut Report);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, bare, folder] = &arguments[..]
        && bare == bare::ARGUMENT
    {
        return bare::serve(Path::new(folder));
    }
    // `cargo test` starts benchmarks too, to see whether they start.
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if !tools::prepare() {
        std::process::exit(1);
    }
    let effort = Effort::asked_for();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut report = Report::default();
    let chapters: [(&str, Chapter); 6] = [
        ("cached", cached::run),
        ("steady", cached::run_steady),
        ("footprint", footprint::run),
        ("publishing", publishing::run),
        ("mixed", mixed::run),
        ("pictures", pictures::run),
    ];
    let only = std::env::var("LARDER_BENCH_ONLY").unwrap_or_default();
    for (name, chapter) in chapters.into_iter().filter(|(name, _)| name.starts_with(&only)) {
        report::say(&format!("\n# {name}"));
        chapter(&folder.path().join(name), effort, &mut report);
    }
    let alarms = report.finish();
    drop(folder);
    if alarms > 0 {
        std::process::exit(1);
    }
}
