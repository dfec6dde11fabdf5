//! Filling a site from an archive.

use std::io;
use std::path::{Path, PathBuf};

use super::archive::{ENTRIES, EntryLine, EntryParts, Lines, parse_kind};
use super::single::make_single_pages;
use super::{Authoring, Error, Signature};
use crate::content::entry::{EntryId, Revision, RevisionId};
use crate::content::post::Filing;
use crate::content::schema::Model;
use crate::store::{Read, Write};

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
        archive: Checked,
        replace: bool,
        media: &Path,
        signature: Signature,
    ) -> Result<Imported, Error> {
        self.store().read(|read| if replace { Ok(()) } else { refuse_content(read, &archive) })?;
        copy_media(&archive, media)?;
        self.write(&signature.clone(), move |write| {
            if !replace {
                refuse_content(write, &archive)?;
            }
            fill(write, &archive, &signature)
        })
    }
}

/// A site may hold what every new site has: one author, and single pages nobody has written.
fn refuse_content(read: &Read<'_>, archive: &Checked) -> Result<(), Error> {
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

fn fill(write: &mut Write<'_>, archive: &Checked, signature: &Signature) -> Result<Imported, Error> {
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
    for (row, _) in &archive.media {
        write.put_media(row)?;
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

fn copy_media(archive: &Checked, folder: &Path) -> Result<(), Error> {
    let say = |path: &Path, error: io::Error| Error::Refused(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|error| say(folder, error))?;
    for (row, name) in &archive.media {
        let target: PathBuf = folder.join(&row.hash);
        if target.exists() {
            continue;
        }
        let mut source = archive.files.open(name)?.ok_or_else(|| Error::Refused(format!("{name} has vanished")))?;
        let mut copy = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            io::copy(&mut source, &mut file)?;
            file.as_file().sync_all()?;
            file.persist(&target)?;
            Ok(())
        };
        copy().map_err(|error| say(&target, error))?;
    }
    Ok(())
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
