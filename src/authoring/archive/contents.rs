//! Reading the files of an archive that fit into memory: all but the entries.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::unpack::is_hash;
use super::{
    AUTHORS, FOLDERS, FORMAT, Files, FolderLine, Lines, MANIFEST, MEDIA, MEDIA_FOLDER, Manifest, MediaLine, MediaPart,
    REDIRECTS, RedirectLine, SCHEMA, SETTINGS,
};
use crate::authoring::Error;
use crate::content::definition::{Definition, Ids};
use crate::content::field::{Field, FieldId, FieldType};
use crate::content::post::{Author, Term};
use crate::content::redirect::{Rule, Table};
use crate::content::schema::Model;
use crate::content::settings::Setting;
use crate::content::slug::Slug;
use crate::store::MediaRow;

pub(super) fn read_manifest(files: &Files) -> Result<Manifest, Error> {
    let text = files
        .text(MANIFEST)?
        .ok_or_else(|| Error::Refused(format!("there is no {MANIFEST} in it: this is no archive of larder export")))?;
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

pub(super) fn read_model(files: &Files) -> Result<(Model, Ids), Error> {
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

pub(super) fn read_settings(files: &Files) -> Result<Map<String, Value>, Error> {
    let Some(text) = files.text(SETTINGS)? else { return Ok(Map::new()) };
    let settings: Map<String, Value> = serde_json::from_str(&text).map_err(|error| wrong(SETTINGS, error))?;
    for (name, value) in &settings {
        let setting = Setting::find(name).ok_or_else(|| wrong(SETTINGS, format!("there is no setting `{name}`")))?;
        setting.check(value).map_err(|error| wrong(SETTINGS, error))?;
    }
    Ok(settings)
}

pub(super) fn read_authors(files: &Files) -> Result<Vec<Author>, Error> {
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

pub(super) fn read_terms(files: &Files, name: &'static str) -> Result<Vec<Term>, Error> {
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

pub(super) fn read_redirects(files: &Files) -> Result<Vec<RedirectLine>, Error> {
    let (mut redirects, mut table) = (Vec::new(), Table::default());
    let mut lines: Lines<RedirectLine> = files.lines(REDIRECTS)?;
    while let Some(line) = lines.next()? {
        let to = line.to.clone().unwrap_or_default();
        let rule = Rule::parse(&line.from, &to, &line.status.number().to_string());
        let rule = rule.map_err(|wrong| lines.wrong(wrong.first().map_or("", |wrong| wrong.text.as_str())))?;
        let kept = rule.from == line.from && rule.to == line.to;
        if !kept || table.find(&line.from).is_some() {
            return Err(lines.wrong("its `from` is there twice, or an address is not written as larder writes it"));
        }
        table.put(rule).map_err(|wrong| lines.wrong(wrong.text))?;
        redirects.push(line);
    }
    Ok(redirects)
}

pub(super) fn read_optional<T: serde::de::DeserializeOwned>(
    files: &Files,
    name: &'static str,
) -> Result<Option<Vec<T>>, Error> {
    if files.open(name)?.is_none() {
        return Ok(None);
    }
    let (mut found, mut lines) = (Vec::new(), files.lines(name)?);
    while let Some(line) = lines.next()? {
        found.push(line);
    }
    Ok(Some(found))
}

pub(super) fn read_media(files: &Files) -> Result<Vec<MediaPart>, Error> {
    let (mut media, mut ids) = (Vec::new(), HashSet::new());
    let mut lines: Lines<MediaLine> = files.lines(MEDIA)?;
    while let Some(mut line) = lines.next()? {
        let row = &mut line.row;
        let fits = row.id.len() == 20 && row.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits || !ids.insert(row.id.clone()) {
            return Err(lines.wrong("an id has 20 letters and digits and is there once"));
        }
        let file = find_media(files, row).map_err(|why| lines.wrong(why))?;
        let (hash, size) = measure(files, &file)?;
        if !row.hash.is_empty() && row.hash != hash {
            return Err(lines.wrong(format!("{file} is damaged: its SHA-256 is {hash}")));
        }
        (row.hash, row.size) = (hash.clone(), size);
        // Earlier programs did not write it.
        row.updated = row.updated.max(row.created);
        let mut named = vec![(hash, file)];
        for version in &line.versions {
            named.push(find_version(files, &version.hash).map_err(|why| lines.wrong(why))?);
        }
        media.push(MediaPart { line, files: named });
    }
    Ok(media)
}

/// The folders without files, of archives that have them.
pub(super) fn read_folders(files: &Files) -> Result<Vec<FolderLine>, Error> {
    let mut folders = Vec::new();
    let mut lines: Lines<FolderLine> = files.lines(FOLDERS)?;
    while let Some(line) = lines.next()? {
        if line.folders.is_empty() || line.folders.iter().any(|name| name.trim().is_empty()) {
            return Err(lines.wrong("a folder has a name, and those it lies in have one too"));
        }
        folders.push(line);
    }
    Ok(folders)
}

/// The hash and name of an earlier version's file in the archive.
fn find_version(files: &Files, hash: &str) -> Result<(String, String), String> {
    let file = format!("{MEDIA_FOLDER}/{hash}");
    let there = is_hash(hash) && files.open(&file).map_err(|error| error.to_string())?.is_some();
    if !there {
        return Err(format!("the file of an earlier version is not in the archive: {file}"));
    }
    match measure(files, &file).map_err(|error| error.to_string())? {
        (found, _) if found == hash => Ok((found, file)),
        (found, _) => Err(format!("{file} is damaged: its SHA-256 is {found}")),
    }
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
