//! What commands say when something is wrong with the machine, the folder or the input.

use std::process::{Command, Stdio};

use crate::command::{Folder, Said, command_on};

/// Serves on a free port, so that only the site can be what is wrong.
const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

#[test]
fn a_missing_site_is_named_with_the_way_to_make_one() {
    let folder = Folder::empty();
    let said = folder.fails(&["token", "add", "--kind", "read"]);
    assert!(said.contains("there is no site in") && said.contains("larder init"), "{said}");
    assert!(!folder.site().exists(), "asking makes nothing");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused() {
    let folder = Folder::empty();
    folder.file("site", "I am a file");
    for arguments in [&["init"][..], SERVE, &["import", "nothing.tar.gz"]] {
        let said = folder.fails(arguments);
        assert!(said.contains("cannot use the folder"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(folder.site()).expect("still there"), "I am a file");
}

#[test]
fn a_damaged_database_is_refused_and_left_alone() {
    for content in [&b"This is no database, but long enough to look at. "[..], &[0x53; 9000], b"x"] {
        let folder = Folder::empty();
        std::fs::create_dir(folder.site()).expect("a folder");
        let file = folder.site().join("larder.db");
        std::fs::write(&file, content).expect("written");
        for arguments in [SERVE, &["entry", "list"], &["init"]] {
            let said = folder.fails(arguments);
            assert!(said.contains("damaged or no larder database") && said.contains("backup"), "{said}");
        }
        assert_eq!(std::fs::read(&file).expect("there"), content);
    }
}

#[test]
fn a_page_damaged_in_the_middle_is_an_error_and_no_panic() {
    let folder = Folder::starter();
    let file = folder.site().join("larder.db");
    assert!(!folder.site().join("larder.db-wal").exists(), "a command that has ended leaves one file");
    let mut bytes = std::fs::read(&file).expect("there");
    let length = bytes.len();
    for byte in &mut bytes[4096 * 2..(4096 * 60).min(length)] {
        *byte = 0xA5;
    }
    std::fs::write(&file, bytes).expect("written");
    for arguments in [&["entry", "list"][..], &["export", "x.tar.gz"], &["publish", "post:harvest-day"]] {
        let said = folder.run(arguments);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let file = folder.site().join("larder.db");
    let database = rusqlite::Connection::open(&file).expect("the database");
    database.pragma_update(None, "user_version", 999).expect("set");
    drop(database);
    for arguments in [SERVE, &["entry", "list"]] {
        let said = folder.fails(arguments);
        assert!(said.contains("newer larder") && said.contains("999"), "{said}");
    }
}

#[test]
fn another_programs_database_is_refused() {
    let folder = Folder::empty();
    std::fs::create_dir(folder.site()).expect("a folder");
    let database = rusqlite::Connection::open(folder.site().join("larder.db")).expect("a database");
    database.execute_batch("CREATE TABLE mine (x)").expect("made");
    drop(database);
    assert!(folder.fails(SERVE).contains("belongs to another program"));
}

#[test]
fn a_folder_without_rights_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let rights = |mode| std::fs::set_permissions(folder.site(), std::fs::Permissions::from_mode(mode)).expect("set");
    rights(0o000);
    // The superuser may do everything: there is nothing to see then.
    let may_anyway = std::fs::read_dir(folder.site()).is_ok();
    let said = folder.run(&["entry", "list"]);
    rights(0o755);
    if !may_anyway {
        assert_eq!(said.code, Some(1), "{said:?}");
    }
    // A place where even the superuser cannot make a folder.
    let output = command_on("/proc/larder-test".as_ref(), &["init"]).output().expect("started");
    let said = Said::of(&output);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("cannot use the folder /proc/larder-test"), "{said:?}");
}

#[test]
fn a_full_disk_stops_an_import_and_leaves_the_site_empty() {
    let folder = Folder::starter();
    let archive = folder.path("a.tar.gz").to_string_lossy().into_owned();
    folder.done(&["export", &archive]);
    let copy = folder.path("copy");
    assert!(command_on(&copy, &["init"]).status().expect("started").success());
    // No file may grow beyond 120 KB, which the pictures fit into and the database does not; without a
    // signal, so that the write itself fails as on a full disk.
    let script = format!(
        "trap '' XFSZ; ulimit -f 120; exec {} import {archive} --data {}",
        env!("CARGO_BIN_EXE_larder"),
        copy.display()
    );
    let said = Said::of(&Command::new("bash").args(["-c", &script]).output().expect("started"));
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(!said.err.contains("panicked"), "{said:?}");
    let listed = Said::of(&command_on(&copy, &["entry", "list", "--json"]).output().expect("started"));
    assert_eq!((listed.code, listed.out.trim()), (Some(0), "[]"), "{listed:?}");
    let again = Said::of(&command_on(&copy, &["import", &archive]).output().expect("started"));
    assert_eq!(again.code, Some(0), "{again:?}");
}

#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let folder = Folder::starter();
    let mut child =
        folder.command(&["entry", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn what_is_not_understood_ends_with_two() {
    let folder = Folder::empty();
    for arguments in [&["bake"][..], &["token", "add"], &["publish", "jam"], &["publish", "post:x", "--at", "soon"]] {
        assert_eq!(folder.run(arguments).code, Some(2), "{arguments:?}");
    }
}
