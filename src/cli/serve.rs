//! `larder serve`

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::place::{holds_site, make};
use crate::config::Config;

/// Serves until the process is told to end.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    log();
    if !holds_site(&config.data) {
        make(&config.data)?;
    }
    crate::app::serve(config, None).map_err(|error| Failure::said(error.to_string()))
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
