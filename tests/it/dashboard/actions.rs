//! What people do to an entry: publishing, scheduling, taking off, discarding, deleting, copying, reviewing.

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, WRITER, at};

/// A picture of 8 by 8 pixels.
const SMALL: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x08\x00\x00\x00\x08\x08\x00\x00\x00\x00\xe1d\xe1W\x00\x00\x00\x0cIDATx\xdac`\xa0\x0e\x00\x00\x00H\x00\x01\x10E\xef\xd2\x00\x00\x00\x00IEND\xaeB`\x82";

fn teaser(desk: &Desk, slug: &str) -> Value {
    desk.public(&format!("/v2/pages/landing/{slug}/")).1["data"]["fields"]["teaser"].clone()
}

#[test]
fn publishing_says_how_fast_it_was_and_what_it_refreshed_and_can_be_taken_back() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "Old"}));
    assert_eq!(teaser(&desk, "oak"), "Old");
    desk.draft("oak", &json!({"teaser": "New"}));
    let mut ed = desk.person(EDITOR);
    let rev = ed.get_json(&at(id, "history")).json()["rev"].clone();
    let done = ed.act(id, "publish", &json!({"base": rev}));
    assert_eq!(teaser(&desk, "oak"), "New", "the publish is live when it is answered");
    assert_eq!((&done["status"], &done["rev"], &done["published_by"]), (&json!("published"), &rev, &json!("ed")));
    let message = done["message"].as_str().expect("a message");
    assert!(message.starts_with("Live in ") && message.contains("refreshed."), "{message}");
    let urls = done["urls"].as_array().expect("addresses");
    assert!(urls.contains(&json!("/v2/pages/landing/oak/")) && done["refreshed"] == urls.len(), "{done}");
    let last = &ed.get_json(&at(id, "history")).json()["last"];
    assert_eq!((&last["by"], &last["refreshed"], &last["urls"]), (&json!("ed"), &done["refreshed"], &done["urls"]));
    assert_eq!(done["undo"]["action"], "undo");
    let undone = ed.act(id, "undo", &done["undo"]["body"]);
    assert_eq!((teaser(&desk, "oak"), &undone["status"]), (json!("Old"), &json!("changed")));
    let again = ed.post_json(&at(id, "undo"), &json!({}));
    assert_eq!(again.status, 409, "only once: {}", again.text);
}

#[test]
fn taking_back_a_first_publish_takes_it_off() {
    let desk = Desk::new();
    let page = json!({"title": "Elm", "slug": "elm", "page_type": "landing", "fields": {"teaser": "a"}});
    desk.write("POST", "/v2/pages/", &page);
    let id = desk.id("elm");
    let mut ed = desk.person(EDITOR);
    let done = ed.act(id, "publish", &json!({}));
    assert_eq!(desk.public("/v2/pages/landing/elm/").0, 200);
    assert_eq!(ed.act(id, "undo", &done["undo"]["body"])["status"], "draft");
    assert_eq!(desk.public("/v2/pages/landing/elm/").0, 404);
}

#[test]
fn nothing_is_done_to_what_somebody_else_has_changed() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    let seen = ed.get_json(&at(id, "history")).json()["rev"].clone();
    desk.draft("oak", &json!({"teaser": "b"}));
    for action in ["publish", "unpublish", "discard", "restore"] {
        let answer = ed.post_json(&at(id, action), &json!({"base": seen, "from": seen}));
        let said = answer.json();
        assert_eq!((answer.status, &said["error"]), (409, &json!("changed")), "{action}: {said}");
        assert!(said["rev"].as_i64() > seen.as_i64() && said["at"].is_string() && said["by"].is_string(), "{said}");
    }
    assert_eq!(teaser(&desk, "oak"), "a");
}

#[test]
fn a_schedule_is_in_the_future_and_says_how_far() {
    let desk = Desk::with(&[("time_zone", "Europe/Oslo")]);
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.draft("oak", &json!({"teaser": "b"}));
    let mut ed = desk.person(EDITOR);
    let past = ed.post_json(&at(id, "schedule"), &json!({"date": "2020-01-01", "time": "09:00"}));
    assert_eq!(past.status, 422, "{}", past.text);
    assert!(past.json()["problems"]["at"][0].as_str().expect("a sentence").contains("past"), "{}", past.text);
    let none = ed.post_json(&at(id, "schedule"), &json!({}));
    assert_eq!(none.status, 422);
    let done = ed.act(id, "schedule", &json!({"date": "2099-07-01", "time": "09:00"}));
    assert_eq!(done["scheduled_at"], "2099-07-01T07:00:00Z", "in the site's zone");
    let message = done["message"].as_str().expect("a message");
    assert!(
        message.contains("Wednesday 1 July 2099 at 09:00 (Europe/Oslo), in ") && message.contains(" days"),
        "{message}"
    );
    let other = json!({"date": "2099-07-01", "time": "09:00", "zone": "America/New_York"});
    assert_eq!(ed.act(id, "schedule", &other)["scheduled_at"], "2099-07-01T13:00:00Z");
    assert_eq!(ed.act(id, "unschedule", &json!({}))["scheduled_at"], Value::Null);
    let off = ed.act(id, "unpublish", &json!({"at": "2099-08-01T00:00:00Z"}));
    assert_eq!((&off["unpublish_at"], teaser(&desk, "oak")), (&json!("2099-08-01T00:00:00Z"), json!("a")));
    assert_eq!(ed.act(id, "unschedule", &json!({"what": "unpublish"}))["unpublish_at"], Value::Null);
    ed.act(id, "schedule", &json!({"date": "2020-01-01", "time": "09:00", "now": true}));
    assert_eq!(teaser(&desk, "oak"), "b", "publishing now is what was asked for");
}

#[test]
fn taking_off_says_what_answers_404_and_who_links_to_it() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.page("elm", &json!({"next": "oak"}));
    assert_eq!(teaser(&desk, "oak"), "a");
    let mut ed = desk.person(EDITOR);
    let links = ed.get_json(&at(id, "links")).json();
    assert!(links["addresses"].as_array().expect("addresses").contains(&json!("/v2/pages/landing/oak/")), "{links}");
    let linking = &links["linked_from"][0];
    assert_eq!(
        (&linking["title"], &linking["path"], &linking["live"]),
        (&json!("Page elm"), &json!("Next"), &json!(true))
    );
    let page = ed.get(&at(id, "links")).text;
    assert!(page.contains("Page elm") && page.contains("/v2/pages/landing/oak/"), "{page}");
    let done = ed.act(id, "unpublish", &json!({}));
    assert_eq!((desk.public("/v2/pages/landing/oak/").0, &done["status"]), (404, &json!("draft")));
    assert!(done["message"].as_str().expect("words").contains("answers 404"), "{done}");
    ed.act(id, done["undo"]["action"].as_str().expect("an action"), &done["undo"]["body"]);
    assert_eq!(teaser(&desk, "oak"), "a");
    assert_eq!(ed.post_json(&at(id, "unschedule"), &json!({"what": "publish"})).status, 404, "there is no draft");
}

#[test]
fn discarding_keeps_what_is_live_and_can_be_undone() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    let refused = ed.post_json(&at(id, "discard"), &json!({}));
    assert_eq!(refused.status, 409, "{}", refused.text);
    desk.draft("oak", &json!({"teaser": "b"}));
    let done = ed.act(id, "discard", &json!({}));
    assert_eq!((&done["status"], teaser(&desk, "oak")), (&json!("published"), json!("a")));
    let back = ed.act(id, "restore", &done["undo"]["body"]);
    assert_eq!(back["status"], "changed");
    ed.act(id, "publish", &json!({}));
    assert_eq!(teaser(&desk, "oak"), "b");
}

#[test]
fn what_others_link_to_is_deleted_only_on_purpose_and_comes_back() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.page("elm", &json!({"next": "oak"}));
    let mut ed = desk.person(EDITOR);
    let refused = ed.post_json(&at(id, "delete"), &json!({}));
    assert_eq!((refused.status, &refused.json()["linked_from"][0]["title"]), (409, &json!("Page elm")));
    let done = ed.act(id, "delete", &json!({"anyway": true}));
    assert_eq!(done["location"], "/admin/c/p.landing");
    assert_eq!(desk.public("/v2/pages/landing/oak/").0, 404);
    let gone = ed.post_json(&at(id, "publish"), &json!({}));
    assert_eq!((gone.status, &gone.json()["by"]), (410, &json!("ed")));
    ed.act(id, "undelete", &json!({}));
    assert_eq!(teaser(&desk, "oak"), "a");
}

#[test]
fn a_copy_is_a_draft_of_its_own() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a", "body": [{"hero": {"headline": "H"}}]}));
    let mut ed = desk.person(EDITOR);
    let copy = ed.act(id, "duplicate", &json!({}));
    assert_eq!((&copy["slug"], &copy["status"]), (&json!("oak-copy"), &json!("draft")));
    assert_eq!(ed.act(id, "duplicate", &json!({}))["slug"], "oak-copy-2");
    let id = copy["id"].as_i64().expect("an id");
    assert_eq!(copy["location"], format!("/admin/c/p.landing/{id}"));
    assert_eq!(ed.get_json(&at(id, "history")).json()["title"], "Copy of Page oak");
    ed.act(id, "publish", &json!({}));
    let copied = desk.public("/v2/pages/landing/oak-copy/").1;
    assert_eq!(copied["data"]["fields"]["body"][0]["fields"]["headline"], "H");
}

#[test]
fn a_writer_asks_for_a_review_and_an_editor_publishes() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut writer = desk.person(WRITER);
    let copy = writer.act(id, "duplicate", &json!({}));
    let own = copy["id"].as_i64().expect("an id");
    assert_eq!(writer.post_json(&at(own, "publish"), &json!({})).status, 403);
    let asked = writer.act(own, "review", &json!({}));
    assert_eq!(asked["review"]["by"], "wri", "{asked}");
    assert_eq!(writer.act(own, "review", &json!({}))["review"], asked["review"], "asking twice changes nothing");
    let mut ed = desk.person(EDITOR);
    let done = ed.act(own, "publish", &json!({}));
    assert_eq!((&done["review"], &done["status"]), (&Value::Null, &json!("published")));
    let history = ed.get_json(&at(own, "history")).text;
    assert!(history.contains("Asked for a review"), "{history}");
}

#[test]
fn the_dashboard_publishes_no_picture_without_alternative_text_and_the_api_does() {
    let desk = Desk::new();
    let hero = json!({"body": [{"hero": {"headline": "H", "image": "https://example.com/a.jpg"}}]});
    let id = desk.page("oak", &hero);
    desk.draft("oak", &json!({"teaser": "b"}));
    let mut ed = desk.person(EDITOR);
    let check = ed.get_json(&at(id, "check")).json();
    let line = &check["lines"][0];
    assert_eq!(
        (&line["path"], &line["severity"], &line["ok"]),
        (&json!("body[at0].image"), &json!("blocks"), &json!(false))
    );
    assert_eq!((&check["blocks"], &line["label"]), (&json!(1), &json!("Body, Hero 1, Image")));
    let refused = ed.post_json(&at(id, "publish"), &json!({}));
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.json()["problems"]["body[at0].image"][0].is_string(), "{}", refused.text);
    let refused = ed.post_json(&at(id, "schedule"), &json!({"date": "2099-01-01", "time": "09:00"}));
    assert_eq!(refused.status, 422, "{}", refused.text);
    desk.site.folder.done(&["setting", "set", "alt_text_required", "off"]);
    let check = ed.get_json(&at(id, "check")).json();
    assert_eq!((&check["blocks"], &check["lines"][0]["severity"]), (&json!(0), &json!("warns")));
    ed.act(id, "publish", &json!({}));
    assert_eq!(teaser(&desk, "oak"), "b");
}

#[test]
fn the_checklist_says_what_a_picture_lacks_for_its_field() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    let mut upload = |name: &str, bytes: &[u8]| {
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
        let (csrf, kind) = (ed.csrf.clone(), "multipart/form-data; boundary=cut");
        let headers = [("content-type", kind), ("x-csrf-token", csrf.as_str())];
        let stored = ed.send_bytes("POST", "/admin/media", &headers, body);
        stored.json()["id"].as_str().unwrap_or_else(|| panic!("{}", stored.text)).to_owned()
    };
    let drawing = |more: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 2\"><path d=\"M0 0{more}\"/></svg>")
    };
    let light = upload("light.svg", drawing("").as_bytes());
    let heavy = upload("heavy.svg", drawing(&" L1 1".repeat(600)).as_bytes());
    let small = upload("small.png", SMALL);
    let mut said = |url: String| {
        desk.draft("oak", &json!({"cover": {"url": url, "alt": "Jars"}}));
        let check = ed.get_json(&at(id, "check")).json();
        let of_cover = |line: &&Value| line["path"] == "cover";
        let words = |line: &Value| (line["severity"].clone(), line["text"].as_str().unwrap_or_default().to_owned());
        check["lines"].as_array().expect("lines").iter().filter(of_cover).map(words).collect::<Vec<_>>()
    };
    assert_eq!(said(format!("/media/{light}")), []);
    assert_eq!(said("https://example.com/any.jpg".into()), [], "nothing is known of files elsewhere");
    let found = said(format!("/media/{heavy}"));
    assert_eq!(found, [(json!("blocks"), "This file has 4 KB, and 2 KB are allowed here.".into())]);
    let found = said(format!("/media/crop=dim:[0,0,320,200]/{light}"));
    let other = "This picture is not 16:9: open Edit image to choose the part that shows.";
    assert_eq!(found, [(json!("warns"), other.into())]);
    assert_eq!(said(format!("/media/crop=dim:[10,0,320,180]/{light}")), []);
    let narrow = "This picture is 8 px wide, and 16 are needed. Choose a larger one.";
    assert_eq!(said(format!("/media/{small}")), [(json!("blocks"), narrow.into()), (json!("warns"), other.into())]);
    let narrow = "The part of the picture that is used is 7 px wide, and 16 are needed. Choose a larger one.";
    assert_eq!(said(format!("/media/crop=dim:[0,0,7,4]/{small}")), [(json!("blocks"), narrow.into())]);
}

#[test]
fn the_checklist_points_at_what_readers_would_trip_over() {
    let desk = Desk::with(&[("page_url", "https://site.example/{slug}")]);
    let html = "<h2>A</h2><h4>B</h4><p><a href=\"https://site.example/elm\">click here</a></p><img src=\"/media/x\">\
        <table><tr><th></th><td>1</td></tr></table>";
    let elm = json!({"title": "Elm", "slug": "elm", "page_type": "landing", "fields": {}});
    desk.write("POST", "/v2/pages/", &elm);
    let long = "x".repeat(70);
    let id =
        desk.page("oak", &json!({"seo_title": long, "body": [{"text": {"body": html}}, {"hero": {"headline": "H"}}]}));
    desk.draft(
        "oak",
        &json!({"teaser": "y".repeat(41), "body": [{"text": {"body": html}}, {"hero": {"headline": ""}}]}),
    );
    let mut ed = desk.person(EDITOR);
    let check = ed.get_json(&at(id, "check")).json();
    let said: Vec<(String, String, String)> = check["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("severity"), text("path"), text("text"))
        })
        .collect();
    for (severity, path, words) in [
        ("blocks", "teaser", "no more than 40"),
        ("blocks", "body[at1].headline", "required"),
        ("blocks", "body[at0].body", "no alternative text"),
        ("warns", "body[at0].body", "skips a level"),
        ("warns", "body[at0].body", "does not say where it leads"),
        ("warns", "body[at0].body", "empty head"),
        ("warns", "body[at0].body", "“Elm”, which is not published"),
        ("warns", "seo_title", "Shorten by 10 characters"),
    ] {
        let found = said.iter().any(|(s, p, w)| s == severity && p == path && w.contains(words));
        assert!(found, "{severity} {path} {words}: {said:#?}");
    }
    assert_eq!(check["blocks"], 3);
    let fragment = ed.get(&at(id, "check")).text;
    assert!(fragment.contains(&format!("href=\"/admin/c/p.landing/{id}#body[at1].headline\"")), "{fragment}");
}

#[test]
fn a_plan_counts_what_publishing_changes_and_changes_nothing() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    assert_eq!(teaser(&desk, "oak"), "a");
    desk.public("/v2/pages/landing/");
    desk.draft("oak", &json!({"teaser": "b"}));
    let mut ed = desk.person(EDITOR);
    let plan = ed.get_json(&at(id, "plan")).json();
    assert_eq!(plan["text"], "changes 2 answers: 1 page, 1 list", "{plan}");
    assert_eq!((&plan["count"], &plan["plan"]["answers"][0]["differences"]), (&json!(2), &Value::Null));
    let plan = ed.get_json(&at(id, "plan?diff=1")).json();
    assert!(plan["plan"]["answers"][0]["differences"].to_string().contains("\"b\""), "{plan}");
    let off = ed.get_json(&at(id, "plan?action=unpublish")).json();
    assert!(off["plan"]["answers"].to_string().contains("404"), "{off}");
    assert_eq!(teaser(&desk, "oak"), "a");
}

#[test]
fn forms_without_scripts_go_on_to_a_page_that_says_what_happened_once() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.draft("oak", &json!({"teaser": "b"}));
    let mut ed = desk.person(EDITOR);
    let answer = ed.post(&at(id, "publish"), &[]);
    assert_eq!((answer.status, answer.location), (303, format!("/admin/c/p.landing/{id}")));
    let page = ed.get(&at(id, "history")).text;
    assert!(page.contains("Live in "), "{page}");
    assert!(!ed.get(&at(id, "history")).text.contains("<b>Live in "), "told twice");
    let answer = ed.post(&at(id, "discard"), &[]);
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(ed.get(&at(id, "history")).text.contains("no unpublished changes"));
    assert_eq!(ed.post_bare(&at(id, "publish"), &[]).status, 403, "a form of another site");
}

#[test]
fn a_new_address_is_told() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.write("PATCH", "/v2/pages/landing/oak/", &json!({"status": "draft", "slug": "ash"}));
    let done = desk.person(EDITOR).act(id, "publish", &json!({}));
    let message = done["message"].as_str().expect("a message");
    assert!(message.contains("“ash”") && message.contains("“oak” answers 404"), "{message}");
}
