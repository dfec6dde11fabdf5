//! Where things are in the dashboard.

use crate::content::entry::EntryId;
use crate::content::schema::{Kind, Model, Schema};

/// The start page.
pub const HOME: &str = "/admin";
/// The sign-in page.
pub const SIGN_IN: &str = "/admin/sign-in";

/// A schema's name in addresses: `posts`, `p.landing`, `s.about`, `k.people`.
pub fn schema_name(schema: &Schema) -> String {
    match schema.kind {
        Kind::Post => "posts".into(),
        Kind::PageType => format!("p.{}", schema.key),
        Kind::SinglePage => format!("s.{}", schema.key),
        Kind::Collection => format!("k.{}", schema.key),
    }
}

/// The schema with this name in addresses.
pub fn schema_named<'m>(model: &'m Model, name: &str) -> Option<&'m Schema> {
    if name == "posts" {
        return model.schemas.iter().find(|schema| schema.kind == Kind::Post);
    }
    let (kind, key) = name.split_once('.')?;
    let kind = match kind {
        "p" => Kind::PageType,
        "s" => Kind::SinglePage,
        "k" => Kind::Collection,
        _ => return None,
    };
    model.find(kind, key)
}

/// The list of a schema's entries; a single page's editor.
pub fn list(schema: &Schema) -> String {
    format!("/admin/c/{}", schema_name(schema))
}

/// The editor of an entry.
pub fn entry(schema: &Schema, id: EntryId) -> String {
    format!("/admin/c/{}/{}", schema_name(schema), id.0)
}

/// The editor of an entry that is not there yet.
pub fn new(schema: &Schema) -> String {
    format!("/admin/c/{}/new", schema_name(schema))
}
