//! The commands, one after the other.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;

use crate::command::Folder;

#[test]
fn a_token_is_printed_alone_and_kept_as_a_hash() {
    let folder = Folder::new();
    let token = folder.done(&["token", "add", "--kind", "write", "--name", "robot"]);
    assert_eq!(token.len(), 40);
    let listed = folder.done(&["token", "list"]);
    assert!(listed.contains("robot") && !listed.contains(&token), "{listed}");
    let read = folder.done(&["token", "add", "--kind", "read", "--no-preview"]);
    let tokens = folder.json(&["token", "list", "--json"]);
    assert_eq!((&tokens[1]["token"], &tokens[1]["preview"]), (&json!(read), &json!(false)));
    folder.done(&["token", "remove", "1"]);
    assert!(folder.fails(&["token", "remove", "1"]).contains("no such token"));
}

#[test]
fn authors_come_change_and_go() {
    let folder = Folder::new();
    assert_eq!(
        folder.done(&["author", "add", "--first-name", "Ada", "--last-name", "K", "--email", "a@example.com"]),
        "ada-k"
    );
    assert!(folder.fails(&["author", "add", "--slug", "ada-k"]).contains("slug"));
    folder.done(&["author", "change", "ada-k", "--bio", "Bakes.", "--slug", "ada"]);
    let authors = folder.json(&["author", "list", "--json"]);
    assert_eq!((&authors[1]["slug"], &authors[1]["bio"]), (&json!("ada"), &json!("Bakes.")));
    folder.done(&["author", "remove", "ada"]);
    assert!(folder.fails(&["author", "remove", "editor"]).contains("a site needs an author"));
}

#[test]
fn passwords_come_from_standard_input() {
    let folder = Folder::new();
    let add = |password: &str| {
        let mut child = folder
            .command(&["user", "add", "--email", "ada@example.com", "--role", "owner", "--password-stdin"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        child.stdin.take().expect("a pipe").write_all(format!("{password}\n").as_bytes()).expect("written");
        child.wait_with_output().expect("ended")
    };
    let short = add("short");
    assert_eq!(short.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&short.stderr).contains("12 characters"));
    assert_eq!(add("a long password").status.code(), Some(0));
    let users = folder.json(&["user", "list", "--json"]);
    assert_eq!((&users[0]["email"], &users[0]["role"]), (&json!("ada@example.com"), &json!("owner")));
    assert!(folder.fails(&["user", "remove", "--email", "ada@example.com"]).contains("last owner"));
    assert!(folder.fails(&["user", "add", "--email", "b@example.com"]).contains("--password-stdin"));
}

#[test]
fn settings_are_set_and_put_back() {
    let folder = Folder::new();
    assert_eq!(folder.done(&["setting", "get", "blog_title"]), "Latest blog posts");
    folder.done(&["setting", "set", "blog_title", "News"]);
    assert_eq!(folder.done(&["setting", "get", "blog_title"]), "News");
    folder.done(&["setting", "unset", "blog_title"]);
    assert_eq!(folder.json(&["setting", "list", "--json"])["blog_title"], "Latest blog posts");
    assert!(folder.fails(&["setting", "set", "colour", "red"]).contains("the settings are"));
    assert!(folder.fails(&["setting", "set", "serve_draft_posts", "perhaps"]).contains("true or false"));
}

#[test]
fn entries_are_looked_at_deleted_and_brought_back() {
    let folder = Folder::starter();
    let posts = folder.json(&["entry", "list", "post", "--json"]);
    assert!(posts.as_array().is_some_and(|posts| posts.len() >= 8));
    let used = folder.json(&["entry", "used", "item:118", "--json"]);
    assert!(used.is_array());
    folder.done(&["entry", "delete", "post:harvest-day", "--anyway"]);
    assert!(folder.fails(&["entry", "show", "post:harvest-day"]).contains("there is no entry"));
    let gone = folder.json(&["entry", "list", "--deleted", "--json"]);
    folder.done(&["entry", "undelete", gone[0]["target"].as_str().expect("a target")]);
    assert_eq!(folder.json(&["entry", "show", "post:harvest-day"])["id"], gone[0]["id"]);
}

#[test]
fn an_earlier_revision_becomes_the_draft() {
    let folder = Folder::starter();
    let history = folder.json(&["entry", "history", "page:landing-page/home", "--json"]);
    let oldest = history.as_array().and_then(|all| all.last()).expect("revisions")["id"].to_string();
    folder.done(&["entry", "restore", &oldest]);
    let history = folder.json(&["entry", "history", "page:landing-page/home", "--json"]);
    assert_eq!((&history[0]["is"], &history[0]["why"]), (&json!("draft"), &json!(format!("restored from {oldest}"))));
    folder.done(&["publish", "page:landing-page/home"]);
    assert_eq!(folder.json(&["entry", "history", "page:landing-page/home", "--json"])[0]["is"], "live");
    folder.done(&["unpublish", "page:landing-page/home", "--locale", "en"]);
    assert_eq!(folder.json(&["entry", "show", "page:landing-page/home"])["locales"]["en"]["live"], json!(null));
    assert!(folder.fails(&["publish", "page:landing-page/home", "--locale", "fr"]).contains("the locales are en, de"));
}

#[test]
fn init_can_be_repeated_and_the_starter_needs_a_new_folder() {
    let folder = Folder::new();
    folder.done(&["init"]);
    assert!(folder.fails(&["init", "--starter"]).contains("a folder of its own"));
}

#[test]
fn the_environment_stands_in_for_options() {
    let folder = Folder::new();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_larder"))
        .args(["setting", "get", "blog_title"])
        .env("LARDER_DATA", folder.site())
        .output()
        .expect("started");
    assert!(output.status.success(), "{output:?}");
}
