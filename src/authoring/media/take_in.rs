//! Taking a file into the library.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::MediaFacts;
use super::folders::existing;
use super::name::{LONGEST, label, tags, visible};
use crate::authoring::{Authoring, Error, Signature};
use crate::content::entry::EntryId;
use crate::content::media::FolderId;
use crate::delivery::MEDIA_FOLDER;
use crate::media::facts::Facts;
use crate::media::hash;
use crate::media::kind::{self, Kind};
use crate::store::{Asked, MediaRow, Reply};

/// A file that has arrived whole, in [`Authoring::media_folder`].
#[derive(Debug)]
pub struct Incoming {
    /// Its bytes.
    pub file: NamedTempFile,
    /// What its sender calls it: only a label.
    pub name: String,
    /// Alternative text; empty when none was sent.
    pub alt: String,
    /// The folder it shall lie in; `None` at the top.
    pub folder: Option<FolderId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it shall be there once more when the same bytes are known already.
    pub again: bool,
}

impl Incoming {
    /// A file with nothing but a name.
    pub fn new(file: NamedTempFile, name: impl Into<String>) -> Self {
        Self { file, name: name.into(), alt: String::new(), folder: None, tags: Vec::new(), again: false }
    }
}

/// What an upload is called by who sends it, so that the same one again gets the first answer.
pub fn upload_named(user: i64, name: &str) -> Asked {
    Asked { user, client: name.chars().take(LONGEST).collect(), seq: -1, digest: String::new() }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// What is known of it.
    pub facts: MediaFacts,
    /// Whether the same bytes were there already: nothing was added then.
    pub known: bool,
}

impl Authoring {
    /// The folder in which a file is written before it is taken in.
    ///
    /// # Errors
    /// `Storage` when it cannot be made.
    pub fn media_folder(&self) -> Result<PathBuf, Error> {
        let folder = self.store.path().with_file_name(MEDIA_FOLDER);
        std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&error))?;
        Ok(folder)
    }

    /// Takes in a file. `asked` names the upload (its `digest` is not looked at): the same one again gets
    /// the first answer. The file is on disk under
    /// its hash before its row is, so that no row is without its file.
    ///
    /// # Errors
    /// `Unusable` when it is empty, damaged or of a type that cannot be used; `Invalid` when there is no such folder;
    /// `Storage` when it cannot be written; the database's.
    pub fn take_in(&self, incoming: Incoming, asked: Option<Asked>, signature: Signature) -> Result<Taken, Error> {
        let prepared = self.prepare(incoming.file, &incoming.name)?;
        let tags = tags(&incoming.tags)?;
        let (alt, again, folder) = (visible(&incoming.alt, LONGEST), incoming.again, incoming.folder);
        // The same name with other bytes is another upload.
        let asked = asked.map(|asked| Asked { digest: prepared.hash.clone(), ..asked });
        self.write(&signature.clone(), move |write| {
            if let Some(asked) = &asked
                && let Some(given) = write.reply(asked)?
                && let Some(media) = write.media(&given.answer)?
            {
                return Ok(Taken { facts: MediaFacts::of(write, media)?, known: given.conflict });
            }
            let known = if again { None } else { write.media_by_hash(&prepared.hash)? };
            let taken = match known {
                Some(media) => Taken { facts: MediaFacts::of(write, media)?, known: true },
                None => {
                    let media =
                        MediaRow { alt, folder: existing(write, folder)?, ..prepared.row(new_id()?, &signature) };
                    write.put_media(&media)?;
                    write.put_media_tags(&media.id, &tags)?;
                    Taken { facts: MediaFacts { media, tags }, known: false }
                }
            };
            if let Some(asked) = asked {
                let answer = taken.facts.media.id.clone();
                let reply = Reply { entry: EntryId(0), conflict: taken.known, answer };
                write.put_reply(&asked, &reply, signature.at)?;
            }
            Ok(taken)
        })
    }

    /// Looks at a file and puts it in its place.
    pub(super) fn prepare(&self, file: NamedTempFile, name: &str) -> Result<Prepared, Error> {
        let name = label(name);
        let kind = kind_of(file.path(), &name)?;
        let facts = Facts::of(file.path(), kind);
        let hash = hash::of_file(file.path()).map_err(|error| cannot_write(&error))?;
        let size = file.as_file().metadata().map_err(|error| cannot_write(&error))?.len();
        keep(file, &self.media_folder()?, &hash).map_err(|error| cannot_write(&error))?;
        Ok(Prepared { hash, name, kind, size, facts })
    }
}

/// A file in its place, with what was measured of it.
pub(super) struct Prepared {
    pub(super) hash: String,
    name: String,
    kind: Kind,
    size: u64,
    facts: Facts,
}

impl Prepared {
    /// The row of a new picture or file with these bytes.
    pub(super) fn row(&self, id: String, signature: &Signature) -> MediaRow {
        MediaRow {
            hash: self.hash.clone(),
            filename: self.name.clone(),
            kind: self.kind.as_str().into(),
            width: self.facts.width,
            height: self.facts.height,
            size: self.size,
            colour: self.facts.colour.clone(),
            placeholder: self.facts.placeholder.clone(),
            frames: self.facts.frames,
            by: signature.by.clone(),
            ..MediaRow::new(id, signature.at)
        }
    }
}

/// What a file is, by what is in it.
fn kind_of(path: &Path, name: &str) -> Result<Kind, Error> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(kind::HEAD as u64).read_to_end(&mut head));
    read.map_err(|error| cannot_write(&error))?;
    if head.is_empty() {
        return Err(Error::Unusable("This file is empty. Choose another one.".into()));
    }
    let kind = kind::of(&head, name).ok_or_else(|| {
        let text = "Files of this type cannot be used. Pictures, PDF, film, sound and office documents can.";
        Error::Unusable(text.into())
    })?;
    if kind == Kind::SVG && !kind::is_harmless_svg(path) {
        let text = "This drawing holds scripts or refers to other files. Save it as plain SVG or as PNG.";
        return Err(Error::Unusable(text.into()));
    }
    Ok(kind)
}

/// A new name for addresses.
fn new_id() -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|_| Error::Refused("the system gives no random numbers; try again".into()))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

fn keep(file: NamedTempFile, folder: &Path, hash: &str) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(folder.join(hash))?;
    File::open(folder)?.sync_all()
}

pub(super) fn cannot_write(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        return Error::Storage("the disk is full: free some space and try again; nothing was stored".into());
    }
    tracing::error!(%error, "a file cannot be stored");
    Error::Storage(format!("the file cannot be stored ({error}); try again, and tell who runs the server if it stays"))
}
