//! Whom other servers may be vouched for by, besides those whom browsers trust.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// Authorities whose certificates were read and understood.
#[derive(Clone, Debug, Default)]
pub struct Authorities(Arc<[CertificateDer<'static>]>);

impl Authorities {
    /// Reads the certificates of a PEM file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the file.
    pub fn read(path: &str) -> Result<Self, String> {
        let wrong = |why: &dyn std::fmt::Display| format!("it cannot be read as certificates in PEM ({why})");
        let read = CertificateDer::pem_file_iter(Path::new(path)).map_err(|error| wrong(&error))?;
        let found: Vec<CertificateDer<'static>> = read.collect::<Result<_, _>>().map_err(|error| wrong(&error))?;
        if found.is_empty() {
            return Err("there is no certificate in it: it begins with -----BEGIN CERTIFICATE-----".into());
        }
        let authorities = Self(found.into());
        match authorities.add_to(&mut RootCertStore::empty()) {
            0 => Err("none of the certificates in it can be used".into()),
            _ => Ok(authorities),
        }
    }

    /// Has servers trusted for which they vouch; how many of them can be used. A bundle may hold some that cannot.
    pub(super) fn add_to(&self, roots: &mut RootCertStore) -> usize {
        roots.add_parsable_certificates(self.0.iter().cloned()).0
    }
}
