//! The folder of a site's certificate: what is in it is read by the server's own user and by nobody else, and is not
//! part of backups and archives.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// The folder in a site's.
pub(super) fn folder(site: &Path) -> PathBuf {
    site.join("tls")
}

/// Writes a file in place of the one before: whoever reads it, and whoever kills this process, finds one of the two.
///
/// # Errors
/// The disk's.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // Made with mode 0600.
    let mut file = tempfile::Builder::new().prefix(".tmp-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

/// Removes what a process that was killed has left half-written.
pub(super) fn tidy(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b".tmp-")) {
        // It is tried again at the next start.
        let _ = fs::remove_file(entry.path());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::put;

    #[test]
    fn nobody_else_reads_it() {
        let site = tempfile::tempdir().expect("a folder");
        let path = super::folder(site.path()).join("account.json");
        put(&path, b"1").expect("written");
        put(&path, b"2").expect("written again");
        let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(fs::read(&path).expect("read"), b"2");
    }
}
