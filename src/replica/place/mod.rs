//! Where copies lie: a folder, or a bucket of a store that speaks S3.
//!
//! A place holds objects under keys with slashes in them. What a change log is made of lies at the keys where
//! Litestream looks for it ([`Place::list`], [`Place::put_new`]); what larder needs beside it (media, the lease)
//! lies at keys of its own ([`Place::objects`], [`Place::replace`]). Everything here blocks: it is for threads of
//! its own, never for those that serve.

mod address;
mod bucket;
mod condition;
mod content;
mod error;
mod folder;
mod layout;
mod probe;
mod span;

use std::io::{self, Read};

use crate::content::moment::Moment;

use bucket::Bucket;
use condition::Outcome;
use content::same;
use folder::Folder;

pub use address::{Address, BucketAddress};
pub use condition::{Condition, Tag};
pub use content::Content;
pub use error::Error;
pub use layout::{LEVELS, Level};
pub use probe::Trust;
pub use span::Span;

/// A place, opened.
#[derive(Clone)]
pub struct Place {
    address: Address,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Folder(Folder),
    Bucket(Bucket),
}

/// An object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key, below the place's root.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was stored, as the place has it.
    pub time: Moment,
}

/// A part of the change log in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The transactions it holds.
    pub span: Span,
    /// Its length in bytes.
    pub size: u64,
    /// In a folder the time in its header; in a bucket when it was stored, a little later.
    pub time: Moment,
}

/// What became of storing what must not be there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It was not there and is now, flushed to disk.
    Created,
    /// The very same bytes lie there already: an earlier try succeeded and its answer was lost.
    Same,
    /// Something else lies there and was left alone: there is another writer.
    Other,
}

/// A small object and the tag by which a change of it is noticed.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// For [`Condition::Matches`].
    pub tag: Tag,
}

/// The longest object that is read into memory whole: leases and the like are a few hundred bytes.
const SMALL: u64 = 1 << 20;

impl Place {
    /// Opens a place. A folder is made when it is not there; what an interrupted writer left in it is removed.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(address: &Address) -> Result<Self, Error> {
        let kind = match address {
            Address::Folder(root) => Kind::Folder(Folder::open(root)?),
            Address::Bucket(bucket) => Kind::Bucket(Bucket::open(bucket)?),
        };
        Ok(Self { address: address.clone(), kind })
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The place below this one at `name`: an epoch's own.
    ///
    /// # Errors
    /// As [`Place::open`].
    pub fn below(&self, name: &str) -> Result<Self, Error> {
        let kind = match &self.kind {
            Kind::Folder(folder) => Kind::Folder(folder.below(name)?),
            Kind::Bucket(bucket) => Kind::Bucket(bucket.below(name)),
        };
        Ok(Self { address: self.address.below(name), kind })
    }

    /// The parts of the change log on a level, by their first transaction and then their last. Other names are
    /// passed over.
    ///
    /// # Errors
    /// When the place cannot be asked. A level that has never been written to is empty.
    pub fn list(&self, level: Level) -> Result<Vec<Part>, Error> {
        let folder = self.level(level);
        let mut parts: Vec<Part> = self.objects(&folder)?.iter().filter_map(|listed| part(&folder, listed)).collect();
        parts.sort_by_key(|part| (part.span.first, part.span.last));
        Ok(parts)
    }

    /// A part of the change log, from its first byte.
    ///
    /// # Errors
    /// `Missing` when it is not there.
    pub fn get(&self, level: Level, span: Span) -> Result<Box<dyn Read + Send>, Error> {
        self.read(&self.key(level, span))
    }

    /// Stores a part of the change log that must not be there yet. `time` is that of its header.
    ///
    /// # Errors
    /// When nobody knows whether it was stored; trying again is safe.
    pub fn put_new(&self, level: Level, span: Span, content: &Content<'_>, time: Moment) -> Result<Stored, Error> {
        self.create_at(&self.key(level, span), content, Some(time))
    }

    /// Removes a part of the change log; one that is not there is no error.
    ///
    /// # Errors
    /// When the place refuses.
    pub fn delete(&self, level: Level, span: Span) -> Result<(), Error> {
        self.remove(&self.key(level, span))
    }

    /// What lies below a key, at any depth, in no order.
    ///
    /// # Errors
    /// When the place cannot be asked.
    pub fn objects(&self, below: &str) -> Result<Vec<Listed>, Error> {
        match &self.kind {
            Kind::Folder(folder) => folder.list(below),
            Kind::Bucket(bucket) => bucket.list(below),
        }
    }

    /// An object, from its first byte.
    ///
    /// # Errors
    /// `Missing` when it is not there.
    pub fn read(&self, key: &str) -> Result<Box<dyn Read + Send>, Error> {
        match &self.kind {
            Kind::Folder(folder) => Ok(Box::new(folder.read(key)?)),
            Kind::Bucket(bucket) => Ok(Box::new(bucket.read(key)?)),
        }
    }

    /// A small object with its tag; none when it is not there.
    ///
    /// # Errors
    /// When the place cannot be asked, or the object is longer than a mebibyte.
    pub fn find(&self, key: &str) -> Result<Option<Object>, Error> {
        match &self.kind {
            Kind::Folder(folder) => folder.find(key, SMALL),
            Kind::Bucket(bucket) => bucket.find(key, SMALL),
        }
    }

    /// Stores an object that must not be there yet.
    ///
    /// # Errors
    /// As [`Place::put_new`].
    pub fn create(&self, key: &str, content: &Content<'_>) -> Result<Stored, Error> {
        self.create_at(key, content, None)
    }

    /// Stores a small object in place of the one with this tag. The new one's tag; none when the object is
    /// another by now, or gone, and nothing was changed.
    ///
    /// # Errors
    /// When nobody knows whether it was stored.
    pub fn replace(&self, key: &str, bytes: &[u8], tag: &Tag) -> Result<Option<Tag>, Error> {
        match self.put(key, &Content::Bytes(bytes), Condition::Matches(tag), None)? {
            Outcome::Done(tag) => Ok(Some(tag)),
            // Its answer may have been lost: then it is there all the same.
            Outcome::Refused => Ok(self.find(key)?.filter(|found| found.bytes == bytes).map(|found| found.tag)),
        }
    }

    /// Removes an object; one that is not there is no error.
    ///
    /// # Errors
    /// When the place refuses.
    pub fn remove(&self, key: &str) -> Result<(), Error> {
        match &self.kind {
            Kind::Folder(folder) => folder.remove(key),
            Kind::Bucket(bucket) => bucket.remove(key),
        }
    }

    fn create_at(&self, key: &str, content: &Content<'_>, time: Option<Moment>) -> Result<Stored, Error> {
        match self.put(key, content, Condition::Absent, time)? {
            Outcome::Done(_) => Ok(Stored::Created),
            Outcome::Refused => {
                let is_same = same(content, &mut self.read(key)?).map_err(|error| self.failed(key, error))?;
                Ok(if is_same { Stored::Same } else { Stored::Other })
            }
        }
    }

    fn put(
        &self,
        key: &str,
        content: &Content<'_>,
        condition: Condition<'_>,
        time: Option<Moment>,
    ) -> Result<Outcome, Error> {
        match &self.kind {
            Kind::Folder(folder) => folder.put(key, content, condition, time),
            Kind::Bucket(bucket) => bucket.put(key, content, condition, time),
        }
    }

    fn failed(&self, key: &str, error: io::Error) -> Error {
        Error::failed(format!("{}/{key}", self.address), error)
    }

    fn key(&self, level: Level, span: Span) -> String {
        format!("{}/{span}", self.level(level))
    }

    /// Where a level lies. Litestream has its own habit for each kind of place.
    fn level(&self, level: Level) -> String {
        match &self.kind {
            Kind::Folder(_) => level.in_folder(),
            Kind::Bucket(_) => level.in_bucket(),
        }
    }
}

fn part(folder: &str, listed: &Listed) -> Option<Part> {
    let name = listed.key.strip_prefix(folder)?.strip_prefix('/')?;
    Some(Part { span: name.parse().ok()?, size: listed.size, time: listed.time })
}

#[cfg(test)]
mod tests;
