//! Whether a replica can be restored. One that was never restored is a hope, not a backup.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::error::Error;
use super::place::Place;
use super::plan::{Until, all, newest, plan};
use super::progress::Progress;
use super::restore::{open, restore_beside};
use crate::store::{Pages, check_copy};

/// How closely a replica is looked at; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The list of files has no gap.
    List,
    /// Every file is sound.
    Files,
    /// It is restored, and SQLite finds nothing wrong with the copy.
    Restore,
}

/// What was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Verified {
    /// The newest state there.
    pub transaction: u64,
    /// How many files there are.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Looks at a replica. What is restored for that goes into `folder`, and goes again.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(place: &Place, depth: Depth, folder: &Path, progress: &dyn Progress) -> Result<Verified, Error> {
    let files = all(place)?;
    plan(&place.address().to_string(), &files, Until::Latest)?;
    let bytes = files.iter().map(|file| file.part.size).sum();
    if depth >= Depth::Files {
        progress.begin(bytes);
        for file in &files {
            match open(place, file, progress) {
                // Retention may have removed it meanwhile.
                Err(Error::Place(error)) if error.is_missing() => continue,
                opened => opened?.check().map_err(|error| Error::file(&file.name(), error))?,
            };
        }
        progress.end();
    }
    if depth >= Depth::Restore {
        let (copy, _) = restore_beside(place, &files, Until::Latest, folder, progress)?;
        check_copy(copy.path(), true)?;
    }
    Ok(Verified { transaction: newest(&files), files: files.len(), bytes })
}

/// Restores a state and compares it with the database as it was then, page by page.
///
/// # Errors
/// `Differs`, or what is wrong with the replica.
pub(super) fn compare(
    place: &Place,
    transaction: u64,
    pages: &Pages,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let files = all(place)?;
    let (copy, restored) = restore_beside(place, &files, Until::Transaction(transaction), folder, progress)?;
    check_copy(copy.path(), true)?;
    let length = u64::from(pages.count()) * u64::from(pages.page_size());
    if restored.size != length {
        return Err(Error::Differs { page: pages.count() + 1, transaction });
    }
    same(copy.as_file(), pages, transaction)
}

fn same(copy: &File, pages: &Pages, transaction: u64) -> Result<(), Error> {
    let mut found = vec![0; pages.page_size() as usize];
    let lock = super::ltx::lock_page(pages.page_size());
    pages.each(|number, page| {
        let at = u64::from(number - 1) * u64::from(pages.page_size());
        copy.read_exact_at(&mut found, at).map_err(|error| Error::disk(Path::new("the restored copy"), error))?;
        if number != lock && found != page {
            return Err(Error::Differs { page: number, transaction });
        }
        Ok::<_, Error>(())
    })
}
