//! The lease: who is primary, said again and again.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::super::place::{Content, Place, Stored, Tag};
use super::error::Error;
use crate::content::moment::Moment;
use crate::replica::Error as ReplicaError;

/// Where it stands.
const KEY: &str = "larder/lease.json";
/// How long a primary that never stops by itself must have said nothing before another one may begin in its epoch.
const SILENCE: Duration = Duration::from_secs(60);

/// Who is primary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lease {
    /// In which epoch.
    pub(super) epoch: u32,
    /// What it is called.
    pub(super) owner: String,
    /// Where it is reached; may be empty.
    pub(super) url: String,
    /// The newest transaction that is in the replica.
    pub(super) transaction: u64,
    /// When it said so, by its own clock.
    pub(super) at: Moment,
    /// After how many milliseconds without saying so again it stops acknowledging changes; 0: never.
    pub(super) lasts: u64,
}

impl Lease {
    /// After how long without a sign another one may take over.
    pub(super) fn patience(&self) -> Option<Duration> {
        // A fifth more, because clocks run differently.
        (self.lasts > 0).then(|| Duration::from_millis(self.lasts + self.lasts / 5))
    }

    /// Its url with a word in front.
    pub(super) fn whereabouts(&self) -> Option<String> {
        (!self.url.is_empty()).then(|| self.url.clone())
    }
}

/// What stands in the place.
pub(super) fn find(root: &Place) -> Result<Option<(Lease, Tag)>, Error> {
    let Some(found) = root.find(KEY)? else { return Ok(None) };
    let lease =
        serde_json::from_slice(&found.bytes).map_err(|error| Error::from(ReplicaError::unreadable(KEY, &error)))?;
    Ok(Some((lease, found.tag)))
}

/// What became of saying it again.
#[derive(Debug)]
pub(super) enum Renewed {
    /// It is said.
    Held,
    /// Another server holds it, which may be dead.
    Waits,
    /// Another server has gone on in a later epoch.
    Lost(Lease),
}

/// A server that says it.
pub(super) struct Lessee {
    root: Place,
    lease: Lease,
    tag: Option<Tag>,
    /// Another one's, and since when it has not changed.
    watched: Option<(Tag, Instant)>,
}

impl Lessee {
    /// Says nothing yet.
    pub(super) fn new(root: Place, epoch: u32, owner: String, url: String, lasts: Option<Duration>) -> Self {
        let lasts = lasts.map_or(0, |lasts| u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX));
        let lease = Lease { epoch, owner, url, transaction: 0, at: Moment::from_micros(0), lasts };
        Self { root, lease, tag: None, watched: None }
    }

    /// Takes it from whoever had it, if nobody has changed it since it was seen; false when somebody has.
    pub(super) fn take(&mut self, seen: Option<&Tag>, transaction: u64, now: Moment) -> Result<bool, Error> {
        let bytes = self.say(transaction, now)?;
        match seen {
            Some(tag) => self.tag = self.root.replace(KEY, &bytes, tag)?,
            None => self.create(&bytes)?,
        }
        Ok(self.tag.is_some())
    }

    /// Says it again.
    pub(super) fn renew(&mut self, transaction: u64, now: Moment) -> Result<Renewed, Error> {
        let bytes = self.say(transaction, now)?;
        if let Some(tag) = self.tag.take() {
            self.tag = Some(tag.clone());
            if let Some(next) = self.root.replace(KEY, &bytes, &tag)? {
                self.tag = Some(next);
                return Ok(Renewed::Held);
            }
            self.tag = None;
        }
        let Some((there, tag)) = find(&self.root)? else {
            self.create(&bytes)?;
            return Ok(if self.tag.is_some() { Renewed::Held } else { Renewed::Waits });
        };
        if there.epoch > self.lease.epoch {
            return Ok(Renewed::Lost(there));
        }
        let is_ours = there.owner == self.lease.owner;
        if is_ours || self.is_silent(&there, &tag) {
            self.tag = self.root.replace(KEY, &bytes, &tag)?;
        }
        Ok(if self.tag.is_some() { Renewed::Held } else { Renewed::Waits })
    }

    fn say(&mut self, transaction: u64, now: Moment) -> Result<Vec<u8>, Error> {
        (self.lease.transaction, self.lease.at) = (transaction, now);
        serde_json::to_vec(&self.lease).map_err(|error| Error::from(ReplicaError::unreadable(KEY, &error)))
    }

    fn create(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.root.create(KEY, &Content::Bytes(bytes))? != Stored::Other {
            self.tag = self.root.find(KEY)?.filter(|found| found.bytes == bytes).map(|found| found.tag);
        }
        Ok(())
    }

    /// Whether another one's has not changed for so long that it counts no more.
    fn is_silent(&mut self, there: &Lease, tag: &Tag) -> bool {
        let since = match &self.watched {
            Some((seen, since)) if seen == tag => *since,
            _ => self.watched.insert((tag.clone(), Instant::now())).1,
        };
        since.elapsed() >= there.patience().unwrap_or(SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Lessee, Renewed, find};
    use crate::content::moment::Moment;
    use crate::replica::place::Place;

    fn lessee(root: &Place, epoch: u32, owner: &str) -> Lessee {
        Lessee::new(root.clone(), epoch, owner.into(), String::new(), Some(Duration::from_secs(60)))
    }

    #[test]
    fn of_two_that_want_it_one_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = Place::open(&format!("file://{}", folder.path().display()).parse().unwrap()).unwrap();
        let now = Moment::from_micros(0);
        let (mut first, mut second) = (lessee(&root, 0, "a"), lessee(&root, 0, "b"));
        assert!(matches!(first.renew(1, now).unwrap(), Renewed::Held));
        assert!(matches!(second.renew(1, now).unwrap(), Renewed::Waits));
        assert!(matches!(first.renew(2, now).unwrap(), Renewed::Held));
        assert!(matches!(lessee(&root, 0, "a").renew(3, now).unwrap(), Renewed::Held), "after a restart");

        let (_, seen) = find(&root).unwrap().unwrap();
        let (mut third, mut fourth) = (lessee(&root, 1, "c"), lessee(&root, 1, "d"));
        assert!(third.take(Some(&seen), 3, now).unwrap());
        assert!(!fourth.take(Some(&seen), 3, now).unwrap());
        assert!(matches!(first.renew(4, now).unwrap(), Renewed::Lost(lease) if lease.owner == "c"));
    }
}
