//! History and comparing.

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, VIEWER, at};

fn lines(history: &Value) -> Vec<Value> {
    let days = history["days"].as_array().expect("days").iter();
    days.flat_map(|day| day["lines"].as_array().expect("lines").clone()).collect()
}

fn revs(history: &Value) -> Vec<i64> {
    lines(history).iter().filter_map(|line| line["rev"].as_i64()).collect()
}

#[test]
fn the_history_tells_who_did_what_in_words() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a", "body": [{"hero": {"headline": "H"}}]}));
    desk.draft("oak", &json!({"teaser": "b", "body": [{"hero": {"headline": "I"}}]}));
    let mut ed = desk.person(EDITOR);
    ed.act(id, "publish", &json!({}));
    ed.act(id, "unpublish", &json!({}));
    ed.act(id, "schedule", &json!({"at": "2099-01-01T00:00:00Z"}));
    let history = ed.get_json(&at(id, "history")).json();
    assert_eq!(history["days"][0]["label"], "Today");
    let said: Vec<(String, String, String)> = lines(&history)
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("kind"), text("by"), text("text"))
        })
        .collect();
    let kinds: Vec<&str> = said.iter().map(|(kind, _, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["scheduled", "unpublished", "published", "api", "published", "api"], "{said:#?}");
    assert_eq!(said[3].2, "Teaser; Hero 1: headline");
    assert_eq!(said[5].2, "Created");
    assert_eq!((said[2].1.as_str(), said[2].2.as_str()), ("ed", "Changes went live"));
    let page = ed.get(&at(id, "history")).text;
    assert!(page.contains("Hero 1: headline") && page.contains("refreshed."), "{page}");
}

#[test]
fn any_two_versions_are_compared_field_by_field() {
    let desk = Desk::new();
    let before = json!({"teaser": "A kitchen that beats the dark", "body": [
        {"hero": {"headline": "One", "image": {"url": "/media/abc", "alt": "x"}}},
        {"text": {"body": "<p>Same.</p><p>Old words here.</p>"}},
    ]});
    let id = desk.page("oak", &before);
    let after = json!({"teaser": "A kitchen that keeps the dark", "body": [
        {"text": {"body": "<p>Same.</p><p>New words here.</p>"}},
        {"hero": {"headline": "One", "image": {"url": "/media/def", "alt": "x"}}},
        {"hero": {"headline": "Two"}},
    ]});
    desk.draft("oak", &after);
    let mut ed = desk.person(EDITOR);
    let compared = ed.get_json(&at(id, "compare")).json();
    let rows = compared["rows"].as_array().expect("rows");
    let told: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row["label"].as_str().expect("a label"), row["kind"].as_str().expect("a kind")))
        .collect();
    assert_eq!(
        told,
        [
            ("Teaser", "text"),
            ("Body › Text 1", "moved"),
            ("Body › Text 1 › Body", "rich"),
            ("Body › Hero 2 › Image", "picture"),
            ("Body › Hero 3", "added"),
        ],
        "{rows:#?}"
    );
    let marked: Vec<(&str, &str)> = rows[0]["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| (part["kind"].as_str().expect("a kind"), part["text"].as_str().expect("text")))
        .collect();
    assert_eq!(marked, [("same", "A kitchen that "), ("del", "beats"), ("ins", "keeps"), ("same", " the dark")]);
    let page = ed.get(&at(id, "compare")).text;
    assert!(page.contains("<del>beats</del><ins>keeps</ins>"), "{page}");
    assert!(page.contains("src=\"/media/abc\"") && page.contains("src=\"/media/def\""), "both pictures");
    assert!(page.contains("Moved from 2 to 1"), "{page}");
    let none = ed.get_json(&at(id, "compare?from=1&to=99999"));
    assert_eq!(none.status, 404);
}

#[test]
fn a_version_of_another_entry_is_not_compared_or_restored() {
    let desk = Desk::new();
    let oak = desk.page("oak", &json!({"teaser": "a"}));
    let elm = desk.page("elm", &json!({"teaser": "secret"}));
    let mut ed = desk.person(EDITOR);
    let foreign = revs(&ed.get_json(&at(elm, "history")).json())[0];
    assert_eq!(ed.get_json(&at(oak, &format!("compare?from={foreign}&to={foreign}"))).status, 404);
    assert_eq!(ed.post_json(&at(oak, "restore"), &json!({"from": foreign})).status, 404);
    assert_eq!(ed.post_json(&at(oak, &format!("history/{foreign}/name")), &json!({"name": "x"})).status, 404);
}

#[test]
fn one_field_or_a_whole_version_comes_back_as_a_draft() {
    let desk = Desk::new();
    let id = desk
        .page("oak", &json!({"teaser": "a", "body": [{"hero": {"headline": "H"}}, {"text": {"body": "<p>t</p>"}}]}));
    let mut ed = desk.person(EDITOR);
    let first = revs(&ed.get_json(&at(id, "history")).json())[0];
    desk.draft("oak", &json!({"teaser": "b", "seo_title": "s", "body": [{"hero": {"headline": "I"}}]}));
    let preview = |desk: &Desk| desk.public("/v2/pages/landing/oak/?preview=1").1["data"]["fields"].clone();
    let restore = |ed: &mut super::visitor::Visitor<'_>, field: &str| {
        ed.act(id, "restore", &json!({"from": first, "field": field}))
    };
    let done = restore(&mut ed, "body[at0].headline");
    assert_eq!(done["status"], "changed");
    let fields = preview(&desk);
    assert_eq!((&fields["body"][0]["fields"]["headline"], &fields["teaser"]), (&json!("H"), &json!("b")));
    restore(&mut ed, "body[at1]");
    assert_eq!(preview(&desk)["body"][1]["fields"]["body"], "<p>t</p>", "what was removed is back");
    restore(&mut ed, "teaser");
    assert_eq!((&preview(&desk)["teaser"], &preview(&desk)["seo_title"]), (&json!("a"), &json!("s")));
    let gone = ed.post_json(&at(id, "restore"), &json!({"from": first, "field": "body[zz].headline"}));
    assert_eq!(gone.status, 409, "{}", gone.text);
    ed.act(id, "restore", &json!({"from": first}));
    assert_eq!(preview(&desk)["seo_title"], "");
    let history = ed.get_json(&at(id, "history")).json();
    assert_eq!(revs(&history).len(), 6, "no version is lost: {history}");
    assert_eq!(lines(&history)[0]["kind"], "restored");
    assert_eq!(desk.public("/v2/pages/landing/oak/").1["data"]["fields"]["teaser"], "a", "nothing went live");
}

#[test]
fn one_moved_element_goes_back_and_nothing_else_does() {
    let desk = Desk::new();
    let hero = |headline: &str| json!({"hero": {"headline": headline}});
    let id = desk.page("oak", &json!({"teaser": "a", "body": [hero("Oak"), hero("Rye"), hero("Elm")]}));
    let mut ed = desk.person(EDITOR);
    let first = revs(&ed.get_json(&at(id, "history")).json())[0];
    desk.draft("oak", &json!({"teaser": "b", "body": [hero("Rye"), hero("Elm, tall"), hero("Oak")]}));
    let compared = ed.get_json(&at(id, "compare")).json();
    let rows = compared["rows"].as_array().expect("rows").clone();
    let moved = rows.iter().find(|row| row["kind"] == "moved").unwrap_or_else(|| panic!("moved: {compared}"));
    assert!(ed.get(&at(id, "compare")).text.contains("Move it back"));
    ed.act(id, "restore", &json!({"from": first, "field": moved["path"], "part": "place"}));
    let fields = desk.public("/v2/pages/landing/oak/?preview=1").1["data"]["fields"].clone();
    let headlines: Vec<&str> = fields["body"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|element| element["fields"]["headline"].as_str())
        .collect();
    assert_eq!((headlines, &fields["teaser"]), (vec!["Oak", "Rye", "Elm, tall"], &json!("b")));
}

#[test]
fn the_side_column_has_the_newest_lines() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    desk.draft("oak", &json!({"teaser": "b"}));
    let brief = desk.person(EDITOR).get(&at(id, "history/brief")).text;
    assert!(brief.contains("All 2") && brief.contains("Teaser") && brief.contains("Published, "), "{brief}");
    assert!(brief.contains(&at(id, "compare?from=")), "{brief}");
    assert_eq!(desk.person(VIEWER).get(&at(id, "history/brief")).status, 403);
}

#[test]
fn a_version_can_be_named() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut ed = desk.person(EDITOR);
    let rev = revs(&ed.get_json(&at(id, "history")).json())[0];
    let answer = ed.post(&at(id, &format!("history/{rev}/name")), &[("name", " Before  the fair ")]);
    assert_eq!((answer.status, answer.location), (303, at(id, "history")));
    assert_eq!(lines(&ed.get_json(&at(id, "history")).json())[1]["named"], "Before the fair");
    let long = ed.post_json(&at(id, &format!("history/{rev}/name")), &json!({"name": "x".repeat(81)}));
    assert_eq!(long.status, 400);
}

#[test]
fn a_long_history_has_pages() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "0"}));
    for number in 1..=65 {
        desk.draft("oak", &json!({"teaser": number.to_string()}));
    }
    let mut ed = desk.person(EDITOR);
    let first = ed.get_json(&at(id, "history")).json();
    assert_eq!(revs(&first).len(), 60);
    let older = first["older"].as_str().expect("more");
    let second = ed.get_json(older).json();
    assert_eq!((revs(&second).len(), &second["older"]), (6, &Value::Null));
    let last = lines(&second);
    assert_eq!(last.iter().filter(|line| line["kind"] == "published").count(), 1, "events are on one page only");
    assert!(lines(&first).iter().all(|line| line["kind"] != "published"));
}
