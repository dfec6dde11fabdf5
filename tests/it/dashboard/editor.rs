//! What the editing screens ask for while somebody writes.

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, VIEWER, WRITER, at};

#[test]
fn an_address_that_is_taken_is_told_with_who_has_it() {
    let desk = Desk::new();
    let oak = desk.page("oak", &json!({"teaser": "a"}));
    let elm = desk.page("elm", &json!({"teaser": "b"}));
    let mut ed = desk.person(EDITOR);
    let mut check =
        |slug: &str, entry: &str| ed.get_json(&format!("/admin/c/p.landing/slug?slug={slug}{entry}")).json();
    let nothing = json!({"problem": null, "rival": null});
    let own = format!("&entry={oak}");
    assert_eq!(check("oak", &own), nothing, "its own");
    assert_eq!(check("rye", &own), nothing, "free");
    let taken = check("elm", &own);
    assert_eq!(taken["problem"], "Another page has this slug.");
    assert_eq!(taken["rival"], json!({"title": "Page elm", "href": format!("/admin/c/p.landing/{elm}")}));
    assert_eq!(check("oak", "")["problem"], taken["problem"], "for one that is not saved yet");
    assert!(check("a%20b", &own)["problem"].as_str().is_some_and(|problem| problem.contains("letters, digits")));
    assert_eq!(ed.get_json("/admin/c/p.nothing/slug?slug=a").status, 404);
}

#[test]
fn who_has_an_address_is_not_told_to_those_who_may_not_see_it() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let ops = json!([{"op": "set", "path": "@title", "value": "Secret plans"}]);
    let save = json!({"client": "abcdefgh", "seq": 1, "locale": "en", "follow_slug": true, "ops": ops, "why": "saved"});
    let made = ed.post_json("/admin/c/p.landing/draft", &save);
    assert_eq!(made.status, 200, "{}", made.text);
    let slug = "/admin/c/p.landing/slug?slug=secret-plans";
    assert_eq!(ed.get_json(slug).json()["rival"]["title"], "Secret plans");
    let told = desk.person(WRITER).get_json(slug);
    assert_eq!(told.json(), json!({"problem": "Another page has this slug.", "rival": null}), "{}", told.text);
}

#[test]
fn the_answer_of_the_api_is_shown_as_sites_get_it() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "live"}));
    desk.draft("oak", &json!({"teaser": "draft"}));
    let served = desk.person(EDITOR).get_json(&at(id, "served")).json();
    for (version, teaser, path) in
        [("live", "live", "/v2/pages/landing/oak/"), ("draft", "draft", "/v2/pages/landing/oak/?preview=1")]
    {
        let shown: Value = serde_json::from_str(served[version]["json"].as_str().expect("text")).expect("JSON");
        assert_eq!(shown["data"]["fields"]["teaser"], teaser);
        let address = served[version]["address"].as_str().expect("an address");
        let asked = desk.public(address).1;
        assert_eq!(shown, asked, "{address}");
        assert!(address.starts_with(path) || address.contains("preview=1"), "{address}");
    }
    let seen = desk.person(VIEWER).get_json(&at(id, "served")).json();
    assert!(seen["draft"].is_null() && !seen["live"].to_string().contains("\"draft\\\""), "{seen}");
}

#[test]
fn what_pages_tell_search_engines_stands_by_itself() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a", "seo_title": "Oak for search"}));
    let mut ed = desk.person(EDITOR);
    let page = ed.get(&format!("/admin/c/p.landing/{id}")).text;
    let (form, rail) = page.split_once("<aside class=\"rail\"").expect("a side column");
    assert!(form.contains("name=\"teaser\"") && !form.contains("name=\"seo_title\""));
    let panel = rail.split("id=\"panel-seo\"").nth(1).expect("a tab");
    assert!(panel.contains("name=\"seo_title\"") && panel.contains("Oak for search</div>"));
    let sheet = ed.get("/admin/c/p.landing/new?sheet=1").text;
    assert!(sheet.contains("name=\"seo_title\"") && !sheet.contains("id=\"panel-seo\""), "ids are there once");
}
