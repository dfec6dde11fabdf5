//! What an authority wants to see before it gives a certificate: that who asks for it answers at the name.
//!
//! What is to be answered lies in a file, so that whichever process of the site is asked can say it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::folder;

/// The file in the folder of TLS.
const FILE: &str = "answers.json";
/// Where an authority asks by HTTP (RFC 8555, 8.3).
const ASKED_AT: &str = "/.well-known/acme-challenge/";
/// The protocol by which it asks through TLS (RFC 8737, 4).
const ACME_TLS: &[u8] = b"acme-tls/1";

/// One answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Due {
    /// Of which name it is asked.
    pub(super) domain: String,
    /// By which word it is asked for.
    pub(super) token: String,
    /// The answer (RFC 8555, 8.1).
    pub(super) key_authorization: String,
}

/// The answers that are due.
#[derive(Clone, Debug)]
pub struct Answers(Arc<Path>);

impl Answers {
    /// Of a site.
    pub fn of(site: &Path) -> Self {
        let path: PathBuf = folder(site).join(FILE);
        Self(path.into())
    }

    /// The answer to a request for a path. Blocks for a small file when the path is of that kind.
    pub fn to_path(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(ASKED_AT)?;
        self.all().into_iter().find(|due| due.token == token).map(|due| due.key_authorization)
    }

    /// Whether a path is one at which an authority asks.
    pub fn is_asked_at(path: &str) -> bool {
        path.starts_with(ASKED_AT)
    }

    /// Whether an authority asks, and nobody else does.
    pub fn is_asked_by(hello: &ClientHello<'_>) -> bool {
        hello.alpn().is_some_and(|mut protocols| protocols.next() == Some(ACME_TLS) && protocols.next().is_none())
    }

    /// How to answer an authority that asks through TLS about a name, if that is due: with a certificate that nobody
    /// vouches for and that holds the answer (RFC 8737, 3). Blocks for a small file.
    pub fn to_name(&self, name: &str) -> Option<Arc<ServerConfig>> {
        let due = self.all().into_iter().find(|due| due.domain.eq_ignore_ascii_case(name))?;
        let answer =
            proof(&due).inspect_err(|error| tracing::error!(%error, "an authority could not be answered")).ok()?;
        let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::new(Only(answer)));
        config.alpn_protocols = vec![ACME_TLS.to_vec()];
        Some(Arc::new(config))
    }

    /// What is to be answered from now on.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn prepare(&self, due: &[Due]) -> io::Result<()> {
        folder::put(&self.0, &serde_json::to_vec(due)?)
    }

    /// Nothing is asked any more.
    pub(super) fn forget(&self) {
        // Nobody finds it again by its words.
        let _ = fs::remove_file(&self.0);
    }

    fn all(&self) -> Vec<Due> {
        fs::read(&self.0).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }
}

/// Shows one certificate, whoever asks. rustls's own way would not take one with an extension that it does not know.
#[derive(Debug)]
struct Only(Arc<CertifiedKey>);

impl ResolvesServerCert for Only {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

fn proof(due: &Due) -> Result<Arc<CertifiedKey>, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut parts = CertificateParams::new([due.domain.clone()])?;
    let digest = Sha256::digest(due.key_authorization.as_bytes());
    parts.custom_extensions.push(CustomExtension::new_acme_identifier(&digest));
    let certificate = parts.self_signed(&key)?;
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let signing = ring::sign::any_supported_type(&secret).map_err(|_| rcgen::Error::RemoteKeyError)?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signing)))
}

#[cfg(test)]
mod tests {
    use super::{Answers, Due};

    #[test]
    fn only_what_is_due_is_answered() {
        let site = tempfile::tempdir().expect("a folder");
        let answers = Answers::of(site.path());
        assert_eq!(answers.to_path("/.well-known/acme-challenge/"), None);
        let due = |domain: &str, token: &str| Due {
            domain: domain.into(),
            token: token.into(),
            key_authorization: format!("{token}.thumb"),
        };
        answers.prepare(&[due("a.example", "one"), due("b.example", "two")]).expect("written");
        assert_eq!(answers.to_path("/.well-known/acme-challenge/two").as_deref(), Some("two.thumb"));
        for wrong in ["three", "", "../answers.json", "one/"] {
            assert_eq!(answers.to_path(&format!("/.well-known/acme-challenge/{wrong}")), None, "{wrong}");
        }
        assert!(answers.to_name("A.example").is_some() && answers.to_name("c.example").is_none());
        answers.forget();
        assert_eq!(answers.to_path("/.well-known/acme-challenge/two"), None);
    }
}
