//! What posts are filed under: authors, categories and tags.

use serde_json::Value;

use super::addresses::absolute;
use super::body::{Build, Stop};
use super::posts::{Part, filed};
use super::query::Recent;
use super::refusal::Refusal;
use super::shape;
use crate::content::entry::View;
use crate::content::index::{AUTHOR, CATEGORY, TAG};
use crate::content::locale::LocaleId;
use crate::content::post::{Author, Filing, Term};
use crate::store::Error;

/// How many posts `include=recent_posts` shows.
const RECENT: u64 = 10;

impl Build<'_> {
    pub(super) fn authors(&mut self, recent: &Recent) -> Result<Value, Stop> {
        let locale = self.locale(recent.locale.as_deref())?;
        let authors = self.recorder.authors()?;
        let mut shown = Vec::with_capacity(authors.len());
        for author in authors {
            shown.push(self.shown_author(author, recent, locale)?);
        }
        Ok(shape::one(Value::Array(shown)))
    }

    pub(super) fn author(&mut self, slug: &str, recent: &Recent) -> Result<Value, Stop> {
        let locale = self.locale(recent.locale.as_deref())?;
        let author = self.recorder.author_by_slug(slug)?.ok_or(Refusal::NotFound)?;
        Ok(shape::one(self.shown_author(author, recent, locale)?))
    }

    fn shown_author(&mut self, mut author: Author, recent: &Recent, locale: LocaleId) -> Result<Value, Error> {
        author.profile_image = absolute(&author.profile_image, self.public_url);
        self.with_recent(shape::author(&author), recent, AUTHOR, author.id, locale)
    }

    pub(super) fn terms(&mut self, filing: Filing, recent: &Recent) -> Result<Value, Stop> {
        let locale = self.locale(recent.locale.as_deref())?;
        let terms = self.recorder.terms_in_use(filing)?;
        let mut shown = Vec::with_capacity(terms.len());
        for term in terms {
            shown.push(self.shown_term(filing, &term, recent, locale)?);
        }
        Ok(shape::one(Value::Array(shown)))
    }

    pub(super) fn term(&mut self, filing: Filing, slug: &str, recent: &Recent) -> Result<Value, Stop> {
        let locale = self.locale(recent.locale.as_deref())?;
        let term = self.recorder.term_by_slug(filing, slug)?.ok_or(Refusal::NotFound)?;
        Ok(shape::one(self.shown_term(filing, &term, recent, locale)?))
    }

    fn shown_term(&mut self, filing: Filing, term: &Term, recent: &Recent, locale: LocaleId) -> Result<Value, Error> {
        let path = match filing {
            Filing::Category => CATEGORY,
            Filing::Tag => TAG,
        };
        self.with_recent(shape::term(term), recent, path, term.id, locale)
    }

    fn with_recent(
        &mut self,
        of: Value,
        recent: &Recent,
        path: &str,
        id: i64,
        locale: LocaleId,
    ) -> Result<Value, Error> {
        if !recent.included {
            return Ok(of);
        }
        let part = Part { locale, view: View::Live, offset: 0, limit: RECENT };
        let (posts, _) = self.posts_filed(&[filed(path, id)], part)?;
        Ok(shape::with_recent_posts(of, posts.iter().map(|post| post.full(None, false)).collect()))
    }
}
