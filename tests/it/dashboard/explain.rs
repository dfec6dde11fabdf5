//! `?explain=1` for a developer who is signed in with the browser that asks.

use serde_json::Value;
use ureq::Body;
use ureq::http::Response;

use super::visitor::{PASSWORD, Visitor, add_person};
use crate::site::{Site, header};

/// A developer and an editor of the starter site, who sign in with a browser.
fn with_people() -> Site {
    let site = Site::starter();
    for (email, role) in [("dora@example.com", "developer"), ("eddy@example.com", "editor")] {
        add_person(&site.folder, email, role);
    }
    site
}

/// The headers that a browser sends when somebody who is signed in types an address.
fn typed_by(site: &Site, email: &str) -> (String, String) {
    let mut visitor = Visitor::new(site);
    assert_eq!(visitor.sign_in(email, PASSWORD).status, 303);
    (format!("theme=dark; larder={}", visitor.cookie("larder").expect("signed in")), "none".to_owned())
}

#[test]
fn a_signed_in_developer_needs_no_write_token() {
    let site = with_people();
    let read = site.folder.done(&["token", "add", "--kind", "read"]);
    let path = format!("/v2/tags/?explain=1&auth_token={read}");
    let (cookie, fetched) = typed_by(&site, "dora@example.com");
    let plain = json_of(&mut site.ask(&format!("/v2/tags/?auth_token={read}"), &[]));
    // Also when the same address was answered before to somebody who is not signed in.
    for round in 0..3 {
        let mut other = site.ask(&path, &[]);
        assert_eq!(json_of(&mut other), plain, "{round}");
        assert_eq!(header(&other, "access-control-allow-origin"), "*");
        let mut answer = site.ask(&path, &[("cookie", &cookie), ("sec-fetch-site", &fetched)]);
        let mut json = json_of(&mut answer);
        let how = json.as_object_mut().and_then(|members| members.remove("explain")).expect("explained");
        assert!(how["sql"]["count"].as_u64() > Some(0), "{how}");
        assert_eq!(json, plain);
        for (name, value) in [
            ("cache-control", "private, no-store"),
            ("access-control-allow-origin", ""),
            ("access-control-allow-credentials", ""),
            ("cross-origin-resource-policy", "same-origin"),
            ("surrogate-control", ""),
            ("etag", ""),
        ] {
            assert_eq!(header(&answer, name), value, "{name}");
        }
    }
    let by_page = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    assert!(json_of(&mut site.ask(&path, &by_page))["explain"].is_object(), "a page of ours may ask");
}

#[test]
fn a_sign_in_explains_nothing_to_other_pages_other_roles_or_after_its_end() {
    let site = with_people();
    let read = site.folder.done(&["token", "add", "--kind", "read"]);
    let path = format!("/v2/tags/?explain=1&auth_token={read}");
    let plain = json_of(&mut site.ask(&format!("/v2/tags/?auth_token={read}"), &[]));
    let (dora, _) = typed_by(&site, "dora@example.com");
    let (eddy, none) = typed_by(&site, "eddy@example.com");
    let host = site.base().trim_start_matches("http://").to_owned();
    for headers in [
        [("cookie", eddy.as_str()), ("sec-fetch-site", none.as_str())],
        [("cookie", "larder=0123456789012345678901234567890123456789"), ("sec-fetch-site", "none")],
        [("cookie", &dora), ("sec-fetch-site", "cross-site")],
        [("cookie", &dora), ("sec-fetch-site", "same-site")],
        [("cookie", &dora), ("origin", "https://evil.example")],
        [("cookie", &dora), ("origin", "null")],
    ] {
        let mut answer = site.ask(&path, &headers);
        assert_eq!(json_of(&mut answer), plain, "{headers:?} {host}");
    }
    let without_token = site.ask("/v2/tags/?explain=1", &[("cookie", &dora), ("sec-fetch-site", "none")]);
    assert_eq!(without_token.status(), 401, "a sign-in is no token");
    site.folder.done(&["user", "remove", "--email", "dora@example.com"]);
    assert_eq!(json_of(&mut site.ask(&path, &[("cookie", &dora), ("sec-fetch-site", "none")])), plain);
}

fn json_of(answer: &mut Response<Body>) -> Value {
    serde_json::from_str(&answer.body_mut().read_to_string().expect("text")).expect("JSON")
}
