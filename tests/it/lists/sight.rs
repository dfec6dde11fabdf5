//! Nobody sees, counts, finds or changes drafts that are not theirs to see.

use larder::account::Role;
use larder::authoring::{Signature, State};

use super::office::{Office, Person, titles};

/// Every door through which a title could slip out.
fn doors(person: &Person<'_>) -> String {
    [
        "/admin",
        "/admin/trash",
        "/admin/c/posts",
        "/admin/c/posts?status=draft",
        "/admin/c/posts?status=scheduled",
        "/admin/c/posts?status=changed",
        "/admin/c/posts?status=archived",
        "/admin/c/posts?q=secret",
        "/admin/c/posts?sort=title",
        "/admin/c/posts?q=secret&status=archived",
        "/admin/find?q=secret",
        "/admin/find",
        "/admin/find?q=secret&for=link",
        "/admin/find?q=cardamom",
    ]
    .map(|door| person.page(door))
    .join("\n")
}

#[test]
fn a_viewer_sees_what_is_live_and_nothing_else() {
    let office = Office::starter();
    let (vera, ada) = (office.person("Vera", Role::Viewer), office.person("Ada", Role::Editor));
    let counted = titles(&vera.page("/admin/c/posts")).len();
    office.post("Secret draft", "secret-draft", "Vera", State::Draft);
    let live = office.post("Public word", "public", "Ada", State::Published);
    office.draft(live, "Secret change", "Ada");
    let archived = office.post("Secret past", "past", "Vera", State::Published);
    office.authoring.archive(archived, Signature::now("Ada")).expect("archived");
    let deleted = office.post("Secret trash", "trash", "Vera", State::Published);
    office.authoring.delete(deleted, false, Signature::now("Vera")).expect("deleted");
    let seen = doors(&vera);
    for title in ["Secret draft", "Secret change", "Secret past", "Secret trash"] {
        assert!(!seen.contains(title), "{title}");
    }
    let list = vera.page("/admin/c/posts");
    assert!(list.contains("Public word") && list.contains(&format!("1–{} of {}", counted + 1, counted + 1)));
    assert!(!list.contains("Drafts") && !list.contains("Unpublished changes"), "no counts of what they do not see");
    assert!(!list.contains("New post"));
    assert!(doors(&ada).contains("Secret draft"), "an editor sees it through the same doors");
}

#[test]
fn a_writer_sees_drafts_of_their_own() {
    let office = Office::starter();
    let (wim, ada) = (office.person("Wim", Role::Writer), office.person("Ada", Role::Editor));
    let own = office.post("Own draft", "own", "Wim", State::Draft);
    office.created_by(own, &wim);
    let other = office.post("Secret draft", "secret", "Ada", State::Draft);
    office.created_by(other, &ada);
    // Somebody who has edited what is not theirs does not keep seeing it.
    office.post("Secret too", "secret-too", "Wim", State::Draft);
    let own_live = office.post("Own live", "own-live", "Wim", State::Published);
    office.created_by(own_live, &wim);
    office.draft(own_live, "Own change", "Wim");
    let list = wim.page("/admin/c/posts");
    assert!(titles(&list).contains(&"Own draft".into()) && titles(&list).contains(&"Own change".into()));
    assert!(!titles(&list).contains(&"Own live".into()), "one line per post");
    let seen = doors(&wim);
    assert!(!seen.contains("Secret draft") && !seen.contains("Secret too"));
    assert!(
        list.contains("Drafts <span class=\"n\">1</span>")
            && list.contains("Unpublished changes <span class=\"n\">1</span>")
    );
    assert_eq!(titles(&wim.page("/admin/c/posts?status=draft")), ["Own draft"]);
    let own = |titles: Vec<String>| titles.into_iter().filter(|title| title.starts_with("Own")).collect::<Vec<_>>();
    assert_eq!(own(titles(&wim.page("/admin/c/posts?q=own&sort=title"))), ["Own change", "Own draft"]);
    let found = wim.json("/admin/find?q=own");
    let found = found.as_array().expect("a list").iter().filter_map(|one| one["title"].as_str().map(str::to_owned));
    assert_eq!(own(found.collect()), ["Own change", "Own draft"]);
    let all = titles(&wim.page("/admin/c/posts?sort=title"));
    assert!(all.is_sorted_by_key(|title| title.to_ascii_lowercase()), "{all:?}");
}

#[test]
fn a_writer_pages_through_both_kinds_in_one_order() {
    let office = Office::starter();
    let wim = office.person("Wim", Role::Writer);
    for n in 0..70 {
        let post = office.post(
            &format!("T{n:02}"),
            &format!("t-{n}"),
            "Wim",
            if n % 2 == 0 { State::Draft } else { State::Published },
        );
        if n % 4 < 2 {
            office.created_by(post, &wim);
        }
    }
    let first = wim.page("/admin/c/posts?q=cardamom&sort=title");
    let second = wim.page(&super::office::link(&first, "Next").expect("a next page"));
    let all: Vec<String> = titles(&first).into_iter().chain(titles(&second)).collect();
    let expected: Vec<String> = (0..70).filter(|n| n % 2 == 1 || n % 4 < 2).map(|n| format!("T{n:02}")).collect();
    assert_eq!(all, expected);
}
