//! Readers who ask while others write: what a reader gets is never older than what had been written when
//! the reader asked.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use larder::authoring::{Change, PostChange, State};
use larder::content::entry::{EntryId, View};
use larder::delivery::{
    Feed, FeedKind, ItemList, Look, OnePage, OnePost, PageList, PageSearch, Paging, PostList, PostSearch, Query,
};
use serde_json::json;

use super::chance::Chance;
use super::number_from;
use super::world::{World, at_second, sent};

/// How often each writer writes unless said otherwise.
const WRITES: u64 = 400;
const READERS: u64 = 4;
/// So little that answers are pushed out all the time.
const BUDGET: u64 = 64 << 10;

/// Something that is written, which says how often it was.
#[derive(Clone, Copy)]
enum Counter {
    Jar(EntryId),
    Page(EntryId),
    Post(EntryId),
}

#[test]
fn nobody_reads_what_was_overwritten_before_they_asked() {
    let world = World::new(BUDGET);
    let jar = world.item("jars", json!({"name": "jar 0 jar"}), State::Published);
    let page = world.page("recipe", "r0", json!({"headline": "page 0 page", "jar": jar}), State::Published);
    let started = PostChange { title: Some("post 0 post".into()), ..PostChange::default() };
    let post = world.post("p0", 1, started, State::Published);
    let counters = [Counter::Jar(jar), Counter::Page(page), Counter::Post(post)];
    let written = [const { AtomicU64::new(0) }; 3];
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let writers: Vec<_> = counters
            .iter()
            .zip(&written)
            .map(|(counter, written)| scope.spawn(|| write(&world, *counter, written)))
            .collect();
        for reader in 0..READERS {
            let (world, written, over) = (&world, &written, &over);
            scope.spawn(move || read(world, written, over, reader));
        }
        let ends: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::SeqCst);
        assert!(ends.iter().all(Result::is_ok), "a writer failed");
    });
}

fn write(world: &World, counter: Counter, written: &AtomicU64) {
    let writes = number_from("LARDER_STEPS").map_or(WRITES, |steps| steps as u64 / 50);
    for number in 1..=writes {
        let second = at_second(600 + number as i64);
        let done = match counter {
            Counter::Post(id) => {
                let change = PostChange { title: Some(format!("post {number} post")), ..PostChange::default() };
                world.authoring.change_post(id, change, None, State::Published, false, second)
            }
            Counter::Jar(id) => {
                world.authoring.change(id, publish(json!({"name": format!("jar {number} jar")})), second)
            }
            Counter::Page(id) => {
                world.authoring.change(id, publish(json!({"headline": format!("page {number} page")})), second)
            }
        };
        done.expect("written");
        written.store(number, Ordering::SeqCst);
    }
}

fn publish(fields: serde_json::Value) -> Change {
    Change { name: None, slug: None, contents: vec![sent(0, fields)], state: State::Published, replace: false }
}

fn read(world: &World, written: &[AtomicU64; 3], over: &AtomicBool, reader: u64) {
    let questions = questions();
    let mut chance = Chance::of(reader);
    while !over.load(Ordering::SeqCst) {
        let query = if chance.once_in(4) { noise(chance.below(200)) } else { chance.one(&questions).clone() };
        let floors: Vec<u64> = written.iter().map(|number| number.load(Ordering::SeqCst)).collect();
        let answer = world.ask(&query);
        assert_eq!(answer.status, 200, "{query:?}");
        let body = String::from_utf8_lossy(answer.body());
        for (word, floor) in ["jar", "page", "post"].into_iter().zip(&floors) {
            for seen in counted(&body, word) {
                assert!(seen >= *floor, "{word} {seen} was read after {floor} was written: {query:?}");
            }
        }
    }
}

/// The numbers that stand between two of a word.
fn counted(body: &str, word: &str) -> Vec<u64> {
    let opening = format!("{word} ");
    let closing = format!(" {word}");
    let after = body.match_indices(&opening).map(|(place, _)| &body[place + opening.len()..]);
    after.filter_map(|rest| rest.split_once(&closing).and_then(|(number, _)| number.parse().ok())).collect()
}

fn look() -> Look {
    Look { view: View::Live, locale: None, levels: 2, alt: false }
}

fn recipes(order: &str, size: u64) -> Query {
    let paging = Paging::Pages { page: 1, size };
    let order = Some(order.to_owned());
    Query::Pages(PageList { page_type: "recipe".into(), paging, filters: Vec::new(), order, look: look() })
}

fn post_list(size: u64) -> PostList {
    PostList {
        paging: Paging::Pages { page: 1, size },
        exclude_body: false,
        author: None,
        category: None,
        tag: None,
        view: View::Live,
        locale: None,
    }
}

fn questions() -> Vec<Query> {
    let paging = Paging::default();
    let jars = ItemList { key: "jars".into(), paging, filters: Vec::new(), order: Some("name".into()), look: look() };
    let search = PageSearch { words: "page".into(), page_type: None, paging, look: look() };
    let posts = PostSearch { words: "post".into(), paging, exclude_body: false, locale: None };
    let feed = |kind| Query::Feed(Feed { kind, category: None, tag: None, locale: None });
    vec![
        Query::Page(OnePage { page_type: "recipe".into(), slug: "r0".into(), look: look() }),
        recipes("headline", 10),
        recipes("-updated", 10),
        Query::Collection(jars),
        Query::PageSearch(search),
        Query::PostSearch(posts),
        Query::Post(OnePost { slug: "p0".into(), view: View::Live, locale: None }),
        Query::Posts(post_list(10)),
        feed(FeedKind::Rss),
        feed(FeedKind::Atom),
    ]
}

/// What pushes the others out.
fn noise(number: usize) -> Query {
    let size = 1 + number as u64 / 2;
    if number.is_multiple_of(2) { recipes("updated", size) } else { Query::Posts(post_list(size)) }
}
