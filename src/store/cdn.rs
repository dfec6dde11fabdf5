//! The CDN or cache in front of the site: a target of the outbox, or with several servers, as many.

use serde_json::{Value, json};

use super::changes::Change;
use super::error::Error;
use super::{ParcelQuery, Read, Write};
use crate::content::cdn::{Cdn, purged};
use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, ParcelId, Target, TargetId, TargetKind};
use crate::content::purge::Order;

/// Among how many purges the one of a change is looked for. Whoever asks, asks soon.
const LATELY: usize = 100;

/// The CDN that is set up.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptCdn {
    /// How.
    pub cdn: Cdn,
    /// The secret by which it is purged. It is shown to nobody.
    pub token: Option<String>,
    /// When it was set up like this.
    pub changed: Moment,
}

impl KeptCdn {
    /// What a target belongs to.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(target: &Target) -> Result<Self, Error> {
        let unreadable =
            |error: serde_json::Error| Error::Unreadable { what: "the CDN's settings", why: error.to_string() };
        Ok(Self {
            cdn: serde_json::from_value(target.settings["cdn"].clone()).map_err(unreadable)?,
            token: target.settings["token"].as_str().map(str::to_owned),
            changed: Moment::from_micros(target.settings["changed"].as_i64().unwrap_or(0)),
        })
    }

    fn settings(&self) -> Value {
        json!({"cdn": self.cdn, "token": self.token, "changed": self.changed.micros()})
    }
}

impl Read<'_> {
    /// The CDN that is set up; `None` when there is none.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn cdn(&self) -> Result<Option<KeptCdn>, Error> {
        self.targets(TargetKind::Cdn)?.first().map(KeptCdn::of).transpose()
    }

    /// What became of the purges of a change, of each target of the CDN.
    pub fn purges_of(&self, change: i64) -> Result<Vec<(Target, Parcel)>, Error> {
        let Some(change) = self.era.inside(change) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for target in self.targets(TargetKind::Cdn)? {
            let lately = self.parcels(&ParcelQuery { target: target.id, state: None, before: None, limit: LATELY })?;
            let of_change = |parcel: &Parcel| matches!(Order::of(&parcel.message.body), Order::Changed { change: number, .. } if number == change);
            found.extend(lately.into_iter().find(of_change).map(|parcel| (target, parcel)));
        }
        Ok(found)
    }
}

impl Write<'_> {
    /// Sets up the CDN, or with `None` forgets it with all that was to be purged. Every answer is another one then, and
    /// whatever the CDN holds is dropped.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn put_cdn(&mut self, kept: Option<&KeptCdn>) -> Result<(), Error> {
        let mut names = kept.map(|kept| kept.cdn.targets()).unwrap_or_default();
        let settings = kept.map(KeptCdn::settings).unwrap_or_default();
        for target in self.targets(TargetKind::Cdn)? {
            match names.iter().position(|name| *name == target.name) {
                Some(place) => {
                    names.remove(place);
                    let id = target.id;
                    self.put_target(&Target { settings: settings.clone(), active: true, ..target })?;
                    // What it has refused so far it may take now.
                    let sql = "UPDATE outbox_parcel SET due = 0 WHERE target = ? AND state = 'waiting'";
                    self.connection.execute(sql, [id.0])?;
                }
                None => {
                    self.remove_target(target.id)?;
                }
            }
        }
        for name in names {
            let created = kept.map_or(Moment::from_micros(0), |kept| kept.changed);
            let (id, kind, active, settings) = (TargetId(0), TargetKind::Cdn, true, settings.clone());
            self.add_target(&Target { id, kind, name, active, settings, created })?;
        }
        self.touch_everything();
        Ok(())
    }

    /// Posts by hand that something shall be dropped: to each target of the CDN.
    pub fn post_order(&mut self, order: &Order, now: Moment) -> Result<Vec<ParcelId>, Error> {
        let targets = self.targets(TargetKind::Cdn)?;
        targets.iter().map(|target| self.post_by_hand(&order.letter(), target.id, now)).collect()
    }

    /// Posts what a change has made old, if there is a CDN to be told.
    pub(super) fn post_purge(&mut self, change: &Change, now: Moment) -> Result<(), Error> {
        if !self.listens(TargetKind::Cdn)? || purged(&change.keys).is_empty() {
            return Ok(());
        }
        let targets: Vec<TargetId> = self.targets(TargetKind::Cdn)?.iter().map(|target| target.id).collect();
        let order = Order::Changed { change: self.era.inside(change.number).unwrap_or(0), keys: change.keys.clone() };
        self.post(&order.letter(), &targets, now)
    }
}
