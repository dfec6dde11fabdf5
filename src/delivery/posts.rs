//! Posts: lists, single ones, search.

use serde_json::Value;

use super::addresses::{absolute, absolute_in_html};
use super::body::{Build, Stop};
use super::query::{OnePost, Paging, PostList, PostSearch};
use super::refusal::Refusal;
use super::shape::{self, PostParts};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Version, View};
use crate::content::field::IndexKey;
use crate::content::filter::{Condition, Filter, Order};
use crate::content::index::{AUTHOR, CATEGORY, TAG};
use crate::content::locale::LocaleId;
use crate::content::post::{Filing, Post};
use crate::content::schema::Kind;
use crate::store::{Error, Listing, SearchIn};

/// Which posts: all conditions hold.
#[derive(Clone, Copy, Default)]
pub(super) struct Which<'q> {
    pub(super) author: Option<&'q str>,
    pub(super) category: Option<&'q str>,
    pub(super) tag: Option<&'q str>,
}

/// Part of a list of posts.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) locale: LocaleId,
    pub(super) view: View,
    pub(super) offset: u64,
    pub(super) limit: u64,
}

impl Build<'_> {
    pub(super) fn posts(&mut self, list: &PostList) -> Result<Value, Stop> {
        let locale = self.locale(list.locale.as_deref())?;
        let which =
            Which { author: list.author.as_deref(), category: list.category.as_deref(), tag: list.tag.as_deref() };
        let part = Part { locale, view: list.view, offset: list.paging.offset(), limit: list.paging.limit() };
        let (posts, count) = self.posts_which(which, part)?;
        let posts = posts.iter().map(|post| post.listed(list.exclude_body)).collect();
        answer(list.paging, count, posts)
    }

    /// Posts, newest first, and how many there are in all.
    pub(super) fn posts_which(&mut self, which: Which<'_>, part: Part) -> Result<(Vec<PostParts>, u64), Error> {
        let mut filters = Vec::new();
        for (path, slug) in [(AUTHOR, which.author), (CATEGORY, which.category), (TAG, which.tag)] {
            let Some(slug) = slug else { continue };
            match self.filed_under(path, slug)? {
                Some(id) => filters.push(filed(path, id)),
                None => return Ok((Vec::new(), 0)),
            }
        }
        self.posts_filed(&filters, part)
    }

    /// Posts that match, newest first, and how many there are in all.
    pub(super) fn posts_filed(&mut self, filters: &[Filter], part: Part) -> Result<(Vec<PostParts>, u64), Error> {
        let listed = self.recorder.list(&Listing {
            schema: Some(BLOG),
            locale: part.locale,
            view: part.view,
            filters,
            order: Order::default_of(Kind::Post),
            offset: part.offset,
            limit: part.limit,
        })?;
        let mut posts = Vec::with_capacity(listed.ids.len());
        for id in listed.ids {
            posts.extend(self.post_by_id(id, part.locale, part.view)?);
        }
        Ok((posts, listed.count))
    }

    /// The id of the author, category or tag with this slug.
    fn filed_under(&mut self, path: &str, slug: &str) -> Result<Option<i64>, Error> {
        Ok(match path {
            AUTHOR => self.recorder.author_by_slug(slug)?.map(|author| author.id),
            CATEGORY => self.recorder.term_by_slug(Filing::Category, slug)?.map(|term| term.id),
            _ => self.recorder.term_by_slug(Filing::Tag, slug)?.map(|term| term.id),
        })
    }

    pub(super) fn post(&mut self, one: &OnePost) -> Result<Value, Stop> {
        let wanted = match &one.locale {
            Some(slug) => Some(self.locale(Some(slug))?),
            None => None,
        };
        let view = if self.recorder.settings()?.serve_draft_posts { View::Newest } else { one.view };
        let original = self.recorder.post_by_slug(BLOG, &one.slug, view)?;
        let original = original.ok_or(Refusal::NotFound)?;
        let (version, locale) = self.in_locale(&original, wanted, one.view, view)?.ok_or(Refusal::NotFound)?;
        self.admits(version.entry.id)?;
        let meta = self.post_meta(&version, locale)?;
        let post = self.parts(version)?;
        Ok(shape::with_meta(meta, post.full(None, false)))
    }

    /// A post in the wanted locale, or itself: what `view` shows, else what `wider` does.
    fn in_locale(
        &mut self,
        post: &Entry,
        wanted: Option<LocaleId>,
        view: View,
        wider: View,
    ) -> Result<Option<(Version, LocaleId)>, Error> {
        let localised = !self.recorder.model().locales.is_empty();
        let (entry, locales) = match wanted.filter(|_| localised) {
            Some(locale) => (self.recorder.translation(post, locale)?, vec![locale]),
            None => (Some(post.clone()), self.recorder.locales(post.id)?),
        };
        let Some(entry) = entry else { return Ok(None) };
        for view in [view, wider] {
            for locale in &locales {
                let view = self.view_of(entry.id, *locale, view);
                if let Some(version) = self.recorder.version(&entry, *locale, view)? {
                    return Ok(Some((version, *locale)));
                }
            }
        }
        Ok(None)
    }

    fn post_meta(&mut self, version: &Version, locale: LocaleId) -> Result<Value, Error> {
        let Some(published) = version.published else { return Ok(shape::post_meta(None, None)) };
        let around = self.recorder.neighbours(version.entry.id, published, locale)?;
        let next = self.neighbour(around.next, locale)?;
        let previous = self.neighbour(around.previous, locale)?;
        Ok(shape::post_meta(next, previous))
    }

    fn neighbour(&mut self, id: Option<EntryId>, locale: LocaleId) -> Result<Option<Value>, Error> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.post_by_id(id, locale, View::Live)?.map(|post| post.neighbour()))
    }

    pub(super) fn post_search(&mut self, search: &PostSearch) -> Result<Value, Stop> {
        let locale = self.locale(search.locale.as_deref())?;
        let within = SearchIn {
            schemas: &[BLOG],
            locale,
            view: View::Live,
            offset: search.paging.offset(),
            limit: search.paging.limit(),
        };
        let (hits, count) = self.recorder.search(&search.words, &within)?;
        let mut posts = Vec::with_capacity(hits.len());
        for hit in hits {
            if let Some(post) = self.post_by_id(hit.entry, locale, View::Live)? {
                posts.push(post.full(Some(hit.rank), search.exclude_body));
            }
        }
        answer(search.paging, count, posts)
    }

    fn post_by_id(&mut self, id: EntryId, locale: LocaleId, view: View) -> Result<Option<PostParts>, Error> {
        let Some(entry) = self.recorder.entry(id)? else { return Ok(None) };
        match self.recorder.version(&entry, locale, view)? {
            Some(version) => Ok(Some(self.parts(version)?)),
            None => Ok(None),
        }
    }

    /// Gathers what a post shows.
    fn parts(&mut self, version: Version) -> Result<PostParts, Error> {
        let post = Post::read(&version.revision.fields);
        let picture = post.featured_image.filter(|picture| !picture.url.is_empty());
        let image_alt = match &picture {
            Some(picture) => self.alt(&picture.url, picture.said())?,
            None => String::new(),
        };
        let mut author = self.recorder.author(post.author)?.unwrap_or_default();
        author.profile_image = absolute(&author.profile_image, self.public_url);
        let prefix = self.recorder.settings()?.blog_url_prefix.clone();
        Ok(PostParts {
            body: absolute_in_html(&post.body, self.public_url),
            summary: post.summary,
            seo_title: post.seo_title,
            meta_description: post.meta_description,
            image: picture.map(|picture| absolute(&picture.url, self.public_url)),
            image_alt,
            author,
            categories: self.filed_terms(Filing::Category, &post.categories)?,
            tags: self.filed_terms(Filing::Tag, &post.tags)?,
            prefix,
            version,
        })
    }

    fn filed_terms(&mut self, filing: Filing, ids: &[i64]) -> Result<Vec<crate::content::post::Term>, Error> {
        let mut terms = Vec::with_capacity(ids.len());
        for id in ids {
            terms.extend(self.recorder.term(filing, *id)?);
        }
        Ok(terms)
    }
}

/// "Filed under the author, category or tag with this id".
#[expect(clippy::cast_precision_loss, reason = "ids stay below 2^53")]
pub(super) fn filed(path: &str, id: i64) -> Filter {
    Filter { any_of: vec![Condition::Is { path: path.into(), key: IndexKey::Number(id as f64) }] }
}

/// A list's envelope; a page that the list does not have is refused.
fn answer(paging: Paging, count: u64, posts: Vec<Value>) -> Result<Value, Stop> {
    if paging.is_past(count) {
        return Err(Refusal::NoSuchListPage.into());
    }
    Ok(shape::with_meta(shape::list_meta(paging, count), Value::Array(posts)))
}
