//! Where things are in the dashboard.

use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::outbox::{ParcelId, TargetId};
use crate::content::schema::{Kind, Model, Schema};

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

/// The editor of an entry that is not there yet.
pub fn new(schema: &Schema) -> String {
    format!("/admin/c/{}/new", schema_name(schema))
}

/// Something that is done with an entry: `draft`, `save`, `history`.
pub fn of_entry(schema: &Schema, id: EntryId, what: &str) -> String {
    format!("{}/{what}", entry(schema, id))
}
