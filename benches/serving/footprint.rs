//! What larder takes when idle and until it answers first.

use std::path::Path;
use std::time::Instant;

use crate::Effort;
use crate::report::{Aim, Report, median, say};
use crate::server::Server;
use crate::site::{Site, slugs};

/// How often starts are timed.
const STARTS: usize = 7;

pub(crate) fn run(folder: &Path, _effort: Effort, report: &mut Report) {
    for entries in [1_000, 10_000] {
        let site = Site::generated(&folder.join(entries.to_string()), entries);
        let path = site.path(&format!("pages/generated/{}/", slugs(1)[0]));
        let mut memory = 0;
        let starts = (0..STARTS).map(|_| {
            let start = Instant::now();
            let server = Server::larder(&site.folder);
            assert_eq!(server.connect().get(&path).status, 200);
            let took = start.elapsed().as_secs_f64() * 1e3;
            memory = server.memory();
            took
        });
        let took = median(starts.collect::<Vec<_>>());
        let memory = memory as f64 / 1e6;
        say(&format!("  {entries} entries: first answer {took:.0} ms after the start, then {memory:.1} MB in memory"));
        if entries == 1_000 {
            report.judge("from start to first answer with 1000 entries, ms", took, Aim::AtMost(100.0, 500.0));
            report.judge("idle memory, MB", memory, Aim::AtMost(25.0, 40.0));
        }
    }
}
