//! Surrogate keys: the tags an answer carries, by which caches and CDNs drop it.

use std::fmt;
use std::str::FromStr;

use super::entry::EntryId;
use super::locale::LocaleId;
use super::schema::SchemaId;

/// What an answer was made from. An answer carries the key of everything that was looked for while it
/// was built, found or not, so that whatever changes can name the answers it makes old.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// One page, item or post.
    Entry(EntryId),
    /// An author's own data.
    Author(i64),
    /// A category's name and slug.
    Category(i64),
    /// A tag's name and slug.
    Tag(i64),
    /// Anything of a schema. For CDNs only: what carries it is not rebuilt when it is touched.
    Schema(SchemaId),
    /// The list of authors.
    Authors,
    /// The list of categories.
    Categories,
    /// The list of tags.
    Tags,
    /// A list of entries, as far as membership and order depend on one index path: `@published` for lists
    /// as they come, a field for lists filtered or ordered by it.
    List {
        /// The schema; 0 for all single pages together.
        schema: SchemaId,
        /// In which locale.
        locale: LocaleId,
        /// The index path.
        path: String,
    },
    /// What a schema's entries say in a locale, for whoever searches them.
    Search(SchemaId, LocaleId),
    /// Which published posts stand before and after a post.
    Beside(EntryId),
    /// Which translations a post has, by the id of the one that was first.
    Translations(EntryId),
    /// A slug that was looked for: `pages/landing/home`, `posts/jam-season`.
    Slug(String),
    /// The content model: fields, types, locales.
    Model,
    /// The site's settings.
    Settings,
    /// A picture's or file's own data, by its id.
    Media(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => write!(f, "entry-{}", id.0),
            Self::Author(id) => write!(f, "author-{id}"),
            Self::Category(id) => write!(f, "category-{id}"),
            Self::Tag(id) => write!(f, "tag-{id}"),
            Self::Schema(id) => write!(f, "schema-{}", id.0),
            Self::Authors => f.write_str("authors"),
            Self::Categories => f.write_str("categories"),
            Self::Tags => f.write_str("tags"),
            Self::List { schema, locale, path } => write!(f, "list-{}-{}-{path}", schema.0, locale.0),
            Self::Search(schema, locale) => write!(f, "search-{}-{}", schema.0, locale.0),
            Self::Beside(id) => write!(f, "beside-{}", id.0),
            Self::Translations(id) => write!(f, "translations-{}", id.0),
            Self::Slug(path) => {
                // A key is one word of a header: whatever a visitor put into the path is escaped.
                let word = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
                write!(f, "slug-{word}")
            }
            Self::Model => f.write_str("model"),
            Self::Settings => f.write_str("settings"),
            Self::Media(id) => write!(f, "media-{id}"),
        }
    }
}

impl FromStr for Key {
    type Err = UnknownKey;

    fn from_str(word: &str) -> Result<Self, UnknownKey> {
        let (kind, rest) = word.split_once('-').unwrap_or((word, ""));
        let number = |text: &str| text.parse::<i64>().map_err(|_| UnknownKey);
        Ok(match kind {
            "entry" => Self::Entry(EntryId(number(rest)?)),
            "author" => Self::Author(number(rest)?),
            "category" => Self::Category(number(rest)?),
            "tag" => Self::Tag(number(rest)?),
            "schema" => Self::Schema(SchemaId(number(rest)?)),
            "authors" => Self::Authors,
            "categories" => Self::Categories,
            "tags" => Self::Tags,
            "list" => {
                let mut parts = rest.splitn(3, '-');
                let mut part = || parts.next().ok_or(UnknownKey);
                let schema = SchemaId(number(part()?)?);
                let locale = LocaleId(number(part()?)?);
                Self::List { schema, locale, path: part()?.into() }
            }
            "search" => {
                let (schema, locale) = rest.split_once('-').ok_or(UnknownKey)?;
                Self::Search(SchemaId(number(schema)?), LocaleId(number(locale)?))
            }
            "beside" => Self::Beside(EntryId(number(rest)?)),
            "translations" => Self::Translations(EntryId(number(rest)?)),
            "slug" => {
                let path = percent_encoding::percent_decode_str(rest).decode_utf8().map_err(|_| UnknownKey)?;
                Self::Slug(path.into_owned())
            }
            "model" => Self::Model,
            "settings" => Self::Settings,
            "media" => Self::Media(rest.into()),
            _ => return Err(UnknownKey),
        })
    }
}

/// A word that is no surrogate key of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKey;
