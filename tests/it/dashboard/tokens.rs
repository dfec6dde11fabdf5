//! `/admin/tokens`: made with the secret shown once, used, replaced and removed, beside a running server.

use larder::authoring::now;
use larder::content::moment::Moment;
use larder::store::{self, Store};
use serde_json::Value;

use super::visitor::{Visitor, add_person, owned};
use crate::command::{Folder, await_until};
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const ED: &str = "ed@example.com";

/// The secret that a page shows once.
#[track_caller]
fn shown(answer: &super::visitor::Answer) -> String {
    answer.between("id=\"handed\" value=\"", "\"")
}

fn listed(site: &Site) -> Vec<Value> {
    site.folder.json(&["token", "list", "--json"]).as_array().expect("tokens").clone()
}

fn make(olga: &mut Visitor<'_>, name: &str, kind: &str, ends: &str) -> super::visitor::Answer {
    olga.post("/admin/tokens", &[("name", name), ("kind", kind), ("ends", ends)])
}

#[test]
fn a_write_token_is_shown_once_and_a_read_token_again() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let page = make(&mut olga, "Importer", "write", "");
    assert_eq!(page.status, 200, "{}", page.text);
    let secret = shown(&page);
    assert_eq!((secret.len(), site.status_for(&secret)), (40, 200));
    for path in ["/admin/tokens", "/admin/tokens/1"] {
        let page = olga.get(path).text;
        assert!(page.contains("Importer") && !page.contains(&secret), "{path} shows it again");
    }
    let secret = shown(&make(&mut olga, "Website", "preview", ""));
    assert!(olga.get("/admin/tokens/2").text.contains(&secret));
    let secret = shown(&make(&mut olga, "App", "read", ""));
    let kinds: Vec<(Value, Value)> =
        listed(&site).into_iter().map(|token| (token["kind"].clone(), token["preview"].clone())).collect();
    let expected = [("write", true), ("read", true), ("read", false)];
    assert_eq!(kinds, expected.map(|(kind, preview)| (Value::from(kind), Value::from(preview))));
    assert_eq!(site.status_for(&secret), 200);
}

#[test]
fn what_makes_no_sense_is_told_at_its_field() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let long = "n".repeat(101);
    for (name, ends, said) in [
        ("", "", "Enter a name"),
        (long.as_str(), "", "at most 100 characters"),
        ("App", "2001-01-01", "This day is over"),
        ("App", "soon", "Enter a day"),
    ] {
        let page = make(&mut olga, name, "read", ends);
        assert!(page.status == 422 && page.text.contains(said), "{name:?} {ends:?}: {}", page.text);
    }
    assert_eq!(make(&mut olga, "App", "rule", "").status, 400);
    assert!(listed(&site).is_empty());
}

#[test]
fn a_token_ends_and_works_again_when_its_end_is_put_off() {
    let site = owned();
    let secret = site.folder.done(&["token", "add", "--kind", "read", "--name", "guest", "--ends", "2099-01-01"]);
    // Asked for twice, so that it is among the requests that are answered without looking at the token.
    assert_eq!((site.status_for(&secret), site.status_for(&secret)), (200, 200));
    let store = Store::open(&site.folder.site()).expect("the site");
    let mut token = store.read(|read| read.tokens()).expect("readable").remove(0);
    token.ends = Some(Moment::from_micros(now().micros() + 1_000_000));
    store.write::<_, store::Error>(move |write| write.put_token(&token)).expect("written");
    await_until("the token has ended", || site.status_for(&secret) == 401);
    let mut olga = Visitor::signed_in(&site, OLGA);
    let page = olga.get("/admin/tokens/1").text;
    assert!(page.contains("This token has ended"), "{page}");
    assert_eq!(olga.post("/admin/tokens/1/rotate", &[("keep", "24")]).status, 409);
    assert_eq!(olga.post("/admin/tokens/1", &[("name", "guest"), ("ends", "2001-01-01")]).status, 422);
    assert_eq!(olga.post("/admin/tokens/1", &[("name", "guest"), ("ends", "2099-12-31")]).status, 303);
    assert_eq!(site.status_for(&secret), 200);
    // The last day counts whole.
    assert_eq!(listed(&site)[0]["ends"], "2100-01-01T00:00:00Z");
    assert_eq!(olga.post("/admin/tokens/1", &[("name", "guest"), ("ends", "")]).status, 303);
    assert_eq!((listed(&site)[0]["ends"].clone(), listed(&site)[0]["preview"].clone()), (Value::Null, false.into()));
}

#[test]
fn two_secrets_work_until_the_old_one_is_ended() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let first = shown(&make(&mut olga, "Importer", "write", ""));
    let page = olga.post("/admin/tokens/1/rotate", &[("keep", "168")]);
    let second = shown(&page);
    assert!(page.text.contains("works until"), "{}", page.text);
    assert_eq!((site.status_for(&first), site.status_for(&second)), (200, 200));
    assert!(listed(&site)[0]["former_secret_ends"].is_string());
    assert_eq!(olga.post("/admin/tokens/1/former", &[]).status, 303);
    await_until("the first secret has stopped", || site.status_for(&first) == 401);
    assert_eq!(site.status_for(&second), 200);
    assert_eq!(olga.post("/admin/tokens/1/former", &[]).status, 404);
    // A third takes the place of both.
    let third = shown(&olga.post("/admin/tokens/1/rotate", &[("keep", "0")]));
    await_until("the second secret has stopped", || site.status_for(&second) == 401);
    assert_eq!(site.status_for(&third), 200);
    assert_eq!(olga.post("/admin/tokens/1/rotate", &[("keep", "99999")]).status, 400);
    assert_eq!(olga.post("/admin/tokens/9/rotate", &[("keep", "24")]).status, 404);
}

#[test]
fn the_command_line_rotates_and_changes_too() {
    let site = owned();
    let first = site.folder.done(&["token", "add", "--kind", "read", "--name", "site"]);
    let second = site.folder.done(&["token", "rotate", "1"]);
    assert_eq!((site.status_for(&first), site.status_for(&second)), (200, 200));
    let third = site.folder.done(&["token", "rotate", "1", "--keep-hours", "0"]);
    await_until("the first two have stopped", || site.status_for(&first) == 401 && site.status_for(&second) == 401);
    assert_eq!((site.status_for(&third), listed(&site)[0]["token"].as_str()), (200, Some(third.as_str())));
    site.folder.done(&["token", "change", "1", "--name", "website", "--ends", "2099-01-01"]);
    let token = listed(&site).remove(0);
    assert_eq!((token["name"].as_str(), token["ends"].as_str()), (Some("website"), Some("2099-01-01T00:00:00Z")));
    site.folder.done(&["token", "change", "1", "--ends", "never"]);
    assert_eq!(listed(&site)[0]["ends"], Value::Null);
    assert!(site.folder.fails(&["token", "change", "1", "--ends", "2001-01-01"]).contains("This day is over"));
    assert!(site.folder.fails(&["token", "rotate", "7"]).contains("no such token"));
}

#[test]
fn the_last_use_is_told_with_its_range_and_survives_the_process() {
    let mut site = owned();
    let secret = site.folder.done(&["token", "add", "--kind", "read", "--name", "site"]);
    let mut olga = Visitor::signed_in(&site, OLGA);
    assert!(olga.get("/admin/tokens/1").text.contains("Never used."));
    assert_eq!(site.status_for(&secret), 200);
    await_until("the use is noted", || olga.get("/admin/tokens/1").text.contains("Last used"));
    assert_eq!(olga.get("/admin/tokens/1").between("from <span class=\"mono\">", "</span>"), "127.0.0.0/24");
    await_until("it is in the database", || listed(&site)[0]["used"].is_string());
    // Another use is kept when the process ends, though the last one was written a moment ago.
    let before = listed(&site)[0]["used"].clone();
    assert_eq!(site.status_for(&secret), 200);
    site.end_and_restart();
    let token = listed(&site).remove(0);
    assert!(token["used"].as_str() > before.as_str(), "{before} {token}");
    assert_eq!(token["used_from"], "127.0.0.0/24");
}

#[test]
fn removing_takes_effect_and_needs_the_right() {
    let folder = Folder::new();
    add_person(&folder, OLGA, "developer");
    add_person(&folder, ED, "editor");
    let site = Site::serving(folder, &[]);
    let (mut olga, mut ed) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, ED));
    let secret = shown(&make(&mut olga, "Importer", "write", ""));
    assert_eq!(ed.get("/admin/tokens").status, 403);
    assert!(!ed.get("/admin").text.contains("/admin/tokens"));
    for (path, fields) in [
        ("/admin/tokens", vec![("name", "x"), ("kind", "write")]),
        ("/admin/tokens/1", vec![("name", "x")]),
        ("/admin/tokens/1/rotate", vec![("keep", "24")]),
        ("/admin/tokens/1/former", vec![]),
        ("/admin/tokens/1/remove", vec![]),
    ] {
        assert_eq!(ed.post(path, &fields).status, 403, "{path}");
    }
    assert_eq!(site.status_for(&secret), 200);
    assert_eq!(olga.post("/admin/tokens/1/remove", &[]).status, 303);
    await_until("the token has stopped", || site.status_for(&secret) == 401);
    assert_eq!(olga.post("/admin/tokens/1/remove", &[]).status, 404);
}
