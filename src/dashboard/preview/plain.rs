//! A draft as a plain page of our own, for people without an account whose site has no preview.

use serde::Serialize;

use crate::content::comparison::shown_text;
use crate::content::entry::{EntryId, Revision, View};
use crate::content::field::{FieldType, visit_fields};
use crate::content::markup::readable;
use crate::content::post::Post;
use crate::content::schema::Kind;
use crate::dashboard::error::Refused;
use crate::dashboard::reach::{Reached, title};
use crate::store::Read;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::dashboard) struct Part {
    label: String,
    /// `text`, `rich`, `picture` or `link`.
    kind: &'static str,
    /// Text; safe HTML of `rich`; the address of `picture` and `link`.
    value: String,
    alt: String,
}

/// Everything of a revision that people read, in the order of its form.
pub(in crate::dashboard) fn parts(
    read: &Read<'_>,
    reached: &Reached,
    revision: &Revision,
) -> Result<Vec<Part>, Refused> {
    let mut parts = Vec::new();
    if reached.schema.kind == Kind::Post {
        let post = Post::read(&revision.fields);
        if let Some(image) = post.featured_image {
            parts.push(picture("", &image.url, &image.alt));
        }
        parts.push(Part { label: "Summary".into(), kind: "text", value: post.summary, alt: String::new() });
        parts.push(Part { label: String::new(), kind: "rich", value: readable(&post.body), alt: String::new() });
    } else {
        let mut references = Vec::new();
        visit_fields(&reached.schema.fields, &revision.fields, read.model(), &mut |place| {
            let label = place.labels.join(" › ");
            let text = place.value.as_str().unwrap_or_default();
            match &place.field.kind {
                FieldType::Wysiwyg(_) => {
                    parts.push(Part { label, kind: "rich", value: readable(text), alt: String::new() });
                }
                FieldType::Media(_) => {
                    let part = |name| place.value[name].as_str().unwrap_or_default();
                    parts.push(picture(&label, part("url"), part("alt")));
                }
                FieldType::Reference(_) => {
                    let many = place.value.as_array().into_iter().flatten();
                    let ids = many.chain([place.value]).filter_map(serde_json::Value::as_i64);
                    references.push((parts.len(), ids.collect::<Vec<_>>()));
                    parts.push(Part { label, kind: "text", value: String::new(), alt: String::new() });
                }
                _ => {
                    let value = shown_text(place.field, place.value);
                    parts.push(Part { label, kind: "text", value, alt: String::new() });
                }
            }
        });
        for (place, ids) in references {
            parts[place].value = published_names(read, reached, &ids)?;
        }
    }
    parts.retain(|part| !part.value.trim().is_empty());
    Ok(parts)
}

fn picture(label: &str, url: &str, alt: &str) -> Part {
    // The page may show nothing but our own files.
    let kind = if url.starts_with("/media/") { "picture" } else { "link" };
    Part { label: label.into(), kind, value: url.into(), alt: alt.into() }
}

/// The names of what is linked to, as far as it is published.
fn published_names(read: &Read<'_>, reached: &Reached, ids: &[i64]) -> Result<String, Refused> {
    let mut names = Vec::new();
    for id in ids {
        let Some(entry) = read.entry(EntryId(*id))? else { continue };
        let live = read.version(&entry, reached.locale(), View::Live)?;
        let schema = read.model().schema(entry.schema);
        names.extend(live.zip(schema).map(|(live, schema)| title(schema, &live.revision)));
    }
    Ok(names.join(", "))
}
