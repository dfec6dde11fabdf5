//! A certificate with its private key.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, InconsistentKeys};

use super::domain::Domain;
use super::validity::{Validity, validity};

/// A certificate and key that belong together.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) shown: Arc<CertifiedKey>,
    pub(super) validity: Validity,
}

/// Why there is none in two files. No path is named: the sentence is told in public.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// A file cannot be read.
    #[error("the {0} cannot be read: {1}")]
    Unreadable(&'static str, std::io::Error),
    /// A file is no PEM, or only the beginning of it.
    #[error("the {0} is not whole: {1}")]
    Broken(&'static str, String),
    /// Nothing of the kind is in it.
    #[error("there is no {0} in its file")]
    Missing(&'static str),
    /// Something is in it that cannot be used.
    #[error("the {0} cannot be used: {1}")]
    Unusable(&'static str, String),
    /// Each is fine by itself.
    #[error("the certificate and the private key do not belong together")]
    Mismatch,
}

const CERTIFICATE: &str = "certificate";
const KEY: &str = "private key";

impl Pair {
    /// Reads two files, which may be one.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn read(certificate: &Path, key: &Path) -> Result<Self, Wrong> {
        let certificate = fs::read(certificate).map_err(|error| Wrong::Unreadable(CERTIFICATE, error))?;
        let key = fs::read(key).map_err(|error| Wrong::Unreadable(KEY, error))?;
        Self::parse(&certificate, &key)
    }

    /// Of two texts in PEM.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn parse(certificate: &[u8], key: &[u8]) -> Result<Self, Wrong> {
        let chain: Result<Vec<CertificateDer<'static>>, pem::Error> =
            CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(|error| Wrong::Broken(CERTIFICATE, error.to_string()))?;
        let first = chain.first().ok_or(Wrong::Missing(CERTIFICATE))?;
        let validity = validity(first).ok_or_else(|| Wrong::Unusable(CERTIFICATE, "it cannot be understood".into()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
            pem::Error::NoItemsFound => Wrong::Missing(KEY),
            other => Wrong::Broken(KEY, other.to_string()),
        })?;
        let shown = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(unusable)?;
        Ok(Self { shown: Arc::new(shown), validity })
    }

    /// Whether it proves to be each of these.
    pub(super) fn is_for(&self, domains: &[Domain]) -> bool {
        let Some(certificate) = self.shown.cert.first().and_then(|first| ParsedCertificate::try_from(first).ok())
        else {
            return false;
        };
        domains.iter().all(|domain| {
            let name = ServerName::try_from(domain.as_str());
            name.is_ok_and(|name| verify_server_name(&certificate, &name).is_ok())
        })
    }

    /// A number that is this certificate's own, the same each time it is read.
    pub(super) fn number(&self) -> u64 {
        let digest = Sha256::digest(self.shown.cert.first().map_or(&[][..], |first| first.as_ref()));
        digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

fn unusable(error: rustls::Error) -> Wrong {
    match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Wrong::Mismatch,
        rustls::Error::InvalidCertificate(why) => Wrong::Unusable(CERTIFICATE, format!("{why:?}")),
        other => Wrong::Unusable(KEY, other.to_string()),
    }
}
