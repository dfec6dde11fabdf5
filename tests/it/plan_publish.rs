//! Which answers a publish would change, told before it is done.

use std::collections::BTreeSet;

use larder::authoring::{Among, Foresight, Signature};
use larder::content::definition::BLOG;
use larder::content::entry::View;
use larder::content::locale::LocaleId;
use larder::delivery::{Query, canonical_questions};
use larder::site::Site;
use larder::store::Error;
use serde_json::{Value, json};

use crate::command::Folder;

/// What a plan says of each address, by address.
fn touched(plan: &Value) -> Vec<&str> {
    plan["answers"].as_array().into_iter().flatten().filter_map(|answer| answer["url"].as_str()).collect()
}

fn bytes_of(folder: &Folder) -> Vec<u8> {
    std::fs::read(folder.site().join("larder.db")).expect("the database")
}

#[test]
fn taking_a_post_off_touches_it_its_neighbours_the_list_and_the_feeds() {
    let folder = Folder::starter();
    let before = bytes_of(&folder);
    let said = folder.done(&["unpublish", "post:harvest-day", "--plan"]);
    let mut lines = said.lines();
    assert_eq!(lines.next(), Some("changes 7 answers: 3 posts, 1 list, 3 feeds"));
    let mut urls: Vec<&str> = lines.map(str::trim).collect();
    urls.sort_unstable();
    assert_eq!(
        urls,
        [
            "/v2/feeds/atom/",
            "/v2/feeds/rss/",
            "/v2/feeds/sitemap/",
            "/v2/posts/",
            "/v2/posts/five-in-the-morning/",
            "/v2/posts/harvest-day/ (200 -> 404)",
            "/v2/posts/knee-high-in-june/",
        ]
    );
    assert_eq!(before, bytes_of(&folder), "a plan changes nothing");
    assert_eq!(folder.json(&["entry", "show", "post:harvest-day"])["locales"]["en"]["draft"], json!(null));
}

#[test]
fn what_was_planned_is_what_publishing_does() {
    let folder = Folder::starter();
    let plan = folder.json(&["publish", "single:visit-us", "--plan", "--diff", "--json"]);
    assert_eq!(plan["unexamined"], 0);
    let urls = touched(&plan);
    assert!(urls.contains(&"/v2/pages/*/visit-us/") && urls.contains(&"/v2/pages/"), "{urls:?}");
    let page = plan["answers"].as_array().into_iter().flatten().find(|answer| answer["url"] == "/v2/pages/*/visit-us/");
    let page = page.expect("the page itself");
    assert_eq!(
        (&page["kind"], &page["before"]["status"], &page["after"]["status"]),
        (&json!("page"), &json!(200), &json!(200))
    );
    let places: Vec<&str> =
        page["differences"].as_array().into_iter().flatten().filter_map(|one| one["at"].as_str()).collect();
    assert!(
        places.contains(&"/data/updated") && places.iter().any(|place| place.starts_with("/data/fields/")),
        "{places:?}"
    );
    assert!(places.len() < 10, "{places:?}");

    folder.done(&["publish", "single:visit-us"]);
    let again = folder.json(&["publish", "single:visit-us", "--plan", "--json"]);
    assert_eq!((again["summary"].as_str(), touched(&again).len()), (Some("changes no answers"), 0));
    assert!(again["answers"][0]["differences"].is_null());
}

#[test]
fn what_was_not_live_before_is_among_the_answers() {
    let folder = Folder::starter();
    folder.done(&["unpublish", "page:story/low-barn-farm"]);
    let plan = folder.json(&["publish", "page:story/low-barn-farm", "--plan", "--json"]);
    assert!(touched(&plan).contains(&"/v2/pages/story/low-barn-farm/"), "{plan}");
    assert_eq!(
        plan["answers"].as_array().map(Vec::len),
        plan["counts"].as_object().map(|counts| { counts.values().filter_map(Value::as_u64).sum::<u64>() as usize })
    );
}

#[test]
fn what_cannot_be_published_is_refused_as_it_would_be() {
    let folder = Folder::starter();
    let refused = folder.fails(&["publish", "item:99999", "--plan"]);
    assert_eq!(refused, folder.fails(&["publish", "item:99999"]));
}

#[test]
fn a_plan_is_neither_scheduled_nor_half_asked_for() {
    let folder = Folder::new();
    for wrong in [
        &["publish", "post:a", "--plan", "--at", "never"][..],
        &["publish", "post:a", "--diff"],
        &["unpublish", "post:a", "--json"],
    ] {
        assert_eq!(folder.run(wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn a_plan_beside_a_running_server_leaves_it_as_it_is() {
    let site = crate::site::Site::starter();
    let before = site.read("/posts/");
    site.folder.done(&["unpublish", "post:harvest-day", "--plan"]);
    assert_eq!(site.read("/posts/"), before);
    assert_eq!(site.read("/posts/harvest-day/")["data"]["slug"], "harvest-day");
}

/// Asks a site everything, so that all of it is kept, and returns the addresses with their fingerprints.
fn ask_everything(site: &Site, questions: &[Query]) -> BTreeSet<(String, String)> {
    let ask = |query: &Query| {
        if let (_wait, Some(ticket)) = site.delivery.join(query) {
            site.delivery.land(ticket);
        }
        let (_slot, answer) = site.delivery.kept(query).expect("kept");
        (query.url(), answer.etag().to_owned())
    };
    questions.iter().map(ask).collect()
}

#[test]
fn exactly_the_answers_that_were_foreseen_change() {
    let folder = Folder::starter();
    let site = Site::open(&folder.site(), "https://cms.example.com", 16 << 20).expect("the site");
    let (questions, post) = site
        .store
        .read(|read| {
            let post = read.entry_by_slug(BLOG, "harvest-day", View::Live)?.expect("a post").id;
            Ok::<_, Error>((canonical_questions(read)?, post))
        })
        .expect("read");
    let before = ask_everything(&site, &questions);
    let wanted = Foresight { among: Among::Kept, differences: false };
    let foreseen = site.authoring.foresee_unpublish(post, LocaleId(0), wanted).expect("foreseen");
    assert_eq!(foreseen.unexamined, 0);
    assert_eq!(ask_everything(&site, &questions), before, "foreseeing changes nothing");

    let published = site.authoring.unpublish(post, LocaleId(0), Signature::now("test")).expect("taken off");
    let after = ask_everything(&site, &questions);
    let changed: BTreeSet<&str> = after.difference(&before).map(|(url, _)| url.as_str()).collect();
    let foreseen: BTreeSet<&str> = foreseen.answers.iter().map(|touched| touched.url.as_str()).collect();
    assert_eq!(foreseen, changed);

    let report = serde_json::to_value(&published.refreshed).expect("JSON");
    let rebuilt: BTreeSet<&str> = report["urls"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(rebuilt.is_superset(&changed), "{report}");
    assert_eq!((&report["rebuilt"], &report["evicted"]), (&json!(rebuilt.len()), &json!(0)));
    assert!(report["ms"].as_f64() > Some(0.0) && published.refreshed.to_string().contains(" answers refreshed in "));
}

#[test]
fn a_plan_looks_at_what_the_server_was_asked_for() {
    let folder = Folder::starter();
    let site = Site::open(&folder.site(), "https://cms.example.com", 16 << 20).expect("the site");
    let asked: Vec<Query> =
        site.store.read(|read| Ok::<_, Error>(canonical_questions(read)?.into_iter().take(2).collect())).expect("read");
    ask_everything(&site, &asked);
    site.delivery.remember_questions().expect("written");
    let plan = folder.json(&["unpublish", "post:harvest-day", "--plan", "--json"]);
    let mut urls = touched(&plan);
    urls.sort_unstable();
    assert_eq!(urls, ["/v2/feeds/rss/", "/v2/posts/"]);
    assert_eq!(plan["counts"], json!({"lists": 1, "feeds": 1}));
}
