//! Taking over: a standby becomes the primary of the next epoch.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use super::super::local::continue_from;
use super::super::place::Trust;
use super::super::status::Board;
use super::super::sync::{Settings, copy_once, now};
use super::epoch::{self, Current};
use super::error::Error;
use super::follow::Follower;
use super::lead::Leader;
use super::lease::{Lessee, Renewed};
use super::member::Terms;
use super::own::Own;

/// A primary that holds no lease says every ten seconds that it lives.
const SILENCE: Duration = Duration::from_secs(30);

/// Makes a standby the primary. Until the end it follows; when it goes wrong, it goes on following.
pub(super) fn promote(
    follower: &mut Follower,
    terms: &Terms,
    trust: Option<Trust>,
    force: bool,
    board: &Arc<Board>,
) -> Result<Leader, Error> {
    if !force {
        may(follower, trust)?;
    }
    // What cannot be read any more does not keep anybody from going on without it.
    if let Err(error) = follower.catch_up() {
        tracing::warn!(%error, "not all that the old primary has brought to the replica could be read");
    }
    let (position, seen) = (follower.position(), &follower.seen);
    let leased = seen.lease.as_ref().map_or(0, |(lease, _)| lease.epoch);
    let epoch = leased.max(seen.current.epoch) + 1;
    let before = follower.own.clone();
    let url = terms.url.clone().unwrap_or_default();
    let mut lessee = Lessee::new(follower.root.clone(), epoch, before.node.clone(), url, terms.lease);
    if !lessee.take(seen.lease.as_ref().map(|(_, tag)| tag), position, now())? {
        return Err(Error::Taken);
    }
    let place = epoch::at(&follower.root, epoch)?;
    if !epoch::claim(&place, &before.node)? {
        return Err(Error::Taken);
    }
    tracing::warn!(epoch, transaction = position, "this server takes over");
    // The whole database goes to the epoch's own path: it needs nothing of the one before.
    continue_from(&follower.folder, position)?;
    let settings = Settings { address: place.address().clone(), ..terms.settings.clone() };
    renewing(&mut lessee, terms, position, || {
        Ok(copy_once(&follower.store, &follower.folder, &settings, false, false)?)
    })?;
    let current = Current { epoch, from: position };
    if !epoch::enter(&follower.root, &current, seen.current_tag.as_ref())? {
        return Err(Error::Taken);
    }
    let own = Own { epoch, follows: None, ..before };
    own.write(&follower.folder)?;
    Leader::begin(&follower.store, &follower.folder, &follower.root, own, lessee, terms, board)
}

/// Whether nothing speaks against it.
fn may(follower: &Follower, trust: Option<Trust>) -> Result<(), Error> {
    if follower.position() == 0 {
        return Err(Error::NothingFollows(0));
    }
    if trust == Some(Trust::Ignores) {
        return Err(Error::Lies);
    }
    let seen = &follower.seen;
    let Some((lease, _)) = &seen.lease else { return Ok(()) };
    let is_gone = match lease.patience() {
        Some(_) => seen.is_abandoned(),
        None => seen.since.elapsed() >= SILENCE,
    };
    if is_gone {
        return Ok(());
    }
    let url = lease.whereabouts().map(|url| format!(" at {url}")).unwrap_or_default();
    Err(Error::StillLed { url, seconds: seen.since.elapsed().as_secs() })
}

/// Does something that takes long, and holds the lease meanwhile.
fn renewing<T: Send>(
    lessee: &mut Lessee,
    terms: &Terms,
    transaction: u64,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let Some(lasts) = terms.lease else { return work() };
    thread::scope(|scope| {
        let (alive, gone) = sync_channel::<()>(0);
        let worker = scope.spawn(move || {
            let done = work();
            drop(alive);
            done
        });
        while gone.recv_timeout(lasts / 3) == Err(RecvTimeoutError::Timeout) {
            match lessee.renew(transaction, now()) {
                Ok(Renewed::Lost(_)) => tracing::warn!("another server took over while this one was at it"),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the lease could not be renewed"),
            }
        }
        worker.join().unwrap_or_else(|_| Err(Error::Taken))
    })
}
