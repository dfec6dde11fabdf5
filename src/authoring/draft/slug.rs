//! URL names made from titles.

use crate::authoring::saving::check_slug;
use crate::content::entry::Entry;
use crate::content::schema::Schema;
use crate::content::slug::{MAX_LENGTH, Slug};
use crate::store::{Error, Read};

/// How many numbers are tried one by one.
const TRIES: u64 = 50;

/// A slug like the title that no other entry has: `plum-jam`, `plum-jam-2`.
pub(super) fn free_slug(read: &Read<'_>, schema: &Schema, entry: Option<&Entry>, title: &str) -> Result<String, Error> {
    let wanted = Slug::from_text(title);
    let is_free = |slug: &str| check_slug(read, schema, entry, slug).is_ok();
    if is_free(wanted.as_str()) {
        return Ok(wanted.to_string());
    }
    let short: String = wanted.as_str().chars().take(MAX_LENGTH - 20).collect();
    let numbered = |number: u64| format!("{short}-{number}");
    let near = (2..TRIES).map(numbered).find(|slug| is_free(slug));
    // Ids only grow: a slug with the next one is in nobody's use but by design.
    let next = read.last_ids()?.0.0.unsigned_abs() + 1;
    Ok(near.or_else(|| (next..).map(numbered).find(|slug| is_free(slug))).unwrap_or(short))
}
