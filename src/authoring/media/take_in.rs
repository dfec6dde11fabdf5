//! Taking a file into the library.

use tempfile::NamedTempFile;

use super::MediaFacts;
use super::folders::existing;
use super::look::LOOK;
use super::name::{LONGEST, tags, visible};
use crate::authoring::announce::announce_video;
use crate::authoring::{Authoring, Error, Signature};
use crate::content::entry::EntryId;
use crate::content::media::FolderId;
use crate::store::{Asked, MediaRow, Reply, Write};

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
    /// Takes in a file. `asked` names the upload (its `digest` is not looked at): the same one again gets the first
    /// answer. The file has its name before its row is written, so that no row is without its file.
    ///
    /// # Errors
    /// `Unusable` when it is empty, damaged or of a type that cannot be used; `Invalid` when there is no such folder;
    /// `Storage` when it cannot be written; the database's.
    pub fn take_in(&self, incoming: Incoming, asked: Option<Asked>, signature: Signature) -> Result<Taken, Error> {
        let prepared = self.prepare(incoming.file, &incoming.name)?;
        let (tags, files) = (tags(&incoming.tags)?, self.media_folder()?);
        let (alt, again, folder) = (visible(&incoming.alt, LONGEST), incoming.again, incoming.folder);
        // The same name with other bytes is another upload.
        let asked = asked.map(|asked| Asked { digest: prepared.hash.clone(), ..asked });
        self.write(&signature.clone(), move |write| {
            if let Some(given) = asked.as_ref().map_or(Ok(None), |asked| given_before(write, asked))? {
                return Ok(given);
            }
            let known = if again { None } else { write.media_by_hash(&prepared.hash)? };
            let taken = match known {
                Some(media) => Taken { facts: MediaFacts::of(write, media)?, known: true },
                None => {
                    let row = prepared.row(new_id()?, &signature);
                    let media = MediaRow { alt, folder: existing(write, folder)?, ..row };
                    prepared.keep(write, &files)?;
                    write.put_media(&media)?;
                    announce_video(write, &media, &signature)?;
                    write.mark_looked_at(&media.id, LOOK)?;
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
}

/// The answer that this very upload got before.
fn given_before(write: &Write<'_>, asked: &Asked) -> Result<Option<Taken>, Error> {
    let Some(given) = write.reply(asked)? else { return Ok(None) };
    let Some(media) = write.media(&given.answer)? else { return Ok(None) };
    Ok(Some(Taken { facts: MediaFacts::of(write, media)?, known: given.conflict }))
}

/// A new name for addresses.
fn new_id() -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|_| Error::Refused("the system gives no random numbers; try again".into()))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}
