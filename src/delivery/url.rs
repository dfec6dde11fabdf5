//! A question as the address that asks it: one spelling each, whatever the request looked like.

use std::fmt::{Display, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::query::{ANY, FeedKind, LEVELS, Look, PAGE_SIZE, Paging, Query, Recent, Wanted};
use crate::content::entry::View;
use crate::content::post::Filing;

/// What stands for itself in a path and in a parameter's name.
const NAME: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'*').remove(b'@').remove(b':');
/// What stands for itself in a parameter's value.
const VALUE: &AsciiSet = &NAME.remove(b',').remove(b'=').remove(b'/');
/// The word that the API reads as a search where a slug or type would stand.
const SEARCH: &str = "search";

impl Query {
    /// The address that asks this question: path and parameters in a fixed order, defaults and the token
    /// left out.
    pub fn url(&self) -> String {
        match self {
            Self::Posts(list) => Url::at("posts", &[])
                .some("author_slug", list.author.as_ref())
                .some("category_slug", list.category.as_ref())
                .some("tag_slug", list.tag.as_ref())
                .part(list.paging)
                .flag("exclude_body", list.exclude_body)
                .some("locale", list.locale.as_ref())
                .view(list.view),
            Self::Post(one) => Url::at("posts", &[&one.slug]).some("locale", one.locale.as_ref()).view(one.view),
            Self::PostSearch(search) => Url::of("posts/search")
                .some("query", filled(&search.words))
                .part(search.paging)
                .flag("exclude_body", search.exclude_body)
                .some("locale", search.locale.as_ref()),
            Self::Authors(recent) => Url::of("authors").recent(recent),
            Self::Author(slug, recent) => Url::at("authors", &[slug]).recent(recent),
            Self::Terms(filing, recent) => Url::of(filed(*filing)).recent(recent),
            Self::Term(filing, slug, recent) => Url::at(filed(*filing), &[slug]).recent(recent),
            Self::Feed(feed) => Url::at("feeds", &[format(feed.kind)])
                .some("category_slug", feed.category.as_ref())
                .some("tag_slug", feed.tag.as_ref())
                .some("locale", feed.locale.as_ref()),
            Self::Pages(list) => {
                pages(&list.page_type).filtered(&list.filters, list.order.as_ref()).part(list.paging).look(&list.look)
            }
            Self::Page(one) => Url::at("pages", &[&one.page_type, &one.slug]).look(&one.look),
            Self::PageSearch(search) => Url::of("pages/search")
                .some("query", filled(&search.words))
                .some("page_type", search.page_type.as_ref())
                .part(search.paging)
                .look(&search.look),
            Self::Collection(list) => Url::at("content", &[&list.key])
                .filtered(&list.filters, list.order.as_ref())
                .part(list.paging)
                .look(&list.look),
            Self::Collections(lists) => Url::of("content")
                .some("keys", filled(&keys(&lists.wanted)))
                .filtered(&lists.filters, lists.order.as_ref())
                .part_if_any(lists.paging)
                .look(&lists.look),
            Self::Item(one) => Url::at("content", &[&one.key, &one.id.0.to_string()]).look(&one.look),
            Self::Redirects(paging) => Url::of("redirects").part(*paging),
            Self::RedirectFeed(host) => Url::at("redirects", &[host.as_str()]),
        }
        .text
    }
}

/// An address that is being written.
struct Url {
    text: String,
    has_parameters: bool,
}

impl Url {
    /// Below a word of the API.
    fn of(path: &str) -> Self {
        Self { text: format!("/v2/{path}/"), has_parameters: false }
    }

    /// Below a word of the API, with names of the site's own.
    fn at(path: &str, names: &[&str]) -> Self {
        let mut url = Self::of(path);
        for (place, name) in names.iter().enumerate() {
            // A post or type of this name can only be asked for in another spelling. One that is followed
            // by a slug is told from a search by its missing `query`.
            let is_last = place + 1 == names.len() && place == 0;
            let name = if is_last && *name == SEARCH { "%73earch".into() } else { encoded(name, NAME) };
            url.text.push_str(&name);
            url.text.push('/');
        }
        url
    }

    fn set(mut self, name: &str, value: impl Display) -> Self {
        self.text.push(if self.has_parameters { '&' } else { '?' });
        self.has_parameters = true;
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{}={}", encoded(name, NAME), encoded(&value.to_string(), VALUE));
        self
    }

    fn some(self, name: &str, value: Option<&String>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    fn flag(self, name: &str, on: bool) -> Self {
        if on { self.set(name, 1) } else { self }
    }

    fn number(self, name: &str, number: u64, default: u64) -> Self {
        if number == default { self } else { self.set(name, number) }
    }

    fn filtered(self, filters: &[(String, String)], order: Option<&String>) -> Self {
        let filtered = filters.iter().fold(self, |url, (path, text)| url.set(&format!("fields.{path}"), text));
        filtered.some("order", order)
    }

    fn part(self, paging: Paging) -> Self {
        match paging {
            Paging::Pages { page, size } => self.number("page", page, 1).number("page_size", size, PAGE_SIZE),
            // One of the two must be there: without either, pages are meant.
            Paging::Window { limit: PAGE_SIZE, offset } => self.set("offset", offset),
            Paging::Window { limit, offset } => self.set("limit", limit).number("offset", offset, 0),
        }
    }

    /// As [`Url::part`], where no part at all means everything.
    fn part_if_any(self, paging: Option<Paging>) -> Self {
        match paging {
            None => self,
            Some(paging) if paging == Paging::default() => self.set("page", 1),
            Some(paging) => self.part(paging),
        }
    }

    fn recent(self, recent: &Recent) -> Self {
        let included = if recent.included { self.set("include", "recent_posts") } else { self };
        included.some("locale", recent.locale.as_ref())
    }

    fn look(self, look: &Look) -> Self {
        self.number("levels", look.levels.into(), LEVELS.into())
            .flag("alt_media_text", look.alt)
            .some("locale", look.locale.as_ref())
            .view(look.view)
    }

    fn view(self, view: View) -> Self {
        self.flag("preview", view == View::Newest)
    }
}

fn encoded(text: &str, plain: &'static AsciiSet) -> String {
    utf8_percent_encode(text, plain).to_string()
}

fn filled(text: &String) -> Option<&String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The list of a type's pages; single pages have no type.
fn pages(page_type: &str) -> Url {
    if page_type == ANY { Url::of("pages") } else { Url::at("pages", &[page_type]) }
}

fn filed(filing: Filing) -> &'static str {
    match filing {
        Filing::Category => "categories",
        Filing::Tag => "tags",
    }
}

fn format(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Rss => "rss",
        FeedKind::Atom => "atom",
        FeedKind::Sitemap => "sitemap",
    }
}

/// `jars,makers[_id=7],makers[_id=9]`
fn keys(wanted: &[Wanted]) -> String {
    let spelled = wanted.iter().flat_map(|one| match &one.ids[..] {
        [] => vec![one.key.clone()],
        ids => ids.iter().map(|id| format!("{}[_id={}]", one.key, id.0)).collect(),
    });
    spelled.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use crate::content::entry::{EntryId, View};
    use crate::delivery::{ANY, ItemLists, Look, OnePage, OnePost, PageList, Paging, Query, Wanted};

    const LOOK: Look = Look { view: View::Live, locale: None, levels: 2, alt: false };

    #[test]
    fn defaults_are_left_out_and_names_are_escaped() {
        let post = |slug: &str| Query::Post(OnePost { slug: slug.into(), view: View::Newest, locale: None }).url();
        assert_eq!(post("crème/brûlée"), "/v2/posts/cr%C3%A8me%2Fbr%C3%BBl%C3%A9e/?preview=1");
        assert_eq!(post("search"), "/v2/posts/%73earch/?preview=1");
        let page = Query::Page(OnePage { page_type: ANY.into(), slug: "visit-us".into(), look: LOOK });
        assert_eq!(page.url(), "/v2/pages/*/visit-us/");
    }

    #[test]
    fn parameters_stand_in_a_fixed_order() {
        let list = PageList {
            page_type: "recipe".into(),
            paging: Paging::Window { limit: 10, offset: 0 },
            filters: vec![("a.b".into(), "x&y".into()), ("c".into(), String::new())],
            order: Some("-published".into()),
            look: Look { alt: true, levels: 3, locale: Some("de".into()), ..LOOK },
        };
        let said = "/v2/pages/recipe/?fields.a.b=x%26y&fields.c=&order=-published&offset=0&levels=3&alt_media_text=1&locale=de";
        assert_eq!(Query::Pages(list).url(), said);
    }

    #[test]
    fn several_collections_are_named_with_their_items() {
        let wanted =
            |key: &str, ids: &[i64]| Wanted { key: key.into(), ids: ids.iter().map(|id| EntryId(*id)).collect() };
        let lists = ItemLists {
            wanted: vec![wanted("jars", &[]), wanted("makers", &[7, 9])],
            paging: Some(Paging::default()),
            filters: Vec::new(),
            order: None,
            look: LOOK,
        };
        assert_eq!(
            Query::Collections(lists).url(),
            "/v2/content/?keys=jars,makers%5B_id=7%5D,makers%5B_id=9%5D&page=1"
        );
    }
}
