//! Types of the site's own content for programs that read it, in the programs' languages.
//!
//! [`outline`] says once what there is; one file for each language writes it down.

mod go;
mod names;
mod outline;
mod python;
mod rust;
mod typescript;

use super::schema::{Kind, Model};
use outline::Outline;

/// A language that types are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// TypeScript, for `tsc` 4.0 and newer.
    TypeScript,
    /// Python 3.9 and newer: `TypedDict`s.
    Python,
    /// Rust, with serde.
    Rust,
    /// Go 1.18 and newer.
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::TypeScript, Self::Python, Self::Rust, Self::Go];

    /// Its name on the command line and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::TypeScript => "ts",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Go => "go",
        }
    }

    /// The language of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }
}

/// What a media field is answered as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaForm {
    /// Its address.
    #[default]
    Address,
    /// Its address and its alternative text, as with `alt_media_text=1`.
    WithText,
}

/// A source file with a type for everything in the model.
pub fn write_types(model: &Model, language: Language, media: MediaForm) -> String {
    let outline = Outline::of(model);
    match language {
        Language::TypeScript => typescript::write(&outline, media),
        Language::Python => python::write(&outline, media),
        Language::Rust => rust::write(&outline, media),
        Language::Go => go::write(&outline, media),
    }
}

/// What a TypeScript file says of one schema, or of a component where there is no kind, and of what that holds and
/// links to; nothing when the model has no such key.
pub fn write_excerpt(model: &Model, kind: Option<Kind>, key: &str) -> String {
    let outline = Outline::of(model);
    outline.find(kind, key).map(|name| typescript::excerpt(&outline, name)).unwrap_or_default()
}

/// The first line of every file.
const NOTE: &str = "The content of this site, written by `larder types`. Do not edit: write it again.";
