//! A change that is on disk but cannot be built in: answers are given on, and known to be old.

use serde_json::json;

use super::kitchen::{Kitchen, look, one_page, posts, recipes};
use crate::content::key::Key;
use crate::content::schema::Kind;
use crate::delivery::Query;
use crate::store::Error;

fn keep(kitchen: &Kitchen, query: &Query) {
    let (_, ticket) = kitchen.delivery.join(query);
    kitchen.delivery.land(ticket.expect("nobody else asks"));
}

fn is_stale(kitchen: &Kitchen, query: &Query) -> bool {
    let (_, answer) = kitchen.delivery.kept(query).expect("kept");
    kitchen.delivery.is_stale(&answer)
}

#[test]
fn only_answers_that_lack_a_change_are_stale() {
    let kitchen = Kitchen::new();
    let tart = kitchen.add(Kind::PageType, "recipe", Some("tart"), 1, true, json!({"headline": "Tart"}));
    kitchen.add(Kind::PageType, "recipe", Some("cake"), 2, true, json!({"headline": "Cake"}));
    let [tart_page, cake_page] = ["tart", "cake"].map(|slug| one_page("recipe", slug, look(2)));
    kitchen.delivery.follow().expect("readable");
    keep(&kitchen, &tart_page);
    keep(&kitchen, &cake_page);
    let touched = kitchen.store.change(move |write| {
        write.touch(Key::Entry(tart));
        Ok::<_, Error>(())
    });
    let change = touched.expect("written").1.expect("a change");

    let away = kitchen.store.path().with_extension("away");
    std::fs::rename(kitchen.store.path(), &away).expect("renamed");
    assert!(kitchen.delivery.refresh(&change).is_err());
    assert_eq!([is_stale(&kitchen, &tart_page), is_stale(&kitchen, &cake_page)], [true, false]);

    std::fs::rename(&away, kitchen.store.path()).expect("renamed back");
    kitchen.delivery.follow().expect("readable again");
    assert!(!is_stale(&kitchen, &tart_page));
}

#[test]
fn a_question_survives_being_written_down() {
    for query in [one_page("recipe", "tart", look(2)), recipes(&[("headline", "Tart")]), Query::Posts(posts())] {
        let text = serde_json::to_string(&query).expect("JSON");
        assert_eq!(serde_json::from_str::<Query>(&text).expect("a question"), query);
    }
}
