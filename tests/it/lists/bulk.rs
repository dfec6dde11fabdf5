//! One thing done to many entries.

use larder::account::Role;
use larder::authoring::{Signature, State};
use larder::content::entry::EntryId;

use super::office::{ENGLISH, Office, Person, Told, titles};
use crate::command::await_until;

const BULK: &str = "/admin/c/posts/bulk";

fn pick(id: EntryId) -> String {
    format!("{}.{}", id.0, ENGLISH.0)
}

/// Sends the plain form and returns the page of its job.
#[track_caller]
fn done(person: &Person<'_>, what: &[(&str, &str)], ids: &[EntryId]) -> (String, String) {
    let picks: Vec<String> = ids.iter().map(|id| pick(*id)).collect();
    let fields: Vec<(&str, &str)> =
        what.iter().copied().chain(picks.iter().map(|pick| ("pick", pick.as_str()))).collect();
    let told = person.send(BULK, &fields);
    assert_eq!(told.status, 303, "{told:?}");
    (person.page(&told.location), told.location)
}

fn status_of(office: &Office, slug: &str) -> String {
    let shown = office.folder.json(&["entry", "show", &format!("post:{slug}")]);
    let locales = shown["locales"].as_object().expect("locales");
    if locales.values().all(|locale| locale["live"].is_null()) { "draft".into() } else { "live".into() }
}

#[test]
fn what_was_published_is_told_and_what_could_not_be_needs_attention() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let good = [office.post("One", "one", "Ada", State::Draft), office.post("Two", "two", "Ada", State::Draft)];
    let nameless = office.post("Three", "nameless", "Ada", State::Draft);
    office.draft(nameless, "", "Ada");
    let (page, location) = done(&ada, &[("do", "publish")], &[good[0], good[1], nameless]);
    assert!(page.contains("2 published, 1 needs attention"), "{page}");
    assert!(page.contains(&format!("href=\"/admin/c/posts/{}", nameless.0)), "with a link to it");
    assert_eq!(status_of(&office, "one"), "live");
    let told = ada.send(&format!("{location}/undo"), &[]);
    let page = ada.page(&told.location);
    assert!(page.contains("2 taken back"), "{page}");
    assert_eq!(status_of(&office, "one"), "draft");
    assert_eq!(status_of(&office, "two"), "draft");
}

#[test]
fn the_same_form_sent_twice_is_done_once() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let post = office.post("One", "one", "Ada", State::Draft);
    let fields = [("do", "archive"), ("once", "0123456789abcdef"), ("pick", &pick(post)[..])];
    let (first, second) = (ada.send(BULK, &fields), ada.send(BULK, &fields));
    assert_eq!(first.location, second.location);
    assert!(ada.page(&first.location).contains("1 archived"));
    let bea = office.person("Bea", Role::Editor);
    assert_eq!(bea.get(&first.location).status, 404, "what others do is theirs");
}

#[test]
fn what_was_changed_since_is_not_undone() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let posts = [office.post("One", "one", "Ada", State::Draft), office.post("Two", "two", "Ada", State::Draft)];
    let (_, location) = done(&ada, &[("do", "publish")], &posts);
    office.authoring.unpublish(posts[0], ENGLISH, Signature::now("Bea")).expect("taken off");
    let told = ada.send(&format!("{location}/undo"), &[]);
    let page = ada.page(&told.location);
    assert!(page.contains("1 taken back, 1 needs attention"), "{page}");
    assert!(page.contains("It was changed since"));
}

#[test]
fn entries_that_went_away_are_told_of() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let (here, gone) =
        (office.post("Here", "here", "Ada", State::Draft), office.post("Gone", "gone", "Ada", State::Draft));
    office.authoring.delete(gone, false, Signature::now("Bea")).expect("deleted");
    let (page, _) = done(&ada, &[("do", "delete")], &[here, gone, EntryId(987_654)]);
    assert!(page.contains("1 moved to the trash, 2 need attention"), "{page}");
    assert!(ada.page("/admin/trash").contains("Here"));
}

#[test]
fn archived_posts_are_in_no_other_list_nor_in_the_api() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let post = office.post("Shelved", "shelved", "Ada", State::Published);
    assert_eq!(office.api_status("/posts/shelved/"), 200);
    let (page, location) = done(&ada, &[("do", "archive")], &[post]);
    assert!(page.contains("1 archived"));
    assert_eq!(office.api_status("/posts/shelved/"), 404);
    assert_eq!(office.api_status("/posts/shelved/?preview=1"), 404);
    let shelved = "Shelved".to_owned();
    assert!(!titles(&ada.page("/admin/c/posts")).contains(&shelved));
    assert!(!titles(&ada.page("/admin/c/posts?q=shelved")).contains(&shelved));
    assert!(titles(&ada.page("/admin/c/posts?status=archived&q=shelv")).contains(&shelved));
    assert_eq!(ada.json("/admin/find?q=shelved").as_array().map(Vec::len), Some(0));
    let (page, _) = done(&ada, &[("do", "publish")], &[post]);
    assert!(page.contains("It is archived"), "{page}");
    let (page, _) = done(&ada, &[("do", "unarchive")], &[post]);
    assert!(page.contains("1 brought back"));
    assert!(titles(&ada.page("/admin/c/posts?status=draft")).contains(&shelved), "as a draft");
    assert_eq!(office.api_status("/posts/shelved/"), 404);
    let told = ada.send(&format!("{location}/undo"), &[]);
    assert!(ada.page(&told.location).contains("1 needs attention"), "it was brought back since");
}

#[test]
fn undoing_an_archive_makes_it_live_as_before() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let post = office.post("Shelved", "shelved", "Ada", State::Published);
    let (_, location) = done(&ada, &[("do", "archive")], &[post]);
    let told = ada.send(&format!("{location}/undo"), &[]);
    let page = ada.page(&told.location);
    assert!(page.contains("1 taken back"), "{page}");
    assert_eq!(status_of(&office, "shelved"), "live");
    assert_eq!(office.api_status("/posts/shelved/"), 200);
    let (_, location) = done(&ada, &[("do", "delete")], &[post]);
    assert_eq!(office.api_status("/posts/shelved/"), 404);
    ada.send(&format!("{location}/undo"), &[]);
    assert_eq!(office.api_status("/posts/shelved/"), 200);
}

#[test]
fn posts_are_filed_and_scheduled_together() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let posts = [office.post("One", "one", "Ada", State::Draft), office.post("Two", "two", "Ada", State::Draft)];
    let page = ada.page("/admin/c/posts");
    let category =
        page.split("name=\"category\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a category");
    let (page, location) = done(&ada, &[("do", "file"), ("category", category)], &posts);
    assert!(page.contains("2 filed"), "{page}");
    ada.send(&format!("{location}/undo"), &[]);
    assert_eq!(ada.send(BULK, &[("do", "file"), ("pick", &pick(posts[0]))]).status, 400);
    let (page, _) = done(&ada, &[("do", "schedule"), ("day", "2099-11-24"), ("time", "08:00")], &posts);
    assert!(page.contains("2 scheduled"));
    let list = ada.page("/admin/c/posts?status=scheduled");
    assert!(list.contains("Tue 24 Nov, 08:00") && titles(&list).contains(&"One".to_owned()));
    assert_eq!(
        ada.send(BULK, &[("do", "schedule"), ("day", "2001-01-01"), ("time", "08:00"), ("pick", &pick(posts[0]))])
            .status,
        400
    );
}

/// All redirects, as hosts read them.
fn redirects(office: &Office) -> Vec<String> {
    let list = office.folder.json(&["redirect", "list", "--json"]);
    let line = |one: &serde_json::Value| format!("{} {}", one["from"].as_str().unwrap_or_default(), one["to"]);
    list.as_array().expect("a list").iter().map(line).collect()
}

#[test]
fn visitors_of_many_are_sent_to_one_place_and_back_when_it_is_undone() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let posts =
        [office.post("One", "one", "Ada", State::Published), office.post("Two", "two", "Ada", State::Published)];
    let draft = office.post("Three", "three", "Ada", State::Draft);
    // Where the first is, as visitors ask for it: an older address leads there already.
    let (page, _) = done(&ada, &[("do", "unpublish"), ("send.unpublish", "/archive")], &[posts[0]]);
    let one = page.split("Visitors of ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address").to_owned();
    done(&ada, &[("do", "publish")], &[posts[0]]);
    office.folder.done(&["redirect", "add", "/older", &one]);
    let before = redirects(&office);
    assert!(ada.page("/admin/c/posts").contains("name=\"send.unpublish\""), "one question for all of them");
    assert_eq!(
        ada.send(BULK, &[("do", "unpublish"), ("send.unpublish", "nonsense"), ("pick", &pick(posts[0]))]).status,
        400
    );
    assert_eq!(status_of(&office, "one"), "live", "an address that is none changes nothing");

    let all = [posts[0], posts[1], draft];
    let what = [("do", "unpublish"), ("send.unpublish", "/archive"), ("send.delete", "/elsewhere")];
    let (page, location) = done(&ada, &what, &all);
    assert_eq!(page.matches("are sent to /archive.").count(), 2, "a draft has no visitors: {page}");
    let new = |office: &Office| redirects(office).into_iter().filter(|one| !before.contains(one)).count();
    assert_eq!(new(&office), 3, "and what led to one of them leads on");
    ada.send(&format!("{location}/undo"), &[]);
    assert_eq!((redirects(&office), status_of(&office, "one").as_str()), (before.clone(), "live"));

    done(&ada, &[("do", "delete")], &[posts[0]]);
    assert_eq!(new(&office), 0, "who names no place sends nobody anywhere");
    done(&ada, &[("do", "delete"), ("send.delete", "https://old.example/")], &[posts[1]]);
    assert_eq!(new(&office), 1);
}

#[test]
fn bad_forms_change_nothing() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let post = office.post("One", "one", "Ada", State::Draft);
    assert_eq!(ada.send(BULK, &[("do", "publish")]).status, 400);
    assert_eq!(ada.send(BULK, &[("do", "explode"), ("pick", &pick(post))]).status, 400);
    assert_eq!(ada.send(BULK, &[("do", "publish"), ("pick", "x.y"), ("pick", "-1")]).status, 400);
    assert_eq!(ada.send("/admin/c/p.nothing/bulk", &[("do", "publish"), ("pick", &pick(post))]).status, 404);
    // The right schema is part of the address.
    let told = ada.send("/admin/c/p.landing/bulk", &[("do", "publish"), ("pick", &pick(post))]);
    assert!(told.status == 404 || ada.page(&told.location).contains("1 needs attention"));
    assert_eq!(status_of(&office, "one"), "draft");
    for role in [Role::Writer, Role::Viewer] {
        let person = office.person(role.as_str(), role);
        assert_eq!(person.send(BULK, &[("do", "publish"), ("pick", &pick(post))]).status, 403);
        assert!(!person.page("/admin/c/posts").contains("data-bulk"));
    }
}

#[test]
fn scripts_follow_a_job_to_its_end() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let posts: Vec<EntryId> =
        (0..60).map(|n| office.post(&format!("P{n}"), &format!("p-{n}"), "Ada", State::Draft)).collect();
    let picks: Vec<String> = posts.iter().map(|id| pick(*id)).collect();
    let mut fields = vec![("do", "publish"), ("once", "aaaaaaaaaaaaaaaa")];
    fields.extend(picks.iter().map(|pick| ("pick", pick.as_str())));
    let told: Told = ada.send_script(BULK, &fields);
    assert_eq!(told.status, 200);
    assert!(told.text.contains("hx-get=\"/admin/c/posts/bulk/aaaaaaaaaaaaaaaa\""), "{}", told.text);
    // The list says so meanwhile and afterwards, until somebody has looked.
    assert!(ada.page("/admin/c/posts").contains("/bulk/aaaaaaaaaaaaaaaa"));
    await_until("the job is done", || ada.page("/admin/c/posts").contains("60 published"));
    let end = ada.ask("/admin/c/posts/bulk/aaaaaaaaaaaaaaaa", &[("hx-request", "true")]);
    assert!(end.text.contains("60 published") && !end.text.contains("delay:400ms"));
    assert!(!ada.page("/admin/c/posts").contains("/bulk/aaaaaaaaaaaaaaaa"), "seen");
}
