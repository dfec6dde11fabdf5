//! How files come in: whole, in pieces, from other servers, and with what the write API sends.

mod brought;
mod fetching;
mod library;
mod origin;
mod pieces;

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::Request;

use crate::command::Folder;
use crate::site::Site;

/// Long enough for a loaded machine; a test that gets here has failed anyway.
const PATIENCE: Duration = Duration::from_secs(60);

/// A picture of one pixel, with a comment: each is another file.
fn png(comment: &str) -> Vec<u8> {
    let mut pixel = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    pixel.write_all(&[0, 9, 99, 199, 255]).expect("in memory");
    let pixel = pixel.finish().expect("in memory");
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0][..]),
        (b"tEXt", &[b"Comment\0", comment.as_bytes()].concat()),
        (b"IDAT", &pixel),
        (b"IEND", &[]),
    ] {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend(sum.sum().to_be_bytes());
    }
    bytes
}

/// A site that programs write to.
struct Desk {
    site: Site,
    token: String,
}

/// What was answered: status, headers by name, body.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }
}

impl Desk {
    /// A new site, served with these options.
    fn with(options: &[&str]) -> Self {
        let folder = Folder::new();
        let token = folder.done(&["token", "add", "--kind", "write"]);
        Self { site: Site::serving(folder, options), token }
    }

    /// A new site that may fetch from this machine's own address 127.0.0.1, and from no other that is private.
    fn new() -> Self {
        Self::with(&["--allow-private-fetch", "127.0.0.1"])
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.site.base()));
        let request = request.header("authorization", format!("Token {}", self.token));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut answer = self.site.send(request.body(body.into()).expect("a request"));
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: answer.body_mut().read_to_vec().expect("a body"),
        }
    }

    /// Sends JSON.
    #[track_caller]
    fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[("content-type", "application/json")], body.to_string())
    }

    /// Takes in what lies at an address.
    #[track_caller]
    fn fetch(&self, url: &str) -> Answer {
        self.json("POST", "/media", &json!({"url": url}))
    }

    /// The sentence with which an address is refused.
    #[track_caller]
    fn refused(&self, url: &str) -> String {
        let answer = self.fetch(url);
        assert_eq!(answer.status, 400, "{url}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()["url"][0].as_str().expect("a sentence").to_owned()
    }

    /// How many files the library has.
    #[track_caller]
    fn count(&self) -> u64 {
        self.send("GET", "/media", &[], "").json()["meta"]["count"].as_u64().expect("a number")
    }

    /// What a read answers.
    #[track_caller]
    fn read(&self, path: &str) -> Value {
        let answer = self.send("GET", &format!("/v2{path}"), &[], "");
        assert_eq!(answer.status, 200, "{path}");
        answer.json()["data"].clone()
    }

    /// What is on its way in, or was left behind there.
    fn incoming(&self) -> Vec<String> {
        let folder = self.site.folder.site().join("media/incoming");
        let files = std::fs::read_dir(folder).into_iter().flatten();
        files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
    }
}

/// Waits until something is there.
#[track_caller]
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
