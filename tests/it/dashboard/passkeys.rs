//! Passkeys at the door; a browser with a device makes and uses one in tests/browser/acceptance.

use serde_json::json;

use super::visitor::{PASSWORD, Visitor, add_person, owned};
use crate::command::{Folder, await_until};
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const BEGIN: &str = "/admin/sign-in/passkey/begin";
const ENTER: &str = "/admin/sign-in/passkey";

fn named() -> Site {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    Site::serving(folder, &["--public-url", "http://localhost:8787"])
}

#[test]
fn a_site_without_a_name_offers_none() {
    let site = owned();
    let mut visitor = Visitor::new(&site);
    assert!(!visitor.get("/admin/sign-in").text.contains("ld-passkey-enter"));
    let refused = visitor.post_json(BEGIN, &json!({}));
    assert_eq!((refused.status, refused.json()["error"].as_str()), (409, Some("no_passkeys")));
}

#[test]
fn what_is_no_passkey_lets_nobody_in_and_has_to_wait() {
    let site = named();
    let mut visitor = Visitor::new(&site);
    assert!(visitor.get("/admin/sign-in").text.contains("ld-passkey-enter"));
    let told = visitor.post_json(BEGIN, &json!({})).json();
    assert_eq!(told["options"]["rpId"], "localhost");
    let foreign = [("content-type", "application/json"), ("origin", "https://evil.example")];
    assert_eq!(visitor.send("POST", BEGIN, &foreign, "{}".into()).status, 403);
    for _ in 0..5 {
        let refused = visitor.post_json(ENTER, &json!({"credential": {"id": "AAAA"}}));
        assert_eq!((refused.status, refused.json()["error"].as_str()), (422, Some("wrong")), "{}", refused.text);
    }
    await_until("they have to wait", || visitor.post_json(ENTER, &json!({"credential": {"id": "AAAA"}})).status == 429);
    assert!(visitor.cookie("larder").is_none());
}

#[test]
fn adding_one_needs_the_password_and_what_was_begun() {
    let site = named();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let begin = "/admin/account/passkeys/begin";
    assert_eq!(olga.post_json(begin, &json!({"current": "not this one"})).status, 422);
    let told = olga.post_json(begin, &json!({"current": PASSWORD})).json();
    assert_eq!(told["options"]["user"]["name"], OLGA);
    let sent = json!({"name": "x", "handle": told["handle"], "credential": {"id": "AAAA"}});
    assert_eq!(olga.post_json("/admin/account/passkeys", &sent).status, 422);
    assert_eq!(olga.post_json("/admin/account/passkeys", &json!({"credential": {}})).status, 400);
    assert_eq!(olga.post("/admin/account/passkeys/remove", &[("passkey", "AAAA")]).status, 404);
    assert_eq!(Visitor::new(&site).post_json(begin, &json!({"current": PASSWORD})).status, 401);
}
