//! In which epoch a replica is, and where each epoch lies.

use serde::{Deserialize, Serialize};

use super::super::error::Error;
use super::super::place::{Content, Place, Stored, Tag};

/// Where it stands.
const KEY: &str = "larder/current.json";
/// Where it stands who has begun an epoch, in the epoch's own path.
const CLAIM: &str = "larder/claim.json";

/// In which epoch a replica is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Its number. Without any promotion it is 0.
    pub epoch: u32,
    /// The last transaction of the epoch before that belongs to it.
    pub from: u64,
}

/// In which epoch a replica is, and the tag by which a change of that is noticed.
///
/// # Errors
/// When the place cannot be asked, or does not make sense.
pub(in super::super) fn current(root: &Place) -> Result<(Current, Option<Tag>), Error> {
    let Some(found) = root.find(KEY)? else { return Ok((Current::default(), None)) };
    let current = serde_json::from_slice(&found.bytes).map_err(|error| Error::unreadable(KEY, &error))?;
    Ok((current, Some(found.tag)))
}

/// Where the parts of the current epoch lie: what is restored and verified.
///
/// # Errors
/// As [`current`].
pub fn current_place(root: &Place) -> Result<Place, Error> {
    at(root, current(root)?.0.epoch)
}

/// Where the parts of an epoch lie: the first one at the root itself, where every tool looks for them.
pub(in super::super) fn at(root: &Place, epoch: u32) -> Result<Place, Error> {
    if epoch == 0 { Ok(root.clone()) } else { Ok(root.below(&format!("e{epoch:08x}"))?) }
}

/// Begins an epoch; false when somebody else has.
pub(super) fn claim(place: &Place, owner: &str) -> Result<bool, Error> {
    Ok(place.create(CLAIM, &Content::Bytes(owner.as_bytes()))? != Stored::Other)
}

/// Makes an epoch the current one; false when another one is by now.
pub(super) fn enter(root: &Place, current: &Current, before: Option<&Tag>) -> Result<bool, Error> {
    let bytes = serde_json::to_vec(current).map_err(|error| Error::unreadable(KEY, &error))?;
    match before {
        Some(tag) => Ok(root.replace(KEY, &bytes, tag)?.is_some()),
        None => Ok(root.create(KEY, &Content::Bytes(&bytes))? != Stored::Other),
    }
}
