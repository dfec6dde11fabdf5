//! A site as files: what an archive holds, whether packed, in a folder or inside the program.

mod check;
mod contents;
mod files;
mod lines;
mod media;
mod unpack;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content::moment::Moment;
use crate::content::redirect::Status;

pub use check::Checked;
pub(super) use check::{kind_of, parse_kind};
pub use files::Files;
pub(super) use files::Lines;
pub(super) use lines::EntryParts;
pub(super) use media::{FolderLine, MediaLine, MediaPart, empty_folders, folder_at};

/// The version of the format.
pub(super) const FORMAT: u32 = 1;

pub(super) const MANIFEST: &str = "larder.json";
pub(super) const SCHEMA: &str = "schema.json";
pub(super) const SETTINGS: &str = "settings.json";
pub(super) const AUTHORS: &str = "authors.jsonl";
pub(super) const CATEGORIES: &str = "categories.jsonl";
pub(super) const TAGS: &str = "tags.jsonl";
pub(super) const REDIRECTS: &str = "redirects.jsonl";
pub(super) const MEDIA: &str = "media.jsonl";
/// Folders of the library in which nothing lies.
pub(super) const FOLDERS: &str = "folders.jsonl";
pub(super) const USERS: &str = "users.jsonl";
pub(super) const TOKENS: &str = "tokens.jsonl";
pub(super) const ENTRIES: &str = "entries.jsonl";
/// The folder of the files that `media.jsonl` describes.
pub(super) const MEDIA_FOLDER: &str = "media";

/// `larder.json`: what made the archive, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the format.
    pub format: u32,
    /// The version of larder.
    pub larder: String,
    /// When it was made.
    pub exported: Moment,
    /// When the site was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Moment>,
}

/// A line of `redirects.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedirectLine {
    /// What visitors asked for.
    pub(super) from: String,
    /// Where they are sent; `null` when nothing is there any more.
    pub(super) to: Option<String>,
    /// What hosts answer with.
    pub(super) status: Status,
    /// Who set it.
    pub(super) by: String,
    /// When.
    pub(super) at: Moment,
}

/// A line of `entries.jsonl`: a page, item or post with its whole history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine {
    /// Unique over the site.
    pub id: i64,
    /// `page:<type>`, `single:<key>`, `item:<collection>` or `post`.
    pub kind: String,
    /// `null` for items.
    pub slug: Option<String>,
    /// The slug that a draft asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_slug: Option<String>,
    /// When it was made.
    pub created: Moment,
    /// Its place in the manual order.
    pub position: i64,
    /// When it was deleted.
    #[serde(default)]
    pub deleted: Option<Moment>,
    /// When it was put aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<Moment>,
    /// The post it is a translation of.
    #[serde(default)]
    pub group: Option<i64>,
    /// By locale; `""` on a site without locales.
    pub locales: BTreeMap<String, VariantLine>,
}

/// An entry in one locale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantLine {
    /// When it first went live.
    #[serde(default)]
    pub published: Option<Moment>,
    /// When it last changed.
    pub updated: Moment,
    /// When the draft goes live.
    #[serde(default)]
    pub scheduled: Option<Moment>,
    /// Whether visitors of an address that changes then are sent along.
    #[serde(default)]
    pub along: bool,
    /// When it is taken off.
    #[serde(default)]
    pub unpublish: Option<Moment>,
    /// Where its visitors are sent then.
    #[serde(default)]
    pub send_to: Option<String>,
    /// The live revision.
    #[serde(default)]
    pub live: Option<i64>,
    /// The draft revision.
    #[serde(default)]
    pub draft: Option<i64>,
    /// Oldest first.
    pub revisions: Vec<RevisionLine>,
}

/// A saved copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevisionLine {
    /// Unique over the site.
    pub id: i64,
    /// When it was saved.
    pub at: Moment,
    /// Who saved it.
    pub by: String,
    /// What for.
    pub why: String,
    /// What a person called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// The page's name or the post's title; empty for items.
    #[serde(default)]
    pub name: String,
    /// The slug it was saved with.
    #[serde(default)]
    pub slug: Option<String>,
    /// Values by field key.
    pub fields: Value,
}
