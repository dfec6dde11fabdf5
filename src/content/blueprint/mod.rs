//! A content model on the drawing board: its document, changed as a person changes it, before anything comes of it.
//!
//! The document is the complete one, with the ids of what is in force. What is new has none yet, and what is removed
//! stays in it, marked as dropped. [`as_file`] makes a schema file of it, which is what gets planned and applied.

mod fields;
mod file;
mod groups;
#[cfg(test)]
mod tests;

use super::definition::{Definition, GroupDefinition, Ids};
use super::schema::{Kind, Model};

pub use fields::{Beside, dropped, field_at};
pub use file::as_file;
pub use groups::{GroupTexts, UsedBy, uses, uses_of};

/// One of the lists that a model consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Page types.
    PageTypes,
    /// Single pages.
    SinglePages,
    /// Collections.
    Collections,
    /// Components.
    Components,
}

impl Shelf {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::PageTypes, Self::SinglePages, Self::Collections, Self::Components];

    /// What people call one of its groups.
    pub fn noun(self) -> &'static str {
        self.kind().map_or("component", Kind::noun)
    }

    /// What the entries of its groups are; components have none.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::PageTypes => Some(Kind::PageType),
            Self::SinglePages => Some(Kind::SinglePage),
            Self::Collections => Some(Kind::Collection),
            Self::Components => None,
        }
    }

    /// Its letter in addresses.
    pub fn letter(self) -> &'static str {
        match self {
            Self::PageTypes => "p",
            Self::SinglePages => "s",
            Self::Collections => "k",
            Self::Components => "c",
        }
    }

    /// The shelf with this letter.
    pub fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.letter() == letter)
    }
}

/// Where a group is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// On which shelf.
    pub shelf: Shelf,
    /// Under which key.
    pub key: String,
}

impl Spot {
    /// A group of a shelf.
    pub fn new(shelf: Shelf, key: impl Into<String>) -> Self {
        Self { shelf, key: key.into() }
    }
}

impl Definition {
    /// The groups of a shelf.
    pub fn shelf(&self, shelf: Shelf) -> &[GroupDefinition] {
        match shelf {
            Shelf::PageTypes => &self.page_types,
            Shelf::SinglePages => &self.single_pages,
            Shelf::Collections => &self.collections,
            Shelf::Components => &self.components,
        }
    }

    /// The groups of a shelf, to be changed.
    pub fn shelf_mut(&mut self, shelf: Shelf) -> &mut Vec<GroupDefinition> {
        match shelf {
            Shelf::PageTypes => &mut self.page_types,
            Shelf::SinglePages => &mut self.single_pages,
            Shelf::Collections => &mut self.collections,
            Shelf::Components => &mut self.components,
        }
    }

    /// A group.
    pub fn group(&self, spot: &Spot) -> Option<&GroupDefinition> {
        self.shelf(spot.shelf).iter().find(|group| group.key == spot.key)
    }

    /// A group, to be changed.
    ///
    /// # Errors
    /// A sentence when it is gone.
    fn group_mut(&mut self, spot: &Spot) -> Result<&mut GroupDefinition, String> {
        let gone = || format!("there is no {} `{}` any more", spot.shelf.noun(), spot.key);
        self.shelf_mut(spot.shelf).iter_mut().find(|group| group.key == spot.key).ok_or_else(gone)
    }

    /// Checks whether a model can be made of it.
    ///
    /// # Errors
    /// A sentence that names the first thing that cannot be.
    pub fn check(&self) -> Result<(), String> {
        self.made().map(|_| ())
    }

    /// The model as it would be, with made-up ids and without what is removed.
    ///
    /// # Errors
    /// As [`Definition::check`].
    pub fn made(&self) -> Result<Model, String> {
        as_file(&Self::empty(), self).to_model(&mut Ids::default())
    }
}
