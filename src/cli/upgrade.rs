//! `larder upgrade`

use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::Args;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::failure::Failure;
use super::place::Place;
use super::terminal;
use crate::app;

/// How often it is looked how far the upgrade is.
const LOOK: Duration = Duration::from_millis(50);

/// Let a newly installed program take over from the one that runs
///
/// No request fails. The server starts the program that lies where its own lay, hands it the socket, and goes on itself
/// unless the new one is ready in time. Waits for either and tells which; 0 means that the new one serves.
#[derive(Args)]
pub(super) struct Upgrade {
    #[command(flatten)]
    place: Place,

    /// How long to wait for it, in seconds
    #[arg(long, value_name = "N", default_value_t = 120)]
    wait: u32,

    /// Tell it as JSON
    #[arg(long)]
    json: bool,
}

impl Upgrade {
    pub(super) fn run(self) -> Result<(), Failure> {
        let began = Instant::now();
        let old = self.serving()?.ok_or_else(|| {
            Failure::said(format!("no server is running on {}: start one with larder serve", self.place.data.display()))
        })?;
        if old.upgrade == Some(app::Upgrade::UnderWay) {
            return Err(Failure::said(format!("process {} is being upgraded already", old.pid)));
        }
        tell(old.pid)?;
        let new = self.await_outcome(&old, began)?;
        let took = began.elapsed();
        if self.json {
            let side = |serving: &app::Serving| json!({"pid": serving.pid, "version": serving.version});
            return terminal::json(&json!({
                "status": "upgraded", "from": side(&old), "to": side(&new), "seconds": took.as_secs_f64(),
            }));
        }
        terminal::result(format_args!(
            "upgraded from {} (process {}) to {} (process {}) in {:.1} s",
            old.version,
            old.pid,
            new.version,
            new.pid,
            took.as_secs_f64()
        ))
    }

    /// Who serves once the upgrade is over.
    fn await_outcome(&self, old: &app::Serving, began: Instant) -> Result<app::Serving, Failure> {
        let patience = Duration::from_secs(u64::from(self.wait));
        while began.elapsed() < patience {
            match self.serving()? {
                Some(now) if now.pid != old.pid => return Ok(now),
                Some(now) if now.tries > old.tries => {
                    if let Some(app::Upgrade::Failed(why)) = now.upgrade {
                        return Err(Failure::said(format!(
                            "not upgraded: {why}. Process {} goes on serving with {}",
                            now.pid, now.version
                        )));
                    }
                }
                Some(_) => {}
                // Between two who hold it, nobody does; and a program that is killed tells nothing.
                None if is_gone(old.pid) && self.serving()?.is_none() => {
                    return Err(Failure::said(format!("process {} has ended, and no other serves", old.pid)));
                }
                None => {}
            }
            sleep(LOOK);
        }
        Err(Failure::said(format!(
            "the upgrade of process {} has not ended after {} s; it goes on, and the server's log tells how it ends",
            old.pid, self.wait
        )))
    }

    fn serving(&self) -> Result<Option<app::Serving>, Failure> {
        let folder = &self.place.data;
        app::Serving::of(folder)
            .map_err(|error| Failure::said(format!("cannot tell who serves {}: {error}", folder.display())))
    }
}

fn process(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

fn tell(pid: u32) -> Result<(), Failure> {
    let told = process(pid).map(|process| kill_process(process, Signal::USR2));
    match told {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(Failure::said(format!(
            "process {pid} serves this folder and cannot be told ({error}): ask as the user it runs as, on the same machine"
        ))),
        None => Err(Failure::said(format!("process {pid} cannot be told"))),
    }
}

fn is_gone(pid: u32) -> bool {
    process(pid).is_none_or(|process| rustix::process::test_kill_process(process).is_err())
}
