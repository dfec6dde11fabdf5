//! Pickers.

use larder::account::Role;
use larder::authoring::{Signature, State};
use serde_json::Value;

use super::office::{Office, Person};

fn titles(found: &Value) -> Vec<&str> {
    found.as_array().expect("a list").iter().filter_map(|one| one["title"].as_str()).collect()
}

#[test]
fn entries_are_found_by_their_beginning_and_by_their_words() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    office.post("Zesty lemons", "lemons", "Ada", State::Published);
    office.post("A zesty lime", "lime", "Ada", State::Draft);
    let found = ada.json("/admin/find?q=zest&for=link");
    assert_eq!(titles(&found), ["Zesty lemons", "A zesty lime"]);
    assert_eq!(found[0]["type"], "posts");
    assert_eq!(found[0]["status"], "published");
    assert_eq!(found[1]["status"], "draft");
    assert!(found[0]["path"].as_str().expect("a path").ends_with("/lemons"));
    assert!(found[0]["id"].is_i64());
    assert!(titles(&ada.json("/admin/find?q=cardamom")).contains(&"Zesty lemons"), "in the text");
    assert!(titles(&ada.json("/admin/find?q=zest&for=reference")).is_empty(), "posts are not referred to");
    assert!(titles(&ada.json("/admin/find?q=zest&schema=k.nothing")).is_empty());
    assert_eq!(titles(&ada.json("/admin/find?q=zest&schema=posts")).len(), 2);
    assert_eq!(titles(&ada.json("/admin/find")).first(), Some(&"A zesty lime"), "without words the latest");
    for query in ["q=%22%00*(", "q=%F0%9F%AB%92", "q=a%20OR%20b", "schema=,,&q=x", "for=x"] {
        ada.json(&format!("/admin/find?{query}"));
    }
}

#[test]
fn deleted_and_archived_entries_are_not_offered() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let posts = ["zest-a", "zest-b", "zest-c"].map(|slug| office.post(slug, slug, "Ada", State::Published));
    office.authoring.delete(posts[0], false, Signature::now("Ada")).expect("deleted");
    office.authoring.archive(posts[1], Signature::now("Ada")).expect("archived");
    assert_eq!(titles(&ada.json("/admin/find?q=zest")), ["zest-c"]);
    office.authoring.unarchive(posts[1], Signature::now("Ada")).expect("back");
    assert_eq!(titles(&ada.json("/admin/find?q=zest")).len(), 2);
}

#[test]
fn colours_are_those_of_the_entries_saved_last() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let colours = ada.json("/admin/colours")["colours"].clone();
    let colours: Vec<&str> = colours.as_array().expect("a list").iter().filter_map(|one| one.as_str()).collect();
    assert!(!colours.is_empty() && colours.iter().all(|one| one.starts_with('#') && one.to_uppercase() == *one));
    let different: std::collections::BTreeSet<&&str> = colours.iter().collect();
    assert_eq!(different.len(), colours.len(), "each once: {colours:?}");
}

#[test]
fn pages_are_found_with_the_address_the_site_gives_them() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let path = |ada: &Person<'_>| ada.json("/admin/find?q=home&for=link")[0]["path"].clone();
    assert_eq!(path(&ada), "/home");
    office.folder.done(&["setting", "set", "page_url", "https://a.example/{locale}/p/{slug}"]);
    assert_eq!(path(&ada), "/en/p/home");
}
