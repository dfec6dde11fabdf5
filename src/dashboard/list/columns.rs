//! Which columns a list shows; each person chooses, and it is remembered with their account.

use serde::Serialize;

use crate::content::schema::{Kind, Model, Schema};

/// A column that can be left out. The title always stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Status,
    Author,
    Category,
    Locale,
    Edited,
    Editor,
    WentLive,
}

/// A column as the menu offers it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Offered {
    key: &'static str,
    label: &'static str,
    on: bool,
}

impl Column {
    /// The columns there can be in a list, in their order.
    pub(crate) fn possible(model: &Model, schema: &Schema) -> Vec<Self> {
        let posts = schema.kind == Kind::Post;
        let mut columns = vec![Self::Status];
        columns.extend(posts.then_some([Self::Author, Self::Category]).into_iter().flatten());
        columns.extend((model.locales.len() > 1).then_some(Self::Locale));
        columns.extend([Self::Editor, Self::Edited, Self::WentLive]);
        columns
    }

    /// Those that stand unless somebody chose others.
    fn is_usual(self, schema: &Schema) -> bool {
        match self {
            Self::Editor => schema.kind != Kind::Post,
            Self::WentLive => false,
            _ => true,
        }
    }

    /// The name in forms and addresses.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Author => "author",
            Self::Category => "category",
            Self::Locale => "locale",
            Self::Edited => "edited",
            Self::Editor => "editor",
            Self::WentLive => "went_live",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Author => "Author",
            Self::Category => "Category",
            Self::Locale => "Language",
            Self::Edited => "Edited",
            Self::Editor => "Edited by",
            Self::WentLive => "Live since",
        }
    }
}

/// The columns that somebody sees; `chosen` are keys with commas between them.
pub(crate) fn shown(possible: &[Column], chosen: Option<&str>, schema: &Schema) -> Vec<Column> {
    let wanted = |column: &Column| match chosen {
        Some(chosen) => chosen.split(',').any(|key| key == column.key()),
        None => column.is_usual(schema),
    };
    possible.iter().copied().filter(wanted).collect()
}

/// The menu of columns.
pub(crate) fn offered(possible: &[Column], shown: &[Column]) -> Vec<Offered> {
    let offer = |column: &Column| Offered { key: column.key(), label: column.label(), on: shown.contains(column) };
    possible.iter().map(offer).collect()
}

/// The name under which a person's choice is kept.
pub(crate) fn preference(schema: &Schema) -> String {
    format!("columns.{}", schema.id.0)
}
