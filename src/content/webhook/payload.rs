//! What webhooks are sent: the shapes of ButterCMS, keys in the order in which its documentation shows them.

use serde_json::{Value, json};

use super::Event;
use crate::content::entry::EntryId;
use crate::content::moment::Moment;

/// What is posted: what happened, and to whom it is told.
pub fn envelope(data: &Value, event: &str, target: &str) -> Value {
    json!({"data": data, "webhook": {"event": event, "target": target}})
}

/// How an entry stands after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `draft`, `published`, `scheduled` or `deleted`.
    pub status: &'static str,
    /// When it was changed last.
    pub updated: Moment,
    /// When it went live, if it is.
    pub published: Option<Moment>,
    /// When it will go live, if it will by itself.
    pub scheduled: Option<Moment>,
}

/// Who did it, when, and in which language; the default one is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed<'a> {
    /// The name of a person or a token.
    pub editor: &'a str,
    /// When.
    pub at: Moment,
    /// The name of the language.
    pub locale: Option<&'a str>,
}

/// Something happened to a page. `page_type` is `*` for single pages.
pub fn page(entry: EntryId, slug: &str, page_type: &str, name: &str, deed: Deed<'_>, standing: Standing) -> Value {
    json!({
        "id": slug,
        "buttercms_id": entry.0,
        "page_type": page_type,
        "editor": deed.editor,
        "name": name,
        "timestamp": deed.at.to_plain(),
        "locale": deed.locale,
        "status": standing.status,
        "updated": standing.updated,
        "published": standing.published,
        "scheduled": standing.scheduled,
    })
}

/// Something happened to a post; to a translation when it names a language.
pub fn post(entry: EntryId, slug: &str, locale: Option<&str>) -> Value {
    let mut post = json!({"id": slug, "_id": entry.0});
    if let Some(locale) = locale {
        post["locale"] = json!(locale);
    }
    post
}

/// Something happened to an item of the collection with this key.
pub fn item(entry: EntryId, key: &str, label: &str, deed: Deed<'_>, status: &str) -> Value {
    json!({
        "id": key,
        "itemid": format!("/v2/content/?keys={key}[_id={}]", entry.0),
        "label": label,
        "editor": deed.editor,
        "timestamp": deed.at.to_plain(),
        "locale": deed.locale,
        "status": status,
    })
}

/// A video was uploaded.
pub fn video(id: &str, number: u64, filename: &str, size: u64, url: &str) -> Value {
    json!({"id": id, "media_id": number, "filename": filename, "size": size, "url": url})
}

/// What a test sends: how it looks when this happens.
pub fn sample(event: Event, now: Moment) -> Value {
    let deed = Deed { editor: "Sample Editor", at: now, locale: None };
    let standing =
        |status| Standing { status, updated: now, published: (status == "published").then_some(now), scheduled: None };
    let sample_page = |status| page(EntryId(0), "sample-page", "landing_page", "Sample page", deed, standing(status));
    let sample_post = |locale| post(EntryId(0), "sample-post", locale);
    let sample_item = |status| item(EntryId(0), "sample_collection", "Sample item", deed, status);
    match event {
        Event::PagePublished => sample_page("published"),
        Event::PageDraft | Event::PageUnpublished => sample_page("draft"),
        Event::PageDelete => sample_page("deleted"),
        Event::PostPublished | Event::PostDraft | Event::PostDelete => sample_post(None),
        Event::TranslationPublished | Event::TranslationDraft | Event::TranslationDelete => sample_post(Some("es")),
        Event::ItemPublished => sample_item("published"),
        Event::ItemDraft | Event::ItemUnpublished => sample_item("draft"),
        Event::ItemDelete => sample_item("deleted"),
        Event::VideoUploaded => {
            video("sample0000000000vide", 0, "sample.mp4", 1_048_576, "https://example.com/media/sample")
        }
    }
}
