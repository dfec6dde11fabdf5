//! Whether a place keeps to the conditions under which something may be stored. Leases and fences rest on them, and
//! some stores ignore them without a word.

use super::condition::{Condition, Outcome, Tag};
use super::{Content, Error, Kind, Place};

/// How far a place can be trusted to decide between two that want the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It refuses what it has to refuse, and lies elsewhere: it can decide.
    Decides,
    /// It stores whatever it is given: it can decide nothing.
    Ignores,
    /// It is a folder. It refuses as it should, but falls with its machine.
    Local,
}

impl Place {
    /// Stores an object that nobody needs, four times under conditions, and removes it.
    ///
    /// # Errors
    /// When the place does not do at all what is asked.
    pub fn probe(&self) -> Result<Trust, Error> {
        if matches!(self.kind, Kind::Folder(_)) {
            return Ok(Trust::Local);
        }
        let mut chance = [0; 8];
        getrandom::fill(&mut chance)
            .map_err(|error| Error::Unexpected { what: "chance".into(), why: error.to_string() })?;
        let key = format!("larder/probe-{:016x}", u64::from_be_bytes(chance));
        let honoured = self.refuses(&key);
        self.remove(&key)?;
        Ok(if honoured? { Trust::Decides } else { Trust::Ignores })
    }

    fn refuses(&self, key: &str) -> Result<bool, Error> {
        let wrong = Tag("\"00000000000000000000000000000000\"".into());
        self.create(key, &Content::Bytes(b"first"))?;
        for (bytes, condition) in [(b"second", Condition::Absent), (b"third.", Condition::Matches(&wrong))] {
            if !matches!(self.put(key, &Content::Bytes(bytes), condition, None)?, Outcome::Refused) {
                return Ok(false);
            }
        }
        let Some(there) = self.find(key)? else { return Ok(false) };
        Ok(there.bytes == b"first" && self.replace(key, b"fourth", &there.tag)?.is_some())
    }
}
