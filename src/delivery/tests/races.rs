//! Builds and changes that overlap, step by step.

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};
use std::thread;

use serde_json::json;

use super::kitchen::{Kitchen, look, one_page};
use crate::content::entry::EntryId;
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::delivery::{Answer, Error, Query, Wait};
use crate::store::{self, Change};

fn cake() -> Query {
    one_page("recipe", "cake", look(2))
}

fn wait(wait: Wait) -> Arc<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(wait.answer()).expect("an end").expect("an answer")
}

fn says(answer: &Answer, text: &str) -> bool {
    String::from_utf8_lossy(answer.body()).contains(text)
}

impl Kitchen {
    /// An answer as a slow build has it in hand, and the newest change it has seen.
    fn slowly(&self, query: &Query) -> (Arc<Answer>, i64) {
        let built = self.store.read(|read| {
            let number = read.newest_change()?;
            Ok::<_, Error>((Arc::new(self.delivery.build_on(read, query)?), number))
        });
        built.expect("built")
    }

    /// Takes a page off, and brings what is kept in step.
    fn take_off(&self, page: EntryId) {
        let change = self.store.change(move |write| {
            let entry = write.entry(page)?.expect("an entry");
            let mut variant = write.variant(page, LocaleId(0))?.expect("a variant");
            (variant.draft, variant.live, variant.published) = (variant.live, None, None);
            write.put_variant(&entry, &variant)?;
            Ok::<_, store::Error>(())
        });
        let change = change.expect("taken off").1.expect("a change");
        self.delivery.refresh(&change).expect("refreshed");
    }
}

#[test]
fn a_build_that_a_change_overtakes_is_not_kept_and_those_who_wait_get_the_new_answer() {
    let kitchen = Kitchen::new();
    let page = kitchen.page("cake", 1, true, json!({"headline": "Cake"}));
    let (early, ticket) = kitchen.delivery.join(&cake());
    let (old, number) = kitchen.slowly(&cake());
    kitchen.take_off(page);
    let (late, other) = kitchen.delivery.join(&cake());
    assert!(other.is_none(), "the build is still under way");

    assert!(kitchen.delivery.cache.keep(&cake(), old.clone(), number).is_none());
    assert!(kitchen.delivery.kept(&cake()).is_none());
    kitchen.delivery.land(ticket.expect("the first"));
    for answer in [wait(early), wait(late)] {
        assert!(says(&old, "\"Cake\"") && answer.status == 404);
    }
    assert_eq!(kitchen.delivery.kept(&cake()).expect("kept").1.status, 404);
}

#[test]
fn a_change_elsewhere_does_not_keep_a_build_from_being_kept() {
    let kitchen = Kitchen::new();
    kitchen.page("cake", 1, true, json!({"headline": "Cake"}));
    let other = kitchen.page("tart", 2, true, json!({"headline": "Tart"}));
    let (answer, number) = kitchen.slowly(&cake());
    kitchen.take_off(other);
    assert!(kitchen.delivery.cache.keep(&cake(), answer, number).is_some());
    assert!(says(&kitchen.delivery.kept(&cake()).expect("kept").1, "Cake"));
}

#[test]
fn an_answer_is_refreshed_where_it_sits_and_stays_kept_whatever_it_weighs() {
    let kitchen = Kitchen::new();
    let list = super::recipes(&[]);
    kitchen.land(&list);
    for minute in 1..20 {
        let method = "stir ".repeat(usize::try_from(minute).expect("small") * 40);
        let page = kitchen.page(&format!("cake{minute}"), minute, true, json!({"method": method}));
        // The page was made without a word to the cache.
        kitchen.delivery.follow().expect("followed");
        let (_, kept) = kitchen.delivery.kept(&list).expect("still kept");
        assert_eq!(kept.body(), kitchen.ask(&list).body());
        kitchen.take_off(page);
        let (_, kept) = kitchen.delivery.kept(&list).expect("still kept");
        assert_eq!(kept.body(), kitchen.ask(&list).body());
    }
    assert_eq!(kitchen.delivery.weight().answers, 1, "each answer has one slot");
}

#[test]
fn a_hundred_who_ask_at_once_share_one_build() {
    let kitchen = Kitchen::new();
    kitchen.page("cake", 1, true, json!({"headline": "Cake"}));
    let together = Barrier::new(100);
    let ask = || {
        together.wait();
        if let Some((_, answer)) = kitchen.delivery.kept(&cake()) {
            return answer;
        }
        let (waiting, ticket) = kitchen.delivery.join(&cake());
        if let Some(ticket) = ticket {
            kitchen.delivery.land(ticket);
        }
        wait(waiting)
    };
    let answers: Vec<Arc<Answer>> = thread::scope(|scope| {
        let askers: Vec<_> = (0..100).map(|_| scope.spawn(ask)).collect();
        askers.into_iter().map(|asker| asker.join().expect("an answer")).collect()
    });
    assert!(answers.iter().all(|answer| Arc::ptr_eq(answer, &answers[0])), "each build makes an answer of its own");
}

#[test]
fn changes_of_another_process_are_found_among_many_of_our_own() {
    let kitchen = Kitchen::new();
    let (cake_page, tart) = (kitchen.page("cake", 1, true, json!({})), kitchen.page("tart", 2, true, json!({})));
    kitchen.land(&cake());
    let renamed = kitchen.store.write(move |write| {
        let mut entry = write.entry(cake_page)?.expect("an entry");
        entry.slug = Some("torte".into());
        write.put_entry(&entry)?;
        write.reindex_entry(&entry)
    });
    renamed.expect("written");
    let theirs = kitchen.store.read(|read| read.newest_change()).expect("a number");
    // More of our own than are remembered to judge builds by.
    for number in theirs + 1..theirs + 5_000 {
        let change = Change { number, keys: BTreeSet::from([Key::Entry(tart)]), posted: false };
        kitchen.delivery.refresh(&change).expect("refreshed");
    }
    assert_eq!(kitchen.delivery.kept(&cake()).expect("kept").1.status, 200, "nobody has said anything");
    kitchen.delivery.follow().expect("followed");
    assert_eq!(kitchen.delivery.kept(&cake()).expect("kept").1.status, 404);
}

impl Kitchen {
    fn land(&self, query: &Query) {
        let (_, ticket) = self.delivery.join(query);
        self.delivery.land(ticket.expect("the only asker"));
    }
}
