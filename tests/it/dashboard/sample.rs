//! Removing the sample site: exactly what it brought, and nothing that somebody has touched.

use std::fs;

use larder::authoring::{Authoring, Checked, Files, Signature};
use larder::starter;
use larder::store::Store;
use serde_json::{Value, json};

use super::visitor::{Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

const OLGA: &str = "olga@example.com";

/// A site with the sample site in it, brought as setting up does.
fn with_sample() -> Folder {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    let authoring = Authoring::new(Store::open(&folder.site()).expect("the site").into(), "");
    let archive = Checked::of(Files::Embedded(starter::open)).expect("the starter");
    authoring.bring_sample(archive, &folder.site().join("media"), Signature::now("Olga")).expect("brought");
    folder
}

fn remove(site: &Site) -> String {
    let mut olga = Visitor::signed_in(site, OLGA);
    assert!(olga.get("/admin/settings").text.contains("Remove the sample site"));
    let page = olga.post("/admin/settings/sample", &[]);
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!olga.get("/admin/settings").text.contains("Remove the sample site"));
    assert_eq!(olga.post("/admin/settings/sample", &[]).status, 404);
    page.text
}

fn media(folder: &Folder) -> usize {
    let entries = fs::read_dir(folder.site().join("media")).expect("the folder");
    entries.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_file())).count()
}

#[test]
fn nothing_is_left_of_what_nobody_has_touched() {
    let folder = with_sample();
    assert_eq!(media(&folder), 21);
    let site = Site::serving(folder, &[]);
    let text = remove(&site);
    assert!(text.contains("44 entries, 21 files") && text.contains("nothing of it is left"), "{text}");
    assert_eq!(site.folder.json(&["entry", "list", "--json"]), json!([]));
    assert_eq!(site.folder.json(&["entry", "list", "--deleted", "--json"]), json!([]));
    let model = site.folder.json(&["schema", "export"]);
    for part in ["components", "page_types", "single_pages", "collections"] {
        assert!(model[part].as_array().is_none_or(Vec::is_empty), "{model}");
    }
    let authors = site.folder.json(&["author", "list", "--json"]);
    assert_eq!((authors.as_array().map(Vec::len), &authors[0]["slug"]), (Some(1), &json!("editor")));
    assert_eq!(media(&site.folder), 0);
    // What was served is served no more.
    let token = site.folder.done(&["token", "add", "--kind", "read"]);
    assert_eq!(site.ask(&format!("/v2/pages/*/home/?auth_token={token}"), &[]).status(), 404);
    // The empty site can be filled again.
    let archive = folder_with_archive();
    site.folder.done(&["import", &archive.path("a.tar.gz").to_string_lossy()]);
}

fn folder_with_archive() -> Folder {
    let folder = Folder::starter();
    folder.done(&["export", "--without-secrets", &folder.path("a.tar.gz").to_string_lossy()]);
    folder
}

#[test]
fn what_was_edited_and_what_it_needs_stays() {
    let folder = with_sample();
    let token = folder.done(&["token", "add", "--kind", "write"]);
    let site = Site::serving(folder, &[]);
    let authorization = format!("Token {token}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let mut olga = Visitor::new(&site);
    let pages = olga.send("GET", "/v2/pages/story/", &headers, String::new()).json();
    let slug = pages["data"][0]["slug"].as_str().expect("a story").to_owned();
    let edited =
        olga.send("PATCH", &format!("/v2/pages/story/{slug}/"), &headers, json!({"title": "Ours now"}).to_string());
    assert!(edited.status < 300, "{}", edited.text);
    let text = remove(&site);
    assert!(text.contains("Ours now") && text.contains("it has been edited"), "{text}");
    let left = site.folder.json(&["entry", "list", "--json"]);
    assert!(left.to_string().contains(&slug), "{left}");
    let model = site.folder.json(&["schema", "export"]);
    let keys: Vec<&Value> = model["page_types"].as_array().expect("types").iter().map(|group| &group["key"]).collect();
    assert_eq!(keys, [&json!("story")], "{model}");
    let read = olga.send("GET", &format!("/v2/pages/story/{slug}/"), &headers, String::new());
    assert_eq!(read.status, 200, "{}", read.text);
    // Every picture that is named is still there.
    for (place, _) in read.text.match_indices("/media/") {
        let id: String = read.text[place + 7..].chars().take_while(char::is_ascii_alphanumeric).collect();
        assert_eq!(site.ask(&format!("/media/{id}"), &[]).status(), 200, "{id}");
    }
}

#[test]
fn what_something_of_ones_own_uses_stays() {
    let folder = with_sample();
    let token = folder.done(&["token", "add", "--kind", "write"]);
    let site = Site::serving(folder, &[]);
    let authorization = format!("Token {token}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let mut olga = Visitor::new(&site);
    let category = olga.send("GET", "/v2/categories/", &headers, String::new()).json()["data"][0]["slug"].clone();
    let author = olga.send("GET", "/v2/authors/", &headers, String::new()).json()["data"][0].clone();
    let post = json!({"title": "My own", "slug": "my-own", "status": "published", "categories": [category], "author": {"slug": author["slug"]}});
    let added = olga.send("POST", "/v2/posts/", &headers, post.to_string());
    assert!(added.status < 300, "{}", added.text);
    let text = remove(&site);
    assert!(text.contains("something of yours uses it"), "{text}");
    let post = olga.send("GET", "/v2/posts/my-own/", &headers, String::new()).json();
    assert_eq!(post["data"]["categories"][0]["slug"], category, "{post}");
    assert_eq!(post["data"]["author"]["slug"], author["slug"], "{post}");
    assert_eq!(site.folder.json(&["entry", "list", "--json"]).as_array().map(Vec::len), Some(1));
}
