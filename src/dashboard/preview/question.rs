//! The question by which a site asks for one entry.

use crate::content::entry::View;
use crate::content::schema::Kind;
use crate::dashboard::error::Refused;
use crate::dashboard::reach::Reached;
use crate::delivery::{ANY, LEVELS, Look, OneItem, OnePage, OnePost, Query};
use crate::store::Read;

/// The question for what is live of an entry, or for its newest version.
///
/// # Errors
/// The database's; 404 when there is no version.
pub(super) fn of(read: &Read<'_>, reached: &Reached, view: View) -> Result<Query, Refused> {
    let asked = if view == View::Newest { reached.newest(read)?.slug } else { None };
    let slug = asked.or_else(|| reached.entry.slug.clone()).unwrap_or_default();
    let locale = read.model().locale_slug(reached.locale()).map(str::to_owned);
    let look = Look { view, locale: locale.clone(), levels: LEVELS, alt: false };
    let key = reached.schema.key.clone();
    Ok(match reached.schema.kind {
        Kind::Post => Query::Post(OnePost { slug, view, locale: None }),
        Kind::PageType => Query::Page(OnePage { page_type: key, slug, look }),
        Kind::SinglePage => Query::Page(OnePage { page_type: ANY.into(), slug, look }),
        Kind::Collection => Query::Item(OneItem { key, id: reached.entry.id, look }),
    })
}
