//! From a server's name to its addresses, asked of name servers by ourselves: the system's own way would hide
//! which address a connection goes to.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{ResolverBuilder, TokioResolver};

use super::error::Error;

/// How long one question to a name server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks name servers.
pub(super) struct Names {
    resolver: Result<TokioResolver, String>,
}

impl Names {
    /// Asks one name server, or those that the system is set up with.
    pub(super) fn new(server: Option<SocketAddr>) -> Self {
        let builder = match server {
            Some(server) => Ok(asking(server)),
            None => TokioResolver::builder_tokio(),
        };
        let resolver = builder.and_then(|mut builder| {
            tune(builder.options_mut(), server.is_none());
            builder.build()
        });
        Self { resolver: resolver.map_err(|error| error.to_string()) }
    }

    /// All addresses of a server.
    ///
    /// # Errors
    /// When there is no such name, or no name server says so.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let failed = |why: String| Error::Names { host: host.to_owned(), why };
        let resolver = self.resolver.as_ref().map_err(|why| failed(why.clone()))?;
        match resolver.lookup_ip(host).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_nx_domain() || error.is_no_records_found() => Err(Error::Unknown(host.to_owned())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

fn asking(server: SocketAddr) -> ResolverBuilder<TokioRuntimeProvider> {
    let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = server.port();
    }
    let server = NameServerConfig::new(server.ip(), true, connections);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
}

fn tune(options: &mut ResolverOpts, system: bool) {
    options.timeout = PATIENCE;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    // Rarely asked twice, and an answer of now is the one to judge.
    options.cache_size = 0;
    options.use_hosts_file = if system { ResolveHosts::Always } else { ResolveHosts::Never };
}
