//! People: invitations, new passwords, roles, removing; and one's own account.

use larder::store::{self, Store};

use super::visitor::{PASSWORD, Visitor, add_person, owned};
use crate::command::Folder;
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const ADA: &str = "ada@example.com";
const OTHER: &str = "another long password";

fn with_ada(role: &str) -> Site {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    add_person(&folder, ADA, role);
    Site::serving(folder, &[])
}

/// The path of a link that a page hands out.
fn link(site: &Site, text: &str, kind: &str) -> String {
    let start = format!("{}/admin/{kind}/", site.base());
    let (_, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no link in {text}"));
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/admin/{kind}/{secret}")
}

fn roles(site: &Site) -> Vec<(String, String)> {
    let people = site.folder.json(&["user", "list", "--json"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    people.as_array().expect("people").iter().map(|one| (text(&one["email"]), text(&one["role"]))).collect()
}

#[test]
fn an_invitation_works_once() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let page = olga.post("/admin/people/invite", &[("email", ADA), ("role", "writer")]);
    assert_eq!(page.status, 200, "{}", page.text);
    let path = link(&site, &page.text, "invite");
    let listed = olga.get("/admin/people").text;
    assert!(listed.contains(ADA) && !listed.contains(&path), "the link is shown again");
    let mut ada = Visitor::new(&site);
    let page = ada.get(&path);
    assert!(page.text.contains("olga has invited you as a writer") && page.text.contains(ADA), "{}", page.text);
    assert_eq!(ada.post_bare(&path, &[("name", ""), ("password", PASSWORD)]).status, 422);
    assert_eq!(ada.post_bare(&path, &[("name", "Ada"), ("password", "short")]).status, 422);
    // Who is made follows from the link, not from what is sent along with it.
    let sent = [("name", "Ada"), ("password", PASSWORD), ("email", "eve@example.com"), ("role", "owner")];
    let answer = ada.post_bare(&path, &sent);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin"));
    assert_eq!(ada.get("/admin/account").status, 200);
    assert_eq!(roles(&site), [(OLGA.into(), "owner".into()), (ADA.into(), "writer".into())]);
    let again = Visitor::new(&site).post_bare(&path, &[("name", "Eve"), ("password", PASSWORD)]);
    assert!(again.status == 404 && again.text.contains("works no more"), "{}", again.text);
    assert_eq!(Visitor::new(&site).get(&path).status, 404);
}

#[test]
fn a_newer_invitation_replaces_an_earlier_one_and_can_be_withdrawn() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let invite = |olga: &mut Visitor<'_>, email: &str| {
        olga.post("/admin/people/invite", &[("email", email), ("role", "editor")])
    };
    let first = link(&site, &invite(&mut olga, ADA).text, "invite");
    let second = link(&site, &invite(&mut olga, "ADA@example.com").text, "invite");
    let mut visitor = Visitor::new(&site);
    assert_eq!((visitor.get(&first).status, visitor.get(&second).status), (404, 200));
    assert_eq!(olga.post("/admin/people/withdraw", &[("email", ADA)]).status, 303);
    assert_eq!(visitor.get(&second).status, 404);
    for taken in [OLGA, "Olga@Example.com", "nobody"] {
        assert_eq!(invite(&mut olga, taken).status, 422, "{taken}");
    }
}

#[test]
fn links_end_by_themselves_and_are_kept_as_hashes() {
    let site = with_ada("editor");
    let invite = site.folder.done(&[
        "user",
        "invite",
        "--email",
        "eve@example.com",
        "--role",
        "viewer",
        "--public-url",
        site.base(),
    ]);
    let reset = site.folder.done(&["user", "reset", "--email", ADA, "--public-url", site.base()]);
    let (invite, reset) = (link(&site, &invite, "invite"), link(&site, &reset, "reset"));
    let mut visitor = Visitor::new(&site);
    assert_eq!((visitor.get(&invite).status, visitor.get(&reset).status), (200, 200));
    let store = Store::open(&site.folder.site()).expect("the site");
    for path in [&invite, &reset] {
        let secret = path.rsplit('/').next().expect("a secret");
        assert!(store.read(|read| read.pass(secret)).expect("readable").is_none(), "the secret is in the database");
        let hash = larder::auth::hash(secret);
        let mut pass = store.read(|read| read.pass(&hash)).expect("readable").expect("there");
        pass.ends = larder::authoring::now();
        store.write::<_, store::Error>(move |write| write.add_pass(&pass)).expect("written");
        assert_eq!(visitor.get(path).status, 404);
        assert_eq!(visitor.post_bare(path, &[("name", "Eve"), ("password", OTHER)]).status, 404);
    }
    // One kind is no other.
    let reset =
        link(&site, &site.folder.done(&["user", "reset", "--email", ADA, "--public-url", site.base()]), "reset");
    let disguised = reset.replace("reset", "invite");
    assert_eq!(visitor.post_bare(&disguised, &[("name", "Eve"), ("password", OTHER)]).status, 404);
    assert_eq!(visitor.get(&reset).status, 200, "the link was used up by the wrong door");
}

#[test]
fn a_new_password_by_link_ends_all_sessions() {
    let site = with_ada("editor");
    let mut ada = Visitor::signed_in(&site, ADA);
    let mut olga = Visitor::signed_in(&site, OLGA);
    let page = olga.post("/admin/people/2/reset", &[]);
    let path = link(&site, &page.text, "reset");
    assert_eq!(ada.get("/admin").status, 200);
    let mut elsewhere = Visitor::new(&site);
    assert!(elsewhere.get(&path).text.contains(ADA));
    assert_eq!(elsewhere.post_bare(&path, &[("password", OTHER)]).status, 303);
    assert_eq!((elsewhere.get("/admin").status, ada.get("/admin").status), (200, 303));
    assert_eq!(Visitor::new(&site).sign_in(ADA, PASSWORD).status, 401);
    assert_eq!(Visitor::new(&site).sign_in(ADA, OTHER).status, 303);
    assert_eq!(Visitor::new(&site).post_bare(&path, &[("password", PASSWORD)]).status, 404);
}

#[test]
fn a_changed_role_holds_at_once() {
    let site = with_ada("developer");
    let (mut olga, mut ada) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, ADA));
    assert_eq!(ada.get("/admin/settings").status, 200);
    assert_eq!(olga.post("/admin/people/2/role", &[("role", "editor")]).status, 200);
    assert_eq!(ada.get("/admin/settings").status, 403);
    assert_eq!(olga.post("/admin/people/2/role", &[("role", "king")]).status, 400);
    assert_eq!(olga.post("/admin/people/9/role", &[("role", "editor")]).status, 404);
}

#[test]
fn somebody_who_is_removed_is_signed_out() {
    let site = with_ada("owner");
    let (mut olga, mut ada) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, ADA));
    assert_eq!(ada.post("/admin/people/1/remove", &[]).status, 303);
    assert_eq!((olga.get("/admin").status, olga.sign_in(OLGA, PASSWORD).status), (303, 401));
    assert_eq!(roles(&site), [(ADA.into(), "owner".into())]);
}

#[test]
fn the_last_owner_stays_owner() {
    let site = with_ada("editor");
    let mut olga = Visitor::signed_in(&site, OLGA);
    let page = olga.post("/admin/people/1/remove", &[]);
    assert!(page.status == 409 && page.text.contains("this is the last owner"), "{}", page.text);
    assert_eq!(olga.post("/admin/people/1/role", &[("role", "editor")]).status, 409);
    assert!(!olga.get("/admin/people/1").text.contains("data-dialog-open=\"remove\""));
    assert_eq!(olga.post("/admin/people/2/role", &[("role", "owner")]).status, 200);
    let answer = olga.post("/admin/people/1/role", &[("role", "editor")]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin"));
    assert_eq!(olga.get("/admin/people").status, 403);
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    let site = owned();
    let (mut here, mut there) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, OLGA));
    let reset =
        link(&site, &site.folder.done(&["user", "reset", "--email", OLGA, "--public-url", site.base()]), "reset");
    let wrong = here.post("/admin/account/password", &[("current", "not this one"), ("password", OTHER)]);
    assert!(wrong.status == 422 && wrong.text.contains("not your present password"), "{}", wrong.text);
    let short = here.post("/admin/account/password", &[("current", PASSWORD), ("password", "short")]);
    assert!(short.status == 422 && short.text.contains("at least 12 characters"), "{}", short.text);
    assert_eq!((here.get("/admin").status, there.get("/admin").status), (200, 200));
    let done = here.post("/admin/account/password", &[("current", PASSWORD), ("password", OTHER)]);
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/account"));
    assert_eq!((here.get("/admin").status, there.get("/admin").status), (200, 303));
    assert_eq!(there.sign_in(OLGA, OTHER).status, 303);
    assert_eq!(Visitor::new(&site).get(&reset).status, 404, "a link for a new password has outlived the change");
}

#[test]
fn another_address_needs_the_password() {
    let site = with_ada("editor");
    let mut ada = Visitor::signed_in(&site, ADA);
    let change = |ada: &mut Visitor<'_>, email: &str, current: &str| {
        ada.post("/admin/account", &[("name", "Ada K."), ("email", email), ("current", current)])
    };
    assert_eq!(change(&mut ada, ADA, "").status, 303);
    assert!(ada.get("/admin/account").text.contains("Ada K."));
    assert_eq!(change(&mut ada, "ada@elsewhere.example", "").status, 422);
    assert_eq!(change(&mut ada, OLGA, PASSWORD).status, 422);
    assert_eq!(change(&mut ada, "ada@elsewhere.example", PASSWORD).status, 303);
    assert_eq!(Visitor::new(&site).sign_in("ada@elsewhere.example", PASSWORD).status, 303);
}

#[test]
fn devices_are_listed_and_signed_out_one_by_one() {
    let site = with_ada("editor");
    let (mut here, mut there) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, OLGA));
    let mut ada = Visitor::signed_in(&site, ADA);
    let page = here.get("/admin/account");
    let hashes: Vec<&str> = page.text.split("name=\"device\" value=\"").skip(1).map(|rest| &rest[..64]).collect();
    let own = larder::auth::hash(here.cookie("larder").expect("kept"));
    let other = hashes.iter().find(|hash| **hash != own).expect("another device").to_string();
    assert_eq!(hashes.len(), 2);
    // Where one comes from is the connection's word, not the header's that anybody can send.
    let sent = format!("email={OLGA}&password={}", PASSWORD.replace(' ', "+"));
    let form = [("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-for", "203.0.113.7")];
    assert_eq!(Visitor::new(&site).send("POST", "/admin/sign-in", &form, sent).status, 303);
    let page = here.get("/admin/account").text;
    assert!(page.contains("127.0.0.1") && !page.contains("203.0.113.7"), "{page}");
    // Nobody ends somebody else's sessions.
    assert_eq!(ada.post("/admin/account/devices", &[("device", &other)]).status, 404);
    assert_eq!(here.post("/admin/account/devices", &[("device", &other)]).status, 303);
    assert_eq!((here.get("/admin").status, there.get("/admin").status), (200, 303));
}

#[test]
fn looks_and_keys_are_kept_on_the_account() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    assert!(olga.get("/admin").text.contains("data-theme=\"system\""));
    assert_eq!(olga.post("/admin/account/theme", &[("theme", "neon")]).status, 400);
    let answer = olga.post("/admin/account/theme", &[("theme", "dark")]);
    assert!(answer.set_cookies[0].starts_with("larder-theme=dark; Path=/admin; SameSite=Lax"), "{answer:?}");
    assert!(olga.get("/admin").text.contains("data-theme=\"dark\""));
    olga.post("/admin/sign-out", &[]);
    assert!(olga.get("/admin/sign-in").text.contains("data-theme=\"dark\""), "the sign-in page flashes");
    let mut elsewhere = Visitor::signed_in(&site, OLGA);
    assert!(elsewhere.get("/admin").text.contains("data-theme=\"dark\""));
    assert!(!elsewhere.get("/admin").text.contains("data-keys=\"off\""));
    assert_eq!(elsewhere.post("/admin/account/shortcuts", &[]).status, 303);
    assert!(elsewhere.get("/admin").text.contains("data-keys=\"off\""));
    assert_eq!(elsewhere.post("/admin/account/shortcuts", &[("shortcuts", "on")]).status, 303);
    assert!(!elsewhere.get("/admin").text.contains("data-keys=\"off\""));
}

#[test]
fn first_steps_are_ticked_off_and_hidden_for_good() {
    let site = with_ada("viewer");
    let mut olga = Visitor::signed_in(&site, OLGA);
    let home = olga.get("/admin").text;
    assert!(home.contains("Publish something") && home.contains("Set up a backup"), "{home}");
    let undone = home.matches("<small>Done</small>").count();
    olga.post("/admin/settings/save/preview", &[("preview_url", "https://example.com/{slug}")]);
    site.folder.done(&["export", &site.folder.path("site.tar.gz").to_string_lossy()]);
    let home = olga.get("/admin").text;
    assert_eq!(home.matches("<small>Done</small>").count(), undone + 2, "{home}");
    assert_eq!(olga.post("/admin/steps/hide", &[]).location, "/admin");
    assert!(!olga.get("/admin").text.contains("First steps"));
    assert!(!Visitor::signed_in(&site, OLGA).get("/admin").text.contains("First steps"));
    assert!(!Visitor::signed_in(&site, ADA).get("/admin").text.contains("First steps"), "a viewer can take none");
}
