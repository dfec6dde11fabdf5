//! The CDN in front of the site: setting it up, and purging by hand.

use std::fmt;

use serde::Serialize;

use super::{Authoring, Error, Signature};
use crate::content::cdn::Cdn;
use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, ParcelId, ParcelState, TargetKind};
use crate::content::purge::Order;
use crate::store::{KeptCdn, ParcelQuery, Read};

/// What becomes of the secret when a CDN is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// It stays what it is, as long as the provider is the same.
    Kept,
    /// It is this one.
    Given(String),
    /// It comes from elsewhere, whenever it is needed.
    Elsewhere,
}

impl Authoring {
    /// Sets up the CDN, and has everything dropped that it holds.
    ///
    /// # Errors
    /// `Invalid` names each field that makes no sense.
    pub fn set_cdn(&self, cdn: Cdn, secret: Secret, signature: &Signature) -> Result<(), Error> {
        let changed = signature.at;
        self.write(signature, move |write| {
            let before = write.cdn()?;
            let token = match &secret {
                Secret::Given(token) => Some(token.clone()),
                Secret::Kept => {
                    before.filter(|kept| kept.cdn.provider.name() == cdn.provider.name()).and_then(|kept| kept.token)
                }
                Secret::Elsewhere => None,
            };
            let problems = cdn.problems(token.is_some() || secret == Secret::Elsewhere);
            if !problems.is_empty() {
                return Err(Error::Invalid(problems));
            }
            Ok(write.put_cdn(Some(&KeptCdn { cdn, token, changed }))?)
        })
    }

    /// Forgets the CDN, and what was to be purged. It is not told any more.
    ///
    /// # Errors
    /// The database's.
    pub fn forget_cdn(&self, signature: &Signature) -> Result<(), Error> {
        self.write(signature, move |write| Ok(write.put_cdn(None)?))
    }

    /// Has something dropped by the CDN; it is sent by whoever serves the site.
    ///
    /// # Errors
    /// `Refused` when there is no CDN.
    pub fn purge_cdn(&self, order: Order, signature: &Signature) -> Result<Vec<ParcelId>, Error> {
        let at = signature.at;
        let posted = self.write(signature, move |write| {
            let parcels = write.post_order(&order, at)?;
            if parcels.is_empty() {
                return Err(Error::Refused("There is no CDN to purge: set one up first.".into()));
            }
            Ok(parcels)
        })?;
        self.store.outbox_bell().ring();
        Ok(posted)
    }
}

/// How a purge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PurgeState {
    /// It is done.
    Purged,
    /// It was not tried yet.
    Waiting,
    /// It has failed, and is tried again.
    Failing,
    /// It has failed for a month, or what somebody's hand wanted was refused.
    GivenUp,
}

impl fmt::Display for PurgeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Purged => "purged",
            Self::Waiting => "waiting",
            Self::Failing => "failing",
            Self::GivenUp => "given up",
        })
    }
}

/// One purge, as people and programs are told of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PurgeLine {
    /// Its number.
    pub id: ParcelId,
    /// When it was wanted.
    pub at: Moment,
    /// Whom it is told.
    pub target: String,
    /// The change that wanted it; none when somebody's hand did.
    pub change: Option<i64>,
    /// What shall be dropped.
    pub what: String,
    /// How it stands.
    pub state: PurgeState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next, if it is.
    pub due: Option<Moment>,
    /// How long it took from the change to the provider's answer, in milliseconds.
    pub ms: Option<f64>,
    /// What the last try ended with.
    pub said: Option<String>,
}

impl PurgeLine {
    /// Of a parcel for the target with this name.
    pub fn of(target: &str, parcel: &Parcel) -> Self {
        let order = Order::of(&parcel.message.body);
        let state = match parcel.state {
            ParcelState::Sent => PurgeState::Purged,
            ParcelState::Dead => PurgeState::GivenUp,
            ParcelState::Waiting | ParcelState::Behind if parcel.last.is_some() => PurgeState::Failing,
            ParcelState::Waiting | ParcelState::Behind => PurgeState::Waiting,
        };
        let took = |done: Moment| (done.micros() - parcel.since.micros()) as f64 / 1000.0;
        Self {
            id: parcel.id,
            at: parcel.since,
            target: target.into(),
            change: if let Order::Changed { change, .. } = &order { Some(*change) } else { None },
            what: order.to_string(),
            state,
            tries: parcel.tries,
            due: parcel.due,
            ms: parcel.done.filter(|_| state == PurgeState::Purged).map(took),
            said: parcel.last.as_ref().map(|(said, _)| said.clone()),
        }
    }
}

impl Authoring {
    /// These purges, as they stand.
    ///
    /// # Errors
    /// The database's.
    pub fn purges(&self, parcels: &[ParcelId]) -> Result<Vec<PurgeLine>, Error> {
        self.store().read(|read| {
            let mut lines = Vec::new();
            for id in parcels {
                let Some(parcel) = read.parcel(*id)? else { continue };
                let name = read.target(parcel.target)?.map(|target| target.name).unwrap_or_default();
                lines.push(PurgeLine::of(&name, &parcel));
            }
            Ok(lines)
        })
    }

    /// The last purges, newest first.
    ///
    /// # Errors
    /// The database's.
    pub fn last_purges(&self, limit: usize) -> Result<Vec<PurgeLine>, Error> {
        self.store().read(|read| last_purges(read, limit))
    }
}

/// The last purges, newest first.
///
/// # Errors
/// The database's.
pub fn last_purges(read: &Read<'_>, limit: usize) -> Result<Vec<PurgeLine>, Error> {
    let mut lines = Vec::new();
    for target in read.targets(TargetKind::Cdn)? {
        let parcels = read.parcels(&ParcelQuery { target: target.id, state: None, before: None, limit })?;
        lines.extend(parcels.iter().map(|parcel| PurgeLine::of(&target.name, parcel)));
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.id)));
    lines.truncate(limit);
    Ok(lines)
}
