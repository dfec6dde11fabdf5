//! The normalised question: two URLs that ask the same thing are one [`Query`].

use serde::{Deserialize, Serialize};

use crate::content::entry::{EntryId, View};
use crate::content::post::Filing;
use crate::content::redirect::Host;

/// Pages of a list are this long unless asked otherwise.
pub const PAGE_SIZE: u64 = 10;
/// Pages of a list are never longer.
pub const MAX_PAGE_SIZE: u64 = 100;
/// How deep links expand unless asked otherwise.
pub const LEVELS: u8 = 2;
/// How deep links expand at most.
pub const MAX_LEVELS: u8 = 5;
/// The page type that stands for "none" in lists and for "any" in look-ups.
pub const ANY: &str = "*";

/// A question, its defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Query {
    /// The list of posts.
    Posts(PostList),
    /// One post.
    Post(OnePost),
    /// Posts that hold some words.
    PostSearch(PostSearch),
    /// All authors.
    Authors(Recent),
    /// One author.
    Author(String, Recent),
    /// All categories or tags that are in use.
    Terms(Filing, Recent),
    /// One category or tag.
    Term(Filing, String, Recent),
    /// The newest posts as XML.
    Feed(Feed),
    /// The list of a type's pages.
    Pages(PageList),
    /// One page.
    Page(OnePage),
    /// Pages that hold some words.
    PageSearch(PageSearch),
    /// One collection's items.
    Collection(ItemList),
    /// Several collections' items.
    Collections(ItemLists),
    /// One item.
    Item(OneItem),
    /// The redirects, by their paths.
    Redirects(Paging),
    /// All redirects, as a host reads them.
    RedirectFeed(Host),
}

impl Query {
    /// Whether drafts may show in the answer.
    pub fn is_preview(&self) -> bool {
        let view = match self {
            Self::Posts(list) => list.view,
            Self::Post(one) => one.view,
            Self::Pages(list) => list.look.view,
            Self::Page(one) => one.look.view,
            Self::PageSearch(search) => search.look.view,
            Self::Collection(list) => list.look.view,
            Self::Collections(lists) => lists.look.view,
            Self::Item(one) => one.look.view,
            _ => View::Live,
        };
        view == View::Newest
    }
}

/// Which part of a list, and how the answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Paging {
    /// By numbered pages.
    Pages {
        /// From 1.
        page: u64,
        /// At most [`MAX_PAGE_SIZE`].
        size: u64,
    },
    /// By an offset.
    Window {
        /// At most [`MAX_PAGE_SIZE`].
        limit: u64,
        /// From 0.
        offset: u64,
    },
}

impl Default for Paging {
    fn default() -> Self {
        Self::Pages { page: 1, size: PAGE_SIZE }
    }
}

impl Paging {
    /// How many to skip. Never more than a database can count.
    pub fn offset(self) -> u64 {
        let offset = match self {
            Self::Pages { page, size } => (page - 1).saturating_mul(size),
            Self::Window { offset, .. } => offset,
        };
        offset.min(i64::MAX.unsigned_abs())
    }

    /// How many to return at most.
    pub fn limit(self) -> u64 {
        match self {
            Self::Pages { size, .. } => size,
            Self::Window { limit, .. } => limit,
        }
    }

    /// Whether this is a page that a list of `count` does not have. The first page is always there.
    pub fn is_past(self, count: u64) -> bool {
        matches!(self, Self::Pages { page, .. } if page > 1 && self.offset() >= count)
    }
}

/// How pages and items are shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Look {
    /// Published or newest revisions.
    pub view: View,
    /// The locale's slug; `None` is the default.
    pub locale: Option<String>,
    /// How deep links expand; 1 leaves them as addresses.
    pub levels: u8,
    /// Whether media fields show their alternative text.
    pub alt: bool,
}

/// See [`Query::Posts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PostList {
    /// Which part.
    pub paging: Paging,
    /// Whether bodies are left out.
    pub exclude_body: bool,
    /// Only this author's.
    pub author: Option<String>,
    /// Only this category's.
    pub category: Option<String>,
    /// Only this tag's.
    pub tag: Option<String>,
    /// Published or newest revisions.
    pub view: View,
    /// The locale's slug; `None` is the default.
    pub locale: Option<String>,
}

/// See [`Query::Post`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OnePost {
    /// Its slug.
    pub slug: String,
    /// Published or newest revision.
    pub view: View,
    /// The slug of the locale whose translation is wanted; `None` is the post itself.
    pub locale: Option<String>,
}

/// See [`Query::PostSearch`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PostSearch {
    /// As typed.
    pub words: String,
    /// Which part.
    pub paging: Paging,
    /// Whether bodies are left out.
    pub exclude_body: bool,
    /// The locale's slug; `None` is the default.
    pub locale: Option<String>,
}

/// Whether an author, category or tag comes with its newest posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recent {
    /// Whether it does.
    pub included: bool,
    /// The locale's slug; `None` is the default.
    pub locale: Option<String>,
}

/// See [`Query::Feed`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Feed {
    /// Its format.
    pub kind: FeedKind,
    /// Only this category's.
    pub category: Option<String>,
    /// Only this tag's.
    pub tag: Option<String>,
    /// The locale's slug; `None` is the default.
    pub locale: Option<String>,
}

/// A feed's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FeedKind {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// A sitemap.
    Sitemap,
}

/// See [`Query::Pages`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageList {
    /// The page type's key; [`ANY`] lists single pages.
    pub page_type: String,
    /// Which part.
    pub paging: Paging,
    /// Field paths and what is asked of them, by path.
    pub filters: Vec<(String, String)>,
    /// The order that was asked for.
    pub order: Option<String>,
    /// How they are shown.
    pub look: Look,
}

/// See [`Query::Page`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OnePage {
    /// The page type's key; [`ANY`] looks in all types and single pages.
    pub page_type: String,
    /// Its slug.
    pub slug: String,
    /// How it is shown.
    pub look: Look,
}

/// See [`Query::PageSearch`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageSearch {
    /// As typed.
    pub words: String,
    /// The page type's key; [`ANY`] is single pages, `None` everything.
    pub page_type: Option<String>,
    /// Which part.
    pub paging: Paging,
    /// How they are shown.
    pub look: Look,
}

/// See [`Query::Collection`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemList {
    /// The collection's key.
    pub key: String,
    /// Which part.
    pub paging: Paging,
    /// Field paths and what is asked of them, by path.
    pub filters: Vec<(String, String)>,
    /// The order that was asked for.
    pub order: Option<String>,
    /// How they are shown.
    pub look: Look,
}

/// See [`Query::Collections`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemLists {
    /// The collections in the order in which they were named.
    pub wanted: Vec<Wanted>,
    /// Which part of each; `None` is all.
    pub paging: Option<Paging>,
    /// Field paths and what is asked of them, by path.
    pub filters: Vec<(String, String)>,
    /// The order that was asked for.
    pub order: Option<String>,
    /// How they are shown.
    pub look: Look,
}

/// A collection named among several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wanted {
    /// Its key.
    pub key: String,
    /// Only these items; all when empty.
    pub ids: Vec<EntryId>,
}

/// See [`Query::Item`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OneItem {
    /// The collection's key.
    pub key: String,
    /// Its id.
    pub id: EntryId,
    /// How it is shown.
    pub look: Look,
}
