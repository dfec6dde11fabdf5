//! Setting up a new site in the browser.

use serde_json::json;

use super::visitor::{PASSWORD, Visitor, add_person};
use crate::command::{Folder, await_until};
use crate::site::Site;

const OLGA: &str = "olga@example.com";

/// A site without anybody, and the code its server printed.
fn fresh() -> (Site, String) {
    let site = Site::serving(Folder::empty(), &[]);
    let code = code_of(&site);
    (site, code)
}

fn code_of(site: &Site) -> String {
    let address = site.setup.as_deref().expect("an address");
    assert!(address.starts_with(&format!("{}/admin/setup?code=", site.base())), "{address}");
    address.split_once("code=").expect("a code").1.to_owned()
}

fn make_account(visitor: &mut Visitor<'_>, code: &str) -> super::visitor::Answer {
    let sent = [("code", code), ("name", "Olga Berg"), ("email", OLGA), ("password", PASSWORD)];
    visitor.post_bare("/admin/setup", &sent)
}

/// Goes through account and site, up to the choice of what to begin with.
fn to_content<'s>(site: &'s Site, code: &str) -> Visitor<'s> {
    let mut olga = Visitor::new(site);
    assert_eq!(make_account(&mut olga, code).status, 303);
    olga.visit("/admin/setup");
    let sent = [("site_name", "Berg & Söhne"), ("language", "de"), ("time_zone", "Europe/Berlin")];
    assert_eq!(olga.post("/admin/setup/site", &sent).status, 303);
    let page = olga.visit("/admin/setup");
    assert!(page.text.contains("What to begin with"), "{}", page.text);
    olga
}

#[test]
fn a_new_site_is_claimed_with_the_code_of_the_terminal_only() {
    let (site, code) = fresh();
    let mut stranger = Visitor::new(&site);
    assert_eq!(stranger.visit("/admin").text.matches("Code from the terminal").count(), 1);
    let refused = stranger.get("/admin/setup?code=aaaa-aaaa-aaaa-aaaa");
    assert!(refused.status == 403 && refused.text.contains("not the code"), "{}", refused.text);
    for wrong in ["", "aaaa-aaaa-aaaa-aaaa"] {
        let answer = make_account(&mut stranger, wrong);
        assert!(answer.text.contains("Code from the terminal") && answer.set_cookies.is_empty(), "{}", answer.text);
    }
    let mut olga = Visitor::new(&site);
    // As somebody types it from another screen.
    let typed = code.to_uppercase().replace('-', "+");
    assert!(olga.get(&format!("/admin/setup?code={typed}")).text.contains("Your account"));
    let answer = make_account(&mut olga, &code);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/setup"));
    assert!(olga.get("/admin/setup").text.contains("Your site"));
    // The code has done its work.
    assert_eq!(stranger.get(&format!("/admin/setup?code={code}")).location, "/admin/sign-in?next=/admin/setup");
    let sent = [("code", code.as_str()), ("name", "Eve"), ("email", "eve@example.com"), ("password", PASSWORD)];
    assert_eq!(stranger.post_bare("/admin/setup", &sent).location, "/admin/sign-in?next=/admin/setup");
    assert_eq!(site.folder.json(&["user", "list", "--json"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn each_start_prints_another_code_until_somebody_has_an_account() {
    let (mut site, first) = fresh();
    site.again();
    let second = code_of(&site);
    assert_ne!(first, second);
    let refused = make_account(&mut Visitor::new(&site), &first);
    assert!(refused.status == 403 && refused.text.contains("Each start of larder makes a new one"), "{}", refused.text);
    assert_eq!(make_account(&mut Visitor::new(&site), &second).status, 303);
    site.again();
    assert_eq!(site.setup, None);
}

#[test]
fn an_account_made_by_a_command_closes_the_set_up() {
    let (site, code) = fresh();
    add_person(&site.folder, OLGA, "owner");
    let answer = Visitor::new(&site).get(&format!("/admin/setup?code={code}"));
    assert_eq!(answer.location, "/admin/sign-in?next=/admin/setup");
    // There is nothing to go on with.
    let mut olga = Visitor::signed_in(&site, OLGA);
    assert_eq!(olga.get("/admin/setup").location, "/admin");
}

#[test]
fn what_does_not_fit_is_said_at_its_field_and_the_rest_stays() {
    let (site, code) = fresh();
    let mut olga = Visitor::new(&site);
    let sent = [("code", code.as_str()), ("name", "Olga <b>"), ("email", "no address"), ("password", PASSWORD)];
    let page = olga.post_bare("/admin/setup", &sent);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Enter a valid email address."), "{}", page.text);
    assert!(
        page.text.contains("value=\"Olga &lt;b&gt;\"") && page.text.contains("value=\"no address\""),
        "{}",
        page.text
    );
    assert!(!page.text.contains(PASSWORD), "the password is sent back");
    let short = [("code", code.as_str()), ("name", "Olga"), ("email", OLGA), ("password", "short")];
    let page = olga.post_bare("/admin/setup", &short);
    assert!(page.status == 422 && page.text.contains("A password has at least 12 characters."), "{}", page.text);
}

#[test]
fn a_form_sent_twice_signs_in_twice_and_makes_one_account() {
    let (site, code) = fresh();
    let (mut once, mut twice) = (Visitor::new(&site), Visitor::new(&site));
    assert_eq!(make_account(&mut once, &code).location, "/admin/setup");
    let second = make_account(&mut twice, &code);
    assert_eq!((second.status, second.location.as_str()), (303, "/admin/setup"));
    assert!(twice.get("/admin/setup").text.contains("Your site"));
    assert_eq!(site.folder.json(&["user", "list", "--json"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn whoever_comes_back_goes_on_where_they_were() {
    let (mut site, code) = fresh();
    drop(to_content(&site, &code));
    site.again();
    let mut olga = Visitor::new(&site);
    let answer = olga.post_bare("/admin/sign-in", &[("email", OLGA), ("password", PASSWORD)]);
    assert_eq!(answer.location, "/admin/setup");
    let page = olga.get("/admin/setup");
    assert!(page.text.contains("What to begin with") && page.text.contains("Berg &amp; Söhne"), "{}", page.text);
    assert!(olga.get("/admin").text.contains("Finish setting up"));
    // A step that was taken is not taken again.
    let sent = [("site_name", "Other"), ("language", "en"), ("time_zone", "UTC")];
    assert_eq!(olga.post("/admin/setup/site", &sent).location, "/admin/setup");
    assert_eq!(site.folder.done(&["setting", "get", "site_name"]), "Berg & Söhne");
    assert_eq!(olga.post("/admin/setup/content", &[("choice", "empty")]).status, 303);
    assert!(olga.visit("/admin/setup").text.contains("Show it on your site"));
    assert_eq!(olga.post("/admin/welcome", &[]).location, "/admin");
    assert_eq!(olga.get("/admin/setup").location, "/admin");
}

#[test]
fn name_language_and_time_zone_are_the_sites() {
    let (site, code) = fresh();
    let mut olga = Visitor::new(&site);
    make_account(&mut olga, &code);
    olga.visit("/admin/setup");
    for (language, zone) in [("xx", "UTC"), ("de", "Middle/Earth")] {
        let page = olga.post("/admin/setup/site", &[("site_name", "B"), ("language", language), ("time_zone", zone)]);
        assert_eq!(page.status, 422, "{}", page.text);
    }
    let sent = [("site_name", "B"), ("language", "de"), ("time_zone", "Europe/Berlin")];
    assert_eq!(olga.post("/admin/setup/site", &sent).status, 303);
    assert_eq!(site.folder.done(&["setting", "get", "time_zone"]), "Europe/Berlin");
    let model = site.folder.json(&["schema", "export"]);
    assert_eq!(model["locales"], json!([{"slug": "de", "name": "Deutsch"}]));
}

#[test]
fn the_sample_site_comes_with_the_sites_own_name() {
    let (site, code) = fresh();
    let mut olga = to_content(&site, &code);
    assert_eq!(olga.post("/admin/setup/content", &[("choice", "sample")]).status, 303);
    // Sent twice, it is taken once.
    assert_eq!(olga.post("/admin/setup/content", &[("choice", "sample")]).location, "/admin/setup");
    assert_eq!(site.folder.done(&["setting", "get", "site_name"]), "Berg & Söhne");
    assert_eq!(site.folder.done(&["setting", "get", "time_zone"]), "Europe/Berlin");
    assert!(site.folder.done(&["entry", "list"]).lines().count() > 30);
}

#[test]
fn a_blog_begins_with_its_author_and_a_category() {
    let (site, code) = fresh();
    let mut olga = to_content(&site, &code);
    assert_eq!(olga.post("/admin/setup/content", &[("choice", "nonsense")]).status, 422);
    assert_eq!(olga.post("/admin/setup/content", &[("choice", "blog")]).status, 303);
    let authors = site.folder.json(&["author", "list", "--json"]);
    assert_eq!((&authors[0]["first_name"], &authors[0]["last_name"]), (&json!("Olga"), &json!("Berg")));
    let token = site.folder.json(&["token", "list", "--json"])[0]["token"].as_str().expect("a token").to_owned();
    let categories = site.ask(&format!("/v2/categories/?auth_token={token}"), &[]);
    assert_eq!(categories.status(), 200);
}

#[test]
fn an_archive_comes_with_its_people_and_the_owner_stays() {
    let source = Folder::starter();
    add_person(&source, "ada@example.com", "editor");
    add_person(&source, OLGA, "viewer");
    let token = source.done(&["token", "add", "--kind", "write"]);
    let archive = source.path("site.tar.gz");
    source.done(&["export", &archive.to_string_lossy()]);
    let (site, code) = fresh();
    let mut olga = to_content(&site, &code);
    let bytes = std::fs::read(&archive).expect("readable");
    let refused = olga.post_file("/admin/setup/import", "wrong", "site.tar.gz", &bytes);
    assert_eq!(refused.status, 403);
    let csrf = olga.csrf.clone();
    let broken = olga.post_file("/admin/setup/import", &csrf, "site.tar.gz", &bytes[..bytes.len() / 2]);
    assert!(broken.status == 409 && broken.text.contains("nothing was imported"), "{}", broken.text);
    let answer = olga.post_file("/admin/setup/import", &csrf, "site.tar.gz", &bytes);
    assert_eq!(answer.status, 303, "{}", answer.text);
    let people = site.folder.json(&["user", "list", "--json"]);
    let roles: Vec<_> = people.as_array().expect("people").iter().map(|one| (&one["email"], &one["role"])).collect();
    assert_eq!(roles, [(&json!(OLGA), &json!("owner")), (&json!("ada@example.com"), &json!("editor"))]);
    assert_eq!(olga.get("/admin/welcome").status, 200);
    Visitor::signed_in(&site, "ada@example.com");
    await_until("the archive's token works", || {
        site.ask("/v2/posts/", &[("authorization", &format!("Token {token}"))]).status() == 200
    });
    let left: Vec<_> = std::fs::read_dir(site.folder.site()).expect("the folder").flatten().collect();
    assert!(left.iter().all(|file| !file.file_name().to_string_lossy().starts_with(".import")), "{left:?}");
}

#[test]
fn the_light_turns_green_at_the_first_request_with_the_token() {
    let (site, code) = fresh();
    let mut olga = to_content(&site, &code);
    olga.post("/admin/setup/content", &[("choice", "empty")]);
    let page = olga.visit("/admin/setup");
    let token = page.between("LARDER_TOKEN=", "<");
    assert!(page.text.contains(&format!("LARDER_URL={}", site.base())), "{}", page.text);
    assert!(
        page.text.contains(&format!("curl &#39;{}/v2/posts/?auth_token={token}&#39;", site.base()))
            || page.text.contains(&format!("curl '{}/v2/posts/?auth_token={token}'", site.base())),
        "{}",
        page.text
    );
    assert!(page.text.contains("Waiting for the first request"), "{}", page.text);
    assert_eq!(site.status_for("0000000000000000000000000000000000000000"), 401);
    assert!(olga.get("/admin/welcome/light").text.contains("Waiting"));
    assert_eq!(site.status_for(&token), 200);
    let light = olga.get("/admin/welcome/light").text;
    assert!(light.contains("connected") && !light.contains("hx-get"), "{light}");
}

#[test]
fn the_demo_prints_an_account_that_works() {
    let folder = Folder::empty();
    let mut passwords = Vec::new();
    for _ in 0..2 {
        let (site, said) = Site::demo(&folder);
        let password =
            said.lines().find_map(|line| line.trim().strip_prefix("Password: ")).expect("a password").to_owned();
        let email =
            said.lines().find_map(|line| line.trim().strip_prefix("Email:")).expect("an address").trim().to_owned();
        let mut owner = Visitor::new(&site);
        assert_eq!(owner.sign_in(&email, &password).status, 303);
        assert_eq!(owner.get("/admin/people").status, 200);
        passwords.push(password);
    }
    assert_ne!(passwords[0], passwords[1]);
    assert_eq!(folder.json(&["user", "list", "--json"]).as_array().map(Vec::len), Some(1));
}
