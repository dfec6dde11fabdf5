//! Where backups go to and come from: a place, by its address, or a file.

use std::path::PathBuf;
use std::str::FromStr;

use crate::replica::place::Address;

/// A place or a file.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// `file:///folder` or `s3://bucket/prefix`.
    Place(Address),
    /// A backup that is one file.
    File(PathBuf),
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            return text.parse().map(Self::Place);
        }
        let is_archive = [".tar", ".tar.gz"].iter().any(|ending| text.ends_with(ending));
        if is_archive {
            Ok(Self::File(text.into()))
        } else {
            Err(format!(
                "\"{text}\" is neither a place such as file:///mnt/backup/site nor a file that ends in .tar or .tar.gz"
            ))
        }
    }
}
