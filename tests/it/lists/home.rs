//! The start page.

use larder::account::Role;
use larder::authoring::{Aim, PostChange, Signature, State, now};
use larder::content::moment::Moment;

use super::office::{ENGLISH, Office, Person};
use crate::command::{Folder, await_until};

/// The part of Home below a heading.
fn part<'p>(page: &'p str, id: &str) -> &'p str {
    let rest = page.split(&format!("aria-labelledby=\"{id}\"")).nth(1).unwrap_or_default();
    rest.split("</section>").next().unwrap_or_default()
}

#[test]
fn one_goes_on_where_one_left_off() {
    let office = Office::starter();
    let ada = office.person("Ada Lund", Role::Editor);
    assert!(part(&ada.page("/admin"), "continue").contains("Nothing to continue"));
    for n in 0..8 {
        office.post(&format!("Mine {n}"), &format!("mine-{n}"), "Ada Lund", State::Draft);
    }
    office.post("Not mine", "not-mine", "Bea", State::Published);
    let home = ada.page("/admin");
    let recent = part(&home, "continue");
    assert!(recent.contains("Mine 7") && recent.contains("Mine 2") && !recent.contains("Mine 1"), "the last six");
    assert!(recent.contains("Draft") && !recent.contains("Not mine"));
    assert!(part(&home, "live").contains("Not mine"));
    assert!(home.contains("<ld-waiting") && home.contains("New post"));
    assert!(home.contains("Hello, Ada"));
}

#[test]
fn two_people_of_one_name_are_two() {
    let office = Office::starter();
    let (one, other) = (office.person("Other Kim", Role::Editor), office.person("Kim", Role::Editor));
    let post = office.post("By one Kim", "by-one-kim", "Bea", State::Draft);
    // The name is the other's, the person is this one.
    let save = |person: &Person<'_>, title: &str| {
        let change = PostChange { title: Some(title.into()), ..PostChange::default() };
        let signature = Signature { user: Some(person.user), ..Signature::now("Kim") };
        office.authoring.change_post(post, change, None, State::Draft, false, signature).expect("changed");
    };
    save(&one, "By one Kim, changed");
    assert!(part(&one.page("/admin"), "continue").contains("By one Kim, changed"));
    assert!(!part(&other.page("/admin"), "continue").contains("By one Kim"));
    assert!(one.page("/admin/c/posts?mine=1").contains("By one Kim"));
    assert!(!other.page("/admin/c/posts?mine=1").contains("By one Kim"));
    // However often the same was saved since, what was saved before is found.
    office.post("First of all", "first-of-all", "Other Kim", State::Draft);
    for round in 0..450 {
        save(&one, &format!("By one Kim, {round}"));
    }
    let recent = part(&one.page("/admin"), "continue").to_owned();
    assert!(recent.contains("By one Kim, 449") && recent.contains("First of all"), "{recent}");
}

#[test]
fn what_is_due_and_what_was_missed_is_told() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let day = 24 * 60 * 60 * 1_000_000;
    let at = |days: i64| Some(Moment::from_micros(now().micros() + days * day + 3_600_000_000));
    let soon = office.post("Soon", "soon", "Bea", State::Draft);
    office.authoring.schedule_publish(soon, ENGLISH, at(2), Signature::now("Bea")).expect("set");
    let later = office.post("Later", "later", "Bea", State::Draft);
    office.authoring.schedule_publish(later, ENGLISH, at(9), Signature::now("Bea")).expect("set");
    let scheduled = part(&ada.page("/admin"), "scheduled").to_owned();
    assert!(scheduled.contains("Soon") && !scheduled.contains("Later"));
    // Its title is emptied after the time was set, and the time comes.
    office.draft(later, "", "Bea");
    office.authoring.schedule_publish(later, ENGLISH, at(9), Signature::now("Bea")).unwrap_err();
    office.authoring.run_schedule(Moment::from_micros(now().micros() + 10 * day)).expect("looked");
    let attention = part(&ada.page("/admin"), "attention").to_owned();
    assert!(attention.contains("Could not go live at its time. title: This field is required."), "{attention}");
    office.draft(later, "Later, named", "Bea");
    assert!(!part(&ada.page("/admin"), "attention").contains("Could not go live"), "somebody has seen to it");
}

#[test]
fn links_to_what_is_gone_and_pictures_without_words_need_attention() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let gone = office.post("Gone", "gone-one", "Bea", State::Published);
    let path = ada.json("/admin/find?q=gone&for=link")[0]["path"].as_str().expect("a path").to_owned();
    let change = PostChange {
        body: Some(format!("<p><a href=\"{path}\">There</a> <img src=\"/media/x\"></p>")),
        ..PostChange::default()
    };
    let linking = office.post("Linking", "linking", "Bea", State::Draft);
    office.authoring.change_post(linking, change, None, State::Draft, false, Signature::now("Bea")).expect("changed");
    assert!(!part(&ada.page("/admin"), "attention").contains("was deleted"));
    office.authoring.delete(gone, false, Signature::now("Bea")).expect("deleted");
    let attention = part(&ada.page("/admin"), "attention").to_owned();
    assert!(attention.contains(&format!("Links to {path}, which was deleted.")), "{attention}");
    assert!(attention.contains("A picture has no description."));
    let vera = office.person("Vera", Role::Viewer);
    assert!(!vera.page("/admin").contains("Linking"));
    // However much was saved since.
    for n in 0..90 {
        office.post(&format!("Sound {n}"), &format!("sound-{n}"), "Bea", State::Draft);
    }
    let attention = part(&ada.page("/admin"), "attention").to_owned();
    assert!(attention.contains("Links to") && attention.contains("A picture has no description."), "{attention}");
    // Until somebody has seen to it.
    let mended = PostChange { body: Some("<p>Nothing</p>".into()), ..PostChange::default() };
    office.authoring.change_post(linking, mended, None, State::Draft, false, Signature::now("Bea")).expect("changed");
    assert!(!part(&ada.page("/admin"), "attention").contains("Linking"));
}

#[test]
fn who_waits_for_a_review_is_told_to_those_who_see_the_draft() {
    let office = Office::starter();
    let (ada, wim) = (office.person("Ada", Role::Editor), office.person("Wim", Role::Writer));
    let vera = office.person("Vera", Role::Viewer);
    let post = office.post("The old oven", "the-old-oven", "Bea", State::Published);
    office.draft(post, "The oven, relit", "Bea");
    let aim = Aim { entry: post, locale: ENGLISH, base: None };
    office.authoring.ask_review(aim, wim.user, Signature::now("Bea")).expect("asked");
    let waiting = part(&ada.page("/admin"), "reviews").to_owned();
    assert!(waiting.contains("The oven, relit") && waiting.contains("Bea asked"), "{waiting}");
    assert!(ada.page("/admin/c/posts").contains("Bea asked for a review"));
    for outsider in [&wim, &vera] {
        assert_eq!(part(&outsider.page("/admin"), "reviews"), "");
        assert!(!outsider.page("/admin/c/posts").contains("asked for a review"));
    }
}

#[test]
fn who_can_do_something_about_it_is_told_that_nothing_is_copied() {
    let folder = Folder::starter();
    let place = folder.path("copies");
    let level = place.join("ltx/0");
    std::fs::create_dir_all(&level).expect("made");
    // Somebody else has been there.
    std::fs::write(level.join("0000000000000001-0000000000000005.ltx"), "x").expect("written");
    let office = Office::copied(folder, &format!("file://{}", place.display()));
    let (ada, bea) = (office.person("Ada", Role::Developer), office.person("Bea", Role::Editor));
    await_until("the warning", || part(&ada.page("/admin"), "attention").contains("Nothing is copied any more"));
    assert!(!bea.page("/admin").contains("Nothing is copied any more"));
    assert!(ada.page("/admin/settings").contains("is ahead of this site"));
}
