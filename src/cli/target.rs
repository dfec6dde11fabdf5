//! How commands name an entry: `page:TYPE/SLUG`, `single:SLUG`, `post:SLUG`, `item:ID`, `entry:ID`.

use std::fmt;
use std::str::FromStr;

use super::failure::Failure;
use crate::authoring::{Authoring, Error};
use crate::content::definition::BLOG;
use crate::content::entry::{self, EntryId, View};
use crate::content::locale::LocaleId;
use crate::content::schema::{Kind, SchemaId};
use crate::store::Read;

/// An entry that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A page of a type.
    Page(String, String),
    /// A single page.
    Single(String),
    /// A post.
    Post(String),
    /// Anything, deleted or not, by id.
    Entry(EntryId),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = match text.split_once(':') {
            Some(("page", rest)) => rest.split_once('/').map(|(kind, slug)| Self::Page(kind.into(), slug.into())),
            Some(("single", slug)) => Some(Self::Single(slug.into())),
            Some(("post", slug)) => Some(Self::Post(slug.into())),
            Some(("item" | "entry", id)) => id.parse().ok().map(|id| Self::Entry(EntryId(id))),
            _ => None,
        };
        parsed.ok_or_else(|| "expected page:TYPE/SLUG, single:SLUG, post:SLUG, item:ID or entry:ID".into())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(kind, slug) => write!(f, "page:{kind}/{slug}"),
            Self::Single(slug) => write!(f, "single:{slug}"),
            Self::Post(slug) => write!(f, "post:{slug}"),
            Self::Entry(id) => write!(f, "entry:{}", id.0),
        }
    }
}

impl Target {
    /// The entry.
    pub(super) fn find(&self, site: &Authoring) -> Result<EntryId, Failure> {
        let found = site.store().read(|read| self.look(read))?;
        found.ok_or_else(|| {
            Failure::said(format!("there is no entry `{self}`; `larder entry list` shows those there are"))
        })
    }

    fn look(&self, read: &Read<'_>) -> Result<Option<EntryId>, Error> {
        let model = read.model();
        let fits = |schema: SchemaId| {
            model.schema(schema).is_some_and(|schema| match self {
                Self::Page(kind, _) => schema.kind == Kind::PageType && schema.key == *kind,
                Self::Single(_) => schema.kind == Kind::SinglePage,
                Self::Post(_) => schema.id == BLOG,
                Self::Entry(_) => true,
            })
        };
        let slug = match self {
            Self::Page(_, slug) | Self::Single(slug) | Self::Post(slug) => slug,
            Self::Entry(id) => return Ok(read.entry(*id)?.map(|entry| entry.id)),
        };
        let found = read.entries_by_slug(slug, View::Newest)?;
        Ok(found.into_iter().find(|entry| fits(entry.schema)).map(|entry| entry.id))
    }
}

/// The entry and locale that are meant: of a post its own, unless a translation of it is asked for; of
/// anything else the default.
pub(super) fn in_locale(
    site: &Authoring,
    target: &Target,
    locale: Option<&str>,
) -> Result<(EntryId, LocaleId), Failure> {
    let id = target.find(site)?;
    site.store().read(|read| {
        let model = read.model();
        let asked = match locale {
            Some(slug) => Some(model.locale(slug).ok_or_else(|| {
                let known: Vec<&str> = model.locales.iter().map(|locale| locale.slug.as_str()).collect();
                Failure::said(format!("there is no locale `{slug}`; the locales are {}", known.join(", ")))
            })?),
            None => None,
        };
        let entry = read.entry(id)?.ok_or(Error::NotFound("entry"))?;
        if entry.schema != BLOG {
            return Ok((id, asked.unwrap_or_else(|| model.default_locale())));
        }
        of_post(read, &entry, asked)
    })
}

fn of_post(read: &Read<'_>, post: &entry::Entry, asked: Option<LocaleId>) -> Result<(EntryId, LocaleId), Failure> {
    match asked {
        Some(locale) => {
            let sibling = read.translation(post, locale)?.ok_or(Error::NotFound("translation of this post"))?;
            Ok((sibling.id, locale))
        }
        None => {
            let own = read.variants(post.id)?.first().map(|variant| variant.locale);
            Ok((post.id, own.unwrap_or_else(|| read.model().default_locale())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::content::entry::EntryId;

    #[test]
    fn targets_are_read() {
        assert_eq!("page:recipe/jam".parse(), Ok(Target::Page("recipe".into(), "jam".into())));
        assert_eq!("item:12".parse(), Ok(Target::Entry(EntryId(12))));
        for wrong in ["jam", "page:jam", "item:x", "book:1", ""] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
