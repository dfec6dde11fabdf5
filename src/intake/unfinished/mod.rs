//! Uploads in pieces: they survive lost connections, and a process that is killed.
//!
//! A piece counts once its bytes and the new offset are on disk. The last one counts once the file is in the
//! library: a client that is not told so sends it again, and gets the same answer.

mod checksum;
mod record;
mod turn;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use super::{About, Error, FOLDER, Intake, Pieces, Sender, Taken, random_name};
use record::{Files, Record};
use turn::Turn;

pub(super) use checksum::{ALGORITHMS, Checksum};
pub(super) use turn::Turns;

/// The largest file that is taken in pieces.
pub(super) const LARGEST: u64 = 1 << 30;
/// How many uploads one sender may have begun and not ended.
const MOST: usize = 100;
/// How many bytes one sender may have announced in uploads that have not ended.
const MOST_BYTES: u64 = 8 << 30;
/// How much is gathered before it is written.
const GATHERED: usize = 1 << 20;
/// How much is written before it is made safe: so much is sent again after a break.
const UNSAFE: u64 = 4 << 20;

/// How far an upload is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How many bytes are safe.
    pub offset: u64,
    /// How many there will be.
    pub length: u64,
    /// When it is given up.
    pub expires: SystemTime,
    /// What became of it: facts, once it is in the library.
    pub done: Option<Value>,
}

impl Intake {
    /// Begins an upload; returns its id.
    ///
    /// # Errors
    /// When it would be too large, or too many are under way.
    pub async fn begin(&self, sender: &Sender, about: About, length: u64) -> Result<String, Error> {
        if length == 0 {
            return Err(Error::Empty);
        }
        if length > LARGEST {
            return Err(Error::TooLarge(LARGEST));
        }
        let id = random_name()?;
        let record = Record { sender: sender.key.clone(), length, name: about.name, alt: about.alt };
        // Counted and begun by one at a time, or several would fit where one does.
        let counted = self.counting.clone().lock_owned().await;
        let folder = self.folder()?;
        let begun = id.clone();
        self.work
            .run(move || {
                let _counted = counted;
                may_begin(&folder, &record)?;
                let files = Files::of(&folder, &begun).ok_or(Error::NoUpload)?;
                files.begin(&record).inspect_err(|_| drop(files.remove()))?;
                Ok::<_, Error>(())
            })
            .await??;
        Ok(id)
    }

    /// How far an upload is. Ends a request that still sends to it, so that the answer stays true.
    ///
    /// # Errors
    /// `NoUpload` when there is none of this sender.
    pub async fn progress(&self, sender: &Sender, id: &str) -> Result<Progress, Error> {
        let _turn = self.turns.wait(id).await?;
        Ok(self.look(sender, id).await?.1)
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// `NoUpload` when there is none of this sender.
    pub async fn give_up(&self, sender: &Sender, id: &str) -> Result<(), Error> {
        let _turn = self.turns.wait(id).await?;
        let (files, _) = self.look(sender, id).await?;
        Ok(self.work.run(move || files.remove()).await??)
    }

    /// Goes on with an upload at an offset. `coming` is how many bytes the request has, when that is known.
    ///
    /// # Errors
    /// `Offset` when it goes on elsewhere; what the library has against the file, which ends the upload unless
    /// trying again could help.
    pub(super) async fn append(
        &self,
        sender: &Sender,
        id: &str,
        offset: u64,
        coming: Option<u64>,
        checksum: Option<Checksum>,
        body: &mut impl Pieces,
    ) -> Result<Progress, Error> {
        let turn = self.turns.wait(id).await?;
        let (files, progress) = self.look(sender, id).await?;
        let end = coming.and_then(|coming| offset.checked_add(coming));
        if progress.done.is_some() && end == Some(progress.length) {
            // The answer to the last piece was lost: it is sent again.
            while body.next().await?.is_some() {}
            return Ok(progress);
        }
        if offset != progress.offset {
            return Err(Error::Offset(progress.offset));
        }
        if end.is_some_and(|end| end > progress.length) {
            return Err(Error::TooLong);
        }
        let part = {
            let files = files.clone();
            self.work.run(move || files.part(offset)).await??
        };
        let writing = Writing { files: files.clone(), part, position: offset, safe: offset, checksum };
        let written = self.write(writing, &turn, progress.length, body).await?;
        if written < progress.length {
            return Ok(Progress { offset: written, expires: files.expires()?, ..progress });
        }
        let done = self.finish(sender, &files, turn).await?;
        Ok(Progress { offset: progress.length, done: Some(done), ..progress })
    }

    /// Removes what nobody went on with; returns how many files.
    ///
    /// # Errors
    /// The file system's.
    pub async fn sweep(&self) -> Result<usize, Error> {
        let folder = self.authoring.media_folder()?.join(FOLDER);
        Ok(self.work.run(move || record::sweep(&folder, SystemTime::now())).await??)
    }

    async fn look(&self, sender: &Sender, id: &str) -> Result<(Files, Progress), Error> {
        let files = Files::of(&self.folder()?, id).ok_or(Error::NoUpload)?;
        let key = sender.key.clone();
        self.work.run(move || look(files, &key)).await?
    }

    /// Writes what arrives. What has arrived when it breaks off is kept, unless it was to be checked.
    async fn write(
        &self,
        mut writing: Writing,
        turn: &Turn,
        length: u64,
        body: &mut impl Pieces,
    ) -> Result<u64, Error> {
        let mut gathered: Vec<Bytes> = Vec::new();
        let mut size = 0;
        let broken = loop {
            let piece = tokio::select! {
                piece = body.next() => piece,
                () = turn.wanted() => Err(Error::Broken),
            };
            let ended = match piece {
                Ok(Some(piece)) => {
                    size += piece.len();
                    gathered.push(piece);
                    None
                }
                Ok(None) => Some(None),
                Err(error) => Some(Some(error)),
            };
            if ended.is_some() || size >= GATHERED {
                let pieces = std::mem::take(&mut gathered);
                size = 0;
                writing = self.work.run(move || writing.write(&pieces, length)).await??;
            }
            if let Some(broken) = ended {
                break broken;
            }
        };
        let whole = broken.is_none();
        let position = self.work.run(move || writing.end(whole, length)).await??;
        match broken {
            Some(error) => Err(error),
            None => Ok(position),
        }
    }

    /// Takes a whole file into the library.
    async fn finish(&self, sender: &Sender, files: &Files, turn: Turn) -> Result<Value, Error> {
        let (intake, sender, files) = (self.clone(), sender.clone(), files.clone());
        // A task of its own: it goes on when the client goes away, and until then nobody touches the bytes.
        let finishing = tokio::spawn(async move {
            let _turn = turn;
            let from = files.clone();
            let found = intake.work.run(move || Ok::<_, Error>((from.copy()?, from.record()?))).await??;
            let (copy, Some(record)) = found else { return Err(Error::NoUpload) };
            let about = About { name: record.name, alt: record.alt };
            let taken = intake.take(copy, about, &sender, Some(files.id())).await;
            intake.work.run(move || ended(&files, taken, record.length)).await?
        });
        finishing.await.unwrap_or(Err(Error::Undone(crate::work::Undone::Broken)))
    }
}

/// Notes how an upload has ended.
fn ended(files: &Files, taken: Result<Taken, Error>, length: u64) -> Result<Value, Error> {
    match taken {
        Ok(taken) => {
            let facts = taken.json();
            files.finish(&facts)?;
            files.note_offset(length)?;
            Ok(facts)
        }
        Err(error) => {
            if !error.may_pass() {
                files.remove()?;
            }
            Err(error)
        }
    }
}

fn look(files: Files, sender: &str) -> Result<(Files, Progress), Error> {
    let record = files.record()?.filter(|record| record.sender == sender).ok_or(Error::NoUpload)?;
    let expires = files.expires()?;
    if expires < SystemTime::now() {
        return Err(Error::NoUpload);
    }
    let (offset, done) = match files.done()? {
        Some(done) => (record.length, Some(done)),
        None => (files.offset()?, None),
    };
    Ok((files, Progress { offset, length: record.length, expires, done }))
}

fn may_begin(folder: &Path, record: &Record) -> Result<(), Error> {
    let mut count = 0;
    let mut bytes = record.length;
    for (files, other) in record::all(folder)? {
        if other.sender == record.sender && files.done()?.is_none() {
            count += 1;
            bytes = bytes.saturating_add(other.length);
        }
    }
    if count >= MOST {
        return Err(Error::TooMany(format!(
            "{count} uploads are under way already. Let some of them end, or give them up, and try again."
        )));
    }
    if bytes > MOST_BYTES {
        return Err(Error::TooMany(format!(
            "The uploads under way have more than {} GB together. Let some of them end, and try again.",
            MOST_BYTES >> 30
        )));
    }
    Ok(())
}

/// A piece that is being written.
struct Writing {
    files: Files,
    part: File,
    position: u64,
    safe: u64,
    checksum: Option<Checksum>,
}

impl Writing {
    fn write(mut self, pieces: &[Bytes], length: u64) -> Result<Self, Error> {
        for piece in pieces {
            if self.position + piece.len() as u64 > length {
                return Err(Error::TooLong);
            }
            self.part.write_all_at(piece, self.position)?;
            self.position += piece.len() as u64;
            if let Some(checksum) = &mut self.checksum {
                checksum.update(piece);
            }
        }
        // What is still to be checked, or to be taken in, does not count yet.
        if self.checksum.is_none() && self.position < length && self.position - self.safe >= UNSAFE {
            self.make_safe()?;
        }
        Ok(self)
    }

    fn make_safe(&mut self) -> io::Result<()> {
        self.part.sync_data()?;
        self.files.note_offset(self.position)?;
        self.safe = self.position;
        Ok(())
    }

    /// Ends the piece; returns where it ended.
    fn end(mut self, whole: bool, length: u64) -> Result<u64, Error> {
        if let Some(checksum) = self.checksum.take()
            && !(whole && checksum.holds())
        {
            return Err(Error::Checksum);
        }
        if self.position < length {
            self.make_safe()?;
        } else {
            self.part.sync_data()?;
        }
        Ok(self.position)
    }
}
