//! `larder standby`

use std::thread;
use std::time::Duration;

use clap::Args;

use super::bar::Bar;
use super::failure::Failure;
use super::serve;
use crate::app::{Following, Inherited};
use crate::config::Config;
use crate::replica::group::prepare;
use crate::replica::place::Address;

/// Follow a site's replica and serve what it holds, ready to take over
///
/// Begins from the replica when the folder is empty, as soon as there is something in it. Answers reads from its own
/// database and memory; changes are refused with the primary's address. Started again after a promotion, it is the
/// primary.
#[derive(Args)]
pub(super) struct Standby {
    #[command(flatten)]
    config: Config,

    /// Move aside whatever site the folder holds, and begin from the replica
    #[arg(long)]
    rebuild: bool,

    /// Take over when the primary has not renewed its lease. Needs a store that keeps to conditions, and a primary that
    /// was started with --lease-seconds
    #[arg(long)]
    auto_promote: bool,

    /// How often the replica is asked for what is new, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    poll_ms: u32,
}

impl Standby {
    pub(super) fn run(&self) -> Result<(), Failure> {
        serve::handed(|inherited| self.follow(inherited))
    }

    fn follow(&self, inherited: Inherited) -> Result<(), Failure> {
        serve::log();
        let Some(replica) = &self.config.copying.replica else {
            return Err(Failure::said("which replica is followed? Say --replica URL"));
        };
        let poll = Duration::from_millis(self.poll_ms.into());
        self.begin(replica, poll)?;
        let following = Following { poll, takes_over: self.auto_promote };
        crate::app::serve(&self.config, inherited, Some(following)).map_err(|error| Failure::said(error.to_string()))
    }

    /// Restores what is needed to begin. The two servers of a new site may be started in any order: what the primary has
    /// not copied yet is waited for.
    fn begin(&self, replica: &Address, poll: Duration) -> Result<(), Failure> {
        let mut waits = false;
        loop {
            match prepare(&self.config.data, replica, self.rebuild, &Bar::saying("Restoring")) {
                Ok(()) => return Ok(()),
                Err(error) if error.is_empty() => {
                    if !waits {
                        tracing::warn!(%error, "this standby waits for the first copy of its primary");
                    }
                    waits = true;
                    thread::sleep(poll);
                }
                Err(error) => return Err(Failure::said(error.to_string())),
            }
        }
    }
}
