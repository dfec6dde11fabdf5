//! The certificate of a server, as its options say where it comes from.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::http::HeaderValue;
use tokio::runtime::Builder;

use super::Error;
use super::duties::Duties;
use super::moved::Moved;
use super::secured::Secured;
use crate::config::Config;
use crate::site::Site;
use crate::tls::{Answers, Certificate, Renewal, Report, Standing, Terms};

/// The certificate, if HTTPS is to be spoken.
///
/// # Errors
/// When it is in files that have none.
pub(super) fn of(config: &Config) -> Result<Option<Certificate>, Error> {
    let tls = &config.tls;
    if let (Some(certificate), Some(key)) = (&tls.tls_cert, &tls.tls_key) {
        let named: PathBuf = [certificate.display().to_string(), key.display().to_string()].join(", ").into();
        let kept = Certificate::of_files(&config.data, certificate.clone(), key.clone());
        return kept.map(Some).map_err(|wrong| Error::Certificate(wrong, named));
    }
    if tls.domain.is_empty() {
        Report::forget(&config.data);
        return Ok(None);
    }
    Ok(Some(Certificate::kept(&config.data, &tls.domain)))
}

/// How TLS is spoken with it, where readers reach the server at `public_url`.
pub(super) fn secured(config: &Config, certificate: &Certificate, public_url: &str) -> Arc<Secured> {
    let domains = config.tls.domain.clone();
    let answers = (!domains.is_empty()).then(|| Answers::of(&config.data));
    Arc::new(Secured {
        config: certificate.configuration(),
        moved: Moved::new(domains, port_of(public_url), answers.clone()),
        answers,
        strict: config.tls.hsts().and_then(|text| HeaderValue::try_from(text).ok()),
    })
}

/// The port of an address.
fn port_of(url: &str) -> u16 {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    host.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(443)
}

/// Keeps it current as long as the process lives, on a thread of its own: it waits for disks and for authorities.
///
/// # Errors
/// When the system refuses a thread.
pub(super) fn keep(config: &Config, certificate: Certificate, site: &Site, duties: Arc<Duties>) -> Result<(), Error> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let renewal = terms(config).map(|terms| Renewal::new(&config.data, terms, certificate.board().clone()));
    let store = site.store.clone();
    let standing = move || match (duties.are_ours(), store.mandate().holds()) {
        (false, _) => Standing::Idle,
        (true, Ok(())) => Standing::Leads,
        (true, Err(_)) => Standing::Follows,
    };
    let run = move || {
        runtime.block_on(async {
            if let Some(renewal) = renewal {
                tokio::spawn(renewal.tend(standing));
            }
            certificate.follow().await;
        });
    };
    // Not waited for: whatever it is doing is done again by the next process.
    thread::Builder::new().name("larder-certificate".into()).spawn(run)?;
    Ok(())
}

/// What is asked of an authority, if one is asked.
fn terms(config: &Config) -> Option<Terms> {
    let tls = &config.tls;
    (!tls.domain.is_empty()).then(|| Terms {
        domains: tls.domain.clone(),
        email: tls.acme_email.clone(),
        directory: tls.acme_directory.clone(),
        trusted: tls.acme_ca.clone().unwrap_or_default(),
        pause: Duration::from_secs(u64::from(tls.acme_retry_seconds)),
        by_http: tls.http_listen.as_deref() != Some("none"),
    })
}
