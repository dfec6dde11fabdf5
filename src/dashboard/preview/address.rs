//! Filling in the pattern of an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::content::entry::EntryId;
use crate::content::schema::{Kind, Model, Schema};
use crate::dashboard::reach::Reached;

/// What stands for itself.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The address of an entry by a pattern such as `https://a.example/{slug}`. An item's slug is its id.
pub(in crate::dashboard) fn fill(
    pattern: &str,
    reached: &Reached,
    slug: Option<&str>,
    model: &Model,
    token: &str,
) -> String {
    let slug = slug.or(reached.entry.slug.as_deref());
    let filled = fill_places(pattern, &reached.schema, reached.entry.id, slug, model.locale_slug(reached.locale()));
    filled.replace("{token}", &utf8_percent_encode(token, PLAIN).to_string())
}

/// The same without the key to a draft, for what is live.
pub(in crate::dashboard) fn fill_places(
    pattern: &str,
    schema: &Schema,
    id: EntryId,
    slug: Option<&str>,
    locale: Option<&str>,
) -> String {
    let id = id.0.to_string();
    let kind = match schema.kind {
        Kind::Post => "post",
        _ => &schema.key,
    };
    let (slug, locale) = (slug.unwrap_or(&id), locale.unwrap_or_default());
    let mut filled = pattern.to_owned();
    for (place, value) in [("{slug}", slug), ("{type}", kind), ("{id}", &id), ("{locale}", locale)] {
        filled = filled.replace(place, &utf8_percent_encode(value, PLAIN).to_string());
    }
    filled
}
