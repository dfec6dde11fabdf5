//! Looking at a file before it is taken in: what it is, whether it is whole, what it shows and what is served of it.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::files::{cannot_write, clean_copy, keep, keep_copy, unfinished};
use super::name::label;
use crate::authoring::{Authoring, Error, Signature};
use crate::media::decode::Unusable;
use crate::media::facts::Facts;
use crate::media::kind::{self, Kind};
use crate::media::{hash, svg};
use crate::store::{MediaRow, Write};

/// A file that waits for its name, with what was measured of it.
pub(super) struct Prepared {
    file: NamedTempFile,
    /// SHA-256 of its bytes, in hex.
    pub(super) hash: String,
    name: String,
    kind: Kind,
    size: u64,
    facts: Facts,
    served: Option<(NamedTempFile, String)>,
}

impl Authoring {
    /// Looks at a file. Blocks until there is memory for opening a picture.
    ///
    /// # Errors
    /// `Unusable` when it cannot be taken in; `Storage` when it cannot be read or written.
    pub(super) fn prepare(&self, file: NamedTempFile, name: &str) -> Result<Prepared, Error> {
        let (name, folder) = (label(name), self.media_folder()?);
        let kind = kind_of(file.path(), &name)?;
        let (file, facts) = if kind == Kind::SVG { drawing(file, &folder)? } else { self.measured(file, kind)? };
        let served = clean_copy(file.path(), kind, &folder).map_err(|error| unreadable(&error))?;
        let waits = || -> io::Result<(String, u64)> {
            file.as_file().sync_all()?;
            Ok((hash::of_file(file.path())?, file.path().metadata()?.len()))
        };
        let (hash, size) = waits().map_err(|error| cannot_write(&error))?;
        Ok(Prepared { file, hash, name, kind, size, facts, served })
    }

    fn measured(&self, file: NamedTempFile, kind: Kind) -> Result<(NamedTempFile, Facts), Error> {
        let facts = Facts::of(file.path(), kind, self.budget()).map_err(|error| unusable(&error))?;
        Ok((file, facts))
    }
}

impl Prepared {
    /// Gives the files their names, inside a change: see [`super::files`].
    pub(super) fn keep(self, _: &Write<'_>, folder: &Path) -> Result<(), Error> {
        let keep = || -> io::Result<()> {
            if let Some((copy, hash)) = self.served {
                keep_copy(copy, folder, &hash)?;
            }
            keep(self.file, folder, &self.hash)
        };
        keep().map_err(|error| cannot_write(&error))
    }

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
            served: self.served.as_ref().map(|(_, hash)| hash.clone()),
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
    kind::of(&head, name).ok_or_else(|| {
        let text = "Files of this type cannot be used. Pictures (JPEG, PNG, GIF, WebP, AVIF, SVG), PDF, film, sound, \
                    texts and office documents can.";
        Error::Unusable(text.into())
    })
}

/// Puts the cleaned drawing in the place of what was sent, which is not kept.
fn drawing(file: NamedTempFile, folder: &Path) -> Result<(NamedTempFile, Facts), Error> {
    let unusable = |why: &dyn std::fmt::Display| {
        Error::Unusable(format!("This drawing cannot be used: {why}. Save it as plain SVG or as PNG."))
    };
    let mut text = Vec::new();
    let read = File::open(file.path()).and_then(|file| file.take(svg::LARGEST + 1).read_to_end(&mut text));
    read.map_err(|error| cannot_write(&error))?;
    let text = String::from_utf8(text).map_err(|_| unusable(&"its text is not UTF-8"))?;
    let drawing = svg::clean(&text).map_err(|error| unusable(&error))?;
    let mut clean = unfinished(folder).map_err(|error| cannot_write(&error))?;
    clean.write_all(drawing.text.as_bytes()).map_err(|error| cannot_write(&error))?;
    Ok((clean, Facts { width: drawing.width, height: drawing.height, ..Facts::NONE }))
}

fn unusable(error: &Unusable) -> Error {
    let text = match error {
        Unusable::TooLarge { width, height } => format!(
            "This picture has {width} × {height} pixels. Pictures may have up to 100 megapixels, and 16,384 pixels a \
             side: make it smaller and try again."
        ),
        Unusable::TooManyFrames => {
            "This animation has too many pictures. Make it shorter, or upload it as a film.".into()
        }
        Unusable::TooMuch(too_much) => {
            format!("This picture is too large to be opened here: {too_much}. Make it smaller.")
        }
        Unusable::Unreadable(error) => return unreadable(error),
        Unusable::Kind(_) | Unusable::Broken(_) => DAMAGED.into(),
    };
    Error::Unusable(text)
}

const DAMAGED: &str =
    "This picture is damaged or did not arrive whole. Upload it again, or save it anew as PNG or JPEG.";

fn unreadable(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Error::Unusable(DAMAGED.into()),
        _ => cannot_write(error),
    }
}
