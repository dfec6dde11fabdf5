//! Filling in the pattern of an address.

use crate::content::place::{self, Placed};
use crate::content::schema::Model;
use crate::dashboard::reach::Reached;

/// The address of an entry by a pattern such as `https://a.example/{slug}`. An item's slug is its id.
pub(in crate::dashboard) fn fill(
    pattern: &str,
    reached: &Reached,
    slug: Option<&str>,
    model: &Model,
    token: &str,
) -> String {
    let id = reached.entry.id;
    let own = id.0.to_string();
    let slug = slug.or(reached.entry.slug.as_deref()).unwrap_or(&own);
    let locale = model.locale_slug(reached.locale()).unwrap_or_default();
    place::fill(pattern, &Placed { schema: &reached.schema, slug, id, locale, token })
}
