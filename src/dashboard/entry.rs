//! Finding the entry of an address, for somebody who may see it.

use super::error::Refused;
use super::sight::Sight;
use crate::content::entry::{Entry, EntryId};
use crate::store::Read;

/// The entry, deleted or not. What somebody may not see is not there for them.
pub(super) fn find(read: &Read<'_>, sight: Sight, id: EntryId) -> Result<Entry, Refused> {
    let entry = read.entry(id)?.ok_or_else(Refused::not_found)?;
    let live = || Ok::<_, Refused>(read.variants(id)?.iter().any(|variant| variant.live.is_some()));
    if sight.sees_draft(entry.creator) || (entry.deleted.is_none() && live()?) {
        return Ok(entry);
    }
    Err(Refused::not_found())
}

/// As [`find`], for somebody who wants to change it.
pub(super) fn find_to_change(read: &Read<'_>, sight: Sight, id: EntryId) -> Result<Entry, Refused> {
    let entry = find(read, sight, id)?;
    if sight.may_write(entry.creator) { Ok(entry) } else { Err(Refused::no_right("change this entry")) }
}
