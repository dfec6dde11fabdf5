//! Where readers find an entry on the site, by its `page_url` and `blog_url_prefix`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::entry::EntryId;
use super::locale::LocaleId;
use super::schema::{Kind, Model, Schema};
use super::settings::Settings;

/// Where readers find an entry, as a path of the site: below the blog's prefix for posts, by the site's
/// `page_url` for pages. Empty for items, which have no place of their own.
pub fn on_site(
    settings: &Settings,
    model: &Model,
    schema: &Schema,
    which: (EntryId, LocaleId),
    slug: Option<&str>,
) -> String {
    let path = asked_for(settings, model, schema, which, slug);
    path.map(|path| format!("/{}", path.trim_matches('/'))).unwrap_or_default()
}

/// The same as browsers ask for it: the site's pattern may end with a slash.
pub fn asked_for(
    settings: &Settings,
    model: &Model,
    schema: &Schema,
    (id, locale): (EntryId, LocaleId),
    slug: Option<&str>,
) -> Option<String> {
    let slug = slug.filter(|_| schema.kind != Kind::Collection)?;
    let address = match (schema.kind, &settings.page_url) {
        (Kind::Post, _) => format!("{}/{slug}", settings.blog_url_prefix.as_deref().unwrap_or_default()),
        (_, Some(pattern)) => {
            let locale = model.locale_slug(locale).unwrap_or_default();
            fill(pattern, &Placed { schema, slug, id, locale, token: "" })
        }
        (_, None) => slug.to_owned(),
    };
    // `https://example.com/blog/` is `/blog/` on the site.
    let path =
        address.split_once("://").map_or(address.as_str(), |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    Some(format!("/{}", path.trim_start_matches('/')).replace("//", "/"))
}

/// What stands for itself in an address that is made by a pattern.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What the places in a pattern stand for.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The type of the entry.
    pub schema: &'a Schema,
    /// Its slug; an item's is its id.
    pub slug: &'a str,
    /// Its id.
    pub id: EntryId,
    /// The slug of its locale.
    pub locale: &'a str,
    /// A key to its draft.
    pub token: &'a str,
}

/// The address by a pattern such as `https://a.example/{locale}/{slug}`.
pub fn fill(pattern: &str, placed: &Placed<'_>) -> String {
    let id = placed.id.0.to_string();
    let kind = if placed.schema.kind == Kind::Post { "post" } else { &placed.schema.key };
    let places = [
        ("{token}", placed.token),
        ("{slug}", placed.slug),
        ("{type}", kind),
        ("{id}", &id),
        ("{locale}", placed.locale),
    ];
    places.iter().fold(pattern.to_owned(), |filled, (place, value)| {
        filled.replace(place, &utf8_percent_encode(value, PLAIN).to_string())
    })
}
