//! Signing in and out.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use larder::account::{Role, Session, User};
use larder::auth::{self, session};
use larder::authoring::now;
use larder::content::moment::Moment;
use larder::store::{self, Store};
use serde_json::json;

use super::visitor::{Answer, PASSWORD, Visitor, add_person, owned};
use crate::command::{Folder, await_until};
use crate::site::Site;

const OLGA: &str = "olga@example.com";

#[test]
fn a_sign_in_is_kept_in_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let site = owned();
    let mut olga = Visitor::new(&site);
    let answer = olga.get("/admin/account?x=1");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/sign-in?next=%2Fadmin%2Faccount%3Fx%3D1"));
    let sent = [("email", OLGA), ("password", PASSWORD), ("next", "/admin/account?x=1")];
    let answer = olga.post_bare("/admin/sign-in", &sent);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/account?x=1"));
    let cookie = cookie(&answer, "larder=");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"), "{cookie}");
    assert_eq!(olga.get("/admin/account").status, 200);
    // Somebody who is signed in is not asked again.
    assert_eq!(olga.get("/admin/sign-in?next=/admin/people").location, "/admin/people");
}

#[test]
fn the_sign_in_is_found_at_its_usual_address() {
    let site = owned();
    let answer = Visitor::new(&site).get("/admin/login");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/sign-in"));
}

#[test]
fn a_change_that_is_refused_leaves_its_connection_whole() {
    let site = owned();
    let address = site.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connected");
    let head =
        "POST /admin/terms HTTP/1.1\r\nhost: larder\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    // Nobody is signed in, but the answer waits for the rest.
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("set");
    assert!(stream.read(&mut [0]).is_err(), "it was answered before it was there");
    stream.set_read_timeout(None).expect("set");
    stream.write_all(b"{}").expect("sent");
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: larder\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("answers");
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["401", "200"], "{answers}");
}

#[test]
fn behind_tls_the_cookie_is_bound_to_host_and_tls() {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    let site = Site::serving(folder, &["--public-url", "https://cms.example.com"]);
    let mut olga = Visitor::new(&site);
    let answer = olga.sign_in(OLGA, PASSWORD);
    let cookie = cookie(&answer, "__Host-larder=");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"), "{cookie}");
    // The name without the promise is not taken.
    let secret = olga.cookie("__Host-larder").expect("kept").to_owned();
    let mut other = Visitor::new(&site);
    other.keep("larder", &secret);
    assert_eq!(other.get("/admin").status, 303);
}

#[test]
fn next_never_leads_away() {
    let site = owned();
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/v2/posts/"] {
        let mut olga = Visitor::new(&site);
        let answer = olga.post_bare("/admin/sign-in", &[("email", OLGA), ("password", PASSWORD), ("next", next)]);
        assert_eq!((answer.status, answer.location.as_str()), (303, "/admin"), "{next}");
    }
}

#[test]
fn scripts_sign_in_with_json() {
    let site = owned();
    let mut olga = Visitor::new(&site);
    let answer = olga.post_json("/admin/sign-in", &json!({"email": OLGA, "password": PASSWORD}));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let said = answer.json();
    assert_eq!(said["user"], json!({"id": 1, "name": "olga"}));
    let week = 7 * 24 * 3600;
    assert!((week - 60..=week).contains(&said["expires_in"].as_i64().expect("seconds")), "{said}");
    olga.csrf = said["csrf"].as_str().expect("a word").to_owned();
    let extended = olga.post_json("/admin/session", &json!({})).json();
    assert_eq!(extended["csrf"], said["csrf"]);
    let month = 30 * 24 * 3600;
    assert!((month - 60..=month).contains(&extended["limit_in"].as_i64().expect("seconds")), "{extended}");
    assert_eq!(olga.post_json("/admin/sign-out", &json!({})).status, 200);
    assert_eq!(olga.post_json("/admin/session", &json!({})).json()["error"], "signin");
}

#[test]
fn an_unknown_address_and_a_wrong_password_look_alike() {
    let site = owned();
    let mut visitor = Visitor::new(&site);
    let wrong = visitor.post_json("/admin/sign-in", &json!({"email": OLGA, "password": "not this one"}));
    let unknown =
        visitor.post_json("/admin/sign-in", &json!({"email": "nobody@example.com", "password": "not this one"}));
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.json(), unknown.json());
    let page = visitor.sign_in(OLGA, "not this one");
    assert_eq!(page.status, 401);
    assert!(page.text.contains("do not belong together") && page.text.contains(OLGA), "{}", page.text);
    assert!(!page.text.contains("not this one"), "the password is sent back");
}

#[test]
fn guessing_has_to_wait_and_says_how_long() {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    add_person(&folder, "ed@example.com", "editor");
    let site = Site::serving(folder, &[]);
    let mut visitor = Visitor::new(&site);
    for _ in 0..5 {
        assert_eq!(visitor.sign_in(OLGA, "a wrong password").status, 401);
    }
    // Even the right one: else every guess could be tried.
    let page = visitor.sign_in(" OLGA@example.com ", PASSWORD);
    assert_eq!(page.status, 429);
    let seconds: u32 = page.retry_after.parse().expect("seconds");
    assert!((1..=2).contains(&seconds), "{seconds}");
    assert!(page.text.contains("Wait 2 seconds") || page.text.contains("Wait a second"), "{}", page.text);
    let said = visitor.post_json("/admin/sign-in", &json!({"email": OLGA, "password": PASSWORD}));
    assert!(said.status == 429 && said.json()["error"] == "wait" && said.json()["wait"].is_u64(), "{}", said.text);
    assert_eq!(visitor.sign_in("ed@example.com", PASSWORD).status, 303);
    // Nobody is locked out: once the pause is over, the right password works.
    await_until("the pause ends", || Visitor::new(&site).sign_in(OLGA, PASSWORD).status == 303);
}

#[test]
fn changes_need_the_word_of_the_session() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let old = olga.csrf.clone();
    for sent in [vec![], vec![("csrf", "")], vec![("csrf", "0123456789012345678901234567890123456789")]] {
        let fields: Vec<(&str, &str)> = [("theme", "dark")].into_iter().chain(sent).collect();
        let answer = olga.post_bare("/admin/account/theme", &fields);
        assert_eq!(answer.status, 403, "{fields:?}");
        assert!(answer.text.contains("from an earlier sign-in"), "{}", answer.text);
    }
    assert_eq!(olga.post("/admin/account/theme", &[("theme", "dark")]).status, 303);
    // A word of a session that is over is worthless in the next one.
    assert_eq!(olga.post("/admin/sign-out", &[]).status, 303);
    assert_eq!(olga.sign_in(OLGA, PASSWORD).status, 303);
    assert_ne!(olga.csrf, old);
    assert_eq!(olga.post_bare("/admin/account/theme", &[("theme", "light"), ("csrf", &old)]).status, 403);
}

#[test]
fn other_sites_cannot_sign_anybody_in() {
    let site = owned();
    let body = format!("email={OLGA}&password={PASSWORD}").replace(' ', "+");
    let form = ("content-type", "application/x-www-form-urlencoded");
    for foreign in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let answer = Visitor::new(&site).send("POST", "/admin/sign-in", &[form, foreign], body.clone());
        assert_eq!((answer.status, answer.set_cookies.len()), (403, 0), "{foreign:?}");
    }
    let own = [form, ("sec-fetch-site", "same-origin")];
    assert_eq!(Visitor::new(&site).send("POST", "/admin/sign-in", &own, body).status, 303);
}

#[test]
fn signing_in_again_ends_the_session_before() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let first = olga.cookie("larder").expect("kept").to_owned();
    olga.sign_in(OLGA, PASSWORD);
    let mut old = Visitor::new(&site);
    old.keep("larder", &first);
    assert_eq!((old.get("/admin").status, olga.get("/admin").status), (303, 200));
}

#[test]
fn sessions_end_when_unused_and_after_their_limit() {
    let site = owned();
    let store = Store::open(&site.folder.site()).expect("the site");
    let status = |created: i64, seen: i64| {
        let (secret, _) = session::new_secret().expect("randomness");
        add_session(&store, &secret, created, seen);
        let mut visitor = Visitor::new(&site);
        visitor.keep("larder", &secret);
        visitor.get("/admin").status
    };
    let minute = 60 * 1_000_000;
    assert_eq!(status(session::IDLE * 2, session::IDLE - minute), 200);
    assert_eq!(status(session::IDLE * 2, session::IDLE + minute), 303);
    assert_eq!(status(session::LIMIT - minute, 0), 200);
    assert_eq!(status(session::LIMIT + minute, 0), 303);
}

#[test]
fn a_session_in_use_is_noted_and_so_is_its_owner() {
    let site = owned();
    let store = Store::open(&site.folder.site()).expect("the site");
    let (secret, hash) = session::new_secret().expect("randomness");
    let hour = 60 * 60 * 1_000_000;
    add_session(&store, &secret, 2 * hour, hour);
    let mut olga = Visitor::new(&site);
    olga.keep("larder", &secret);
    assert_eq!(olga.get("/admin").status, 200);
    let (noted, user) = store.read(|read| read.session(&hash)).expect("readable").expect("there");
    let recent = Moment::from_micros(now().micros() - hour / 2);
    assert!(noted.seen > recent && user.seen > Some(recent), "{noted:?} {user:?}");
}

#[test]
fn ended_sessions_are_removed_by_themselves() {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    let store = Store::open(&folder.site()).expect("the site");
    add_session(&store, "an old secret", session::LIMIT + 1, session::LIMIT + 1);
    add_session(&store, "a new secret", 1, 1);
    let _site = Site::serving(folder, &[]);
    let count = || store.read(|read| read.sessions(1)).expect("readable").len();
    await_until("the old session is removed", || count() == 1);
}

#[test]
fn a_hash_made_in_an_old_way_is_made_anew() {
    let site = owned();
    let store = Store::open(&site.folder.site()).expect("the site");
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).expect("parameters"));
    let old = weak.hash_password(PASSWORD.as_bytes()).expect("hashed").to_string();
    let user = User::new("ada@example.com".into(), "Ada".into(), Role::Editor, old.clone(), now());
    let id = store.write(move |write| write.add_user(&user)).expect("added");
    let password = || store.read(|read| read.user(id)).expect("readable").expect("there").password;
    assert_eq!(Visitor::new(&site).sign_in("ada@example.com", "a wrong password").status, 401);
    assert_eq!(password(), old);
    Visitor::signed_in(&site, "ada@example.com");
    let renewed = password();
    assert_ne!(renewed, old);
    Visitor::signed_in(&site, "ada@example.com");
    assert_eq!(password(), renewed);
}

#[test]
fn without_the_database_nobody_is_signed_out() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let file = site.folder.site().join("larder.db");
    let aside = site.folder.path("aside.db");
    std::fs::rename(&file, &aside).expect("moved");
    await_until("the server notices", || olga.get("/admin/account").status == 503);
    let answer = olga.get("/admin/account");
    assert!(!answer.retry_after.is_empty() && answer.text.contains("cannot be reached"), "{}", answer.text);
    assert_eq!(Visitor::new(&site).get("/admin/sign-in").status, 200);
    let said = Visitor::new(&site).post_json("/admin/sign-in", &json!({"email": OLGA, "password": PASSWORD}));
    assert_eq!((said.status, said.json()["error"].as_str()), (503, Some("unavailable")));
    std::fs::rename(&aside, &file).expect("moved back");
    await_until("the server goes on", || olga.get("/admin/account").status == 200);
}

fn cookie<'a>(answer: &'a Answer, start: &str) -> &'a str {
    answer.set_cookies.iter().find(|cookie| cookie.starts_with(start)).expect("the cookie")
}

/// A session that began and was last used so many microseconds ago.
fn add_session(store: &Store, secret: &str, created: i64, seen: i64) {
    let ago = |micros: i64| Moment::from_micros(now().micros() - micros);
    let session = Session {
        hash: auth::hash(secret),
        user: 1,
        created: ago(created),
        seen: ago(seen),
        agent: String::new(),
        address: String::new(),
        sees_as: None,
    };
    store.write::<_, store::Error>(move |write| write.add_session(&session)).expect("added");
}
