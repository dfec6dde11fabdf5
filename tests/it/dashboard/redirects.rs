//! Redirects in the dashboard: the screen, and the question when an address changes or goes.

use std::sync::Arc;

use larder::authoring::Authoring;
use larder::content::moment::Moment;
use larder::store::Store;
use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, at};
use super::visitor::{Visitor, add_person};

const LIST: &str = "/admin/settings/redirects";
const DEV: &str = "dev@example.com";

/// All redirects, as hosts read them.
fn kept(desk: &Desk) -> Vec<String> {
    let list = desk.site.folder.json(&["redirect", "list", "--json"]);
    let line = |one: &Value| {
        format!("{} {} {}", one["from"].as_str().unwrap_or_default(), one["to"].as_str().unwrap_or("-"), one["status"])
    };
    list.as_array().expect("a list").iter().map(line).collect()
}

/// Does what is planned until then, as the server's clock does.
fn run_schedule(desk: &Desk, until: &str) {
    let store = Arc::new(Store::open(&desk.site.folder.site()).expect("the same site"));
    let authoring = Authoring::new(store, "http://site.example");
    authoring.run_schedule(Moment::parse(until).expect("a moment")).expect("done");
}

fn developer(desk: &Desk) -> Visitor<'_> {
    add_person(&desk.site.folder, DEV, "developer");
    desk.person(DEV)
}

#[test]
fn redirects_are_added_searched_changed_removed_and_put_back() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    let add = |dev: &mut Visitor<'_>, from: &str, to: &str, status: &str| {
        dev.post(LIST, &[("from", from), ("to", to), ("status", status)])
    };
    assert!(dev.get(LIST).text.contains("No redirects yet"));
    assert_eq!(add(&mut dev, "/old", "/new", "301").location, LIST);
    assert!(dev.get(LIST).text.contains("/old leads to /new."), "it is said on the page that comes next");
    add(&mut dev, "/sale", "", "410");
    let wrong = add(&mut dev, "/new", "/old", "301");
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("/old leads back to /new") && wrong.text.contains("value=\"/old\""), "{}", wrong.text);
    let wrong = add(&mut dev, "old", "", "301");
    assert!(wrong.text.contains("begins with one slash") && wrong.text.contains("choose 410"), "{}", wrong.text);

    let found = dev.get(&format!("{LIST}?q=SAL")).text;
    assert!(found.contains("Remove the redirect from /sale") && !found.contains("Remove the redirect from /old"));
    assert!(dev.get(&format!("{LIST}?q=zzz")).text.contains("No redirect has “zzz”"));
    let one = found.split("href=\"/admin/settings/redirects/").nth(2).and_then(|rest| rest.split('"').next());
    let one = format!("{LIST}/{}", one.expect("a link"));
    let form = [("from", "/summer-sale"), ("to", "https://shop.example/"), ("status", "302")];
    assert_eq!(dev.post(&one, &form).status, 303);
    assert!(dev.get(&one).text.contains("value=\"/summer-sale\""), "its address stays when its path changes");
    let taken = dev.post(&one, &[("from", "/old"), ("to", "/x"), ("status", "301")]);
    assert!(taken.status == 422 && taken.text.contains("Another redirect is for /old"), "{}", taken.text);
    assert!(taken.text.contains("value=\"/x\""), "what was typed stays: {}", taken.text);
    assert_eq!(kept(&desk), ["/old /new 301", "/summer-sale https://shop.example/ 302"]);

    let removed = dev.post(&format!("{LIST}/remove"), &[("from", "/old")]);
    assert!(removed.text.contains("The redirect from /old is removed") && removed.text.contains("Undo"));
    assert_eq!(dev.post(&format!("{LIST}/remove"), &[("from", "/old")]).status, 404);
    dev.post(&format!("{LIST}/restore"), &[("from", "/old"), ("to", "/new"), ("status", "301")]);
    assert_eq!(kept(&desk).len(), 2);

    let mut ed = desk.person(EDITOR);
    assert_eq!(ed.get(LIST).status, 403);
    assert_eq!(add(&mut ed, "/a", "/b", "301").status, 403);
    assert_eq!(dev.get(&format!("{LIST}/999")).status, 404);
}

#[test]
fn a_pasted_file_is_shown_before_it_is_brought_and_comes_out_again() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    let import = format!("{LIST}/import");
    let text = "/a /b\n/b /a\n/news/* /blog/:splat\n/c https://c.example/ 308\n";
    let plan = dev.post(&import, &[("text", text)]);
    assert!(plan.text.contains("2 added, 0 changed, 0 as they are, 2 left out"), "{}", plan.text);
    assert!(plan.text.contains("/a leads back to /b") && plan.text.contains("Patterns with *"), "{}", plan.text);
    assert!(kept(&desk).is_empty(), "a plan changes nothing");
    assert_eq!(dev.post(&import, &[("text", text), ("go", "1")]).location, LIST);
    assert!(dev.get(LIST).text.contains("2 redirects added, 0 changed."));
    assert_eq!(kept(&desk), ["/a /b 301", "/c https://c.example/ 308"]);
    let export = |dev: &mut Visitor<'_>, format: &str| dev.get(&format!("{LIST}/export/{format}")).text;
    assert_eq!(export(&mut dev, "csv"), "from,to,status\n/a,/b,301\n/c,https://c.example/,308\n");
    assert_eq!(export(&mut dev, "netlify"), "/a /b 301\n/c https://c.example/ 308\n");
    assert_eq!(dev.get(&format!("{LIST}/export/apache")).status, 404);
}

#[test]
fn an_address_that_changes_takes_its_visitors_along_when_wanted() {
    let desk = Desk::with(&[("page_url", "https://site.example/pages/{slug}/")]);
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.write("PATCH", "/v2/pages/landing/oak/", &json!({"status": "draft", "slug": "ash"}));
    let mut ed = desk.person(EDITOR);
    let asked = ed.post_json(&at(id, "publish"), &json!({"asks": "1"}));
    let said = asked.json();
    assert_eq!((asked.status, &said["error"]), (409, &json!("moves")), "{said}");
    assert_eq!((&said["from"], &said["to"]), (&json!("/pages/oak"), &json!("/pages/ash/")));
    assert_eq!(desk.public("/v2/pages/landing/oak/").0, 200, "asking changes nothing");

    let done = ed.act(id, "publish", &json!({"asks": "1", "redirect": "1"}));
    let detail = done["detail"].as_str().expect("a sentence");
    assert!(detail.contains("Visitors of /pages/oak are sent to /pages/ash/."), "{detail}");
    assert_eq!(kept(&desk), ["/pages/oak /pages/ash/ 301"]);
    assert_eq!(desk.public("/v2/redirects/").1["data"]["redirects"][0]["to"], "/pages/ash/", "served when it is said");

    let undone = ed.act(id, "undo", &done["undo"]["body"]);
    let detail = undone["detail"].as_str().expect("a sentence");
    assert!(detail.contains("The redirect from /pages/oak is removed"), "{detail}");
    assert!(kept(&desk).is_empty(), "nothing keeps visitors from what is there again");
    ed.act(id, "publish", &json!({"asks": "1", "redirect": "0"}));
    assert!(kept(&desk).is_empty(), "who says no gets none");
}

#[test]
fn what_is_taken_off_or_deleted_sends_its_visitors_elsewhere_when_wanted() {
    let desk = Desk::new();
    let (oak, elm) = (desk.page("oak", &json!({"teaser": "a"})), desk.page("elm", &json!({"teaser": "b"})));
    let mut ed = desk.person(EDITOR);
    assert_eq!(ed.get_json(&at(oak, "links")).json()["visited"], json!(["/oak"]));
    assert!(ed.get(&at(oak, "links")).text.contains("Send visitors of /oak to"), "without scripts too");
    let wrong = ed.post_json(&at(oak, "unpublish"), &json!({"redirect": "elm"}));
    assert_eq!((wrong.status, desk.public("/v2/pages/landing/oak/").0), (400, 200), "{}", wrong.text);

    let done = ed.act(oak, "unpublish", &json!({"redirect": "/elm"}));
    assert!(done["message"].as_str().expect("said").contains("Visitors of /oak are sent to /elm."), "{done}");
    let done = ed.act(elm, "delete", &json!({"redirect": "https://trees.example/", "anyway": true}));
    assert!(done["detail"].as_str().expect("said").contains("Visitors of /elm are sent to"), "{done}");
    assert_eq!(kept(&desk), ["/elm https://trees.example/ 301", "/oak https://trees.example/ 301"], "no chain is left");

    ed.act(elm, "undelete", &json!({}));
    assert_eq!(kept(&desk), ["/oak https://trees.example/ 301"], "what is back is found");
    ed.act(oak, "publish", &json!({}));
    assert!(kept(&desk).is_empty());
    assert_eq!(ed.get_json(&at(oak, "links")).json()["visited"], json!(["/oak"]));
    ed.act(oak, "unpublish", &json!({}));
    assert!(kept(&desk).is_empty(), "nobody has asked for one");
    assert_eq!(ed.get_json(&at(oak, "links")).json()["visited"], json!([]));
}

fn is_live(desk: &Desk, slug: &str) -> bool {
    let shown = desk.site.folder.json(&["entry", "show", &format!("page:landing/{slug}")]);
    shown["locales"].as_object().expect("locales").values().all(|locale| !locale["live"].is_null())
}

#[test]
fn what_is_planned_keeps_where_its_visitors_go() {
    let desk = Desk::new();
    let (oak, elm) = (desk.page("oak", &json!({"teaser": "a"})), desk.page("elm", &json!({"teaser": "b"})));
    let mut ed = desk.person(EDITOR);
    let wrong = ed.post_json(&at(oak, "unpublish"), &json!({"at": "2099-08-01T00:00:00Z", "redirect": "elm"}));
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    let planned = ed.act(oak, "unpublish", &json!({"at": "2099-08-01T00:00:00Z", "redirect": "/trees"}));
    assert!(planned["detail"].as_str().expect("said").contains("Its visitors are sent to /trees then."), "{planned}");
    desk.write("PATCH", "/v2/pages/landing/elm/", &json!({"status": "draft", "slug": "yew"}));
    let schedule = |more: Value| {
        let mut body = json!({"at": "2099-07-01T00:00:00Z", "asks": "1"});
        body.as_object_mut().expect("members").extend(more.as_object().expect("members").clone());
        body
    };
    let asked = ed.post_json(&at(elm, "schedule"), &schedule(json!({})));
    assert_eq!((asked.status, &asked.json()["error"]), (409, &json!("moves")), "{}", asked.text);
    let planned = ed.act(elm, "schedule", &schedule(json!({"redirect": "1"})));
    assert!(planned["detail"].as_str().expect("said").contains("sent to the new one then"), "{planned}");
    // Going live first does not forget where visitors go later.
    ed.act(elm, "unpublish", &json!({"at": "2099-11-01T00:00:00Z", "redirect": "/hedges"}));
    assert!(kept(&desk).is_empty(), "until then nothing is sent anywhere");

    run_schedule(&desk, "2099-09-01T00:00:00Z");
    assert_eq!(kept(&desk), ["/elm /yew 301", "/oak /trees 301"]);
    assert!(!is_live(&desk, "oak") && is_live(&desk, "yew"));
    run_schedule(&desk, "2099-12-01T00:00:00Z");
    assert_eq!(kept(&desk), ["/elm /hedges 301", "/oak /trees 301", "/yew /hedges 301"]);
}

#[test]
fn an_address_that_changes_after_its_time_was_set_takes_its_visitors_along() {
    let desk = Desk::new();
    let (oak, elm) = (desk.page("oak", &json!({"teaser": "a"})), desk.page("elm", &json!({"teaser": "b"})));
    let mut ed = desk.person(EDITOR);
    for (id, slug, more) in [(oak, "oak", json!({})), (elm, "elm", json!({"redirect": "0"}))] {
        desk.write("PATCH", &format!("/v2/pages/landing/{slug}/"), &json!({"status": "draft", "name": "Another"}));
        let mut body = json!({"at": "2099-07-01T00:00:00Z", "asks": "1"});
        body.as_object_mut().expect("members").extend(more.as_object().expect("members").clone());
        let planned = ed.act(id, "schedule", &body);
        assert!(!planned["detail"].as_str().expect("said").contains("old address"), "nothing moves yet: {planned}");
        desk.write(
            "PATCH",
            &format!("/v2/pages/landing/{slug}/"),
            &json!({"status": "draft", "slug": format!("{slug}-tree")}),
        );
    }
    run_schedule(&desk, "2099-08-01T00:00:00Z");
    assert!(is_live(&desk, "oak-tree") && is_live(&desk, "elm-tree"));
    assert_eq!(kept(&desk), ["/oak /oak-tree 301"], "but for those who said no");
}

#[test]
fn a_time_that_is_moved_elsewhere_keeps_where_visitors_go() {
    let desk = Desk::new();
    let oak = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    ed.act(oak, "unpublish", &json!({"at": "2099-08-01T00:00:00Z", "redirect": "/trees"}));
    desk.site.folder.done(&["unpublish", "page:landing/oak", "--at", "2099-09-01T00:00:00Z"]);
    run_schedule(&desk, "2099-12-01T00:00:00Z");
    assert_eq!(kept(&desk), ["/oak /trees 301"]);
}

#[test]
fn a_time_that_is_forgotten_forgets_where_visitors_go() {
    let desk = Desk::new();
    let oak = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    ed.act(oak, "unpublish", &json!({"at": "2099-08-01T00:00:00Z", "redirect": "/trees"}));
    ed.act(oak, "unschedule", &json!({"what": "unpublish"}));
    ed.act(oak, "unpublish", &json!({"at": "2099-08-01T00:00:00Z"}));
    run_schedule(&desk, "2099-12-01T00:00:00Z");
    assert!(!is_live(&desk, "oak") && kept(&desk).is_empty());
}
