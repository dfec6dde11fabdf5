//! What differs between two revisions of a post, whose fields are fixed.

use serde_json::Value;

use super::{Change, Difference, Named, text};
use crate::content::post::{Picture, Post};

/// Adds what differs beside title and slug, in the order of the form.
pub(super) fn compare(found: &mut Vec<Change>, old: &Value, new: &Value) {
    let (old, new) = (Post::read(old), Post::read(new));
    if old.body != new.body {
        push(found, "body", "Text", Difference::Rich { before: old.body, after: new.body });
    }
    let picture = |picture: Option<Picture>| picture.filter(|picture| !picture.url.is_empty());
    let (before, after) = (picture(old.featured_image), picture(new.featured_image));
    if before != after {
        push(found, "featured_image", "Featured image", Difference::Picture { before, after });
    }
    let named = |of, before, after| Difference::Named { of, before, after };
    if old.author != new.author {
        push(found, "author", "Author", named(Named::Author, vec![old.author], vec![new.author]));
    }
    if old.categories != new.categories {
        push(found, "categories", "Categories", named(Named::Category, old.categories, new.categories));
    }
    if old.tags != new.tags {
        push(found, "tags", "Tags", named(Named::Tag, old.tags, new.tags));
    }
    text(found, "summary", "Summary", &old.summary, &new.summary);
    text(found, "seo_title", "SEO title", &old.seo_title, &new.seo_title);
    text(found, "meta_description", "Meta description", &old.meta_description, &new.meta_description);
}

fn push(found: &mut Vec<Change>, path: &str, label: &str, what: Difference) {
    found.push(Change { path: path.into(), labels: vec![label.into()], what });
}
