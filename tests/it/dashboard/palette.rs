//! Search for everything: what is found, and by whom.

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, VIEWER, WRITER};
use super::visitor::{Visitor, add_person};

/// What somebody finds: groups with titles.
fn found(visitor: &mut Visitor<'_>, typed: &str) -> Vec<(String, Vec<String>)> {
    let groups = visitor.get_json(&format!("/admin/palette?q={typed}")).json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let titles =
        |group: &Value| group["items"].as_array().into_iter().flatten().map(|item| text(&item["title"])).collect();
    groups.as_array().expect("groups").iter().map(|group| (text(&group["label"]), titles(group))).collect()
}

#[test]
fn drafts_are_found_by_those_who_may_see_them() {
    let desk = Desk::new();
    desk.page("mill", &json!({}));
    let draft =
        json!({"title": "Page secret", "slug": "secret", "page_type": "landing", "status": "draft", "fields": {}});
    desk.write("POST", "/v2/pages/", &draft);
    let entries = |email: &str| {
        let groups = found(&mut desk.person(email), "page");
        groups.into_iter().find(|(label, _)| label == "Entries").map(|(_, titles)| titles).unwrap_or_default()
    };
    assert_eq!(entries(EDITOR), ["Page mill", "Page secret"]);
    assert_eq!((entries(WRITER), entries(VIEWER)), (vec!["Page mill".to_owned()], vec!["Page mill".to_owned()]));
}

#[test]
fn actions_settings_and_people_are_found_by_those_who_may_use_them() {
    let desk = Desk::new();
    add_person(&desk.site.folder, "olga@example.com", "owner");
    let mut olga = desk.person("olga@example.com");
    let groups = |person: &mut Visitor<'_>, typed: &str| -> Vec<String> {
        found(person, typed).into_iter().map(|(label, _)| label).collect()
    };
    assert_eq!(found(&mut olga, "time+zone"), [("Settings".to_owned(), vec!["Time zone".to_owned()])]);
    assert_eq!(found(&mut olga, "ed%40example"), [("People".to_owned(), vec!["ed".to_owned()])]);
    assert!(groups(&mut olga, "").contains(&"Actions".to_owned()));
    let mut vic = desk.person(VIEWER);
    for typed in ["time+zone", "ed%40example", "tokens", "audit", "new"] {
        assert!(groups(&mut vic, typed).is_empty(), "{typed}");
    }
    assert!(desk.site.ask("/admin/palette?q=page", &[]).status() != 200, "strangers are answered");
}
