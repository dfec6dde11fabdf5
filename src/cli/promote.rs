//! `larder promote`

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::place::Place;
use super::terminal::{json as print, note, result};
use crate::replica::group::ask_for_promotion;

/// Make a standby the primary
///
/// Asks the server that runs `larder standby` on this folder. It applies what is left in the replica, begins the next
/// epoch of the replica with an image of its database, and then takes changes. Refused while the primary is at work.
#[derive(Args)]
pub(super) struct Promote {
    #[command(flatten)]
    place: Place,

    /// Take over although the primary seems to be at work, or although the store cannot see to it that only one server
    /// takes over. What the old primary acknowledges from then on is put aside and not part of the site
    #[arg(long)]
    force: bool,

    /// Print what came of it as JSON
    #[arg(long)]
    json: bool,
}

impl Promote {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.force {
            note("--force: if the old primary is still at work, what it acknowledges from now on is lost to the site");
        }
        let answer =
            ask_for_promotion(&self.place.data, self.force).map_err(|error| Failure::said(error.to_string()))?;
        if let Some(error) = answer.error {
            return Err(Failure::said(error));
        }
        let (epoch, seconds) = (answer.epoch.unwrap_or_default(), answer.milliseconds as f64 / 1000.0);
        if self.json {
            return print(&json!({"epoch": epoch, "seconds": seconds}));
        }
        result(format_args!("this server is the primary, in epoch {epoch}; that took {seconds:.1} seconds"))
    }
}
