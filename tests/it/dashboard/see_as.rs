//! An owner looks at the dashboard by another role's eyes, and signs out everywhere.

use super::visitor::{PASSWORD, Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const DEV: &str = "dev@example.com";

fn site() -> Site {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    add_person(&folder, DEV, "developer");
    Site::serving(folder, &[])
}

#[test]
fn an_owner_sees_what_a_role_sees_and_changes_nothing() {
    let site = site();
    let (mut olga, mut elsewhere) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, OLGA));
    let answer = olga.post("/admin/people/see-as", &[("role", "viewer")]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin"));
    let home = olga.get("/admin").text;
    assert!(home.contains("You see this as the role viewer does") && !home.contains("/admin/settings\""), "{home}");
    assert_eq!((olga.get("/admin/people").status, olga.get("/admin/settings").status), (403, 403));
    let answer = olga.post("/admin/account", &[("name", "Olga B."), ("email", OLGA)]);
    assert!(answer.status == 403 && answer.text.contains("nothing can be changed"), "{}", answer.text);
    // In this browser only.
    assert_eq!(elsewhere.get("/admin/people").status, 200);
    let answer = olga.post("/admin/see-as/end", &[]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/people"));
    assert_eq!(olga.get("/admin/people").status, 200);
    assert_eq!(olga.post("/admin/account", &[("name", "Olga B."), ("email", OLGA)]).status, 303);
}

#[test]
fn nobody_sees_more_than_they_may() {
    let site = site();
    let (mut olga, mut dev) = (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, DEV));
    assert_eq!(dev.post("/admin/people/see-as", &[("role", "viewer")]).status, 403);
    for role in ["owner", "king", ""] {
        assert_eq!(olga.post("/admin/people/see-as", &[("role", role)]).status, 400, "{role}");
    }
    // Whoever is no owner any more does not get back what they saw as one.
    assert_eq!(olga.post("/admin/people/2/role", &[("role", "owner")]).status, 200);
    assert_eq!(olga.post("/admin/people/see-as", &[("role", "developer")]).status, 303);
    site.folder.done(&["user", "change", "--email", OLGA, "--role", "viewer"]);
    assert_eq!(olga.get("/admin/settings").status, 403);
    // Signing out works meanwhile.
    assert_eq!(olga.post("/admin/sign-out", &[]).status, 303);
}

#[test]
fn signing_out_everywhere_ends_this_session_too() {
    let site = site();
    let (mut here, mut there, mut dev) =
        (Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, OLGA), Visitor::signed_in(&site, DEV));
    let answer = here.post("/admin/account/devices/all", &[]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/sign-in"));
    assert_eq!((here.get("/admin").status, there.get("/admin").status, dev.get("/admin").status), (303, 303, 200));
    assert_eq!(Visitor::new(&site).sign_in(OLGA, PASSWORD).status, 303);
}
