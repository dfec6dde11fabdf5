//! How a process leaves: alone, or because another takes its place.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::sleep;

use super::clock::remember_questions;
use super::duties::Duties;
use super::inherited::Predecessor;
use super::ports::Ports;
use super::role::Upgrade;
use super::signals::{Signals, Wanted};
use super::successor::{self, Failed, Successor};
use crate::api::Leaving;
use crate::config::Leave;
use crate::delivery::Delivery;

/// How long clients may take to ask once more when nobody takes this process's place: they find nobody afterwards
/// either, unless a balancer has learnt it from `/readyz`.
const ALONE: Duration = Duration::from_secs(1);

/// What leaving needs.
pub(super) struct Change {
    /// What it hands over.
    pub(super) ports: Ports,
    /// What an upgrade starts.
    pub(super) program: PathBuf,
    pub(super) leave: Leave,
    pub(super) delivery: Arc<Delivery>,
    pub(super) duties: Arc<Duties>,
    /// Set while another process answers clients too.
    pub(super) overlaps: Arc<AtomicBool>,
    pub(super) leaving: Leaving,
}

impl Change {
    /// Returns when no more connections shall be accepted: how long clients may use those they have, and who accepts
    /// now, if anybody does. As long as that is held, the other process knows that it is not alone.
    pub(super) async fn leaving(&self, signals: &mut Signals) -> (Duration, Option<Successor>) {
        let mut wanted = signals.next().await;
        loop {
            wanted = match wanted {
                Wanted::Upgrade => match self.upgrade(signals).await {
                    Tried::Handed(successor) => return self.hand_over(successor),
                    Tried::Failed => signals.next().await,
                    Tried::Cut(wanted) => wanted,
                },
                Wanted::End => {
                    self.leaving.begin();
                    tell_systemd(&[NotifyState::Stopping]);
                    tokio::select! {
                        () = sleep(Duration::from_secs(u64::from(self.leave.drain_wait))) => return (ALONE, None),
                        Wanted::EndNow = signals.end() => return (Duration::ZERO, None),
                    }
                }
                Wanted::EndNow => return (Duration::ZERO, None),
            };
        }
    }

    /// Looks more often for what the other process changes, until that has ended.
    pub(super) fn overlap_with(&self, predecessor: Predecessor) {
        self.overlaps.store(true, Ordering::Relaxed);
        let overlaps = self.overlaps.clone();
        // A thread of its own: the runtime would wait for it when this process ends first.
        let wait = move || {
            predecessor.wait_for_end();
            overlaps.store(false, Ordering::Relaxed);
        };
        if std::thread::Builder::new().name("larder-overlap".into()).spawn(wait).is_err() {
            self.overlaps.store(false, Ordering::Relaxed);
        }
    }

    async fn upgrade(&self, signals: &mut Signals) -> Tried {
        tracing::info!(program = %self.program.display(), "an upgrade begins");
        self.duties.tell(Upgrade::UnderWay);
        self.overlaps.store(true, Ordering::Relaxed);
        remember_questions(&self.delivery);
        let patience = Duration::from_secs(u64::from(self.leave.upgrade_seconds));
        let (tried, why) = tokio::select! {
            started = successor::start(&self.program, &self.ports, patience) => match started {
                Ok(successor) => return Tried::Handed(successor),
                Err(failed) => (Tried::Failed, failed),
            },
            wanted = signals.end() => (Tried::Cut(wanted), Failed::Unwanted),
        };
        tracing::error!(%why, "the upgrade has failed; this process goes on");
        self.overlaps.store(false, Ordering::Relaxed);
        self.duties.tell(Upgrade::Failed(why.to_string()));
        tried
    }

    fn hand_over(&self, successor: Successor) -> (Duration, Option<Successor>) {
        tracing::info!(pid = successor.pid, "another process has taken over; this one answers who is still connected");
        self.duties.tell(Upgrade::Handed);
        // Not awaited: what is being done may take its time, and clients shall be told at once.
        let duties = self.duties.clone();
        tokio::task::spawn_blocking(move || duties.give_up());
        (Duration::from_secs(u64::from(self.leave.drain_seconds)), Some(successor))
    }
}

/// How an upgrade ended.
enum Tried {
    Handed(Successor),
    Failed,
    /// Before it did, something else was wanted.
    Cut(Wanted),
}

/// Tells systemd, if it has started this process and wants to know.
pub(super) fn tell_systemd(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd cannot be told how this process does");
    }
}
