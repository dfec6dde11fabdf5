//! The manual order of collections.

use larder::account::Role;
use larder::authoring::Signature;

use super::office::{Office, Person, titles};

/// A collection of the starter site with at least four items: its list's address and its key.
fn collection(person: &Person<'_>) -> (String, String) {
    let home = person.page("/admin");
    let keys = home.split("href=\"/admin/c/k.").skip(1).filter_map(|rest| rest.split('"').next());
    let lists = keys.map(|key| (format!("/admin/c/k.{key}"), key.to_owned()));
    lists.into_iter().find(|(list, _)| titles(&person.page(list)).len() >= 4).expect("a collection")
}

fn ids(page: &str) -> Vec<String> {
    page.split("<tr data-id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn in_api(office: &Office, token: &str, key: &str) -> Vec<String> {
    let (_, answer) = office.ask_api(&format!("/content/?keys={key}&page_size=100"), token);
    let items = answer["data"][key].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["meta"]["id"].to_string()).collect()
}

#[test]
fn items_are_moved_and_the_api_follows() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let (list, key) = collection(&ada);
    let said = office.folder.done(&["token", "add", "--kind", "read", "--name", "order"]);
    let token = said.split_whitespace().last().expect("a token");
    let was = ids(&ada.page(&list));
    assert_eq!(in_api(&office, token, &key), was);
    let order = format!("{list}/order");
    assert_eq!(ada.send(&order, &[("up", &was[1])]).status, 303);
    let expected = [&was[1], &was[0]].into_iter().chain(&was[2..]).cloned().collect::<Vec<_>>();
    assert_eq!(ids(&ada.page(&list)), expected);
    assert_eq!(in_api(&office, token, &key), expected);
    ada.send(&order, &[("down", &was[1])]);
    assert_eq!(ids(&ada.page(&list)), was);
    ada.send(&order, &[("id", &was[3]), ("after", "")]);
    assert_eq!(ids(&ada.page(&list))[0], was[3]);
    ada.send(&order, &[("id", &was[3]), ("after", &was[2])]);
    assert_eq!(ids(&ada.page(&list)), was);
    ada.send(&order, &[("id", &was[0]), ("after", &was[2])]);
    assert_eq!(ids(&ada.page(&list))[..4], [was[1].clone(), was[2].clone(), was[0].clone(), was[3].clone()]);
    assert_eq!(in_api(&office, token, &key), ids(&ada.page(&list)));
    // At the ends nothing happens, and nothing is wrong.
    let now = ids(&ada.page(&list));
    ada.send(&order, &[("up", &now[0])]);
    ada.send(&order, &[("id", &now[1]), ("after", &now[0])]);
    assert_eq!(ids(&ada.page(&list)), now);
}

#[test]
fn two_who_move_at_once_lose_nothing() {
    let office = Office::starter();
    let (ada, bea) = (office.person("Ada", Role::Editor), office.person("Bea", Role::Editor));
    let (list, _) = collection(&ada);
    let was = ids(&ada.page(&list));
    let order = format!("{list}/order");
    std::thread::scope(|scope| {
        for (person, id) in [(&ada, &was[0]), (&bea, &was[1])] {
            let (order, was) = (&order, &was);
            scope.spawn(move || {
                for after in was.iter().filter(|after| *after != id) {
                    assert_eq!(person.send(order, &[("id", id), ("after", after)]).status, 303);
                }
            });
        }
    });
    let mut now = ids(&ada.page(&list));
    assert_eq!(now.len(), was.len());
    now.sort();
    let mut all = was;
    all.sort();
    assert_eq!(now, all, "each is there once");
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let (list, _) = collection(&ada);
    let was = ids(&ada.page(&list));
    let order = format!("{list}/order");
    let gone = larder::content::entry::EntryId(was[2].parse().expect("a number"));
    office.authoring.delete(gone, true, Signature::now("Bea")).expect("deleted");
    assert_eq!(ada.send(&order, &[("id", &was[0]), ("after", &was[2])]).status, 409);
    assert_eq!(ada.send(&order, &[("up", &was[2])]).status, 404);
    assert_eq!(ada.send(&order, &[]).status, 400);
    assert_eq!(ada.send("/admin/c/posts/order", &[("up", "1")]).status, 400);
    let wim = office.person("Wim", Role::Writer);
    assert_eq!(wim.send(&order, &[("up", &was[1])]).status, 403);
    assert!(!wim.page(&list).contains("data-handle") && ada.page(&list).contains("data-handle"));
    let sorted = ada.page(&format!("{list}?sort=title"));
    assert!(!sorted.contains("data-handle"), "only where it shows");
    assert!(sorted.contains("Manual order"));
}

#[test]
fn each_row_can_be_moved_from_its_menu() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let (list, _) = collection(&ada);
    let page = ada.page(&list);
    let items = ids(&page).len();
    let button =
        |name: &str| page.matches(&format!("<button role=\"menuitem\" form=\"order\" name=\"{name}\"")).count();
    assert_eq!((button("up"), button("down")), (items, items));
    assert_eq!(page.matches(" disabled aria-disabled=\"true\">Move").count(), 2, "not beyond the ends");
    let wim = office.person("Wim", Role::Writer);
    assert!(!wim.page(&list).contains("name=\"up\""));
}

#[test]
fn a_list_says_what_it_counts_where_tabs_count_something_else() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let page = ada.page("/admin/c/k.faq");
    let items = ids(&page).len();
    let said =
        page.split("of ").find_map(|rest| rest.split_once(" language versions")).map(|(said, _)| said.to_owned());
    let said = said.unwrap_or_else(|| panic!("{page}"));
    let (counted, versions) = said.split_once(" items, in ").expect("both numbers");
    assert_eq!(counted, items.to_string());
    assert!(page.contains(&format!("All <span class=\"n\">{versions}</span>")), "the tab counts versions");
    let english = ada.page("/admin/c/k.faq?locale=en");
    assert!(!english.contains("language versions"), "one line for each version");
}
