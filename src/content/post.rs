//! Blog posts: their fixed fields, and the people and words they are filed under.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The values of a post, stored as the `fields` of its revision. Everything absent is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Post {
    /// Shown title.
    pub title: String,
    /// HTML.
    pub body: String,
    /// Plain text.
    pub summary: String,
    /// Title for search engines.
    pub seo_title: String,
    /// Description for search engines.
    pub meta_description: String,
    /// Picture, if any.
    pub featured_image: Option<Picture>,
    /// Who wrote it: an author's id.
    pub author: i64,
    /// Categories by id, in order.
    pub categories: Vec<i64>,
    /// Tags by id, in order.
    pub tags: Vec<i64>,
}

/// A picture's address and its alternative text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// `/media/<id>` for our own, else absolute.
    pub url: String,
    /// Alternative text; empty = the picture's own.
    #[serde(default)]
    pub alt: String,
    /// Adds nothing to what the words say: it has no alternative text, not even its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decorative: bool,
}

impl Picture {
    /// What is said of the picture where it is used, `""` of a decorative one; `None` leaves it to its own text.
    pub fn said(&self) -> Option<&str> {
        if self.decorative { Some("") } else { Some(self.alt.as_str()).filter(|alt| !alt.trim().is_empty()) }
    }
}

impl Post {
    /// Reads the values stored in a revision.
    pub fn read(fields: &Value) -> Self {
        Self::deserialize(fields).unwrap_or_default()
    }

    /// The values to store in a revision.
    pub fn write(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// Who writes posts. Texts are empty when unknown, never absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Author {
    /// Never changes.
    pub id: i64,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Shown to everybody by the API.
    pub email: String,
    /// URL name.
    pub slug: String,
    /// About them.
    pub bio: String,
    /// Their role.
    pub title: String,
    /// Address of a profile.
    pub linkedin_url: String,
    /// Address of a profile.
    pub facebook_url: String,
    /// Address of a profile.
    pub instagram_url: String,
    /// Address of a profile.
    pub pinterest_url: String,
    /// Without `@`.
    pub twitter_handle: String,
    /// Address of a picture.
    pub profile_image: String,
}

impl Author {
    /// The author every new site has, for posts that name none.
    pub fn of_new_site() -> Self {
        Self { first_name: "Editor".into(), slug: "editor".into(), ..Self::default() }
    }

    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// Whether a term is a category or a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Filing {
    /// A category.
    Category,
    /// A tag.
    Tag,
}

/// A category or tag.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Never changes.
    pub id: i64,
    /// What people read.
    pub name: String,
    /// URL name.
    pub slug: String,
}
