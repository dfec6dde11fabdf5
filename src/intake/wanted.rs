//! Fetching what writes have asked for, in the background.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::{ASKED_AT_ONCE, Error, Intake, Sender};
use crate::authoring::now;

/// How often it is looked whether something is wanted. A look costs microseconds when nothing is.
const LOOK: Duration = Duration::from_millis(500);
/// How often uploads that nobody went on with are looked for.
const SWEEP: Duration = Duration::from_secs(60 * 60);

impl Intake {
    /// Fetches what is wanted and sweeps what was given up, for as long as it is asked to.
    pub async fn tend(self) {
        let mut fetching = JoinSet::new();
        let mut next_sweep = Instant::now();
        let mut failing = false;
        loop {
            while fetching.try_join_next().is_some() {}
            if Instant::now() >= next_sweep {
                next_sweep = Instant::now() + SWEEP;
                if let Err(error) = self.sweep().await {
                    tracing::warn!(%error, "what was left of unfinished uploads could not be removed");
                }
            }
            let free = ASKED_AT_ONCE.saturating_sub(fetching.len());
            match self.due(free).await {
                Ok(due) => {
                    failing = false;
                    for (url, by) in due {
                        let intake = self.clone();
                        fetching.spawn(async move { intake.bring_in(&url, by).await });
                    }
                }
                Err(error) if !failing => {
                    tracing::error!(%error, "pictures that writes have asked for wait");
                    failing = true;
                }
                Err(_) => {}
            }
            sleep(LOOK).await;
        }
    }

    async fn due(&self, most: usize) -> Result<Vec<(String, String)>, Error> {
        if most == 0 || self.authoring.store().mandate().holds().is_err() {
            return Ok(Vec::new());
        }
        let authoring = self.authoring.clone();
        Ok(self.work.run(move || authoring.begin_bringing_in(now(), most)).await??)
    }

    /// Fetches one address and names the library's copy wherever it was asked for.
    async fn bring_in(&self, url: &str, by: String) {
        let taken = self.from_address(url, "", &Sender::clock(by)).await;
        let (authoring, address) = (self.authoring.clone(), url.to_owned());
        let noted = match taken {
            Ok(taken) => {
                let media = taken.id().to_owned();
                self.work.run(move || authoring.bring_in(&address, &media, now()).map(drop)).await
            }
            Err(error) => {
                tracing::warn!(%url, %error, "a picture could not be brought into the library; its address stays");
                let may_pass = error.may_pass();
                let why = error.to_string();
                self.work.run(move || authoring.miss_media(&address, &why, may_pass, now())).await
            }
        };
        // It stays wanted, so that it is tried again.
        if let Err(error) = noted.map_err(Error::from).and_then(|noted| noted.map_err(Error::from)) {
            tracing::error!(%url, %error, "what became of a wanted picture could not be noted");
        }
    }
}
