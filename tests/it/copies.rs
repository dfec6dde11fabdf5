//! Backups and replicas on the command line: there, looked at, and back.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::command::{Folder, Said, command_on};

/// A site with an entry and a file, and what the two are known by.
fn site() -> Folder {
    let folder = Folder::starter();
    let file = folder.file("notes.txt", "to be kept");
    folder.done(&["media", "add", &file]);
    folder
}

/// Everything that an archive of the site would hold, as text.
fn content(folder: &Folder, site: &Path) -> String {
    let archive = folder.path("compared.tar.gz");
    let said = run(site, &["export", &archive.to_string_lossy(), "--without-secrets"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let entries = run(site, &["entry", "list", "--json"]).out;
    let media = run(site, &["media", "list", "--json"]).out;
    fs::remove_file(archive).expect("removed");
    format!("{entries}{media}")
}

fn run(site: &Path, arguments: &[&str]) -> Said {
    Said::of(&command_on(site, arguments).output().expect("started"))
}

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[test]
fn a_backup_in_one_file_brings_the_whole_site_back() {
    let folder = site();
    for name in ["backup.tar", "backup.tar.gz"] {
        let backup = folder.path(name).to_string_lossy().into_owned();
        folder.done(&["backup", &backup]);
        assert!(folder.fails(&["backup", &backup]).contains("is there already"));
        let restored = folder.path(&format!("{name}-restored"));
        assert_eq!(run(&restored, &["restore", &backup]).code, Some(0));
        assert_eq!(content(&folder, &restored), content(&folder, &folder.site()));
        assert_eq!(run(&restored, &["restore", &backup]).code, Some(1), "a site is there");
        assert_eq!(run(&restored, &["restore", &backup, "--force"]).code, Some(0));
        assert_eq!(content(&folder, &restored), content(&folder, &folder.site()));
    }
}

#[test]
fn a_backup_that_was_cut_off_or_holds_something_else_restores_nothing() {
    let folder = site();
    let backup = folder.path("backup.tar");
    folder.done(&["backup", &backup.to_string_lossy()]);
    let mut bytes = fs::read(&backup).expect("read");
    bytes.truncate(bytes.len() / 2);
    let cut_off = folder.file("cut.tar", &bytes);
    let restored = folder.path("restored");
    let said = run(&restored, &["restore", &cut_off]);
    assert!(said.code != Some(0) && !said.err.contains("panicked"), "{said:?}");
    let mut wrong = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    wrong.append_data(&mut header, "elsewhere/file", &b"x"[..]).expect("appended");
    let wrong = folder.file("wrong.tar", wrong.into_inner().expect("an archive"));
    let said = run(&restored, &["restore", &wrong]);
    assert!(said.err.contains("elsewhere/file"), "{said:?}");
    assert_eq!(fs::read_dir(&restored).expect("a folder").count(), 0, "nothing is left");
}

#[test]
fn a_place_for_backups_gets_each_file_once_and_is_restored_with_them() {
    let folder = site();
    let copies = url(&folder.path("copies"));
    let first = folder.json(&["backup", &copies, "--json"]);
    assert!(first["files"].as_u64() > Some(0) && first["files_there_already"] == json!(0), "{first}");
    let second = folder.json(&["backup", &copies, "--json"]);
    assert_eq!((&second["files"], &second["files_there_already"]), (&json!(0), &first["files"]));
    let restored = folder.path("restored");
    assert_eq!(run(&restored, &["restore", &copies]).code, Some(0));
    assert_eq!(content(&folder, &restored), content(&folder, &folder.site()));
    let verified = folder.run(&["verify", &copies]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[test]
fn a_site_that_is_not_served_is_copied_by_command() {
    let folder = site();
    let copies = url(&folder.path("copies"));
    let status = folder.json(&["replicate", "--once", "--verify", "--replica", &copies, "--json"]);
    assert_eq!((&status["replica"]["transaction"], &status["replica"]["copied"]), (&json!(1), &json!(1)));
    assert!(status["replica"]["verified_at"].is_string(), "{status}");
    assert_eq!(folder.json(&["status", "--json"])["replica"], status["replica"]);
    // Found by the site alone.
    let verified = folder.json(&["verify", "--json"]);
    assert_eq!((&verified["sound"], &verified["transaction"]), (&json!(true), &json!(1)));
    let restored = folder.path("restored");
    assert_eq!(run(&restored, &["restore", &copies]).code, Some(0));
    assert!(folder.fails(&["backup", &copies]).contains("is a replica"));
}

#[test]
fn what_cannot_be_is_said() {
    let folder = Folder::new();
    assert!(folder.fails(&["verify"]).contains("never copied"));
    assert!(folder.fails(&["restore", &url(&folder.path("nothing")), "--force"]).contains("no replica"));
    assert!(folder.fails(&["restore", &folder.path("no.tar").to_string_lossy(), "--force"]).contains("no.tar"));
    for wrong in
        [&["backup", "somewhere"][..], &["verify", "ftp://host/x"], &["restore", "file:///x", "--transaction", "z"]]
    {
        assert_eq!(folder.run(wrong).code, Some(2), "{wrong:?}");
    }
    let status = folder.done(&["status"]);
    assert!(status.contains("nowhere"), "{status}");
    assert!(Folder::empty().fails(&["status"]).contains("there is no site"));
}
