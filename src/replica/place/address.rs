//! A place's address, as people write it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::Url;

/// Where copies lie: `file:///var/backups/site`, or `s3://bucket/prefix?endpoint=..&region=..&path-style=true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder, absolute.
    Folder(PathBuf),
}

impl Address {
    /// The address below this one.
    pub(super) fn below(&self, name: &str) -> Self {
        match self {
            Self::Folder(root) => Self::Folder(root.join(name)),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => write!(out, "file://{}", root.display()),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no place for copies: {EXPECTED}");
        let url = Url::parse(text).map_err(|_| wrong())?;
        match url.scheme() {
            "file" if url.host_str().is_none() && url.path().len() > 1 => {
                let path = percent_decode_str(url.path()).decode_utf8().map_err(|_| wrong())?;
                Ok(Self::Folder(PathBuf::from(path.trim_end_matches('/'))))
            }
            _ => Err(wrong()),
        }
    }
}

const EXPECTED: &str = "expected file:///absolute/folder or s3://bucket/prefix?endpoint=https://host&region=name";
