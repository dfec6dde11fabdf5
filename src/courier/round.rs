//! What is to be sent now.

use std::collections::HashMap;
use std::sync::Arc;

use super::carrier::Carrier;
use super::patience::TRIPS;
use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, ParcelId, Target, TargetId};
use crate::store::{Error, Read};

/// How many sends to a target are under way, and which parcels are in them.
pub(super) type Busy = HashMap<TargetId, (usize, Vec<ParcelId>)>;

/// What is to be sent now, and when to look again.
#[derive(Default)]
pub(super) struct Round {
    pub(super) sends: Vec<(Arc<dyn Carrier>, Target, Vec<Parcel>)>,
    pub(super) next: Option<Moment>,
}

/// Finds what is to be sent: of each target as much as it has places for.
pub(super) fn look(read: &Read<'_>, carriers: &[Arc<dyn Carrier>], busy: &Busy, now: Moment) -> Result<Round, Error> {
    let (mut sends, mut next) = (Vec::new(), None);
    let mut wait_for = |moment: Option<Moment>| next = next.into_iter().chain(moment).min();
    for carrier in carriers {
        for target in read.targets(carrier.kind())?.into_iter().filter(|target| target.active) {
            let standing = read.standing(target.id)?;
            if standing.resumes.is_some_and(|resumes| resumes > now) {
                wait_for(standing.resumes);
                continue;
            }
            let terms = carrier.terms(&target);
            let (under_way, taken) = busy.get(&target.id).map_or((0, &[][..]), |(sends, ids)| (*sends, ids));
            let (places, batch) = if standing.failures < TRIPS { (terms.at_once, terms.batch) } else { (1, 1) };
            let free = places.saturating_sub(under_way);
            if free > 0 {
                let mut due = read.due_parcels(target.id, now, free * batch + taken.len())?;
                due.retain(|parcel| !taken.contains(&parcel.id));
                due.truncate(free * batch);
                for parcels in due.chunks(batch.max(1)) {
                    sends.push((carrier.clone(), target.clone(), parcels.to_vec()));
                }
            }
            wait_for(read.next_parcel(target.id, now)?);
        }
    }
    Ok(Round { sends, next })
}
