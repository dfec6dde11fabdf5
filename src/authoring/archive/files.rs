//! Where the files of an archive are.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::PathBuf;

use serde::de::DeserializeOwned;

use crate::authoring::Error;

/// The longest line or JSON document, in bytes.
const LONGEST: u64 = 64 << 20;

/// The files of an archive.
#[derive(Clone, Debug)]
pub enum Files {
    /// In a folder.
    Folder(PathBuf),
    /// Inside the program: the function finds one by its path.
    Embedded(fn(&str) -> Option<Cow<'static, [u8]>>),
}

impl Files {
    /// A file, if it is there.
    ///
    /// # Errors
    /// `Refused` when it cannot be read.
    pub(crate) fn open(&self, name: &str) -> Result<Option<Box<dyn BufRead>>, Error> {
        match self {
            Self::Embedded(find) => Ok(find(name).map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn BufRead>)),
            Self::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => Ok(Some(Box::new(BufReader::with_capacity(1 << 18, file)))),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Error::Refused(format!("{name} cannot be read: {error}"))),
            },
        }
    }

    /// A JSON file as text, if it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(file) = self.open(name)? else { return Ok(None) };
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).map_err(|error| Error::Refused(format!("{name}: {error}")))?;
        Ok(Some(text))
    }

    /// The lines of a file, each a JSON document; none when the file is not there.
    pub(crate) fn lines<T: DeserializeOwned>(&self, name: &'static str) -> Result<Lines<T>, Error> {
        Ok(Lines { name, number: 0, file: self.open(name)?, buffer: Vec::new(), of: std::marker::PhantomData })
    }
}

/// The documents of a file, with the line they stand in.
pub(crate) struct Lines<T> {
    name: &'static str,
    number: u64,
    file: Option<Box<dyn BufRead>>,
    buffer: Vec<u8>,
    of: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned> Lines<T> {
    /// The next document that is not blank.
    pub(crate) fn next(&mut self) -> Result<Option<T>, Error> {
        loop {
            let Some(file) = &mut self.file else { return Ok(None) };
            self.buffer.clear();
            let read = file.by_ref().take(LONGEST).read_until(b'\n', &mut self.buffer);
            let read = read.map_err(|error| Error::Refused(format!("{}: {error}", self.name)))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if read as u64 == LONGEST {
                return Err(self.wrong("the line is longer than 64 MB"));
            }
            if !self.buffer.trim_ascii().is_empty() {
                return serde_json::from_slice(&self.buffer).map(Some).map_err(|error| self.wrong(error));
            }
        }
    }

    /// An error in the line that was read last.
    pub(crate) fn wrong(&self, why: impl std::fmt::Display) -> Error {
        Error::Refused(format!("{} line {}: {why}", self.name, self.number))
    }
}
