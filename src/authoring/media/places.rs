//! Where a picture or file is used, as people call it.

use crate::authoring::draft::called;
use crate::authoring::{Authoring, Error};
use crate::content::definition::BLOG;
use crate::content::entry::{EntryId, View};
use crate::content::field::{Field, FieldType, visit_fields};
use crate::content::locale::LocaleId;
use crate::content::media::media_ids;
use crate::content::schema::Model;
use crate::store::{MediaUse, MediaUser, Read};

/// A place in which a picture or file is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPlace {
    /// The entry; `None` when an author uses it.
    pub entry: Option<EntryId>,
    /// In which locale.
    pub locale: LocaleId,
    /// The author's id; `None` when an entry uses it.
    pub author: Option<i64>,
    /// What the entry or author is called.
    pub title: String,
    /// What the field is called, from the outermost in; empty when the model does not know it any more.
    pub labels: Vec<String>,
    /// The field's address in the editor, such as `body[k3f9].image`; empty for authors.
    pub path: String,
    /// Whether readers see it; else only a draft uses it.
    pub live: bool,
}

impl Authoring {
    /// Where a picture or file is used, from a place on, and in how many places in all.
    ///
    /// # Errors
    /// `NotFound`; the database's.
    pub fn media_places(&self, id: &str, offset: usize, limit: usize) -> Result<(Vec<MediaPlace>, u64), Error> {
        self.store.read(|read| {
            let media = read.media_or_deleted(id)?.ok_or(Error::NotFound("picture or file"))?;
            let uses = read.media_uses(id, offset, limit)?;
            let places = uses.iter().map(|used| MediaPlace::of(read, id, used)).collect::<Result<_, _>>()?;
            Ok((places, media.uses))
        })
    }
}

impl MediaPlace {
    /// What a use is called.
    ///
    /// # Errors
    /// The database's.
    pub fn of(read: &Read<'_>, media: &str, used: &MediaUse) -> Result<Self, Error> {
        match used.by {
            MediaUser::Author(author) => Ok(Self {
                entry: None,
                locale: LocaleId(0),
                author: Some(author),
                title: read.author(author)?.map(|author| author.full_name()).unwrap_or_default(),
                labels: vec![if used.path == "bio" { "About them" } else { "Picture" }.to_owned()],
                path: String::new(),
                live: used.live,
            }),
            MediaUser::Entry(entry, locale) => of_entry(read, media, used, entry, locale),
        }
    }
}

fn of_entry(read: &Read<'_>, media: &str, used: &MediaUse, id: EntryId, locale: LocaleId) -> Result<MediaPlace, Error> {
    let mut place = MediaPlace {
        entry: Some(id),
        locale,
        author: None,
        title: String::new(),
        labels: Vec::new(),
        path: String::new(),
        live: used.live,
    };
    let Some(entry) = read.entry(id)? else { return Ok(place) };
    let model = read.model();
    let variant = read.variant(id, locale)?;
    let newest = variant.and_then(|variant| variant.draft.or(variant.live));
    let Some(revision) = newest.map_or(Ok(None), |newest| read.revision(newest))? else { return Ok(place) };
    place.title = called(model, &entry, &revision);
    if entry.schema == BLOG {
        let label = if used.path == "featured_image" { "Featured image" } else { "Text" };
        (place.path, place.labels) = (used.path.clone(), vec![label.to_owned()]);
        return Ok(place);
    }
    let Some(schema) = model.schema(entry.schema) else { return Ok(place) };
    let Some(field) = schema.fields.iter().find(|field| field.id.storage_key() == used.path) else { return Ok(place) };
    // What readers see may be gone from the draft.
    let live = read.version(&entry, locale, View::Live)?.map(|version| version.revision);
    let versions = [Some(&revision), live.as_ref()];
    let found = versions.into_iter().flatten().find_map(|revision| inside(field, &revision.fields, model, media));
    (place.path, place.labels) = found.unwrap_or_else(|| (field.key.clone(), vec![field.name.clone()]));
    Ok(place)
}

/// The first place within a field that names a picture or file.
fn inside(field: &Field, fields: &serde_json::Value, model: &Model, media: &str) -> Option<(String, Vec<String>)> {
    let mut found = None;
    visit_fields(std::slice::from_ref(field), fields, model, &mut |place| {
        let text = match &place.field.kind {
            FieldType::Media(_) => place.value["url"].as_str(),
            _ => place.value.as_str(),
        };
        if found.is_none() && text.is_some_and(|text| media_ids(text).any(|id| id == media)) {
            found = Some((place.path, place.labels));
        }
    });
    found
}
