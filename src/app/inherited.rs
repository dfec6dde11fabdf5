//! What a process gets from the one that starts it: a socket that listens already, from systemd or from the server
//! whose place it takes, and from the latter a line on which to say that it is ready.

use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;

use listenfd::ListenFd;

/// What is said once requests are answered.
pub(super) const READY: &str = "ready";
/// What is said before the reason why they will not be.
pub(super) const FAILED: &str = "failed: ";

/// What was handed over at the start.
#[derive(Debug)]
pub struct Inherited {
    pub(super) listener: Option<TcpListener>,
    /// Where plain HTTP is answered beside HTTPS.
    pub(super) plain: Option<TcpListener>,
    /// The server whose place this one takes.
    pub predecessor: Option<Predecessor>,
}

/// The line to the server whose place this one takes. It says nothing on it; when it ends, so does the line.
#[derive(Clone, Debug)]
pub struct Predecessor(Arc<UnixStream>);

impl Inherited {
    /// Nothing: the process listens by itself.
    pub fn nothing() -> Self {
        Self { listener: None, plain: None, predecessor: None }
    }

    /// Takes what the environment names, by systemd's protocol (`sd_listen_fds(3)`): the socket; after it, in any order,
    /// the one for plain HTTP beside HTTPS, and the line to the server that hands its own sockets over. To be called before any thread is started, because it takes the
    /// names out of the environment: what this process starts shall not find them.
    ///
    /// # Errors
    /// When what was handed over is no TCP socket.
    pub fn take() -> io::Result<Self> {
        let mut handed = ListenFd::from_env();
        let listener = handed.take_tcp_listener(0)?;
        let (mut plain, mut predecessor) = (None, None);
        for place in 1..handed.len() {
            match handed.take_tcp_listener(place) {
                Ok(socket) => plain = plain.or(socket),
                // It does not listen, it is connected already; the type of the socket is the same.
                Err(_) => predecessor = handed.take_unix_listener(place)?.map(Predecessor::on),
            }
        }
        Ok(Self { listener, plain, predecessor })
    }
}

impl Predecessor {
    fn on(line: UnixListener) -> Self {
        Self(Arc::new(OwnedFd::from(line).into()))
    }

    /// Says that requests are answered from now on. It is no matter if nobody hears it.
    pub(super) fn tell_ready(&self) {
        let _ = writeln!(&*self.0, "{READY}");
    }

    /// Says why they will not be.
    pub fn tell_failed(&self, why: &str) {
        let _ = writeln!(&*self.0, "{FAILED}{}", why.replace('\n', " "));
    }

    /// Waits until it has ended. Blocks.
    pub(super) fn wait_for_end(self) {
        let _ = (&*self.0).read(&mut [0]);
    }
}
