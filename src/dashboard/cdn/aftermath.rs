//! What became of the purge of a change, for who has the entry open.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::authoring::{PurgeLine, PurgeState};
use crate::content::entry::EntryId;
use crate::dashboard::{Dashboard, address, times};

/// How long it is watched.
const LONGEST: Duration = Duration::from_secs(30);
/// How often it is looked, growing.
const LOOKS: [Duration; 4] =
    [Duration::from_millis(20), Duration::from_millis(50), Duration::from_millis(100), Duration::from_millis(250)];

/// Tells who has an entry open what became of the purge of a change to it. Never waits.
pub(in crate::dashboard) fn follow(dashboard: &Dashboard, entry: EntryId, change: i64) {
    if change == 0 {
        return;
    }
    let dashboard = dashboard.clone();
    tokio::spawn(async move {
        let (began, mut looks, mut failing) = (Instant::now(), 0, false);
        while began.elapsed() < LONGEST {
            let Ok(lines) = dashboard.read(move |read| Ok(lines(read.purges_of(change)?))).await else { return };
            if lines.is_empty() {
                return;
            }
            if let Some(took) = done(&lines) {
                dashboard.presence.tell(
                    entry,
                    "purge",
                    &json!({"text": format!("CDN purged in {took}."), "kind": "ok"}),
                );
                return;
            }
            if !failing && let Some(failed) = lines.iter().find(|line| line.state == PurgeState::Failing) {
                dashboard.presence.tell(entry, "purge", &trouble(failed));
                failing = true;
            }
            sleep(LOOKS[looks.min(LOOKS.len() - 1)]).await;
            looks += 1;
        }
        if !failing {
            let text = "The CDN is still being purged.";
            dashboard.presence.tell(entry, "purge", &json!({"text": text, "kind": "info", "href": address::CDN}));
        }
    });
}

fn lines(purges: Vec<(crate::content::outbox::Target, crate::content::outbox::Parcel)>) -> Vec<PurgeLine> {
    purges.iter().map(|(target, parcel)| PurgeLine::of(&target.name, parcel)).collect()
}

/// How long it took until the last one was done, if all are.
fn done(lines: &[PurgeLine]) -> Option<String> {
    let all = lines.iter().all(|line| line.state == PurgeState::Purged);
    let slowest = lines.iter().filter_map(|line| line.ms).fold(0.0, f64::max);
    all.then(|| times::millis(slowest))
}

fn trouble(line: &PurgeLine) -> Value {
    let why = line.said.as_deref().unwrap_or_default();
    json!({"text": "CDN purge failed, trying again.", "detail": why, "kind": "warn", "href": address::CDN})
}
