//! Where things are in the dashboard.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::outbox::{ParcelId, TargetId};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::settings::Settings;

/// The start page.
pub const HOME: &str = "/admin";
/// The sign-in page.
pub const SIGN_IN: &str = "/admin/sign-in";
/// Its second step.
pub const SECOND_STEP: &str = "/admin/sign-in/code";

/// Setting the site up.
pub const SETUP: &str = "/admin/setup";
/// Showing the site's content on a website.
pub const WELCOME: &str = "/admin/welcome";
/// Who works on the site.
pub const PEOPLE: &str = "/admin/people";
/// Asking the API.
pub const EXPLORE: &str = "/admin/explore";
/// Who did what.
pub const AUDIT: &str = "/admin/audit";
/// The keys of programs.
pub const TOKENS: &str = "/admin/tokens";
/// One's own account.
pub const ACCOUNT: &str = "/admin/account";
/// What one shows beside the password.
pub const SECOND_FACTOR: &str = "/admin/account/second-factor";
/// The site's settings.
pub const SETTINGS: &str = "/admin/settings";
/// How backups are made and stand.
pub const BACKUP: &str = "/admin/settings#backup";

/// What stands in front of the site.
pub const CDN: &str = "/admin/settings/cdn";

/// Where visitors of old addresses are sent.
pub const REDIRECTS: &str = "/admin/settings/redirects";

/// Programs that are told of changes.
pub const WEBHOOKS: &str = "/admin/settings/webhooks";

/// A webhook with its log.
pub fn webhook(id: TargetId) -> String {
    format!("{WEBHOOKS}/{}", id.0)
}

/// What was sent to a webhook, with every attempt.
pub fn sent_to_webhook(id: TargetId, parcel: ParcelId) -> String {
    format!("{WEBHOOKS}/{}/log/{}", id.0, parcel.0)
}

/// Where the person is invited whose link has this secret.
pub fn invite(secret: &str) -> String {
    format!("/admin/invite/{secret}")
}

/// Where the person chooses a new password whose link has this secret.
pub fn reset(secret: &str) -> String {
    format!("/admin/reset/{secret}")
}

/// Where the first account is made with this code.
pub fn setup(code: &str) -> String {
    format!("{SETUP}?code={code}")
}

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

/// The editor of an entry in a locale.
pub fn entry_in(schema: &Schema, id: EntryId, model: &Model, locale: LocaleId) -> String {
    match model.locale_slug(locale).filter(|_| model.locales.len() > 1) {
        Some(slug) => format!("{}?locale={slug}", entry(schema, id)),
        None => entry(schema, id),
    }
}

/// What was deleted.
pub const TRASH: &str = "/admin/trash";

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

/// The editor of an entry that is not there yet.
pub fn new(schema: &Schema) -> String {
    format!("/admin/c/{}/new", schema_name(schema))
}

/// Something that is done with an entry: `draft`, `save`, `history`.
pub fn of_entry(schema: &Schema, id: EntryId, what: &str) -> String {
    format!("{}/{what}", entry(schema, id))
}
