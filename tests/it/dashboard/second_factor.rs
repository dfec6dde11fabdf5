//! One-time codes: switched on, asked for, used once, lost, and taken away by an owner.

use larder::auth::second_factor::code_at;
use larder::authoring::now;
use larder::content::moment::Moment;
use larder::store::Store;
use serde_json::json;

use super::visitor::{Answer, PASSWORD, Visitor, add_person};
use crate::command::{Folder, await_until};
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const ADA: &str = "ada@example.com";
const PAGE: &str = "/admin/account/second-factor";
const STEP: &str = "/admin/sign-in/code";

fn with_ada() -> Site {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    add_person(&folder, ADA, "editor");
    Site::serving(folder, &[])
}

/// The code of so many steps of half a minute from now.
fn code(secret: &str, steps: i64) -> String {
    code_at(secret, Moment::from_micros(now().micros() + steps * 30_000_000)).expect("a code")
}

/// Switches codes on; returns the app's secret and the recovery codes. The code is the earliest that is taken, so that
/// later ones can be used at once.
#[track_caller]
fn switch_on(person: &mut Visitor<'_>) -> (String, Vec<String>) {
    let secret = person.get(PAGE).between("name=\"secret\" value=\"", "\"").replace(' ', "");
    // When a step ends between here and there, the code has become too old: the next one is tried.
    for _ in 0..3 {
        let sent = [("secret", secret.as_str()), ("code", &code(&secret, -1)), ("current", PASSWORD)];
        let page = person.post(PAGE, &sent);
        if page.status == 200 {
            let codes = page.between("aria-label=\"Recovery codes\">", "</pre>");
            return (secret, codes.lines().map(str::to_owned).collect());
        }
        assert_eq!(page.status, 422, "{}", page.text);
    }
    panic!("no code was taken")
}

/// Signs in with the password; returns what is answered to the code.
fn second_step(visitor: &mut Visitor<'_>, email: &str, code: &str) -> Answer {
    let first = visitor.post_bare("/admin/sign-in", &[("email", email), ("password", PASSWORD)]);
    assert_eq!((first.status, first.location.as_str()), (303, STEP), "{}", first.text);
    visitor.post_bare(STEP, &[("code", code)])
}

#[test]
fn codes_are_asked_for_once_they_are_on_and_each_works_once() {
    let site = with_ada();
    let (mut ada, mut elsewhere) = (Visitor::signed_in(&site, ADA), Visitor::signed_in(&site, ADA));
    let before = ada.cookie("larder").expect("signed in").to_owned();
    let (secret, recovery) = switch_on(&mut ada);
    assert_eq!(recovery.len(), 10);
    assert_eq!((ada.get("/admin").status, elsewhere.get("/admin").status), (200, 303), "other devices stay signed in");
    assert_ne!(ada.cookie("larder"), Some(before.as_str()), "the session is the one of before");
    // The password alone opens nothing.
    let mut visitor = Visitor::new(&site);
    let first =
        visitor.post_bare("/admin/sign-in", &[("email", ADA), ("password", PASSWORD), ("next", "/admin/media")]);
    assert_eq!((first.status, first.location.as_str()), (303, STEP));
    assert!(visitor.cookie("larder").is_none());
    assert_eq!(visitor.get("/admin").status, 303);
    assert!(visitor.get(STEP).text.contains("recovery codes"));
    let wrong = visitor.post_bare(STEP, &[("code", "000000")]);
    assert!(wrong.status == 401 && wrong.text.contains("does not work"), "{}", wrong.text);
    let right = code(&secret, 1);
    let done = visitor.post_bare(STEP, &[("code", &right)]);
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/media"), "{}", done.text);
    assert_eq!(visitor.get("/admin").status, 200);
    assert!(visitor.cookie("larder-halfway").is_none());
    // Nor does whoever has watched it get in with the same code, or one before it.
    for replayed in [right, code(&secret, 0)] {
        assert_eq!(second_step(&mut Visitor::new(&site), ADA, &replayed).status, 401);
    }
}

#[test]
fn a_recovery_code_works_once_and_however_it_is_typed() {
    let site = with_ada();
    let (_, recovery) = switch_on(&mut Visitor::signed_in(&site, ADA));
    let typed = recovery[4].to_uppercase().replace('-', " ");
    assert_eq!(second_step(&mut Visitor::new(&site), ADA, &typed).status, 303);
    assert_eq!(second_step(&mut Visitor::new(&site), ADA, &typed).status, 401);
    let mut ada = Visitor::new(&site);
    assert_eq!(second_step(&mut ada, ADA, &recovery[0]).status, 303);
    assert!(ada.get(PAGE).text.contains("8 recovery codes left"));
    let store = Store::open(&site.folder.site()).expect("the site");
    let kept = store.read(|read| read.user_by_email(ADA)).expect("readable").expect("there").second.expect("on");
    assert!(!kept.recovery.iter().any(|hash| recovery.iter().any(|code| hash.contains(&code.replace('-', "")))));
}

#[test]
fn nobody_waits_halfway_for_ever_or_with_a_password_that_was_changed() {
    let site = with_ada();
    let mut ada = Visitor::signed_in(&site, ADA);
    let (secret, _) = switch_on(&mut ada);
    assert_eq!(Visitor::new(&site).post_bare(STEP, &[("code", &code(&secret, 1))]).location, "/admin/sign-in");
    assert_eq!(Visitor::new(&site).get(STEP).location, "/admin/sign-in");
    let mut waiting = Visitor::new(&site);
    waiting.post_bare("/admin/sign-in", &[("email", ADA), ("password", PASSWORD)]);
    ada.post("/admin/account/password", &[("current", PASSWORD), ("password", "another long password")]);
    let answer = waiting.post_bare(STEP, &[("code", &code(&secret, 1))]);
    assert!(answer.status == 401 && waiting.cookie("larder").is_none(), "{answer:?}");
}

#[test]
fn scripts_are_asked_for_the_code_too() {
    let site = with_ada();
    let (secret, _) = switch_on(&mut Visitor::signed_in(&site, ADA));
    let mut script = Visitor::new(&site);
    let first = script.post_json("/admin/sign-in", &json!({"email": ADA, "password": PASSWORD}));
    assert_eq!((first.status, first.json()["error"].as_str()), (401, Some("code")));
    let wrong = script.post_json(STEP, &json!({"code": "12"}));
    assert_eq!((wrong.status, wrong.json()["error"].as_str()), (401, Some("wrong")));
    let done = script.post_json(STEP, &json!({"code": code(&secret, 1)}));
    assert_eq!((done.status, done.json()["user"]["name"].as_str()), (200, Some("ada")), "{}", done.text);
    assert_eq!(script.get("/admin").status, 200);
}

#[test]
fn guessing_codes_has_to_wait_though_the_password_is_right() {
    let site = with_ada();
    let (secret, _) = switch_on(&mut Visitor::signed_in(&site, ADA));
    // Each with a right password before it, which forgives wrong passwords and nothing else.
    let mut ada = Visitor::new(&site);
    await_until("the next one has to wait", || {
        let answer = second_step(&mut ada, ADA, "000000");
        assert!(answer.status == 401 || (answer.status == 429 && !answer.retry_after.is_empty()), "{answer:?}");
        answer.status == 429
    });
    assert!(ada.cookie("larder").is_none());
    await_until("the pause ends", || ada.post_bare(STEP, &[("code", &code(&secret, 1))]).status == 303);
}

#[test]
fn a_link_for_a_new_password_does_not_go_around_the_code() {
    let site = with_ada();
    let (secret, _) = switch_on(&mut Visitor::signed_in(&site, ADA));
    let link = site.folder.done(&["user", "reset", "--email", ADA, "--public-url", site.base()]);
    let path = link.strip_prefix(site.base()).expect("a link").to_owned();
    let mut visitor = Visitor::new(&site);
    let answer = visitor.post_bare(&path, &[("password", "another long password")]);
    assert_eq!((answer.status, answer.location.as_str()), (303, STEP));
    assert_eq!(visitor.get("/admin").status, 303);
    assert_eq!(visitor.post_bare(STEP, &[("code", &code(&secret, 1))]).status, 303);
    assert_eq!(visitor.get("/admin").status, 200);
}

#[test]
fn changing_it_needs_the_password() {
    let site = with_ada();
    let mut ada = Visitor::signed_in(&site, ADA);
    let secret = ada.get(PAGE).between("name=\"secret\" value=\"", "\"").replace(' ', "");
    let sent = |current: &str, code: &str| {
        [("secret", secret.clone()), ("code", code.to_owned()), ("current", current.to_owned())]
    };
    let post = |ada: &mut Visitor<'_>, sent: [(&str, String); 3]| {
        ada.post(PAGE, &sent.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let wrong = post(&mut ada, sent("not this one", &code(&secret, 0)));
    assert!(wrong.status == 422 && wrong.text.contains("not your present password"), "{}", wrong.text);
    let wrong = post(&mut ada, sent(PASSWORD, "123"));
    assert!(wrong.status == 422 && wrong.text.contains("This is no code of the app right now"), "{}", wrong.text);
    assert!(wrong.text.contains(&secret[..4]), "the app has to be set up again");
    let (_, recovery) = switch_on(&mut ada);
    for action in ["/admin/account/second-factor/off", "/admin/account/second-factor/recovery"] {
        assert_eq!(ada.post(action, &[("current", "not this one")]).status, 422, "{action}");
    }
    let fresh = ada.post("/admin/account/second-factor/recovery", &[("current", PASSWORD)]);
    assert_eq!(fresh.status, 200);
    assert_eq!(second_step(&mut Visitor::new(&site), ADA, &recovery[0]).status, 401, "the old codes work");
    assert_eq!(ada.post("/admin/account/second-factor/off", &[("current", PASSWORD)]).status, 303);
    assert_eq!(Visitor::new(&site).sign_in(ADA, PASSWORD).location, "/admin");
}

#[test]
fn an_owner_lets_somebody_in_who_has_lost_everything() {
    let site = with_ada();
    let mut ada = Visitor::signed_in(&site, ADA);
    switch_on(&mut ada);
    let mut olga = Visitor::signed_in(&site, OLGA);
    assert!(olga.get("/admin/people").text.contains("one-time codes"));
    assert_eq!(ada.post("/admin/people/2/second-factor", &[]).status, 403);
    assert_eq!(olga.post("/admin/people/2/second-factor", &[]).status, 303);
    assert_eq!(
        (ada.get("/admin").status, Visitor::new(&site).sign_in(ADA, PASSWORD).location.as_str()),
        (303, "/admin")
    );
    assert_eq!(olga.post("/admin/people/2/second-factor", &[]).status, 409);
    // On the server, when it is the owner who has.
    switch_on(&mut olga);
    assert!(site.folder.json(&["user", "list", "--json"])[0]["second_factor"].as_bool().expect("said"));
    site.folder.done(&["user", "reset-second-factor", "--email", OLGA]);
    assert_eq!(Visitor::new(&site).sign_in(OLGA, PASSWORD).location, "/admin");
    assert!(site.folder.fails(&["user", "reset-second-factor", "--email", OLGA]).contains("no second factor"));
}

#[test]
fn an_archive_takes_the_codes_along() {
    let site = with_ada();
    let (secret, _) = switch_on(&mut Visitor::signed_in(&site, ADA));
    let archive = site.folder.path("site.tar.gz").to_string_lossy().into_owned();
    site.folder.done(&["export", &archive]);
    let other = Folder::empty();
    other.done(&["import", &archive]);
    let other = Site::serving(other, &[]);
    let mut ada = Visitor::new(&other);
    assert_eq!(second_step(&mut ada, ADA, &code(&secret, 1)).status, 303);
}
