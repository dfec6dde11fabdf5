//! Reading an archive from end to end before anything is written.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::lines::locale_of;
use super::unpack::is_hash;
use super::{
    AUTHORS, CATEGORIES, ENTRIES, EntryLine, FORMAT, Files, Lines, MANIFEST, MEDIA, MEDIA_FOLDER, Manifest, SCHEMA,
    SETTINGS, TAGS, TOKENS, USERS, VariantLine,
};
use crate::account::{ApiToken, User};
use crate::authoring::Error;
use crate::content::definition::{BLOG, Definition, Ids};
use crate::content::field::{Field, FieldId, FieldType};
use crate::content::post::{Author, Post, Term};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::settings::Setting;
use crate::content::slug::Slug;
use crate::store::MediaRow;

/// An archive that can be imported. Entries are not in memory: they are read again.
#[derive(Debug)]
pub struct Checked {
    pub(in crate::authoring) files: Files,
    pub(in crate::authoring) manifest: Manifest,
    pub(in crate::authoring) model: Model,
    pub(in crate::authoring) ids: Ids,
    pub(in crate::authoring) settings: Map<String, Value>,
    pub(in crate::authoring) authors: Vec<Author>,
    pub(in crate::authoring) categories: Vec<Term>,
    pub(in crate::authoring) tags: Vec<Term>,
    /// With the name of each file in the archive.
    pub(in crate::authoring) media: Vec<(MediaRow, String)>,
    /// Absent in archives without secrets.
    pub(in crate::authoring) users: Option<Vec<User>>,
    pub(in crate::authoring) tokens: Option<Vec<ApiToken>>,
}

impl Checked {
    /// Checks every file of an archive.
    ///
    /// # Errors
    /// `Refused` with the file, the line and what is wrong there.
    pub fn of(files: Files) -> Result<Self, Error> {
        let manifest = read_manifest(&files)?;
        let (model, ids) = read_model(&files)?;
        let checked = Self {
            settings: read_settings(&files)?,
            authors: read_authors(&files)?,
            categories: read_terms(&files, CATEGORIES)?,
            tags: read_terms(&files, TAGS)?,
            media: read_media(&files)?,
            users: read_optional(&files, USERS)?,
            tokens: read_optional(&files, TOKENS)?,
            manifest,
            model,
            ids,
            files,
        };
        checked.check_entries()?;
        Ok(checked)
    }

    fn check_entries(&self) -> Result<(), Error> {
        let mut seen = Seen::default();
        let people: HashSet<i64> = self.authors.iter().map(|author| author.id).collect();
        let mut lines: Lines<EntryLine> = self.files.lines(ENTRIES)?;
        while let Some(line) = lines.next()? {
            self.check_entry(&line, &mut seen, &people).map_err(|why| lines.wrong(why))?;
        }
        let lost = seen.groups.iter().find(|(original, _)| !seen.entries.contains(original));
        match lost {
            Some((original, post)) => Err(Error::Refused(format!(
                "{ENTRIES}: post {post} is a translation of {original}, which is not there"
            ))),
            None => Ok(()),
        }
    }

    fn check_entry(&self, line: &EntryLine, seen: &mut Seen, authors: &HashSet<i64>) -> Result<(), String> {
        let schema = parse_kind(&self.model, &line.kind).ok_or_else(|| format!("the schema has no `{}`", line.kind))?;
        if line.id <= 0 || !seen.entries.insert(line.id) {
            return Err(format!("the id {} is not positive or there twice", line.id));
        }
        if schema.kind == Kind::Collection && line.slug.is_some() {
            return Err("an item has no slug".into());
        }
        if let Some(slug) = &line.slug {
            Slug::parse(slug)?;
            if line.deleted.is_none() && !seen.slugs.insert((schema.id.0, slug.clone())) {
                return Err(format!("another entry has the slug `{slug}`"));
            }
        } else if schema.kind != Kind::Collection {
            return Err("a slug is missing".into());
        }
        seen.groups.extend(line.group.map(|original| (original, line.id)));
        for (locale, variant) in &line.locales {
            if locale_of(&self.model, locale).is_none() {
                return Err(format!("the schema has no locale `{locale}`"));
            }
            check_variant(variant, schema, seen, authors)?;
        }
        if line.locales.is_empty() { Err("it is written in no locale".into()) } else { Ok(()) }
    }
}

/// What must be unique over all entries.
#[derive(Default)]
struct Seen {
    entries: HashSet<i64>,
    revisions: HashSet<i64>,
    slugs: HashSet<(i64, String)>,
    /// Originals with a translation of each.
    groups: HashMap<i64, i64>,
}

fn check_variant(
    variant: &VariantLine,
    schema: &Schema,
    seen: &mut Seen,
    authors: &HashSet<i64>,
) -> Result<(), String> {
    for revision in &variant.revisions {
        if revision.id <= 0 || !seen.revisions.insert(revision.id) {
            return Err(format!("the revision id {} is not positive or there twice", revision.id));
        }
        let fields = revision.fields.as_object().ok_or("fields must be an object")?;
        if schema.id == BLOG {
            let post = Post::deserialize(&revision.fields).map_err(|error| format!("revision {}: {error}", revision.id))?;
            if !authors.is_empty() && !authors.contains(&post.author) {
                return Err(format!("there is no author {}", post.author));
            }
        } else {
            let unknown = fields.keys().find(|key| !key.starts_with('~') && !schema.fields().any(|f| f.key == **key));
            if let Some(key) = unknown {
                return Err(format!("{} `{}` has no field `{key}`", schema.kind.noun(), schema.key));
            }
        }
    }
    for wanted in [variant.live, variant.draft].into_iter().flatten() {
        if !variant.revisions.iter().any(|revision| revision.id == wanted) {
            return Err(format!("revision {wanted} is live or the draft, but not there"));
        }
    }
    if variant.live.is_none() && variant.draft.is_none() {
        return Err("neither a live revision nor a draft".into());
    }
    Ok(())
}

/// How archives name what an entry belongs to.
pub(crate) fn kind_of(schema: &Schema) -> String {
    match schema.kind {
        Kind::PageType => format!("page:{}", schema.key),
        Kind::SinglePage => format!("single:{}", schema.key),
        Kind::Collection => format!("item:{}", schema.key),
        Kind::Post => "post".into(),
    }
}

/// The schema that [`kind_of`] names.
pub(crate) fn parse_kind<'m>(model: &'m Model, kind: &str) -> Option<&'m Schema> {
    if kind == "post" {
        return model.schema(BLOG);
    }
    let (noun, key) = kind.split_once(':')?;
    let kind = match noun {
        "page" => Kind::PageType,
        "single" => Kind::SinglePage,
        "item" => Kind::Collection,
        _ => return None,
    };
    model.find(kind, key)
}

fn read_manifest(files: &Files) -> Result<Manifest, Error> {
    let text = files.text(MANIFEST)?.ok_or_else(|| {
        Error::Refused(format!("there is no {MANIFEST} in it: this is no archive of larder export"))
    })?;
    // The format first: a newer one may have other members.
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(MANIFEST, error))?;
    let format = value["format"].as_u64().ok_or_else(|| wrong(MANIFEST, "the format is missing"))?;
    if format > u64::from(FORMAT) {
        return Err(Error::Refused(format!(
            "the archive was made by a newer larder ({}; its format is {format}, this one reads up to {FORMAT}): \
             import it with that version",
            value["larder"].as_str().unwrap_or("version unknown")
        )));
    }
    Manifest::deserialize(&value).map_err(|error| wrong(MANIFEST, error))
}

fn read_model(files: &Files) -> Result<(Model, Ids), Error> {
    let text = files.text(SCHEMA)?.unwrap_or_else(|| r#"{"larder_schema":1}"#.into());
    let definition = Definition::parse(&text).map_err(|error| wrong(SCHEMA, error))?;
    let mut ids = Ids::free_in(&definition);
    let model = definition.to_model(&mut ids).map_err(|error| wrong(SCHEMA, error))?;
    refuse_doubled_ids(&model).map_err(|error| wrong(SCHEMA, error))?;
    Ok((model, ids))
}

fn refuse_doubled_ids(model: &Model) -> Result<(), String> {
    fn fields(list: &[Field], seen: &mut HashSet<FieldId>) -> Result<(), String> {
        for field in list {
            if !seen.insert(field.id) {
                return Err(format!("the field id {} is there twice", field.id.0));
            }
            if let FieldType::Repeater(repeater) = &field.kind {
                fields(&repeater.fields, seen)?;
            }
        }
        Ok(())
    }
    let mut seen = HashSet::new();
    let mut groups = HashSet::new();
    let ids = model.schemas.iter().map(|schema| schema.id.0).chain(model.components.iter().map(|c| c.id.0));
    for id in ids {
        if !groups.insert(id) {
            return Err(format!("the id {id} is there twice"));
        }
    }
    model.schemas.iter().try_for_each(|schema| fields(&schema.fields, &mut seen))?;
    model.components.iter().try_for_each(|component| fields(&component.fields, &mut seen))
}

fn read_settings(files: &Files) -> Result<Map<String, Value>, Error> {
    let Some(text) = files.text(SETTINGS)? else { return Ok(Map::new()) };
    let settings: Map<String, Value> = serde_json::from_str(&text).map_err(|error| wrong(SETTINGS, error))?;
    for (name, value) in &settings {
        let setting = Setting::find(name).ok_or_else(|| wrong(SETTINGS, format!("there is no setting `{name}`")))?;
        setting.check(value).map_err(|error| wrong(SETTINGS, error))?;
    }
    Ok(settings)
}

fn read_authors(files: &Files) -> Result<Vec<Author>, Error> {
    let (mut authors, mut ids, mut slugs) = (Vec::new(), HashSet::new(), HashSet::new());
    let mut lines: Lines<Author> = files.lines(AUTHORS)?;
    while let Some(author) = lines.next()? {
        Slug::parse(&author.slug).map_err(|why| lines.wrong(why))?;
        if author.id <= 0 || !ids.insert(author.id) || !slugs.insert(author.slug.clone()) {
            return Err(lines.wrong("its id or slug is there twice, or the id is not positive"));
        }
        authors.push(author);
    }
    Ok(authors)
}

fn read_terms(files: &Files, name: &'static str) -> Result<Vec<Term>, Error> {
    let (mut terms, mut ids, mut slugs) = (Vec::new(), HashSet::new(), HashSet::new());
    let mut lines: Lines<Term> = files.lines(name)?;
    while let Some(term) = lines.next()? {
        Slug::parse(&term.slug).map_err(|why| lines.wrong(why))?;
        if term.id <= 0 || !ids.insert(term.id) || !slugs.insert(term.slug.clone()) {
            return Err(lines.wrong("its id or slug is there twice, or the id is not positive"));
        }
        terms.push(term);
    }
    Ok(terms)
}

fn read_optional<T: serde::de::DeserializeOwned>(files: &Files, name: &'static str) -> Result<Option<Vec<T>>, Error> {
    if files.open(name)?.is_none() {
        return Ok(None);
    }
    let (mut found, mut lines) = (Vec::new(), files.lines(name)?);
    while let Some(line) = lines.next()? {
        found.push(line);
    }
    Ok(Some(found))
}

fn read_media(files: &Files) -> Result<Vec<(MediaRow, String)>, Error> {
    let (mut media, mut ids) = (Vec::new(), HashSet::new());
    let mut lines: Lines<MediaRow> = files.lines(MEDIA)?;
    while let Some(mut row) = lines.next()? {
        let fits = row.id.len() == 20 && row.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits || !ids.insert(row.id.clone()) {
            return Err(lines.wrong("an id has 20 letters and digits and is there once"));
        }
        let file = find_media(files, &row).map_err(|why| lines.wrong(why))?;
        let (hash, size) = measure(files, &file)?;
        if !row.hash.is_empty() && row.hash != hash {
            return Err(lines.wrong(format!("{file} is damaged: its SHA-256 is {hash}")));
        }
        (row.hash, row.size) = (hash, size);
        media.push((row, file));
    }
    Ok(media)
}

/// The name of a file in the archive: by hash, or by file name where people put it.
fn find_media(files: &Files, row: &MediaRow) -> Result<String, String> {
    let plain = |name: &str| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    let by_hash = is_hash(&row.hash).then_some(&row.hash);
    let by_name = plain(&row.filename).then_some(&row.filename);
    for name in [by_hash, by_name].into_iter().flatten() {
        let file = format!("{MEDIA_FOLDER}/{name}");
        if files.open(&file).map_err(|error| error.to_string())?.is_some() {
            return Ok(file);
        }
    }
    Err(format!("the file of {} is not in the archive", row.filename))
}

fn measure(files: &Files, name: &str) -> Result<(String, u64), Error> {
    let mut digest = Sha256::new();
    let mut file = files.open(name)?.ok_or_else(|| wrong(name, "it is not there"))?;
    let mut size = 0;
    loop {
        let chunk = file.fill_buf().map_err(|error| wrong(name, error))?;
        if chunk.is_empty() {
            break;
        }
        digest.update(chunk);
        let length = chunk.len();
        size += length as u64;
        file.consume(length);
    }
    let hash = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hash, size))
}

fn wrong(name: &str, why: impl std::fmt::Display) -> Error {
    Error::Refused(format!("{name}: {why}"))
}
