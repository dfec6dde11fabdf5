//! What a primary acknowledged after another one had taken over: kept, and never merged.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::compact::merge;
use super::super::place::{Content, Place};
use super::super::plan::{Copied, all};
use super::super::restore::flush_folder;
use super::super::sync::{Settings, copy_once};
use super::error::Error;
use crate::store::Store;

/// Puts what the database has beyond `from` into `lost-<epoch>.ltx` in the site's folder: the pages that were changed,
/// in the replica's own format. `None` when there is nothing.
pub(super) fn put_aside(
    store: &Arc<Store>,
    folder: &Path,
    place: &Place,
    epoch: u32,
    from: u64,
) -> Result<Option<PathBuf>, Error> {
    // To the epoch's own path, which nobody follows any more: so that all of it is in files.
    copy_once(store, folder, &Settings::to(place.address().clone()), false, false)?;
    let files = beyond(&all(place)?, from);
    if files.is_empty() {
        return Ok(None);
    }
    let (header, draft) = merge(place, &files, folder)?;
    let path = folder.join(format!("lost-{epoch:08x}.ltx"));
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder)?;
        match draft.content() {
            Content::Bytes(bytes) => file.write_all(bytes)?,
            Content::File(written) => drop(io::copy(&mut fs::File::open(written)?, &mut file)?),
        }
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| Error::disk(&path, error))?;
    flush_folder(folder)?;
    tracing::error!(
        file = %path.display(),
        transactions = header.span.last - from,
        "what was changed here after another server had taken over is no part of the site; it is put aside"
    );
    Ok(Some(path))
}

/// The files that lead on from a transaction, as few as there need to be.
fn beyond(files: &[Copied], from: u64) -> Vec<Copied> {
    let (mut chosen, mut reached) = (Vec::new(), from);
    let leads_on = |file: &&Copied, reached| file.part.span.first <= reached + 1 && file.part.span.last > reached;
    // An image of everything says nothing about what was changed.
    let parts = || files.iter().filter(|file| !file.part.span.is_whole() || from == 0);
    while let Some(next) = parts().filter(|file| leads_on(file, reached)).max_by_key(|file| file.part.span.last) {
        chosen.push(*next);
        reached = next.part.span.last;
    }
    chosen
}
