//! The sockets that a process listens on: handed over by another, or bound here.

use std::io::{self, ErrorKind};
use std::net::TcpListener;

use super::Error;
use super::inherited::Inherited;
use crate::config::Config;

/// Where larder listens unless told otherwise: nobody else's machine reaches it.
const LOCAL: &str = "127.0.0.1:8787";
/// The word for no address.
const NONE: &str = "none";

/// What is listened on.
#[derive(Debug)]
pub(super) struct Ports {
    /// Where everything is answered.
    pub(super) main: TcpListener,
    /// Where plain HTTP is sent on to HTTPS.
    pub(super) plain: Option<TcpListener>,
}

impl Ports {
    /// Takes what was handed over and binds the rest.
    ///
    /// # Errors
    /// When an address cannot be listened on, or a second socket was handed over that is for nothing.
    pub(super) fn open(config: &Config, inherited: &mut Inherited) -> Result<Self, Error> {
        let (secure, named) = (config.tls.is_on(), !config.tls.domain.is_empty());
        let (handed, handed_plain) = (inherited.listener.take(), inherited.plain.take());
        if handed_plain.is_some() && !secure {
            return Err(Error::SecondSocket);
        }
        let main = match (handed, &config.listen) {
            (Some(socket), _) => socket,
            (None, Some(address)) => bind(address)?,
            (None, None) if named => bind_everywhere(443)?,
            (None, None) => bind(LOCAL)?,
        };
        let plain = match (handed_plain, config.tls.http_listen.as_deref()) {
            (_, Some(NONE)) => None,
            (Some(socket), _) => Some(socket),
            (None, Some(address)) => Some(bind(address)?),
            (None, None) if named => Some(bind_everywhere(80)?),
            (None, None) => None,
        };
        Ok(Self { main, plain })
    }

    /// Where the server is reached, unless something stands in front: by its first name, or at the address it listens on.
    ///
    /// # Errors
    /// When the system does not tell that.
    pub(super) fn address(&self, config: &Config) -> Result<String, Error> {
        let own = self.main.local_addr()?;
        let scheme = if config.tls.is_on() { "https" } else { "http" };
        Ok(match config.tls.domain.first() {
            Some(name) if own.port() == 443 => format!("{scheme}://{name}"),
            Some(name) => format!("{scheme}://{name}:{}", own.port()),
            None => format!("{scheme}://{own}"),
        })
    }

    /// What else there is to say of where it listens.
    ///
    /// # Errors
    /// When the system does not tell that.
    pub(super) fn also(&self) -> Result<String, Error> {
        let Some(plain) = &self.plain else { return Ok(String::new()) };
        Ok(format!(" and sends there who asks at http://{}", plain.local_addr()?))
    }

    /// More descriptors of the same sockets.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { main: self.main.try_clone()?, plain: self.plain.as_ref().map(TcpListener::try_clone).transpose()? })
    }
}

fn bind(address: &str) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|error| Error::Listen { address: address.into(), error })
}

/// A port of every address, of both families where the machine has both.
fn bind_everywhere(port: u16) -> Result<TcpListener, Error> {
    match bind(&format!("[::]:{port}")) {
        Err(Error::Listen { error, .. }) if no_ipv6(&error) => bind(&format!("0.0.0.0:{port}")),
        bound => bound,
    }
}

/// Whether the machine says that it has no such family of addresses, or no address of it.
fn no_ipv6(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable
        || error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error())
}
