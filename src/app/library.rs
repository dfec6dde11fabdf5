//! Tidying the media library when a server takes it over: beside everything else, because it may take long.

use std::sync::Arc;
use std::thread;

use crate::authoring::{self, Authoring, Signature};

/// Starts it. It ends by itself, or with the process: whatever it has not done by then is done at the next start.
pub(super) fn tidy(authoring: Arc<Authoring>) {
    let run = move || {
        if let Err(error) = tidied(&authoring) {
            tracing::warn!(%error, "the media library could not be tidied; it is tried again at the next start");
        }
    };
    if let Err(error) = thread::Builder::new().name("larder-library".into()).spawn(run) {
        tracing::warn!(%error, "the media library is tidied at the next start");
    }
}

fn tidied(authoring: &Arc<Authoring>) -> Result<(), authoring::Error> {
    if authoring.store().mandate().holds().is_err() {
        // It is the primary's.
        return Ok(());
    }
    let swept = authoring.sweep_media()?;
    if swept > 0 {
        tracing::info!(swept, "removed uploads that were never finished");
    }
    authoring.remove_orphans(&Signature::now("larder"))?;
    authoring.look_at_media()?;
    Ok(())
}
