//! Pictures: a photo of 24 megapixels becomes a WebP 1200 pixels wide, beside vips on the same processor; and what
//! was made is served beside nginx.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::Effort;
use crate::load::{Asked, alternate};
use crate::report::{Aim, Report, median, say};
use crate::server::Server;
use crate::site::Site;

/// What is asked for.
const TASKS: &str = "resize=width:1200/output=format:webp,quality:80";

pub(crate) fn run(folder: &Path, effort: Effort, report: &mut Report) {
    let site = Site::empty(folder);
    let photo = folder.join("photo.jpg");
    take_photo(&photo);
    let mut times = [Vec::new(), Vec::new()];
    let mut memory = [Vec::new(), Vec::new()];
    let mut path = String::new();
    for round in 0..effort.rounds {
        // Each round renders for a new process, which has nothing ready.
        let _ = fs::remove_dir_all(site.folder.join("media/renditions"));
        let larder = Server::larder(&site.folder);
        if round == 0 {
            path = format!("/media/{TASKS}/{}", site.upload(&larder, &fs::read(&photo).expect("read")));
        }
        let start = Instant::now();
        assert_eq!(larder.connect().get(&path).status, 200);
        times[0].push(start.elapsed().as_secs_f64());
        memory[0].push(larder.peak() as f64);
        let (took, bytes) = vips(&photo, &folder.join("vips.webp"));
        times[1].push(took);
        memory[1].push(bytes);
    }
    let [larder, vips] = times.map(median);
    let [larder_memory, vips_memory] = memory.map(median);
    let mb = |bytes: f64| bytes / 1e6;
    say(&format!(
        "  24 megapixels to 1200 pixels: {larder:.2} s and {:.0} MB in all (larder), {vips:.2} s and {:.0} MB (vips)",
        mb(larder_memory),
        mb(vips_memory)
    ));
    report.judge("24-megapixel JPEG to 1200 px WebP: time, larder to vips", larder / vips, Aim::AtMost(1.5, 3.0));
    let what = "24-megapixel JPEG to 1200 px WebP: memory, larder to vips";
    report.judge(what, larder_memory / vips_memory, Aim::AtMost(1.5, 3.0));
    served(folder, &site, &path, effort, report);
}

/// A picture that was made, beside nginx with the same file.
fn served(folder: &Path, site: &Site, path: &str, effort: Effort, report: &mut Report) {
    let larder = Server::larder(&site.folder);
    let files = folder.join("files");
    fs::create_dir_all(&files).expect("a folder");
    let made = larder.connect().get(path).body;
    fs::write(files.join("made.webp"), &made).expect("written");
    let nginx = Server::nginx(&files, &folder.join("nginx"));
    let asked = [Asked::plain(&larder, path), Asked::plain(&nginx, "/made.webp")];
    let what = format!("a picture of {} KB", made.len() / 1000);
    let measured = alternate(&what, &asked, effort.rounds, effort.seconds);
    let [larder, nginx] = &measured[..] else { return };
    let speed = larder.per_second / nginx.per_second;
    report.judge("a picture that was made: requests/s, larder to nginx", speed, Aim::AtLeast(0.8, 0.5));
}

/// 6000 x 4000 pixels with large shapes, small ones and noise.
fn take_photo(photo: &Path) {
    let file = |name: &str| photo.with_file_name(name).to_string_lossy().into_owned();
    let vips = |arguments: &[&str]| {
        let status = Command::new("vips").args(arguments).status().expect("vips");
        assert!(status.success(), "vips {arguments:?}");
    };
    let noise = file("noise.v");
    vips(&["gaussnoise", &noise, "6000", "4000", "--mean", "128", "--sigma", "10"]);
    let mut bands = Vec::new();
    for (cell, band) in [("900", "r.v"), ("300", "g.v"), ("60", "b.v")] {
        let (shapes, scaled, band) = (file("shapes.v"), file("scaled.v"), file(band));
        vips(&["perlin", &shapes, "6000", "4000", "--cell-size", cell]);
        vips(&["linear", &shapes, &scaled, "80", "0"]);
        vips(&["add", &scaled, &noise, &band]);
        bands.push(band);
    }
    let (joined, bytes, colours) = (file("joined.v"), file("bytes.v"), file("colours.v"));
    vips(&["bandjoin", &bands.join(" "), &joined]);
    vips(&["cast", &joined, &bytes, "uchar"]);
    vips(&["copy", &bytes, &colours, "--interpretation", "srgb"]);
    vips(&["jpegsave", &colours, &photo.to_string_lossy(), "--Q", "90"]);
}

/// How long vips takes, in seconds, and how much memory, in bytes.
fn vips(photo: &Path, made: &Path) -> (f64, f64) {
    let start = Instant::now();
    let output = Command::new("taskset")
        .args(["-c", "0", "/usr/bin/time", "-f", "%M", "vipsthumbnail", "--size", "1200x", "-o"])
        .arg(format!("{}[Q=80,strip]", made.display()))
        .arg(photo)
        .output()
        .expect("vipsthumbnail");
    let took = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let kilobytes: f64 = said.lines().last().and_then(|line| line.trim().parse().ok()).expect("kilobytes");
    (took, kilobytes * 1024.0)
}
