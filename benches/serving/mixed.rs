//! Very many pages, some asked for much more often than others, while people publish.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Effort;
use crate::bare;
use crate::client::request;
use crate::load::{Asked, alternate};
use crate::report::{Aim, Report, say};
use crate::server::Server;
use crate::site::{Site, slugs};
use crate::steady;

/// Requests drawn in advance.
const DRAWN: usize = 500_000;
/// Requests a second while people publish.
const RATE: f64 = 5_000.0;
/// Files of their own that nginx and the bare server get; the others repeat their bytes.
const SAMPLES: usize = 50;

/// Room for all answers: nginx and the bare server have them all in memory, too.
const CACHE: [&str; 2] = ["--cache-mb", "1024"];

/// wrk asks for what the drawn numbers say.
const SCRIPT: &str = r#"
local paths, numbers, next = {}, {}, 0
init = function(arguments)
  for path in io.lines(arguments[1] .. ".paths") do paths[#paths + 1] = wrk.format("GET", path) end
  for number in io.lines(arguments[1] .. ".numbers") do numbers[#numbers + 1] = tonumber(number) end
end
request = function()
  next = next % #numbers + 1
  return paths[numbers[next]]
end
"#;

pub(crate) fn run(folder: &Path, effort: Effort, report: &mut Report) {
    let site = Site::generated(folder, effort.large);
    let larder = Server::larder_with(&site.folder, &CACHE);
    let slugs = slugs(effort.large);
    let paths: Vec<String> = slugs.iter().map(|slug| site.path(&format!("pages/generated/{slug}/"))).collect();
    memory(&larder, &paths, report);
    throughput(folder, &larder, &paths, &zipf(paths.len(), 1), effort, report);
    // Other draws: pages that were not asked for just now are asked for too.
    hit_ratio(&site, &larder, &slugs, &paths, &zipf(paths.len(), 2), effort, report);
}

/// Asks for everything once; what that takes in memory for each byte of the answers.
fn memory(larder: &Server, paths: &[String], report: &mut Report) {
    let mut client = larder.connect();
    // What the first thousand need beside themselves, all need once.
    for path in &paths[..1_000] {
        client.get(path);
    }
    // Drafts are never kept: what the database's readers and the allocator take for themselves.
    for path in paths.iter().step_by(4) {
        client.get(&format!("{path}&preview=1"));
    }
    let before = larder.memory();
    let start = Instant::now();
    let mut bytes = 0;
    for path in &paths[1_000..] {
        bytes += client.get(path).body.len();
    }
    let count = paths.len() - 1_000;
    let each = start.elapsed().as_secs_f64() * 1e6 / count as f64;
    let grown = larder.memory() - before;
    let kept = paths.iter().filter(|path| client.get(path).header("x-cache") == "HIT").count();
    let mut compressed = 0;
    for path in paths.iter().step_by(100) {
        compressed += ["gzip", "br"].map(|encoding| compressed_length(larder, path, encoding)).iter().sum::<usize>();
    }
    let share = count.min(kept) as f64 / count as f64;
    let bytes = (bytes as f64 + compressed as f64 * 100.0) * share;
    let per_answer = |bytes: f64| bytes / count.min(kept) as f64;
    say(&format!(
        "  {count} answers made, {each:.0} µs each with one client; then {kept} of {} were kept",
        paths.len()
    ));
    say(&format!(
        "  {:.0} bytes of body in all encodings, {:.0} in memory for each answer",
        per_answer(bytes),
        per_answer(grown as f64)
    ));
    report.judge("memory to bytes cached", grown as f64 / bytes, Aim::AtMost(1.3, 4.0));
}

/// The length of a compressed form; 0 when there is none.
fn compressed_length(larder: &Server, path: &str, encoding: &str) -> usize {
    let answer = larder.connect().send("GET", path, &[("accept-encoding", encoding)], &[]);
    if answer.header("content-encoding") == encoding { answer.body.len() } else { 0 }
}

fn throughput(
    folder: &Path,
    larder: &Server,
    paths: &[String],
    numbers: &[usize],
    effort: Effort,
    report: &mut Report,
) {
    let files = folder.join("files");
    fs::create_dir_all(&files).expect("a folder");
    let mut client = larder.connect();
    for (number, path) in paths.iter().take(SAMPLES).enumerate() {
        let body = client.get(path).body;
        fs::write(files.join(number.to_string()), &body).expect("written");
        fs::write(files.join(format!("{number}.gz")), &body).expect("written");
    }
    let mut index = String::new();
    let mut links = String::new();
    for (number, path) in paths.iter().enumerate() {
        index += &format!("{path}\t{}\n", number % SAMPLES);
        links += &format!("/page-{number}\n");
        fs::hard_link(files.join((number % SAMPLES).to_string()), files.join(format!("page-{number}")))
            .expect("linked");
    }
    fs::write(files.join(bare::INDEX), index).expect("written");
    let numbers: String = numbers.iter().map(|number| format!("{}\n", number + 1)).collect();
    for (name, paths) in [("larder", paths.join("\n")), ("nginx", links)] {
        fs::write(folder.join(format!("{name}.paths")), paths).expect("written");
        fs::write(folder.join(format!("{name}.numbers")), &numbers).expect("written");
    }
    let script = folder.join("drawn.lua");
    fs::write(&script, SCRIPT).expect("written");
    let hyper = Server::hyper(&files);
    let nginx = Server::nginx(&files, &folder.join("nginx"));
    let asked = [(larder, "larder"), (&hyper, "larder"), (&nginx, "nginx")].map(|(server, name)| Asked {
        script: Some((&script, folder.join(name).to_string_lossy().into_owned())),
        ..Asked::plain(server, "/")
    });
    let measured = alternate("mixed", &asked, effort.rounds, effort.seconds);
    let cpu = |other: usize| measured[other].cpu / measured[0].cpu;
    report.judge("mixed: bare hyper's processor time to larder's", cpu(1), Aim::AtLeast(0.9, 0.5));
    report.judge("mixed: nginx's processor time to larder's", cpu(2), Aim::AtLeast(1.0, 0.5));
}

/// How many requests are answered from memory while a page is published each second.
fn hit_ratio(
    site: &Site,
    larder: &Server,
    slugs: &[String],
    paths: &[String],
    numbers: &[usize],
    effort: Effort,
    report: &mut Report,
) {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| request("GET", path, &[])).collect();
    let over = AtomicBool::new(false);
    let (seen, published) = thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            let mut published = 0;
            while !over.load(Ordering::Relaxed) {
                // What is read most is changed most.
                let slug = &slugs[numbers[published * 7919 % numbers.len()]];
                let body = json!({"status": "published", "fields": {"teaser": format!("Changed, {published}.")}});
                site.change(larder, "PATCH", &format!("/v2/pages/generated/{slug}/"), &body);
                published += 1;
                thread::sleep(Duration::from_secs(1));
            }
            published
        });
        let draw = |number: u64| &*requests[numbers[number as usize % numbers.len()]];
        let seen = steady::ask(&larder.address, RATE, effort.publishing_seconds, draw);
        over.store(true, Ordering::Relaxed);
        (seen, publisher.join().expect("published"))
    });
    let ratio = 100.0 * (1.0 - seen.misses as f64 / seen.answers as f64);
    say(&format!(
        "  {} requests and {published} publishes: {} misses; 99 of 100 answers within {:.0} µs",
        seen.answers,
        seen.misses,
        seen.percentile(0.99)
    ));
    report.judge("answers from memory with a publish each second, %", ratio, Aim::AtLeast(99.5, 90.0));
}

/// Numbers below `count`, the n-th as often as 1/n (Zipf), from repeatable chance.
fn zipf(count: usize, seed: u64) -> Vec<usize> {
    let mut sums: Vec<f64> = Vec::with_capacity(count);
    for number in 1..=count {
        sums.push(sums.last().unwrap_or(&0.0) + 1.0 / number as f64);
    }
    let all = sums[count - 1];
    let mut state: u64 = 88_172_645_463_325_252 ^ seed;
    let mut chance = || {
        // xorshift
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..DRAWN).map(|_| sums.partition_point(|sum| *sum < chance() * all).min(count - 1)).collect()
}
