//! Who may do what: every route, for every role.

use super::visitor::{Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

const ROLES: [&str; 5] = ["owner", "developer", "editor", "writer", "viewer"];

/// Routes with the roles that are let through.
const READS: &[(&str, &[&str])] = &[
    ("/admin", &ROLES),
    ("/admin/account", &ROLES),
    ("/admin/about/licences", &ROLES),
    ("/admin/people", &["owner"]),
    ("/admin/people/1", &["owner"]),
    ("/admin/settings", &["owner", "developer"]),
    ("/admin/settings/cdn", &["owner", "developer"]),
    ("/admin/settings/cdn/log", &["owner", "developer"]),
    ("/admin/settings/webhooks", &["owner", "developer"]),
    ("/admin/welcome", &["owner", "developer"]),
    ("/admin/welcome/light", &["owner", "developer"]),
];

/// Changes with what is sent; harmless ones, so that those who may can make them.
type Change = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
const CHANGES: &[Change] = &[
    ("/admin/session", &[], &ROLES),
    ("/admin/account/theme", &[("theme", "dark")], &ROLES),
    ("/admin/account/shortcuts", &[], &ROLES),
    ("/admin/steps/hide", &[], &ROLES),
    ("/admin/people/invite", &[("email", "new@example.com"), ("role", "viewer")], &["owner"]),
    ("/admin/people/withdraw", &[("email", "old@example.com")], &["owner"]),
    ("/admin/people/1/role", &[("role", "owner")], &["owner"]),
    ("/admin/people/6/reset", &[], &["owner"]),
    ("/admin/people/6/remove", &[], &["owner"]),
    ("/admin/setup/site", &[("site_name", "x")], &["owner"]),
    ("/admin/setup/content", &[("choice", "empty")], &["owner"]),
    ("/admin/settings/save/general", &[("site_name", "x"), ("time_zone", "UTC")], &["owner", "developer"]),
    ("/admin/settings/webhooks", &[], &["owner", "developer"]),
    ("/admin/settings/webhooks/1", &[], &["owner", "developer"]),
    ("/admin/settings/webhooks/1/rotate", &[], &["owner", "developer"]),
    ("/admin/settings/webhooks/1/remove", &[], &["owner", "developer"]),
    ("/admin/settings/webhooks/1/test", &[], &["owner", "developer"]),
    ("/admin/settings/webhooks/1/resend", &[], &["owner", "developer"]),
    ("/admin/settings/sample", &[], &["owner", "developer"]),
    ("/admin/settings/cdn/unset", &[], &["owner", "developer"]),
    ("/admin/welcome", &[], &["owner"]),
    ("/admin/welcome/token", &[], &["owner", "developer"]),
];

#[test]
fn every_route_lets_only_those_through_whose_role_allows_it() {
    let folder = Folder::new();
    for role in ROLES {
        add_person(&folder, &format!("{role}@example.com"), role);
    }
    add_person(&folder, "spare@example.com", "viewer");
    folder.done(&["user", "invite", "--email", "old@example.com"]);
    let site = Site::serving(folder, &[]);
    let mut wrong = Vec::new();
    // The least powerful first: what they are refused is still there for the others.
    for role in ROLES.into_iter().rev() {
        let mut visitor = Visitor::signed_in(&site, &format!("{role}@example.com"));
        for (path, allowed) in READS {
            let status = visitor.get(path).status;
            if (status == 403) == allowed.contains(&role) || (status != 200 && status != 403) {
                wrong.push(format!("GET {path} as {role}: {status}"));
            }
        }
        for (path, sent, allowed) in CHANGES {
            let answer = visitor.post(path, sent);
            if (answer.status == 403) == allowed.contains(&role) || answer.status >= 500 {
                wrong.push(format!("POST {path} as {role}: {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nobody_passes_without_a_sign_in_and_no_change_without_its_word() {
    let folder = Folder::new();
    add_person(&folder, "owner@example.com", "owner");
    let site = Site::serving(folder, &[]);
    let mut owner = Visitor::signed_in(&site, "owner@example.com");
    for (path, _) in READS {
        let status = Visitor::new(&site).get(path).status;
        assert_eq!(status, 303, "GET {path}");
    }
    for (path, sent, _) in CHANGES {
        assert_eq!(Visitor::new(&site).post_bare(path, sent).status, 303, "POST {path}");
        assert_eq!(owner.post_bare(path, sent).status, 403, "POST {path}");
    }
}
