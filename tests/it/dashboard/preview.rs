//! Previews: keys to one entry, shared links, and following a draft.

use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, at};
use super::visitor::Visitor;
use crate::site::header;

const PATTERN: &str = "https://site.example:8443/preview?token={token}&slug={slug}";

/// The token in the address that Preview opens.
fn token(ed: &mut Visitor<'_>, id: i64) -> String {
    let url = ed.act(id, "preview", &json!({}))["url"].as_str().expect("an address").to_owned();
    let rest = url.strip_prefix("https://site.example:8443/preview?token=").expect("the site's address").to_owned();
    rest.split('&').next().expect("a token").to_owned()
}

fn teaser(answer: &(u16, Value)) -> &Value {
    &answer.1["data"]["fields"]["teaser"]
}

#[test]
fn a_preview_token_shows_the_draft_of_one_entry_and_nothing_else() {
    let desk = Desk::with(&[("preview_url", PATTERN)]);
    desk.page("elm", &json!({"teaser": "live elm"}));
    let id = desk.page("oak", &json!({"teaser": "live", "next": "elm"}));
    desk.draft("oak", &json!({"teaser": "draft"}));
    desk.draft("elm", &json!({"teaser": "draft elm"}));
    let mut ed = desk.person(EDITOR);
    let url = ed.act(id, "preview", &json!({}))["url"].as_str().expect("an address").to_owned();
    assert!(url.ends_with("&slug=oak"), "{url}");
    let token = token(&mut ed, id);
    let shown = desk.with_token("/v2/pages/landing/oak/?preview=1", &token);
    assert_eq!((shown.0, teaser(&shown)), (200, &json!("draft")));
    assert_eq!(
        shown.1["data"]["fields"]["next"]["fields"]["teaser"], "live elm",
        "what it links to is as readers see it"
    );
    for path in [
        "/v2/pages/landing/elm/?preview=1",
        "/v2/pages/landing/oak/",
        "/v2/pages/landing/?preview=1",
        "/v2/pages/search/?query=elm&preview=1",
        "/v2/posts/?preview=1",
        "/v2/content/?preview=1",
        "/v2/feeds/rss/",
        "/v2/openapi.json",
    ] {
        let (status, said) = desk.with_token(path, &token);
        assert_eq!(status, 403, "{path}: {said}");
        assert!(!said.to_string().contains("draft elm"), "{path}: {said}");
    }
    assert_eq!(teaser(&desk.public("/v2/pages/landing/oak/")), "live", "readers see what is live");
    let answer = desk.site.ask(&format!("/v2/pages/landing/oak/?preview=1&auth_token={token}"), &[]);
    assert!(header(&answer, "cache-control").contains("no-store"), "{:?}", answer.headers());
}

#[test]
fn posts_and_deleted_entries() {
    let desk = Desk::with(&[("preview_url", PATTERN)]);
    desk.write("POST", "/v2/posts/", &json!({"title": "Rye", "slug": "rye", "status": "draft", "body": "<p>b</p>"}));
    let id = desk.site.folder.json(&["entry", "list", "post", "--json"])[0]["id"].as_i64().expect("an id");
    let mut ed = desk.person(EDITOR);
    let base = format!("/admin/c/posts/{id}");
    let url = ed.post_json(&format!("{base}/preview"), &json!({})).json()["url"].as_str().expect("one").to_owned();
    let token = url.split("token=").nth(1).and_then(|rest| rest.split('&').next()).expect("a token").to_owned();
    let shown = desk.with_token("/v2/posts/rye/?preview=1", &token);
    assert_eq!((shown.0, &shown.1["data"]["title"]), (200, &json!("Rye")));
    assert_eq!(desk.public("/v2/posts/rye/").0, 404);
    assert_eq!(ed.post_json(&format!("{base}/delete"), &json!({})).status, 200);
    assert_eq!(desk.with_token("/v2/posts/rye/?preview=1", &token).0, 401, "the key of a deleted entry opens nothing");
}

#[test]
fn a_shared_link_leads_to_the_site_until_it_is_withdrawn() {
    let desk = Desk::with(&[("preview_url", PATTERN)]);
    let id = desk.page("oak", &json!({"teaser": "live"}));
    desk.draft("oak", &json!({"teaser": "draft"}));
    let mut ed = desk.person(EDITOR);
    assert_eq!(ed.post_json(&at(id, "share"), &json!({"days": 91})).status, 400);
    let shared = ed.act(id, "share", &json!({"name": "The client", "days": 3}));
    let url = shared["url"].as_str().expect("an address");
    let path = url.strip_prefix(desk.site.base()).expect("ours");
    let answer = desk.site.ask(path, &[("accept", "text/html")]);
    let code = path.strip_prefix("/preview/").expect("a code");
    let to = format!("https://site.example:8443/preview?token={code}&slug=oak");
    assert_eq!((answer.status().as_u16(), header(&answer, "location")), (303, to.as_str()));
    assert_eq!(header(&answer, "x-robots-tag"), "noindex, nofollow");
    assert_eq!(teaser(&desk.with_token("/v2/pages/landing/oak/?preview=1", code)), "draft");
    let listed = ed.get_json(&at(id, "share")).json();
    assert_eq!((&listed["shares"][0]["name"], &listed["shares"][0]["by"]), (&json!("The client"), &json!("ed")));
    assert!(!listed.to_string().contains(code), "the code is told once");
    let n = listed["shares"][0]["id"].as_i64().expect("a number");
    let other = desk.page("elm", &json!({}));
    assert_eq!(ed.post_json(&at(other, &format!("share/{n}/withdraw")), &json!({})).status, 404);
    ed.act(id, &format!("share/{n}/withdraw"), &json!({}));
    assert_eq!(desk.site.ask(path, &[("accept", "text/html")]).status(), 404);
    assert_eq!(desk.with_token("/v2/pages/landing/oak/?preview=1", code).0, 401);
}

#[test]
fn without_a_preview_address_a_shared_link_is_a_plain_harmless_page() {
    let desk = Desk::new();
    let html = "<p onclick=\"x()\">Hello <b>you</b></p><script>alert(1)</script>";
    let id = desk.page("oak", &json!({}));
    desk.draft("oak", &json!({"teaser": "<i>draft</i>", "body": [{"text": {"body": html}}, {"hero": {"headline": "H", "image": {"url": "/media/abc", "alt": "A"}}}]}));
    let mut ed = desk.person(EDITOR);
    let page = ed.post(&at(id, "share"), &[("name", "Client"), ("days", "2")]);
    assert_eq!(page.status, 200);
    let code = page.between("/preview/", "\"");
    let mut answer = desk.site.ask(&format!("/preview/{code}"), &[("accept", "text/html")]);
    let text = answer.body_mut().read_to_string().expect("text");
    assert_eq!((answer.status().as_u16(), header(&answer, "x-robots-tag")), (200, "noindex, nofollow"));
    assert!(text.contains("Hello <b>you</b>") && text.contains("src=\"/media/abc\""), "{text}");
    assert!(text.contains("&lt;i&gt;draft&lt;/i&gt;") && text.contains("Page oak"), "{text}");
    assert!(!text.contains("onclick") && !text.contains("alert("), "{text}");
    assert!(!ed.get(&at(id, "side-by-side")).text.contains(&code), "the link is shown once");
    assert_eq!(desk.site.ask("/preview/nonsense", &[("accept", "text/html")]).status(), 404);
}

#[test]
fn the_screen_frames_the_site_and_nothing_else() {
    let desk = Desk::with(&[("preview_url", PATTERN)]);
    let id = desk.page("oak", &json!({}));
    let mut ed = desk.person(EDITOR);
    let answer = ed.get(&at(id, "side-by-side?width=phone"));
    assert!(answer.text.contains("<iframe src=\"https://site.example:8443/preview?token="), "{}", answer.text);
    assert!(answer.text.contains("class=\"pv phone\""));
    assert!(answer.policy.ends_with("frame-src https://site.example:8443"), "{}", answer.policy);
    assert!(ed.get(&at(id, "history")).policy.ends_with("frame-src 'none'"));
}

#[test]
fn without_a_preview_address_the_screen_shows_the_steps_and_the_json() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "live"}));
    desk.draft("oak", &json!({"teaser": "draft words"}));
    let mut ed = desk.person(EDITOR);
    let opened = ed.act(id, "preview", &json!({}));
    assert_eq!(opened, json!({"url": at(id, "side-by-side"), "configured": false}));
    let page = ed.get(&at(id, "side-by-side")).text;
    assert!(page.contains("GET /v2/pages/landing/oak/?preview=1") && page.contains("draft words"), "{page}");
    assert!(!page.contains("<iframe"));
}

#[test]
fn an_open_preview_is_told_of_every_save() {
    let desk = Desk::with(&[("preview_url", PATTERN)]);
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    let token = token(&mut ed, id);
    assert_eq!(desk.site.ask("/preview-events?token=nonsense", &[]).status(), 401);
    let answer = desk.site.ask(&format!("/preview-events?token={token}"), &[]);
    assert_eq!(header(&answer, "content-type"), "text/event-stream");
    assert_eq!(header(&answer, "access-control-allow-origin"), "*");
    let mut lines = BufReader::new(answer.into_body().into_reader()).lines();
    let mut next = |event: &str| {
        let wanted = format!("event: {event}");
        while lines.next().expect("more").expect("text") != wanted {}
        let data = lines.next().expect("data").expect("text");
        serde_json::from_str::<Value>(data.strip_prefix("data: ").expect("data")).expect("JSON")
    };
    let before = next("ready");
    assert_eq!(before["status"], "published");
    desk.draft("oak", &json!({"teaser": "b"}));
    let after = next("change");
    assert!(after["rev"].as_i64() > before["rev"].as_i64() && after["status"] == "changed", "{after}");
    ed.act(id, "delete", &json!({}));
    next("end");
}

#[test]
fn what_follows_a_draft_is_sent_to_the_process_that_takes_over() {
    let mut desk = Desk::with(&[("preview_url", PATTERN)]);
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let token = token(&mut desk.person(EDITOR), id);
    let path = format!("/preview-events?token={token}");
    let events = desk.site.ask(&path, &[]);
    desk.site.upgrade();
    let said: Vec<String> = BufReader::new(events.into_body().into_reader()).lines().map_while(Result::ok).collect();
    assert!(said.iter().any(|line| line == "event: ready"), "{said:?}");
    assert!(said.iter().any(|line| line == "retry: 250"), "it ends with when to come back: {said:?}");
    // On a connection to the old process it is told the same once more, and then comes to the new one.
    let first = || {
        let again = BufReader::new(desk.site.ask(&path, &[]).into_body().into_reader());
        again.lines().next().expect("a line").expect("text")
    };
    while first() == "retry: 250" {}
    assert_eq!(first(), "event: ready");
}
