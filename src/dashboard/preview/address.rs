//! Filling in the pattern of an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::content::schema::{Kind, Model};
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
    let id = reached.entry.id.0.to_string();
    let kind = match reached.schema.kind {
        Kind::Post => "post",
        _ => &reached.schema.key,
    };
    let slug = slug.or(reached.entry.slug.as_deref()).unwrap_or(&id);
    let locale = model.locale_slug(reached.locale()).unwrap_or_default();
    let mut filled = pattern.to_owned();
    for (place, value) in [("{token}", token), ("{slug}", slug), ("{type}", kind), ("{id}", &id), ("{locale}", locale)]
    {
        filled = filled.replace(place, &utf8_percent_encode(value, PLAIN).to_string());
    }
    filled
}
