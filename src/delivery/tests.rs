//! Answers on a real database.

mod adversary;
mod kitchen;
mod races;
mod stale;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    ANY, Encoding, Feed, FeedKind, ItemList, ItemLists, Look, PageList, PageSearch, Paging, PostList, Query, Recent,
    Wanted,
};
use crate::content::entry::EntryId;
use crate::content::index;
use crate::content::key::Key;
use crate::content::post::Filing;
use crate::content::schema::Kind;

use kitchen::{Kitchen, URL, look, one_page, one_post, posts, recipes};

#[test]
fn references_expand_to_the_level_asked_for() {
    let kitchen = Kitchen::new();
    let maker = kitchen.item("makers", json!({"name": "Orla"}));
    let jar = kitchen.item("jars", json!({"name": "Plum", "makers": [maker, maker]}));
    let tart = kitchen.page("tart", 1, true, json!({"headline": "Tart", "jar": jar}));
    kitchen.page("cake", 2, true, json!({"headline": "Cake", "jar": jar, "next": tart}));
    let fields = |levels| kitchen.read(&one_page("recipe", "cake", look(levels)))["data"]["fields"].clone();
    let uri = |key: &str, id: EntryId| format!("/v2/content/?keys={key}[_id={}]", id.0);
    assert_eq!(fields(1)["jar"], uri("jars", jar));
    assert_eq!(fields(1)["next"], "/v2/pages/recipe/tart/");
    let makers = json!([uri("makers", maker), uri("makers", maker)]);
    assert_eq!(fields(2)["jar"], json!({"meta": {"id": jar}, "name": "Plum", "makers": makers}));
    assert_eq!(fields(3)["jar"]["makers"][1], json!({"meta": {"id": maker}, "name": "Orla"}));
    assert_eq!(fields(3)["next"]["fields"]["jar"]["name"], "Plum");
    assert_eq!(fields(2)["next"]["fields"]["jar"], uri("jars", jar));
}

#[test]
fn an_answer_carries_the_keys_of_what_it_looked_for() {
    let kitchen = Kitchen::new();
    let secret = kitchen.page("secret", 1, false, json!({}));
    let cake = kitchen.page("cake", 2, true, json!({"next": secret}));
    let keys = kitchen.ask(&one_page("recipe", "cake", look(2))).keys();
    for key in [Key::Entry(cake), Key::Entry(secret), Key::Model, Key::Slug("pages/cake".into())] {
        assert!(keys.contains(&key), "{key}");
    }
    let lists = |keys: &BTreeSet<Key>, wanted: &str| {
        keys.iter().any(|key| matches!(key, Key::List { path, .. } if path == wanted))
    };
    assert!(!lists(&keys, index::PUBLISHED), "a page does not change with its list");

    let missing = kitchen.ask(&one_page("recipe", "pie", look(2)));
    assert_eq!((missing.status, missing.body()), (404, &br#"{"detail":"Page not found."}"#[..]));
    assert!(missing.keys().contains(&Key::Slug("pages/pie".into())));

    let list = kitchen.ask(&recipes(&[]));
    assert!(lists(&list.keys(), index::PUBLISHED) && list.keys().contains(&Key::Entry(cake)));
    let filtered = kitchen.ask(&recipes(&[("jar.name", "Plum")])).keys();
    let fields = filtered.iter().filter(|key| matches!(key, Key::List { path, .. } if !path.starts_with('@')));
    assert_eq!(fields.count(), 2, "a page's jar and the jar's name decide what is listed");
}

#[test]
fn media_become_absolute_and_take_the_librarys_alternative_text() {
    let kitchen = Kitchen::new();
    let picture = json!({"url": "/media/plum1", "alt": ""});
    let method = r#"<img src="/media/plum1">"#;
    kitchen.page("cake", 1, true, json!({"picture": picture, "method": method}));
    let plain = kitchen.read(&one_page("recipe", "cake", look(2)));
    assert_eq!(plain["data"]["fields"]["picture"], format!("{URL}/media/plum1"));
    assert_eq!(plain["data"]["fields"]["method"], format!(r#"<img src="{URL}/media/plum1">"#));
    let answer = kitchen.ask(&one_page("recipe", "cake", Look { alt: true, ..look(2) }));
    let fields: Value = serde_json::from_slice(answer.body()).expect("JSON");
    assert_eq!(fields["data"]["fields"]["picture"], json!({"url": format!("{URL}/media/plum1"), "alt": "A plum"}));
    assert!(answer.keys().contains(&Key::Alt("plum1".into())));
    for address in ["/media/plum1".to_owned(), format!("{URL}/media/plum1")] {
        assert_eq!(kitchen.read(&recipes(&[("picture", &address)]))["meta"]["count"], 1, "{address}");
    }
}

#[test]
fn a_question_that_the_model_does_not_fit_is_refused() {
    let kitchen = Kitchen::new();
    let detail = |query: &Query| {
        let answer = kitchen.ask(query);
        let body: Value = serde_json::from_slice(answer.body()).expect("JSON");
        (answer.status, body["detail"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(detail(&recipes(&[("jar.nothing", "x")])), (400, "Invalid field filter: jar.nothing".into()));
    let endless = format!("next{}", ".next".repeat(5000));
    assert_eq!(detail(&recipes(&[(&endless, "x")])).0, 400);
    let lists = |keys: &[&str], filter: &str| {
        let wanted = keys.iter().map(|key| Wanted { key: (*key).into(), ids: Vec::new() }).collect();
        let filters = vec![(filter.into(), "x".into())];
        Query::Collections(ItemLists { wanted, paging: None, filters, order: None, look: look(2) })
    };
    assert_eq!(detail(&lists(&["jars", "spoons"], "name")), (404, "Content key spoons not found".into()));
    assert_eq!(detail(&lists(&["jars", "makers"], "size")), (403, "Invalid filter: size".into()));
    assert_eq!(detail(&lists(&["jars", "makers"], "makers")).0, 200, "one of them has the field");
    let page = Paging::Pages { page: 3, size: 10 };
    let past = ItemList { key: "jars".into(), paging: page, filters: Vec::new(), order: None, look: look(2) };
    assert_eq!(detail(&Query::Collection(past)), (404, "Invalid page.".into()));
}

#[test]
fn several_pages_with_one_slug_are_refused_unless_the_type_is_named() {
    let kitchen = Kitchen::new();
    kitchen.page("about", 1, true, json!({"headline": "About cakes"}));
    kitchen.add(Kind::SinglePage, "about", Some("about"), 2, true, json!({"story": "1931"}));
    assert_eq!(kitchen.ask(&one_page(ANY, "about", look(2))).status, 403);
    let page = kitchen.read(&one_page("recipe", "about", look(2)));
    assert_eq!(page["data"]["fields"]["headline"], "About cakes");
    let singles = PageList { page_type: ANY.into(), ..as_list(recipes(&[])) };
    assert_eq!(kitchen.read(&Query::Pages(singles))["data"][0]["page_type"], Value::Null);
    let search = PageSearch { words: "cak".into(), page_type: None, paging: Paging::default(), look: look(2) };
    assert_eq!(kitchen.read(&Query::PageSearch(search))["meta"]["count"], 1);
}

fn as_list(query: Query) -> PageList {
    match query {
        Query::Pages(list) => list,
        other => panic!("{other:?} is no list of pages"),
    }
}

#[test]
fn posts_are_filed_and_know_their_neighbours() {
    let kitchen = Kitchen::new();
    for (slug, minute, live) in [("old", 1, true), ("new", 3, true), ("draft", 2, false), ("middle", 2, true)] {
        kitchen.post(slug, minute, live);
    }
    let middle = kitchen.read(&one_post("middle"));
    assert_eq!(middle["meta"]["next_post"]["slug"], "new");
    assert_eq!(middle["meta"]["previous_post"]["slug"], "old");
    assert_eq!(middle["data"]["featured_image_alt"], "A plum");
    assert_eq!(middle["data"]["body"], format!("<img src=\"{URL}/media/plum1\">"));
    let tagged = |tag: &str| kitchen.read(&Query::Posts(PostList { tag: Some(tag.into()), ..posts() }));
    let slugs = tagged("fruit")["data"].as_array().map(|all| all.iter().map(|post| post["slug"].clone()).collect());
    assert_eq!(slugs, Some(vec![json!("new"), json!("middle"), json!("old")]));
    assert_eq!(tagged("nothing")["meta"]["count"], 0);
    let recent = Recent { included: true, locale: None };
    let tag = kitchen.read(&Query::Term(Filing::Tag, "fruit".into(), recent));
    assert_eq!(tag["data"]["recent_posts"][0], kitchen.read(&one_post("new"))["data"]);
}

#[test]
fn drafts_of_posts_show_when_the_site_says_so() {
    let kitchen = Kitchen::new();
    kitchen.post("draft", 1, false);
    let hidden = kitchen.ask(&one_post("draft"));
    assert_eq!(hidden.status, 404);
    assert!(hidden.keys().contains(&Key::Settings) && hidden.keys().contains(&Key::Slug("posts/draft".into())));
    kitchen.store.write(|write| write.put_setting("serve_draft_posts", Some(&json!(true)))).expect("set");
    kitchen.store.write(|write| write.put_setting("blog_url_prefix", Some(&json!("https://x/")))).expect("set");
    let shown = kitchen.read(&one_post("draft"));
    assert_eq!((&shown["data"]["status"], &shown["data"]["url"]), (&json!("draft"), &json!("https://x/draft")));
}

#[test]
fn feeds_hold_published_posts_and_date_from_the_site_when_empty() {
    let kitchen = Kitchen::new();
    let feed = |kind| {
        let answer = kitchen.read(&Query::Feed(Feed { kind, category: None, tag: None, locale: None }));
        answer["data"].as_str().unwrap_or_default().to_owned()
    };
    assert!(feed(FeedKind::Rss).contains("<lastBuildDate>Tue, 14 Nov 2023 22:13:20 +0000</lastBuildDate>"));
    kitchen.post("jam", 1, true);
    for kind in [FeedKind::Rss, FeedKind::Atom, FeedKind::Sitemap] {
        assert!(feed(kind).starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        assert!(feed(kind).contains("/jam"));
    }
}

#[test]
fn long_answers_are_compressed_and_equal_ones_have_equal_tags() {
    let kitchen = Kitchen::new();
    let short = kitchen.ask(&recipes(&[]));
    assert_eq!(short.encoded(Encoding::Gzip), None);
    kitchen.page("cake", 1, true, json!({"method": "stir ".repeat(1000)}));
    let long = kitchen.ask(&recipes(&[]));
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        assert!(long.encoded(encoding).is_some_and(|short| short.len() * 5 < long.body().len()));
    }
    assert_ne!(short.etag(), long.etag());
    assert_eq!(kitchen.ask(&recipes(&[])).etag(), long.etag());
}
