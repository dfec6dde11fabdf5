//! The certificate that clients are shown, which may be changed while they are served.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwapOption;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::Ticketer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::now;

/// How often, at most, it is said that there is none, in microseconds.
const SAID: i64 = 60_000_000;

/// What clients are shown, once there is something.
#[derive(Debug, Default)]
pub(super) struct Served {
    pair: ArcSwapOption<CertifiedKey>,
    said: AtomicI64,
}

impl Served {
    pub(super) fn show(&self, pair: Arc<CertifiedKey>) {
        self.pair.store(Some(pair));
    }

    fn say_that_there_is_none(&self) {
        let (now, said) = (now().micros(), self.said.load(Ordering::Relaxed));
        let again = now.saturating_sub(said) >= SAID;
        if again && self.said.compare_exchange(said, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            tracing::warn!("a client asked by HTTPS and was turned away: there is no certificate yet");
        }
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let pair = self.pair.load_full();
        if pair.is_none() {
            self.say_that_there_is_none();
        }
        pair
    }
}

/// How TLS is spoken: 1.2 and 1.3, and by it HTTP/2 before HTTP/1.1.
pub(super) fn configuration(served: Arc<Served>) -> Arc<ServerConfig> {
    let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(served);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Who comes back continues where it was, without anything kept here. Without chance there are no tickets.
    if let Ok(ticketer) = Ticketer::new() {
        config.ticketer = ticketer;
    }
    Arc::new(config)
}
