//! The sites that are served.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use larder::authoring::{Authoring, Checked, Files, Signature, init_site};
use larder::cli::{generated_model, generated_pages};
use larder::content::definition::Definition;
use larder::store::{FILE, Store};
use serde_json::{Value, json};

use crate::server::Server;

/// How long the text of the small post is, so that its answer has 2.3 KB.
const SMALL_TEXT: usize = 1_450;
/// How long the text of each of the ten others is, so that their list has 59 KB.
const LARGE_TEXT: usize = 5_000;

/// A site's folder, and the tokens to reach it with.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    read: String,
    write: String,
}

impl Site {
    /// An empty one.
    pub(crate) fn empty(folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        Self::with_tokens(folder.join("site"), &["init"])
    }

    /// One with generated pages.
    pub(crate) fn generated(folder: &Path, pages: u64) -> Self {
        let (archive, site) = (folder.join("archive"), folder.join("site"));
        write_archive(&archive, pages);
        import(&archive, &site);
        fs::remove_dir_all(&archive).expect("removed");
        Self::with_tokens(site, &["token", "list"])
    }

    /// The same site in another folder. Nobody may be serving it.
    pub(crate) fn copied_to(&self, folder: &Path) -> Self {
        fs::copy(self.folder.join(FILE), folder.join(FILE)).expect("copied");
        Self { folder: folder.into(), read: self.read.clone(), write: self.write.clone() }
    }

    fn with_tokens(folder: PathBuf, first: &[&str]) -> Self {
        larder(&folder, first);
        let token = |kind| larder(&folder, &["token", "add", "--kind", kind]);
        Self { read: token("read"), write: token("write"), folder }
    }

    /// A path below `/v2` with the read token, as the official clients send it.
    pub(crate) fn path(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("/v2/{path}{mark}auth_token={}", self.read)
    }

    /// Makes a change, which must be accepted.
    pub(crate) fn change(&self, server: &Server, method: &str, path: &str, body: &Value) {
        let token = format!("Token {}", self.write);
        let mut client = server.connect();
        let answer = client.send(method, path, &[("authorization", &token)], body.to_string().as_bytes());
        assert_eq!(answer.status, 202, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
    }

    /// Uploads a file; returns its id.
    pub(crate) fn upload(&self, server: &Server, bytes: &[u8]) -> String {
        let token = format!("Token {}", self.write);
        let headers = [("authorization", &*token), ("content-type", "application/octet-stream")];
        let answer = server.connect().send("POST", "/media?name=photo.jpg", &headers, bytes);
        let said = String::from_utf8_lossy(&answer.body);
        assert!(answer.status == 201, "{}: {said}", answer.status);
        let facts: Value = serde_json::from_str(&said).expect("JSON");
        facts["id"].as_str().expect("an id").to_owned()
    }

    /// Publishes one short post and ten long ones through the write API. Returns the paths of the short one
    /// and of the list of the long ones.
    pub(crate) fn write_posts(&self, server: &Server) -> (String, String) {
        let prose = prose();
        let post = |slug: String, number: usize, length: usize| {
            let mut body = String::new();
            for paragraph in prose.iter().cycle().skip(number * prose.len() / 12) {
                if body.len() + paragraph.len() > length {
                    break;
                }
                body += &format!("<p>{paragraph}</p>");
            }
            let title = prose[number].split(' ').take(6).collect::<Vec<_>>().join(" ");
            let summary = prose[number + 1].clone();
            json!({"title": title, "slug": slug, "body": body, "summary": summary, "status": "published"})
        };
        self.change(server, "POST", "/v2/posts/", &post("short".into(), 11, SMALL_TEXT));
        for number in 0..10 {
            self.change(server, "POST", "/v2/posts/", &post(format!("post-{number}"), number, LARGE_TEXT));
        }
        (self.path("posts/short/"), self.path("posts/?page=1&page_size=10"))
    }
}

/// Runs a command on a site; returns what it prints.
fn larder(site: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
    let output = command.args(arguments).arg("--data").arg(site).output().expect("larder");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The slugs of the first generated pages, which are the same in every site.
pub(crate) fn slugs(count: u64) -> Vec<String> {
    generated_pages(count, 0, 0, "").filter_map(|page| page.slug).collect()
}

const STARTER: &str = include_str!("../../data/starter/entries.jsonl");
const MANUAL: [&str; 5] = [
    include_str!("../../docs/api.md"),
    include_str!("../../docs/cli.md"),
    include_str!("../../docs/dashboard.md"),
    include_str!("../../docs/design.md"),
    include_str!("../../docs/model.md"),
];

/// Paragraphs that people have written: the starter site's and the manual's.
fn prose() -> Vec<String> {
    // Each once, whatever revision it stands in.
    let mut found = BTreeMap::new();
    for line in STARTER.lines() {
        gather(&serde_json::from_str(line).expect("JSON"), &mut found);
    }
    for page in MANUAL {
        gather(&Value::from(page), &mut found);
    }
    found.into_values().collect()
}

fn gather(value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            for paragraph in text.split(['<', '>', '\n']).map(str::trim).filter(|part| is_prose(part)) {
                found.insert(paragraph.chars().rev().collect(), paragraph.to_owned());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(members) => members.values().for_each(|member| gather(member, found)),
        _ => {}
    }
}

fn write_archive(folder: &Path, pages: u64) {
    fs::create_dir_all(folder).expect("a folder");
    let manifest = json!({"format": 1, "larder": "0.1.0", "exported": "2026-01-01T00:00:00Z"});
    fs::write(folder.join("larder.json"), manifest.to_string()).expect("written");
    fs::write(folder.join("schema.json"), json!(generated_model(Definition::empty())).to_string()).expect("written");
    let lines: Vec<String> = generated_pages(pages, 0, 0, "").map(|page| json!(page).to_string() + "\n").collect();
    fs::write(folder.join("entries.jsonl"), lines.concat()).expect("written");
}

fn import(archive: &Path, site: &Path) {
    let store = Store::create(site).expect("a site");
    let signature = Signature::now("bench");
    init_site(&store, &signature).expect("begun");
    let authoring = Authoring::new(Arc::new(store), "");
    let checked = Checked::of(Files::Folder(archive.into())).expect("a good archive");
    authoring.import_site(checked, false, &site.join("media"), signature).expect("imported");
}

fn is_prose(text: &str) -> bool {
    text.len() > 60 && text.starts_with(|c: char| c.is_alphabetic()) && !text.contains(['=', '|', '{'])
}
