//! wrk: as many requests as 64 connections can send and one processor can make.

use std::path::Path;
use std::process::Command;

use crate::report::{median, say};
use crate::server::Server;

/// What is asked of a server.
pub(crate) struct Asked<'a> {
    pub(crate) server: &'a Server,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// A script for wrk that makes the requests instead, with the argument it gets.
    pub(crate) script: Option<(&'a Path, String)>,
}

/// What came of it: medians over the rounds.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    /// Processor time of the server for one request, in microseconds.
    pub(crate) cpu: f64,
}

struct Round {
    per_second: f64,
    cpu: f64,
}

/// Loads servers in turns, every other round in reversed order.
pub(crate) fn alternate(what: &str, asked: &[Asked<'_>], rounds: usize, seconds: u32) -> Vec<Measured> {
    let mut measured: Vec<Vec<Round>> = asked.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        let mut order: Vec<usize> = (0..asked.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for place in order {
            measured[place].push(asked[place].load(seconds));
        }
    }
    let medians = measured.iter().map(|rounds| Measured {
        per_second: median(rounds.iter().map(|round| round.per_second)),
        cpu: median(rounds.iter().map(|round| round.cpu)),
    });
    let medians: Vec<Measured> = medians.collect();
    for (asked, measured) in asked.iter().zip(&medians) {
        say(&format!(
            "  {what}, {:8} {:>8.0} requests/s  {:>6.2} µs of processor time each",
            asked.server.name, measured.per_second, measured.cpu
        ));
    }
    medians
}

impl Asked<'_> {
    /// One path without headers.
    pub(crate) fn plain<'a>(server: &'a Server, path: &str) -> Asked<'a> {
        Asked { server, path: path.to_owned(), headers: Vec::new(), script: None }
    }

    fn load(&self, seconds: u32) -> Round {
        let mut command = Command::new("wrk");
        command.args(["-t1", "-c64", &format!("-d{seconds}s")]);
        for (name, value) in &self.headers {
            command.arg("-H").arg(format!("{name}: {value}"));
        }
        if let Some((script, _)) = &self.script {
            command.arg("-s").arg(script);
        }
        command.arg(format!("http://{}{}", self.server.address, self.path));
        if let Some((_, argument)) = &self.script {
            command.arg("--").arg(argument);
        }
        let before = self.server.cpu();
        let output = command.output().expect("wrk");
        let cpu = self.server.cpu() - before;
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{}: {text}", self.server.name);
        let requests: f64 = number_before(&text, " requests in").unwrap_or_else(|| panic!("{text}"));
        let per_second = text.split("Requests/sec:").nth(1).and_then(|rest| rest.split_whitespace().next());
        let per_second = per_second.and_then(|number| number.parse().ok()).expect("a rate");
        Round { per_second, cpu: cpu as f64 / 1000.0 / requests }
    }
}

fn number_before(text: &str, mark: &str) -> Option<f64> {
    text.split(mark).next()?.split_whitespace().last()?.parse().ok()
}
