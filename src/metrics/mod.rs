//! How a running site stands, in numbers.

mod answered;
mod family;
mod machine;

use std::sync::Arc;

use crate::content::moment::Moment;
use crate::content::outbox::{ParcelState, TargetKind};
use crate::delivery::Delivery;
use crate::replica::Board as Copies;
use crate::replica::group::Station;
use crate::store::{Error, Read, Store};
use crate::tls::Board as Certificate;

pub use answered::Answered;
pub use family::Family;

/// Where the numbers of a site come from.
pub struct Metrics {
    /// What was answered.
    pub answered: Answered,
    /// Its database.
    pub store: Arc<Store>,
    /// Its kept answers.
    pub delivery: Arc<Delivery>,
    /// How copying it elsewhere stands, when it is copied.
    pub copying: Option<Arc<Copies>>,
    /// How it stands among those that share its replica, when there are any.
    pub station: Option<Arc<Station>>,
    /// How its certificate stands, when HTTPS is spoken.
    pub certificate: Option<Arc<Certificate>>,
}

impl Metrics {
    /// The numbers now. What cannot be known is not there: they are asked for most when something is broken. Blocks.
    pub fn take(&self, now: Moment) -> Vec<Family> {
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        let mut all = vec![
            Family::gauge("larder_build_info", "1, with the version of the program that runs.").at(&version, 1),
            Family::gauge("process_resident_memory_bytes", "Memory that the process has in use.")
                .may_be(machine::memory()),
        ];
        all.extend(self.of_answers());
        all.extend(self.of_disk());
        all.extend(self.of_database());
        all.extend(self.of_replica(now));
        let until = self.certificate.as_ref().and_then(|board| board.report().valid_until);
        all.push(
            Family::gauge("larder_certificate_end_timestamp_seconds", "Until when the certificate is valid.")
                .when(until),
        );
        all
    }

    fn of_answers(&self) -> Vec<Family> {
        let (counts, weight) = (self.delivery.counts(), self.delivery.weight());
        let responses =
            Family::counter("larder_http_responses_total", "Requests that were answered, by class of status.");
        let answers = Family::counter(
            "larder_answers_total",
            "Reads of published content: kept (at hand), stale (at hand and known to be old), made (built for it).",
        );
        let kept = u64::try_from(weight.answers).unwrap_or(u64::MAX);
        vec![
            self.answered.counts().fold(responses, |family, (class, count)| family.at(&[("status", class)], count)),
            counts
                .answers()
                .into_iter()
                .fold(answers, |family, (source, count)| family.at(&[("source", source)], count)),
            Family::timings("larder_build_seconds", "How long it took to build answers asked for.", &counts.builds),
            Family::timings(
                "larder_refresh_seconds",
                "How long it took after a change until every kept answer was fresh.",
                &counts.refreshes,
            ),
            Family::gauge("larder_cache_answers", "Answers kept in memory.").is(kept),
            Family::gauge("larder_cache_bytes", "What kept answers take in memory, about.").is(weight.bytes),
        ]
    }

    fn of_disk(&self) -> Vec<Family> {
        let database = self.store.path();
        let disk = database.parent().and_then(machine::disk);
        vec![
            Family::gauge("larder_database_bytes", "Size of the database's file.").is(machine::size(database)),
            Family::gauge("larder_wal_bytes", "Size of the database's log.").is(machine::size(&self.store.log_path())),
            Family::gauge("larder_disk_free_bytes", "What may still be written to the disk of the site's folder.")
                .may_be(disk.map(|(free, _)| free)),
            Family::gauge("larder_disk_bytes", "Size of the disk of the site's folder.")
                .may_be(disk.map(|(_, all)| all)),
        ]
    }

    fn of_database(&self) -> [Family; 2] {
        let parcels = Family::gauge(
            "larder_outbox_parcels",
            "What webhooks and CDNs are still to be told: waiting, behind an earlier one, dead (given up).",
        );
        let readable = Family::gauge("larder_database_readable", "1 when the database answers, 0 when it does not.");
        match self.store.read(queues) {
            Ok(queues) => {
                let queued = queues.into_iter().fold(parcels, |family, (kind, state, count)| {
                    family.at(&[("kind", kind.as_str()), ("state", state.as_str())], count)
                });
                [readable.is(1), queued]
            }
            Err(_) => [readable.is(0), parcels],
        }
    }

    fn of_replica(&self, now: Moment) -> Vec<Family> {
        let copies = self.copying.as_ref().map(|board| board.status());
        let copies = copies.as_ref();
        let lag = self.station.as_ref().and_then(|station| station.report().lag(now));
        let current = copies.and_then(|status| status.current_at);
        let behind = current.and_then(|at| u64::try_from((now.micros() - at.micros()).max(0) / 1_000_000).ok());
        let name = "larder_replica_lag_seconds";
        vec![
            Family::gauge(name, "How long ago everything was last at the replica.").may_be(behind),
            Family::gauge("larder_replica_waiting_bytes", "What is not at the replica yet.")
                .may_be(copies.map(|status| status.waiting_bytes)),
            Family::gauge("larder_replica_failing", "1 while nothing can be copied or the replica is not sound.")
                .may_be(copies.map(|status| u64::from(status.error.is_some() || status.verify_error.is_some()))),
            Family::gauge("larder_replica_snapshot_timestamp_seconds", "When the newest snapshot was made.")
                .when(copies.and_then(|status| status.snapshot_at)),
            Family::gauge(
                "larder_replica_verified_timestamp_seconds",
                "When the replica was last restored and found sound.",
            )
            .when(copies.and_then(|status| status.verified_at)),
            Family::gauge("larder_standby_lag_seconds", "How far this standby is behind its primary.")
                .may_be(lag.and_then(|lag| u64::try_from(lag).ok())),
        ]
    }
}

/// How many parcels of each kind are in a state that is not their last, or were given up.
fn queues(read: &Read<'_>) -> Result<Vec<(TargetKind, ParcelState, u64)>, Error> {
    let mut queues = Vec::new();
    for kind in [TargetKind::Webhook, TargetKind::Cdn] {
        let targets = read.targets(kind)?;
        for state in [ParcelState::Waiting, ParcelState::Behind, ParcelState::Dead] {
            let mut count = 0;
            for target in &targets {
                count += read.count_parcels(target.id, state)?;
            }
            queues.push((kind, state, count));
        }
    }
    Ok(queues)
}
