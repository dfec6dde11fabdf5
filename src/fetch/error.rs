//! Why another server was not asked, or gave nothing of use: sentences for people.

use std::time::Duration;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no address of a web page or file.
    #[error("\"{0}\" is not a web address. It must begin with https:// or http:// and name a server.")]
    NoAddress(String),
    /// It carries a name and a password.
    #[error("The address holds a user name or password. Take it out: it would be kept and shown with the address.")]
    Credentials,
    /// Web servers do not listen there.
    #[error("Port {0} is not one that web servers use, so it was not asked.")]
    Port(u16),
    /// It leads into a network that only this machine sees.
    #[error(
        "{0} is not on the public internet, so it was not asked. Who runs the server can allow it with --allow-private-fetch."
    )]
    Private(String),
    /// Nobody knows the name.
    #[error("There is no server called {0}. Check the address.")]
    Unknown(String),
    /// Names cannot be looked up.
    #[error("The name {host} could not be looked up ({why}). Try again in a moment.")]
    Names {
        /// Which name.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// There is no connection.
    #[error("{host} could not be reached ({why}). Try again later.")]
    Unreachable {
        /// Whom.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// Its certificate is not to be trusted, or it does not speak TLS.
    #[error("{host} could not prove who it is ({why}), so nothing was asked of it.")]
    Untrusted {
        /// Whom.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// It broke off, or does not speak HTTP.
    #[error("{host} did not answer as a web server does ({why}). Try again later.")]
    Broken {
        /// Whom.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// A redirect from `https` to `http`.
    #[error("{0} leads from a safe address (https) to an unsafe one (http), which is not followed.")]
    Downgraded(String),
    /// It leads on and on.
    #[error("The address leads on to another one more than {0} times.")]
    TooManyRedirects(usize),
    /// It says nothing.
    #[error("{host} said nothing for {} seconds.", .idle.as_secs())]
    Idle {
        /// Whom.
        host: String,
        /// How long was waited.
        idle: Duration,
    },
    /// All in all it takes too long.
    #[error("It took longer than {} seconds, so it was given up.", .0.as_secs())]
    TooSlow(Duration),
    /// It sends more than is taken.
    #[error("What lies there is larger than {} MB.", .0 >> 20)]
    TooLarge(u64),
    /// It is packed although that was not asked for.
    #[error("{0} sent it packed although it was asked not to, so it was not taken.")]
    Packed(String),
}

impl Error {
    /// Whether trying again later could help: it is not the address that is wrong.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Names { .. }
                | Self::Unreachable { .. }
                | Self::Broken { .. }
                | Self::Idle { .. }
                | Self::TooSlow(_)
                | Self::Unknown(_)
        )
    }
}
