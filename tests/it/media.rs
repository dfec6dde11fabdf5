//! The media library by the command line, beside a server and after crashes.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::command::Folder;

/// Long enough for a loaded machine; a test that gets here has failed anyway.
const PATIENCE: Duration = Duration::from_secs(60);

fn photo(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/starter/media");
    folder.join(name).to_string_lossy().into_owned()
}

/// Names of the files that lie in the site's media folder.
fn files(folder: &Folder) -> BTreeSet<String> {
    let listed = std::fs::read_dir(folder.site().join("media")).into_iter().flatten();
    let named = listed.map(|entry| entry.expect("an entry"));
    named.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name().display().to_string()).collect()
}

#[test]
fn files_are_taken_in_found_replaced_and_removed() {
    let folder = Folder::new();
    let add = ["media", "add", "--alt", "Three loaves", "--folder", "Shop/Autumn", "--tag", "bread"];
    let id = folder.done(&[&add[..], &[&photo("loaves.jpg")]].concat());
    assert_eq!(folder.done(&["media", "add", &photo("loaves.jpg")]), id, "the same bytes are known");
    let facts = &folder.json(&["media", "list", "--json", "--text", "bread loav"])[0];
    let known = json!({"id": facts["id"], "name": facts["name"], "type": facts["type"], "alt": facts["alt"],
        "width": facts["width"], "height": facts["height"], "tags": facts["tags"], "used": facts["used"]});
    assert_eq!(
        known,
        json!({"id": id, "name": "loaves.jpg", "type": "image/jpeg", "alt": "Three loaves",
        "width": 1600, "height": 1067, "tags": ["bread"], "used": 0})
    );
    assert!(facts["folder"].is_i64() && facts["colour"].is_string() && facts["placeholder"].is_string(), "{facts}");

    folder.apply(&json!({"larder_schema": 1, "single_pages": [
        {"key": "home", "fields": [{"key": "hero", "type": "media"}, {"key": "text", "type": "wysiwyg"}]}
    ]}));
    folder.done(&["author", "change", "editor", "--profile-image", &format!("/media/{id}")]);
    let uses = folder.json(&["media", "where", &id, "--json"]);
    assert_eq!((&uses["total"], &uses["places"][0]["field"]), (&json!(1), &json!("Picture")));
    assert!(folder.fails(&["media", "remove", &id]).contains("1 place uses it"));
    assert_eq!(folder.done(&["media", "list", "--unused"]).lines().count(), 1, "only the heading");

    folder.done(&["media", "replace", &id, &photo("pizza.jpg")]);
    let facts = &folder.json(&["media", "list", "--json"])[0];
    assert_eq!(
        (&facts["id"], &facts["name"], &facts["alt"]),
        (&json!(id), &json!("pizza.jpg"), &json!("Three loaves"))
    );
    folder.done(&["media", "remove", &id, "--anyway"]);
    assert_eq!(folder.json(&["media", "list", "--json"]), json!([]));
    assert_eq!(files(&folder).len(), 2, "it can be brought back");
}

#[test]
fn what_pages_use_is_known_whatever_happens_to_them() {
    let folder = Folder::starter();
    let used = |folder: &Folder| -> Vec<(Value, Value)> {
        let all = folder.json(&["media", "list", "--json", "--limit", "1000"]);
        let mut uses: Vec<(Value, Value)> =
            all.as_array().expect("a list").iter().map(|facts| (facts["id"].clone(), facts["used"].clone())).collect();
        uses.sort_by_key(|(id, _)| id.to_string());
        uses
    };
    let before = used(&folder);
    assert!(before.iter().any(|(_, used)| used.as_u64() > Some(1)), "{before:?}");
    let (id, _) = before.iter().find(|(_, used)| used.as_u64() > Some(0)).expect("one is used").clone();
    let id = id.as_str().expect("an id");
    let places = folder.json(&["media", "where", id, "--json"]);
    let places = places["places"].as_array().expect("places");
    assert!(places.iter().all(|place| place["title"] != "" && place["field"] != ""), "{places:?}");
    // What comes from an archive is counted as what was written here.
    let archive = folder.path("a.tar.gz").to_string_lossy().into_owned();
    folder.done(&["export", &archive]);
    let copy = Folder::empty();
    copy.done(&["import", &archive]);
    assert_eq!(used(&copy), before);
    // The trash uses nothing, and what is brought back uses it again.
    let entry = places.iter().find_map(|place| place["entry"].as_i64()).expect("an entry");
    let name = format!("entry:{entry}");
    folder.done(&["entry", "delete", &name, "--anyway"]);
    assert_ne!(used(&folder), before);
    folder.done(&["entry", "undelete", &name]);
    assert_eq!(used(&folder), before);
}

#[test]
fn folders_tags_and_versions_come_back_from_an_archive() {
    let folder = Folder::new();
    let add = ["media", "add", "--folder", "Shop/Autumn", "--tag", "Bread", "--tag", "oven"];
    let id = folder.done(&[&add[..], &[&photo("loaves.jpg")]].concat());
    folder.done(&["media", "replace", &id, &photo("pizza.jpg")]);
    let (one, two) = (folder.path("one.tar.gz"), folder.path("two.tar.gz"));
    folder.done(&["export", &one.to_string_lossy()]);
    let copy = Folder::empty();
    copy.done(&["import", &one.to_string_lossy()]);
    copy.done(&["export", &two.to_string_lossy()]);
    let facts = &copy.json(&["media", "list", "--json", "--text", "bread"])[0];
    assert_eq!((&facts["tags"], facts["folder"].is_i64()), (&json!(["Bread", "oven"]), true));
    assert_eq!(files(&copy), files(&folder));
    assert_eq!(files(&copy).len(), 2);
}

#[test]
fn bad_files_get_a_sentence_and_leave_nothing() {
    let folder = Folder::new();
    let whole = std::fs::read(photo("loaves.jpg")).expect("readable");
    for (name, bytes, said) in [
        ("empty.jpg", &b""[..], "This file is empty"),
        ("page.png", b"<!doctype html><script>alert(1)</script>", "Files of this type cannot be used"),
        ("program.jpg", b"MZ\x90\0\x03", "Files of this type cannot be used"),
        ("cut.jpg", &whole[..whole.len() / 2], "damaged or did not arrive whole"),
        ("drawing.svg", b"<svg><g></svg>", "This drawing cannot be used"),
    ] {
        let file = folder.file(name, bytes);
        let error = folder.fails(&["media", "add", &file]);
        assert!(error.contains(said) && error.contains(name), "{name}: {error}");
    }
    assert!(folder.fails(&["media", "add", "/nowhere/at-all.jpg"]).contains("at-all.jpg"));
    assert_eq!((files(&folder), folder.json(&["media", "list", "--json"])), (BTreeSet::new(), json!([])));
}

#[test]
fn a_killed_upload_leaves_no_half_file() {
    let folder = Folder::new();
    let pipe = folder.path("pipe.jpg");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let mut adding = folder.command(&["media", "add", &pipe.to_string_lossy()]);
    let mut adding = adding.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    // Opening waits for the reader; what is written is more than the pipe holds, so that the reader has begun.
    let mut end = std::fs::File::options().write(true).open(&pipe).expect("a reader");
    end.write_all(&vec![0xff; 200_000]).expect("written");
    until("a file is being written", || files(&folder).len() == 1);
    adding.kill().expect("killed");
    adding.wait().expect("gone");
    assert_eq!(files(&folder).len(), 1, "half a file is left");
    let _server = folder.serve();
    until("the half file is swept", || files(&folder).is_empty());
    assert_eq!(folder.json(&["media", "list", "--json"]), json!([]));
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
