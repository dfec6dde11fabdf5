//! Unpacking an archive into a folder, trusting nothing in it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::{
    AUTHORS, CATEGORIES, ENTRIES, FOLDERS, Files, MANIFEST, MEDIA, MEDIA_FOLDER, REDIRECTS, SCHEMA, SETTINGS, TAGS,
    TOKENS, USERS,
};
use crate::authoring::Error;

const NAMES: [&str; 12] =
    [MANIFEST, SCHEMA, SETTINGS, AUTHORS, CATEGORIES, TAGS, REDIRECTS, MEDIA, FOLDERS, USERS, TOKENS, ENTRIES];

/// How many times larger than packed an archive may be. Real ones stay below 50.
const EXPANSION: u64 = 200;
/// What any archive may hold, however small it is packed.
const ALWAYS: u64 = 64 << 20;

impl Files {
    /// The files of an archive: those of a folder where they are, those of a packed one unpacked into the
    /// empty folder `into`.
    ///
    /// # Errors
    /// `Refused` when it is no archive, or holds what no archive has.
    pub fn of(archive: &Path, into: &Path) -> Result<Self, Error> {
        if archive.is_dir() {
            return Ok(Self::Folder(archive.into()));
        }
        unpack(archive, into).map_err(|why| Error::Refused(format!("{}: {why}", archive.display())))?;
        Ok(Self::Folder(into.into()))
    }
}

fn unpack(archive: &Path, into: &Path) -> Result<(), String> {
    let say = |error: io::Error| error.to_string();
    let mut file = File::open(archive).map_err(say)?;
    let mut left = file.metadata().map_err(say)?.len().saturating_mul(EXPANSION).saturating_add(ALWAYS);
    let mut magic = [0; 2];
    let packed = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
    if !packed {
        return Err("this is no archive of larder export (a .tar.gz file) and no folder".into());
    }
    file.rewind().map_err(say)?;
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(file)));
    std::fs::create_dir_all(into.join(MEDIA_FOLDER)).map_err(say)?;
    for entry in tar.entries().map_err(say)? {
        let mut entry = entry.map_err(damaged)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type().is_dir() {
            continue;
        }
        let place = place(&name).filter(|_| entry.header().entry_type().is_file());
        let place = place.ok_or_else(|| format!("`{name}` is nothing an archive holds; nothing was imported"))?;
        left =
            left.checked_sub(entry.size()).ok_or("it unpacks to far more than its own size; nothing was imported")?;
        let mut out = File::create_new(into.join(place)).map_err(|error| format!("`{name}`: {error}"))?;
        io::copy(&mut entry, &mut out).map_err(damaged)?;
    }
    Ok(())
}

fn damaged(error: io::Error) -> String {
    format!("the archive is damaged or cut short ({error}); nothing was imported")
}

/// Where a file of this name is put. Only known names and hashes are: no path leads out of the folder.
fn place(name: &str) -> Option<PathBuf> {
    let name = name.strip_prefix("./").unwrap_or(name);
    if NAMES.contains(&name) {
        return Some(name.into());
    }
    let hash = name.strip_prefix(MEDIA_FOLDER)?.strip_prefix('/')?;
    is_hash(hash).then(|| Path::new(MEDIA_FOLDER).join(hash))
}

/// Whether this is a SHA-256 in hex, as files of media are named.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn only_files_of_an_archive_have_a_place() {
        let hash = "a".repeat(64);
        assert!(place("./entries.jsonl").is_some());
        assert!(place(&format!("media/{hash}")).is_some());
        for name in ["../entries.jsonl", "/etc/passwd", "media/../x", "media/x", "media/", "larder.db", ""] {
            assert!(place(name).is_none(), "{name}");
        }
    }
}
