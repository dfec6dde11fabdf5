//! No side door shows a draft to somebody who may not see it.

use serde_json::json;

use super::desk::{Desk, EDITOR, VIEWER, WRITER, at};

const READING: &[&str] = &["history", "compare", "check", "plan", "share", "side-by-side"];
const CHANGING: &[&str] = &[
    "publish",
    "unpublish",
    "schedule",
    "unschedule",
    "undo",
    "discard",
    "review",
    "delete",
    "undelete",
    "restore",
    "preview",
    "share",
    "share/1/withdraw",
];

#[test]
fn drafts_of_others_are_behind_no_door() {
    let desk = Desk::with(&[("preview_url", "https://site.example/?t={token}&s={slug}")]);
    let live = desk.page("oak", &json!({"teaser": "public words"}));
    desk.draft("oak", &json!({"teaser": "zebra words"}));
    let hidden = json!({"title": "Zebra title", "slug": "elm", "page_type": "landing", "fields": {"teaser": "zebra words", "next": "oak"}});
    desk.write("POST", "/v2/pages/", &hidden);
    let draft = desk.id("elm");
    let rev = desk.person(EDITOR).get_json(&at(live, "history")).json()["rev"].clone();
    for email in [VIEWER, WRITER] {
        let mut person = desk.person(email);
        for (id, status) in [(live, 403), (draft, 404)] {
            for door in READING {
                let answer = person.get_json(&at(id, door));
                assert_eq!(answer.status, status, "{email} GET {door}: {}", answer.text);
                assert!(!answer.text.contains("ebra"), "{email} GET {door}: {}", answer.text);
                let page = person.get(&at(id, door));
                assert!(page.status == status && !page.text.contains("ebra"), "{email} {door}: {}", page.text);
            }
            for door in CHANGING {
                let answer = person.post_json(&at(id, door), &json!({"from": rev, "at": "2099-01-01T00:00:00Z"}));
                assert!([403, 404].contains(&answer.status), "{email} POST {door}: {} {}", answer.status, answer.text);
                assert!(!answer.text.contains("ebra"), "{email} POST {door}: {}", answer.text);
            }
        }
        // Who links here is told only as far as they see it.
        let links = person.get_json(&at(live, "links"));
        assert_eq!((links.status, &links.json()["linked_from"]), (200, &json!([])), "{email}: {}", links.text);
        assert_eq!(person.get_json(&at(draft, "links")).status, 404);
    }
    let (status, page) = desk.public("/v2/pages/landing/oak/");
    assert_eq!((status, &page["data"]["fields"]["teaser"]), (200, &json!("public words")), "nobody changed anything");
}

#[test]
fn a_writer_has_every_reading_door_to_their_own_draft_and_copies_only_what_they_see() {
    let desk = Desk::new();
    let live = desk.page("oak", &json!({"teaser": "public words"}));
    desk.draft("oak", &json!({"teaser": "zebra words"}));
    let mut writer = desk.person(WRITER);
    let own = writer.act(live, "duplicate", &json!({}))["id"].as_i64().expect("an id");
    for door in READING {
        let answer = writer.get_json(&at(own, door));
        assert!(answer.status < 400, "{door}: {} {}", answer.status, answer.text);
        assert!(!answer.text.contains("zebra"), "{door}: {}", answer.text);
    }
    assert_eq!(writer.post_json(&at(own, "preview"), &json!({})).status, 200);
    assert_eq!(writer.post_json(&at(own, "share"), &json!({})).status, 200);
    assert_eq!(writer.post_json(&at(own, "publish"), &json!({})).status, 403);
    let mut viewer = desk.person(VIEWER);
    assert_eq!(viewer.post_json(&at(live, "duplicate"), &json!({})).status, 403);
    assert_eq!(viewer.get_json(&at(own, "history")).status, 404);
}
