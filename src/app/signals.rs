//! What a process is told by signals.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that mean something to a server.
pub(super) struct Signals {
    upgrade: Signal,
    terminate: Signal,
    interrupt: Signal,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// SIGUSR2: another process takes this one's place.
    Upgrade,
    /// SIGTERM: the process ends when its clients have been told.
    End,
    /// SIGINT, from the keyboard: the process ends as soon as the requests under way have.
    EndNow,
}

impl Signals {
    /// Hears all from now on.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn watch() -> io::Result<Self> {
        Ok(Self {
            upgrade: signal(SignalKind::user_defined2())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Wanted {
        tokio::select! {
            // Whoever wants an end wants no upgrade any more.
            biased;
            _ = self.interrupt.recv() => Wanted::EndNow,
            _ = self.terminate.recv() => Wanted::End,
            _ = self.upgrade.recv() => Wanted::Upgrade,
        }
    }

    /// The next one that wants an end.
    pub(super) async fn end(&mut self) -> Wanted {
        loop {
            match self.next().await {
                // One is under way.
                Wanted::Upgrade => {}
                wanted => return wanted,
            }
        }
    }
}
