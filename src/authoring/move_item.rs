//! The manual order of collections.

use super::{Authoring, Error, Signature};
use crate::content::entry::{Entry, EntryId};
use crate::store::Write;

/// Where an item is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Before all others.
    First,
    /// Behind this one.
    After(EntryId),
    /// One place nearer to the beginning.
    Up,
    /// One place nearer to the end.
    Down,
}

impl Authoring {
    /// Moves an item within its collection's manual order. Whoever stands between its old place and its new one
    /// moves by one; what others do meanwhile is kept.
    ///
    /// # Errors
    /// `NotFound` when it is gone; `Refused` when the one it was to stand behind is gone or elsewhere.
    pub fn move_item(&self, item: EntryId, to: Beside, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let item = visible(write, item)?.ok_or(Error::NotFound("item"))?;
            let Some(end) = end(write, &item, to)? else { return Ok(()) };
            if end == item.position { Ok(()) } else { carry(write, &item, end) }
        })
    }
}

fn visible(write: &Write<'_>, id: EntryId) -> Result<Option<Entry>, Error> {
    Ok(write.entry(id)?.filter(|entry| entry.deleted.is_none() && entry.archived.is_none()))
}

/// The position that the item takes over; `None` when it stands there already.
fn end(write: &Write<'_>, item: &Entry, to: Beside) -> Result<Option<i64>, Error> {
    let position = |found: Option<(EntryId, i64)>| found.map(|(_, position)| position);
    Ok(match to {
        Beside::First => position(write.beside(item.schema, i64::MIN, true)?),
        Beside::Up => position(write.beside(item.schema, item.position, false)?),
        Beside::Down => position(write.beside(item.schema, item.position, true)?),
        Beside::After(other) if other == item.id => None,
        Beside::After(other) => {
            let gone = || Error::Refused("What it was to stand behind is gone. Load the list again.".into());
            let other = visible(write, other)?.filter(|other| other.schema == item.schema).ok_or_else(gone)?;
            if other.position < item.position {
                // It takes the place behind the other, which may be its own.
                position(write.beside(item.schema, other.position, true)?)
            } else {
                Some(other.position)
            }
        }
    })
}

/// Hands the positions between the item's and its new one on to the next in turn.
fn carry(write: &mut Write<'_>, item: &Entry, end: i64) -> Result<(), Error> {
    let (from, to) = (item.position.min(end), item.position.max(end));
    let old = write.positions(item.schema, from, to)?;
    let mut ids: Vec<EntryId> = old.iter().map(|(id, _)| *id).filter(|id| *id != item.id).collect();
    if end < item.position {
        ids.insert(0, item.id)
    } else {
        ids.push(item.id)
    }
    for (id, (before, position)) in ids.into_iter().zip(old) {
        if id != before
            && let Some(entry) = write.entry(id)?
        {
            write.put_position(&entry, position)?;
        }
    }
    Ok(())
}
