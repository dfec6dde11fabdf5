//! Surrogate keys: the tags an answer carries, by which caches and CDNs drop it.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

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
    /// A picture or file itself, by its id: what is served of it.
    Media(String),
    /// The redirects, all together.
    Redirects,
    /// The alternative text that a picture or file has by itself.
    Alt(String),
    /// Which tokens may read. For CDNs only, which answer without asking whether a token is still good.
    Tokens,
}

/// What cannot stand in a word, in names that are nearly always words. Some CDNs want commas between words.
const NO_WORD: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b',');

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
            Self::List { schema, locale, path } => {
                write!(f, "list-{}-{}-{}", schema.0, locale.0, utf8_percent_encode(path, NO_WORD))
            }
            Self::Search(schema, locale) => write!(f, "search-{}-{}", schema.0, locale.0),
            Self::Beside(id) => write!(f, "beside-{}", id.0),
            Self::Translations(id) => write!(f, "translations-{}", id.0),
            Self::Slug(path) => {
                // A key is one word of a header: whatever a visitor put into the path is escaped.
                write!(f, "slug-{}", utf8_percent_encode(path, NON_ALPHANUMERIC))
            }
            Self::Model => f.write_str("model"),
            Self::Settings => f.write_str("settings"),
            Self::Media(id) => write!(f, "media-{}", utf8_percent_encode(id, NO_WORD)),
            Self::Redirects => f.write_str("redirects"),
            Self::Tokens => f.write_str("tokens"),
            Self::Alt(id) => write!(f, "alt-{}", utf8_percent_encode(id, NO_WORD)),
        }
    }
}

impl FromStr for Key {
    type Err = UnknownKey;

    fn from_str(word: &str) -> Result<Self, UnknownKey> {
        let (kind, rest) = word.split_once('-').unwrap_or((word, ""));
        let number = |text: &str| text.parse::<i64>().map_err(|_| UnknownKey);
        let name = |word: &str| match percent_decode_str(word).decode_utf8() {
            Ok(name) => Ok(name.into_owned()),
            Err(_) => Err(UnknownKey),
        };
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
                Self::List { schema, locale, path: name(part()?)? }
            }
            "search" => {
                let (schema, locale) = rest.split_once('-').ok_or(UnknownKey)?;
                Self::Search(SchemaId(number(schema)?), LocaleId(number(locale)?))
            }
            "beside" => Self::Beside(EntryId(number(rest)?)),
            "translations" => Self::Translations(EntryId(number(rest)?)),
            "slug" => Self::Slug(name(rest)?),
            "model" => Self::Model,
            "settings" => Self::Settings,
            "media" => Self::Media(name(rest)?),
            "redirects" => Self::Redirects,
            "tokens" => Self::Tokens,
            "alt" => Self::Alt(name(rest)?),
            _ => return Err(UnknownKey),
        })
    }
}

/// A word that is no surrogate key of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKey;

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::content::entry::EntryId;
    use crate::content::locale::LocaleId;
    use crate::content::schema::SchemaId;

    #[test]
    fn every_key_is_one_word_and_is_read_as_it_was() {
        let (schema, locale) = (SchemaId(3), LocaleId(2));
        let keys = [
            Key::Entry(EntryId(7)),
            Key::Author(1),
            Key::Category(-2),
            Key::Tag(3),
            Key::Schema(schema),
            Key::Authors,
            Key::Categories,
            Key::Tags,
            Key::List { schema, locale, path: "blocks.call-to action.100%".into() },
            Key::Search(schema, locale),
            Key::Beside(EntryId(8)),
            Key::Translations(EntryId(9)),
            Key::Slug("pages/jam & cream\u{a0}50%/é".into()),
            Key::Model,
            Key::Settings,
            Key::Media("plum, 1%20\n-é".into()),
            Key::Redirects,
            Key::Alt("plum1".into()),
            Key::Tokens,
        ];
        for key in keys {
            let word = key.to_string();
            assert!(word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b','), "{word}");
            assert_eq!(word.parse(), Ok(key));
        }
    }
}
