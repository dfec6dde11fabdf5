//! What the content says no to: answers as good as any other, with keys of their own.

use std::fmt;

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such post, author, category, tag, item, or list of pages or items.
    NotFound,
    /// No such page.
    NoPage,
    /// `?keys=` names an unknown collection.
    NoCollection(String),
    /// The list is shorter than that.
    NoSuchListPage,
    /// Pages of several types have the slug.
    SeveralPages,
    /// No such locale.
    NoLocale,
    /// The key to one entry's draft was used for another.
    OtherEntry,
    /// A filter or order of pages names no field.
    NoPageField(String),
    /// A filter or order of items names no field.
    NoItemField(String),
}

impl Refusal {
    /// The status it is answered with.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::NoPage | Self::NoCollection(_) | Self::NoSuchListPage => 404,
            Self::SeveralPages | Self::NoItemField(_) | Self::OtherEntry => 403,
            Self::NoLocale | Self::NoPageField(_) => 400,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("Not found."),
            Self::NoPage => f.write_str("Page not found."),
            Self::NoCollection(key) => write!(f, "Content key {key} not found"),
            Self::NoSuchListPage => f.write_str("Invalid page."),
            Self::SeveralPages => f.write_str("Multiple pages found. Specify a page type."),
            Self::OtherEntry => f.write_str("This preview token shows one entry only, and this is another."),
            Self::NoLocale => f.write_str("Invalid locale parameter"),
            Self::NoPageField(path) => write!(f, "Invalid field filter: {path}"),
            Self::NoItemField(path) => write!(f, "Invalid filter: {path}"),
        }
    }
}
