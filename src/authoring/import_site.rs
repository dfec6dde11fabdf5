//! Filling a site from an archive.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::archive::{ENTRIES, EntryLine, EntryParts, Lines, RedirectLine, folder_at, parse_kind};
use super::media::{clean_copy, keep_copy, unfinished};
use super::single::make_single_pages;
use super::{Authoring, Error, Signature};
use crate::account::{ApiToken, Deed, User};
use crate::content::entry::{EntryId, Revision, RevisionId};
use crate::content::post::Filing;
use crate::content::redirect::Rule;
use crate::content::schema::Model;
use crate::media::kind::Kind;
use crate::store::{MediaRow, Read, Write};

pub use super::archive::Checked;

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Pages, items and posts.
    pub entries: u64,
    /// Pictures and files.
    pub media: u64,
}

impl Authoring {
    /// Fills the site from an archive: all of it or nothing. With `replace`, what the site holds goes
    /// first. Files are put into `media`, where they do no harm should the rest fail.
    ///
    /// # Errors
    /// `Refused` when the site is not empty and `replace` is not given; the database's.
    pub fn import_site(
        &self,
        mut archive: Checked,
        replace: bool,
        media: &Path,
        signature: Signature,
    ) -> Result<Imported, Error> {
        self.store().read(|read| if replace { Ok(()) } else { refuse_content(read, &archive) })?;
        copy_media(&mut archive, media)?;
        let imported = self.write(&signature.clone(), move |write| {
            if !replace {
                refuse_content(write, &archive)?;
            }
            let imported = fill(write, &archive, &signature)?;
            write.record(Deed::Imported, "", &json!({"entries": imported.entries, "files": imported.media}))?;
            Ok(imported)
        });
        self.rest();
        imported
    }

    /// Fills a site that is being set up: people and tokens it has stay, those of the archive join them, and
    /// so it is with settings.
    ///
    /// # Errors
    /// `Refused` when the site has content; the database's.
    pub fn import_first(&self, mut archive: Checked, media: &Path, signature: Signature) -> Result<Imported, Error> {
        let (users, tokens) = (archive.users.take(), archive.tokens.take());
        self.store().read(|read| refuse_content(read, &archive))?;
        copy_media(&mut archive, media)?;
        let imported = self.write(&signature.clone(), move |write| {
            refuse_content(write, &archive)?;
            let settings = write.settings()?;
            let imported = fill(write, &archive, &signature)?;
            keep_settings(write, &settings, &archive.settings)?;
            join(write, users.unwrap_or_default(), tokens.unwrap_or_default())?;
            write.record(Deed::Imported, "", &json!({"entries": imported.entries, "files": imported.media}))?;
            Ok(imported)
        });
        self.rest();
        imported
    }

    /// A process that goes on gives back the memory that filling a site took.
    pub(super) fn rest(&self) {
        let rested: Result<(), Error> = self.store.write(|write| Ok(write.rest()?));
        if let Err(error) = rested {
            tracing::warn!(%error, "the memory that an import took is kept");
        }
    }
}

/// Puts settings back that nothing else has set.
pub(super) fn keep_settings(
    write: &mut Write<'_>,
    kept: &Map<String, Value>,
    set: &Map<String, Value>,
) -> Result<(), Error> {
    for (name, value) in kept.iter().filter(|(name, _)| !set.contains_key(*name)) {
        write.put_setting(name, Some(value))?;
    }
    Ok(())
}

/// Adds people and tokens beside those that are there, which keep their addresses and numbers.
fn join(write: &mut Write<'_>, users: Vec<User>, tokens: Vec<ApiToken>) -> Result<(), Error> {
    for user in users {
        if write.user_by_email(&user.email)?.is_none() {
            write.add_user(&User { id: 0, ..user })?;
        }
    }
    let known = write.tokens()?;
    for token in tokens.into_iter().filter(|token| known.iter().all(|known| known.hash != token.hash)) {
        write.add_token(&ApiToken { id: 0, ..token })?;
    }
    Ok(())
}

/// A site may hold what every new site has: one author, and single pages nobody has written.
pub(super) fn refuse_content(read: &Read<'_>, archive: &Checked) -> Result<(), Error> {
    let full = !read.all_entries(EntryId(0), 1)?.is_empty()
        || read.model().schemas.len() > 1
        || read.authors()?.len() > 1
        || !read.terms(Filing::Category)?.is_empty()
        || !read.terms(Filing::Tag)?.is_empty()
        || !read.all_media()?.is_empty();
    if full {
        return Err(Error::Refused(
            "the site has content already: import into a new folder, or replace everything in it with --replace".into(),
        ));
    }
    let people = archive.users.is_some() && !read.users()?.is_empty();
    let tokens = archive.tokens.is_some() && !read.tokens()?.is_empty();
    if people || tokens {
        return Err(Error::Refused(
            "site and archive both have accounts or tokens: import into a new folder, or replace them with --replace"
                .into(),
        ));
    }
    Ok(())
}

pub(super) fn fill(write: &mut Write<'_>, archive: &Checked, signature: &Signature) -> Result<Imported, Error> {
    let default_authors = write.authors()?;
    write.touch_everything();
    write.wipe_content()?;
    if archive.users.is_some() || archive.tokens.is_some() {
        write.wipe_accounts()?;
    }
    write.put_model(archive.model.clone(), &archive.ids)?;
    write.put_site_created(archive.manifest.created.unwrap_or(signature.at))?;
    for (name, value) in &archive.settings {
        write.put_setting(name, Some(value))?;
    }
    let authors = if archive.authors.is_empty() { &default_authors } else { &archive.authors };
    for author in authors {
        write.add_author(author)?;
    }
    for (filing, terms) in [(Filing::Category, &archive.categories), (Filing::Tag, &archive.tags)] {
        for term in terms {
            write.add_term(filing, term)?;
        }
    }
    for RedirectLine { from, to, status, by, at } in &archive.redirects {
        let rule = Rule { from: from.clone(), to: to.clone(), status: *status };
        write.put_redirect(&rule, by, *at)?;
    }
    for part in &archive.media {
        part.line.put(write)?;
    }
    for line in &archive.folders {
        folder_at(write, &line.folders)?;
    }
    for user in archive.users.iter().flatten() {
        write.add_user(user)?;
    }
    for token in archive.tokens.iter().flatten() {
        write.add_token(token)?;
    }
    let entries = add_entries(write, archive)?;
    make_single_pages(write, signature)?;
    Ok(Imported { entries, media: archive.media.len() as u64 })
}

fn add_entries(write: &mut Write<'_>, archive: &Checked) -> Result<u64, Error> {
    let model = write.model().clone();
    let mut lines: Lines<EntryLine> = archive.files.lines(ENTRIES)?;
    let mut count = 0;
    // A translation may stand before its original, which must be there when it is named.
    let mut translations = Vec::new();
    while let Some(line) = lines.next()? {
        let mut parts = parts_of(line, &model)?;
        if let Some(original) = parts.entry.group.take() {
            translations.push((parts.entry.id, original));
        }
        add_entry(write, parts)?;
        count += 1;
    }
    for (post, original) in translations {
        if let Some(mut entry) = write.entry(post)? {
            entry.group = Some(original);
            write.put_entry(&entry)?;
        }
    }
    Ok(count)
}

fn parts_of(line: EntryLine, model: &Model) -> Result<EntryParts, Error> {
    let schema = parse_kind(model, &line.kind).ok_or(Error::NotFound("content type"))?;
    Ok(line.into_parts(schema, model))
}

/// Writes an entry as an archive has it.
fn add_entry(write: &mut Write<'_>, parts: EntryParts) -> Result<(), Error> {
    write.add_entry(&parts.entry)?;
    for (variant, revisions) in parts.variants {
        for revision in &revisions {
            write.add_revision(revision)?;
        }
        let take = |id: Option<RevisionId>| -> Option<Revision> {
            let wanted = id?;
            revisions.iter().find(|revision| revision.id == wanted).cloned()
        };
        let (live, draft) = (take(variant.live), take(variant.draft));
        write.add_variant(&parts.entry, &variant, live, draft)?;
    }
    Ok(())
}

/// Puts the files of an archive into a site's folder, with the clean copies of its pictures.
pub(super) fn copy_media(archive: &mut Checked, folder: &Path) -> Result<(), Error> {
    let say = |path: &Path, error: io::Error| Error::Storage(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|error| say(folder, error))?;
    for part in &mut archive.media {
        for (hash, name) in &part.files {
            let target: PathBuf = folder.join(hash);
            let mut source = archive.files.open(name)?.ok_or_else(|| Error::Refused(format!("{name} has vanished")))?;
            copy_file(&mut source, &target).map_err(|error| say(&target, error))?;
        }
        let row = &mut part.line.row;
        row.served = serve_clean(row, folder).map_err(|error| say(folder, error))?;
    }
    Ok(())
}

fn copy_file(source: &mut impl io::Read, target: &Path) -> io::Result<()> {
    if let Ok(known) = std::fs::File::open(target) {
        // Whoever looks for files that nobody needs leaves new ones alone.
        return known.set_modified(std::time::SystemTime::now());
    }
    let folder = target.parent().unwrap_or(target);
    let mut file = unfinished(folder)?;
    io::copy(source, &mut file)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

/// The hash of the copy that is served of a picture, which is made. What cannot be read as a picture is served as it
/// is.
fn serve_clean(row: &MediaRow, folder: &Path) -> io::Result<Option<String>> {
    let Some(kind) = Kind::parse(&row.kind) else { return Ok(None) };
    match clean_copy(&folder.join(&row.hash), kind, folder) {
        Ok(None) => Ok(None),
        Ok(Some((copy, hash))) => keep_copy(copy, folder, &hash).map(|()| Some(hash)),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Authoring {
    /// Adds entries to a model that is in force, ids included: what generates content for benchmarks
    /// writes as an import does.
    ///
    /// # Errors
    /// `NotFound` when the model has no such kind; the database's.
    pub fn add_lines(&self, lines: Vec<EntryLine>, signature: &Signature) -> Result<(), Error> {
        self.write(signature, move |write| {
            write.touch_everything();
            let model = write.model().clone();
            for line in lines {
                add_entry(write, parts_of(line, &model)?)?;
            }
            Ok(())
        })
    }
}
