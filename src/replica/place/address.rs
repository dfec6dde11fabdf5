//! A place's address, as people write it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::Url;

/// The region of a store that has none.
const REGION: &str = "us-east-1";
/// What an address may be.
const EXPECTED: &str = "expected file:///absolute/folder or s3://bucket/prefix?endpoint=https://host&region=name";

/// Where copies lie: `file:///var/backups/site`, or `s3://bucket/prefix?endpoint=..&region=..&path-style=true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder, absolute.
    Folder(PathBuf),
    /// A bucket of a store that speaks S3.
    Bucket(BucketAddress),
}

/// Where a bucket is, and where in it. Keys to it are no part of the address: it is shown and logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    /// Its name.
    pub bucket: String,
    /// What all keys begin with, without slashes at its ends; may be empty.
    pub prefix: String,
    /// The store's own address; Amazon's when there is none.
    pub endpoint: Option<Url>,
    /// The store's region.
    pub region: String,
    /// Whether the bucket's name goes into the path, and not in front of the host's name.
    pub path_style: bool,
}

impl Address {
    /// The address below this one.
    pub(super) fn below(&self, name: &str) -> Self {
        match self {
            Self::Folder(root) => Self::Folder(root.join(name)),
            Self::Bucket(bucket) => {
                let prefix = if bucket.prefix.is_empty() { name.into() } else { format!("{}/{name}", bucket.prefix) };
                Self::Bucket(BucketAddress { prefix, ..bucket.clone() })
            }
        }
    }
}

impl BucketAddress {
    fn parse(url: &Url) -> Option<Self> {
        let mut address = Self {
            bucket: url.host_str()?.to_owned(),
            prefix: percent_decode_str(url.path()).decode_utf8().ok()?.trim_matches('/').to_owned(),
            endpoint: None,
            region: REGION.into(),
            path_style: false,
        };
        let steps = address.prefix.split('/').all(|step| !matches!(step, "." | ".."));
        let mut path_style = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                "endpoint" => address.endpoint = Some(endpoint(&value)?),
                "region" if !value.is_empty() => address.region = value.into_owned(),
                "path-style" => path_style = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        // Whoever runs a store of their own has seldom a name for each bucket.
        address.path_style = path_style.unwrap_or(address.endpoint.is_some());
        steps.then_some(address)
    }
}

fn endpoint(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    plain.then_some(url)
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => write!(out, "file://{}", root.display()),
            Self::Bucket(at) => {
                write!(out, "s3://{}/{}?region={}", at.bucket, at.prefix, at.region)?;
                if let Some(endpoint) = &at.endpoint {
                    write!(out, "&endpoint={}&path-style={}", endpoint.as_str().trim_end_matches('/'), at.path_style)?;
                }
                Ok(())
            }
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
            "s3" => BucketAddress::parse(&url).map(Self::Bucket).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}
