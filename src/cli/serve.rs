//! `larder serve`

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::place::{holds_site, make};
use crate::app::Inherited;
use crate::config::Config;

/// `larder serve`
pub(super) fn start(config: &Config) -> Result<(), Failure> {
    handed(|inherited| run(config, inherited))
}

/// Takes what the process was started with, and has `serve` serve with it. What goes wrong is told to the process that is
/// to be succeeded, if there is one.
pub(super) fn handed(serve: impl FnOnce(Inherited) -> Result<(), Failure>) -> Result<(), Failure> {
    // First of all: no thread runs yet.
    let inherited = Inherited::take().map_err(|error| {
        Failure::said(format!("the socket that this process was started with (LISTEN_FDS) cannot be used: {error}"))
    })?;
    let predecessor = inherited.predecessor.clone();
    serve(inherited).inspect_err(|failure| {
        if let (Some(predecessor), Failure::Said(why)) = (predecessor, failure) {
            predecessor.tell_failed(why);
        }
    })
}

/// Serves until the process is told to end, on the socket that was `inherited` if there is one.
pub(super) fn run(config: &Config, inherited: Inherited) -> Result<(), Failure> {
    log();
    if !holds_site(&config.data) {
        make(&config.data)?;
    }
    crate::app::serve(config, inherited, None).map_err(|error| Failure::said(error.to_string()))
}

/// Tells on standard error what happens, as much as `LARDER_LOG` asks for.
pub(super) fn log() {
    let filter = EnvFilter::try_from_env("LARDER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Fails only when a subscriber is set already, which then does its work.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // Saying that nothing can be said would panic: the log may lie on a full disk.
        .log_internal_errors(false)
        .try_init();
}
