//! Addresses that questions spell are read as those questions.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::{routes, tidy};
use crate::account::Access;
use crate::auth::new_token;
use crate::content::entry::{EntryId, View};
use crate::content::moment::Moment;
use crate::content::post::Filing;
use crate::delivery::{
    ANY, Feed, FeedKind, ItemList, ItemLists, Look, OneItem, OnePage, OnePost, PageList, PageSearch, Paging, PostList,
    PostSearch, Query, Recent, Wanted,
};
use crate::site::Site;
use crate::store::Store;

/// A site without content that is asked in this process.
struct Asking {
    site: Site,
    routes: Router,
    token: String,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Asking {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(folder.path()).expect("a site");
        let (token, stored) = new_token("t", Access::Write, true, Moment::from_micros(0)).expect("randomness");
        store.write(move |write| write.add_token(&stored)).expect("added");
        drop(store);
        let site = Site::open(folder.path(), "https://cms.example.com", 16 << 20).expect("the site");
        let routes = routes(&site.api());
        Self { site, routes, token, runtime: Runtime::new().expect("a runtime"), _folder: folder }
    }

    fn ask(&self, url: &str) -> Value {
        let request = Request::get(url).header("authorization", format!("Token {}", self.token));
        let request = tidy(request.body(Body::empty()).expect(url));
        self.runtime.block_on(async {
            let answer = self.routes.clone().oneshot(request).await.expect("an answer");
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            serde_json::from_slice(&body).expect("JSON")
        })
    }

    /// Whether the address is read as the question: then the question's answer is kept after it was asked.
    fn check(&self, query: &Query) -> Result<(), TestCaseError> {
        let url = query.url();
        if !query.is_preview() {
            prop_assert!(self.site.delivery.kept(query).is_none(), "{} was asked before", url);
            let answer = self.ask(&url);
            prop_assert!(self.site.delivery.kept(query).is_some(), "{} is not {:?}: {}", url, query, answer);
        }
        let joint = if url.contains('?') { '&' } else { '?' };
        let explained = self.ask(&format!("{url}{joint}explain=1"));
        prop_assert_eq!(explained["explain"]["url"].as_str(), Some(&*url), "{}", explained);
        Ok(())
    }
}

#[test]
fn an_address_is_read_as_the_question_that_spelled_it() {
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let asked = std::cell::RefCell::new(Vec::new());
    let asking = Asking::new();
    let outcome = runner.run(&queries(), |query| {
        if asked.borrow().contains(&query) {
            return Ok(());
        }
        asked.borrow_mut().push(query.clone());
        asking.check(&query)
    });
    assert!(outcome.is_ok(), "{}", outcome.expect_err("a failure"));
}

fn queries() -> impl Strategy<Value = Query> {
    prop_oneof![of_posts(), of_taxonomy(), of_pages(), of_collections()]
}

fn of_posts() -> impl Strategy<Value = Query> {
    let list = (paging(), any::<bool>(), maybe(), maybe(), maybe(), view(), maybe()).prop_map(
        |(paging, exclude_body, author, category, tag, view, locale)| {
            Query::Posts(PostList { paging, exclude_body, author, category, tag, view, locale })
        },
    );
    let one = (name(), view(), maybe()).prop_map(|(slug, view, locale)| Query::Post(OnePost { slug, view, locale }));
    let search = (words(), pages(), any::<bool>(), maybe()).prop_map(|(words, paging, exclude_body, locale)| {
        Query::PostSearch(PostSearch { words, paging, exclude_body, locale })
    });
    let kind = prop_oneof![Just(FeedKind::Rss), Just(FeedKind::Atom), Just(FeedKind::Sitemap)];
    let feed = (kind, maybe(), maybe(), maybe())
        .prop_map(|(kind, category, tag, locale)| Query::Feed(Feed { kind, category, tag, locale }));
    prop_oneof![list, one, search, feed]
}

fn of_taxonomy() -> impl Strategy<Value = Query> {
    let recent = || (any::<bool>(), maybe()).prop_map(|(included, locale)| Recent { included, locale });
    let filing = || prop_oneof![Just(Filing::Category), Just(Filing::Tag)];
    prop_oneof![
        recent().prop_map(Query::Authors),
        (name(), recent()).prop_map(|(slug, recent)| Query::Author(slug, recent)),
        (filing(), recent()).prop_map(|(filing, recent)| Query::Terms(filing, recent)),
        (filing(), name(), recent()).prop_map(|(filing, slug, recent)| Query::Term(filing, slug, recent)),
    ]
}

fn of_pages() -> impl Strategy<Value = Query> {
    let page_type = || prop_oneof![Just(ANY.to_owned()), name()];
    let list =
        (page_type(), paging(), filters(), maybe(), look()).prop_map(|(page_type, paging, filters, order, look)| {
            // Single pages are neither filtered nor ordered.
            let any = page_type == ANY;
            let filters = if any { Vec::new() } else { filters };
            Query::Pages(PageList { paging, filters, order: order.filter(|_| !any), look, page_type })
        });
    let one = (page_type(), name(), look())
        .prop_map(|(page_type, slug, look)| Query::Page(OnePage { page_type, slug, look }));
    let search = (words(), maybe(), paging(), look())
        .prop_map(|(words, page_type, paging, look)| Query::PageSearch(PageSearch { words, page_type, paging, look }));
    prop_oneof![list, one, search]
}

fn of_collections() -> impl Strategy<Value = Query> {
    let key = || "[a-zß&=+%#?*-]{1,8}";
    let list = (key(), pages(), filters(), maybe(), look()).prop_map(|(key, paging, filters, order, look)| {
        Query::Collection(ItemList { key, paging, filters, order, look })
    });
    let ids = || vec(any::<i64>().prop_map(EntryId), 0..3);
    let several = (btree_map(key(), ids(), 0..4), option::of(pages()), filters(), maybe(), look()).prop_map(
        |(wanted, paging, filters, order, look)| {
            let wanted = wanted.into_iter().map(|(key, ids)| Wanted { key, ids }).collect();
            Query::Collections(ItemLists { wanted, paging, filters, order, look })
        },
    );
    let one =
        (name(), any::<i64>(), look()).prop_map(|(key, id, look)| Query::Item(OneItem { key, id: EntryId(id), look }));
    prop_oneof![list, several, one]
}

/// What a visitor may put where a slug stands.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("search".to_owned()), "[a-z-]{1,8}", "\\PC{1,8}"]
}

fn words() -> impl Strategy<Value = String> {
    "\\PC{0,20}"
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    option::of("\\PC{1,8}")
}

fn view() -> impl Strategy<Value = View> {
    prop_oneof![4 => Just(View::Live), 1 => Just(View::Newest)]
}

fn look() -> impl Strategy<Value = Look> {
    (view(), maybe(), 1..=5_u8, any::<bool>()).prop_map(|(view, locale, levels, alt)| Look {
        view,
        locale,
        levels,
        alt,
    })
}

fn pages() -> impl Strategy<Value = Paging> {
    let page = prop_oneof![Just(1), 1..=u64::MAX];
    (page, prop_oneof![Just(10), 1..=100_u64]).prop_map(|(page, size)| Paging::Pages { page, size })
}

fn paging() -> impl Strategy<Value = Paging> {
    let offset = prop_oneof![Just(0), 0..=i64::MAX.unsigned_abs()];
    let window =
        (prop_oneof![Just(10), 1..=100_u64], offset).prop_map(|(limit, offset)| Paging::Window { limit, offset });
    prop_oneof![pages(), window]
}

fn filters() -> impl Strategy<Value = Vec<(String, String)>> {
    btree_map("\\PC{0,6}", "\\PC{0,6}", 0..3)
        .prop_map(|filters: BTreeMap<String, String>| filters.into_iter().collect())
}
