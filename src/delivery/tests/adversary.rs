//! Somebody who asks for something else every time.

use std::sync::Arc;

use http::HeaderValue;
use serde_json::json;

use super::kitchen::{Kitchen, look, one_page, one_post, recipes};
use crate::delivery::{Answer, Known, PageSearch, Paging, Query};

/// How many different questions are asked.
const QUESTIONS: u64 = 1_000_000;
/// The kitchen's.
const BUDGET: u64 = 1 << 20;
/// The methods of every route here.
static GET: HeaderValue = HeaderValue::from_static("GET");
/// How many questions pass between two askers of something hot.
const BETWEEN: u64 = 100;

/// A question that nobody has asked before: every second one finds nothing.
fn new_question(number: u64) -> Query {
    if number.is_multiple_of(2) {
        one_page("recipe", &format!("cake-{number}"), look(2))
    } else {
        let paging = Paging::Window { limit: 10, offset: number };
        Query::PageSearch(PageSearch { words: "cake".into(), page_type: None, paging, look: look(2) })
    }
}

fn hot() -> Vec<Query> {
    let slugs = ["cake", "tart", "nothing"];
    let mut hot: Vec<Query> = slugs.iter().map(|slug| one_page("recipe", slug, look(2))).collect();
    hot.extend([recipes(&[]), one_post("jam"), one_post("no-jam")]);
    hot
}

#[test]
fn a_million_questions_push_out_nothing_hot_and_stay_within_the_budget() {
    let kitchen = Kitchen::new();
    kitchen.page("cake", 1, true, json!({"headline": "Cake", "method": "stir ".repeat(500)}));
    kitchen.page("tart", 2, true, json!({"headline": "Tart"}));
    kitchen.post("jam", 3, true);
    let delivery = &kitchen.delivery;
    let number = kitchen.store.read(|read| read.newest_change()).expect("a number");
    let built = |query: &Query| -> Arc<Answer> { Arc::new(kitchen.ask(query)) };
    let hot = hot();
    for query in &hot {
        delivery.cache.keep(query, built(query), number).expect("kept");
    }
    let (missing, found) = (built(&new_question(0)), built(&new_question(1)));
    assert_eq!((missing.status, found.status), (404, 200));
    for asked in 0..QUESTIONS {
        let (query, answer) = (new_question(asked), if asked.is_multiple_of(2) { &missing } else { &found });
        if let Some(slot) = delivery.cache.keep(&query, answer.clone(), number) {
            let (slot, used) = (Arc::downgrade(&slot), Arc::default());
            let known = Known { slot, by_header: false, allow: &GET, used };
            delivery.remember(&format!("/v2/pages/?q={asked}"), b"", known, i64::MIN);
        }
        if asked.is_multiple_of(BETWEEN) {
            for query in &hot {
                assert!(delivery.kept(query).is_some(), "{query:?} was pushed out by question {asked}");
            }
            let weight = delivery.weight();
            assert!(weight.bytes <= BUDGET && weight.unknown <= BUDGET / 16, "{weight:?}");
            assert!(delivery.targets_weight() <= BUDGET / 16, "{}", delivery.targets_weight());
        }
    }
    let weight = delivery.weight();
    assert!(weight.bytes > BUDGET / 2, "the memory is used: {weight:?}");
    assert_eq!(weight.answers as u64, delivery.cache.count(), "what was pushed out is forgotten altogether");
}
