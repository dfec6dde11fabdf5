//! The other programs that are needed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::say;

/// Where the load comes from; servers run on the other.
const GENERATOR_CPU: &str = "1";

/// Programs and the Debian packages they come in.
const NEEDED: [(&str, &str); 6] = [
    ("nginx", "nginx"),
    ("varnishd", "varnish"),
    ("wrk", "wrk"),
    ("taskset", "util-linux"),
    ("vipsthumbnail", "libvips-tools"),
    ("time", "time"),
];

/// Makes everything ready, or says what is missing.
pub(crate) fn prepare() -> bool {
    if missing().next().is_some() {
        install();
    }
    let missing: Vec<&str> = missing().map(|(_, package)| package).collect();
    if !missing.is_empty() {
        say(&format!(
            "larder is compared with other servers, which are missing: apt-get install {}",
            missing.join(" ")
        ));
        return false;
    }
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        say("two processors are needed: one for the server, one for the load");
        return false;
    }
    // This program makes load too; what it starts inherits the place unless told otherwise.
    let me = std::process::id().to_string();
    Command::new("taskset").args(["-cp", GENERATOR_CPU, &me]).stdout(Stdio::null()).status().is_ok()
}

fn missing() -> impl Iterator<Item = (&'static str, &'static str)> {
    NEEDED.into_iter().filter(|(program, _)| path_of(program).is_none())
}

/// The path of a program; Debian's servers lie where only root looks.
pub(crate) fn path_of(program: &str) -> Option<String> {
    let folders = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    folders.split(':').map(|folder| format!("{folder}/{program}")).find(|path| Path::new(path).exists())
}

fn install() {
    let packages: Vec<&str> = missing().map(|(_, package)| package).collect();
    say(&format!("installing {}", packages.join(", ")));
    for arguments in [vec!["update"], [vec!["install", "--yes", "--no-install-recommends"], packages].concat()] {
        // What it could not do is seen afterwards.
        let _ = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            // Debian would start the servers at once.
            .env("RUNLEVEL", "1")
            .stdout(Stdio::null())
            .status();
    }
}
