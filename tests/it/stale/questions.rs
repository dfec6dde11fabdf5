//! Questions of every kind, each by a name.

use larder::content::entry::{EntryId, View};
use larder::content::post::Filing;
use larder::content::redirect::Host;
use larder::delivery::{
    Feed, FeedKind, ItemList, ItemLists, Look, OneItem, OnePage, OnePost, PageList, PageSearch, Paging, PostList,
    PostSearch, Query, Recent, Wanted,
};

/// A question and what it is called.
pub(crate) type Named = (String, Query);

fn look(locale: Option<&str>, levels: u8) -> Look {
    Look { view: View::Live, locale: locale.map(str::to_owned), levels, alt: false }
}

fn paging(page: u64, size: u64) -> Paging {
    Paging::Pages { page, size }
}

fn slug_of(number: usize, word: &str) -> String {
    format!("{word}{number}")
}

/// Every question. Items are asked for by these ids.
pub(crate) fn all(items: &[EntryId]) -> Vec<Named> {
    let mut all = Vec::new();
    posts(&mut all);
    filed(&mut all);
    pages(&mut all);
    page_lists(&mut all);
    collections(&mut all, items);
    redirects(&mut all);
    all
}

fn redirects(all: &mut Vec<Named>) {
    for (page, size) in [(1, 10), (2, 2)] {
        all.push((format!("redirects {page} of {size}"), Query::Redirects(paging(page, size))));
    }
    for host in Host::ALL {
        all.push((format!("redirects for {host:?}"), Query::RedirectFeed(host)));
    }
}

fn posts(all: &mut Vec<Named>) {
    let list = PostList {
        paging: paging(1, 10),
        exclude_body: false,
        author: None,
        category: None,
        tag: None,
        view: View::Live,
        locale: None,
    };
    let some = |text: &str| Some(text.to_owned());
    for (name, list) in [
        ("all", list.clone()),
        ("page 2 of 3", PostList { paging: paging(2, 3), exclude_body: true, ..list.clone() }),
        ("window", PostList { paging: Paging::Window { limit: 2, offset: 1 }, ..list.clone() }),
        ("by ada", PostList { author: some("ada"), ..list.clone() }),
        ("by zoe", PostList { author: some("zoe"), ..list.clone() }),
        ("in plum", PostList { category: some("plum"), ..list.clone() }),
        ("tagged pear", PostList { tag: some("pear"), paging: paging(1, 2), ..list.clone() }),
        ("by bea in plum", PostList { author: some("bea"), category: some("plum"), ..list.clone() }),
        ("in de", PostList { locale: some("de"), ..list.clone() }),
        ("in fr", PostList { locale: some("fr"), ..list }),
    ] {
        all.push((format!("posts {name}"), Query::Posts(list)));
    }
    for number in 0..5 {
        for locale in [None, Some("en"), Some("de"), Some("de-at")] {
            let slug = slug_of(number, "p");
            let name = format!("post {slug} {}", locale.unwrap_or_default());
            let one = OnePost { slug, view: View::Live, locale: locale.map(str::to_owned) };
            all.push((name, Query::Post(one)));
        }
    }
    for (words, locale) in [("plum", None), ("pear qui", None), ("plum", Some("de"))] {
        let locale = locale.map(str::to_owned);
        let search = PostSearch { words: words.into(), paging: paging(1, 5), exclude_body: false, locale };
        all.push((format!("posts with {words} {:?}", search.locale), Query::PostSearch(search)));
    }
    for kind in [FeedKind::Rss, FeedKind::Atom, FeedKind::Sitemap] {
        for category in [None, some("plum")] {
            let name = format!("feed {kind:?} {category:?}");
            all.push((name, Query::Feed(Feed { kind, category, tag: None, locale: None })));
        }
    }
}

fn filed(all: &mut Vec<Named>) {
    for included in [false, true] {
        for locale in [None, Some("de")] {
            let recent = Recent { included, locale: locale.map(str::to_owned) };
            let name =
                |what: &str| format!("{what}{} {}", if included { " with posts" } else { "" }, locale.unwrap_or(""));
            all.push((name("authors"), Query::Authors(recent.clone())));
            all.push((name("author ada"), Query::Author("ada".into(), recent.clone())));
            all.push((name("author zoe"), Query::Author("zoe".into(), recent.clone())));
            for (filing, noun) in [(Filing::Category, "categories"), (Filing::Tag, "tags")] {
                all.push((name(noun), Query::Terms(filing, recent.clone())));
                for slug in ["plum", "quince", "nothing"] {
                    all.push((name(&format!("{noun} {slug}")), Query::Term(filing, slug.into(), recent.clone())));
                }
            }
        }
    }
}

fn pages(all: &mut Vec<Named>) {
    let one = |page_type: &str, slug: &str, look: Look| {
        let name = format!("page {page_type}/{slug} {} {}", look.locale.as_deref().unwrap_or_default(), look.levels);
        (name, Query::Page(OnePage { page_type: page_type.into(), slug: slug.into(), look }))
    };
    for number in 0..5 {
        let slug = slug_of(number, "r");
        for levels in [1, 2, 3] {
            all.push(one("recipe", &slug, look(None, levels)));
        }
        all.push(one("recipe", &slug, look(Some("de"), 2)));
        all.push(one("article", &slug, look(None, 3)));
        all.push(one("*", &slug, look(None, 2)));
    }
    for slug in ["about", "home", "nowhere"] {
        all.push(one("*", slug, look(None, 3)));
        all.push(one("*", slug, look(Some("de"), 2)));
    }
    for (words, page_type, locale) in [
        ("plum", None, None),
        ("plum pea", None, None),
        ("qui", Some("recipe"), None),
        ("plum", Some("*"), None),
        ("pear", Some("recipe"), Some("de")),
    ] {
        let page_type = page_type.map(str::to_owned);
        let name = format!("pages with {words} {page_type:?} {locale:?}");
        let search = PageSearch { words: words.into(), page_type, paging: paging(1, 4), look: look(locale, 2) };
        all.push((name, Query::PageSearch(search)));
    }
}

fn page_lists(all: &mut Vec<Named>) {
    let mut list = |page_type: &str, filters: &[(&str, &str)], order: Option<&str>, locale: Option<&str>, page| {
        let name = format!("pages {page_type} {filters:?} {order:?} {locale:?} {page}");
        let filters = filters.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        let (paging, order) = (paging(page, 4), order.map(str::to_owned));
        let list = PageList { page_type: page_type.into(), paging, filters, order, look: look(locale, 2) };
        all.push((name, Query::Pages(list)));
    };
    for order in [
        "headline",
        "-heading",
        "stars",
        "-stars",
        "updated",
        "-published",
        "jar",
        "jars",
        "blocks",
        "steps",
        "hero",
        "note",
    ] {
        list("recipe", &[], Some(order), None, 1);
    }
    list("recipe", &[], None, None, 1);
    list("recipe", &[], None, None, 2);
    list("recipe", &[], None, Some("de"), 1);
    list("recipe", &[], Some("stars"), Some("de-at"), 1);
    list("article", &[], None, None, 1);
    list("*", &[], None, None, 1);
    for filters in [
        &[("headline", "plum")][..],
        &[("heading", "plum")],
        &[("vegan", "true")],
        &[("vegan", "true"), ("stars", "3")],
        &[("jar.name", "plum")],
        &[("jar", "plum")],
        &[("jar", "")],
        &[("jars.size", "2")],
        &[("jars.makers.name", "pear")],
        &[("next.slug", "r1")],
        &[("next", "r2")],
        &[("next.jar.name", "pear")],
        &[("blocks.title", "plum")],
        &[("blocks.hero.jar.name", "quince")],
        &[("blocks.quote.page.headline", "plum")],
        &[("steps.text", "pear")],
        &[("steps.jar.size", "1")],
        &[("hero.jar.makers.best.name", "plum")],
    ] {
        list("recipe", filters, None, None, 1);
        list("recipe", filters, Some("-stars"), None, 1);
    }
    for filters in
        [&[("main.jar.name", "plum")][..], &[("main.vegan", "true")], &[("singles", "about")], &[("main", "r0")]]
    {
        list("article", filters, Some("headline"), None, 1);
    }
}

fn collections(all: &mut Vec<Named>, items: &[EntryId]) {
    let paging = Paging::Window { limit: 5, offset: 0 };
    for (key, filters, order, locale) in [
        ("jars", &[][..], None, None),
        ("jars", &[], Some("name"), None),
        ("jars", &[], Some("-size"), None),
        ("jars", &[], Some("id"), Some("de")),
        ("jars", &[("size", "2")], None, None),
        ("jars", &[("makers.name", "plum")], Some("name"), None),
        ("jars", &[("makers", "pear")], None, None),
        ("makers", &[], None, None),
        ("makers", &[("best.size", "1")], None, None),
        ("nothing", &[], None, None),
    ] {
        let name = format!("items of {key} {filters:?} {order:?} {locale:?}");
        let filters = filters.iter().map(|(path, text): &(&str, &str)| ((*path).into(), (*text).into())).collect();
        let order = order.map(str::to_owned);
        all.push((
            name,
            Query::Collection(ItemList { key: key.into(), paging, filters, order, look: look(locale, 3) }),
        ));
    }
    let wanted = |key: &str, ids: &[EntryId]| Wanted { key: key.into(), ids: ids.to_vec() };
    let several = |wanted: Vec<Wanted>, order: Option<&str>| {
        let order = order.map(str::to_owned);
        Query::Collections(ItemLists { wanted, paging: None, filters: Vec::new(), order, look: look(None, 2) })
    };
    all.push(("both collections".into(), several(vec![wanted("jars", &[]), wanted("makers", &[])], Some("name"))));
    all.push(("some items".into(), several(vec![wanted("makers", items), wanted("jars", items)], None)));
    for id in items {
        for key in ["jars", "makers"] {
            let item = OneItem { key: key.into(), id: *id, look: look(None, 2) };
            all.push((format!("item {} of {key}", id.0), Query::Item(item)));
        }
    }
}
