//! One certificate: ordered, proved, and fetched.

use std::time::Duration;

use instant_acme::{AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use tokio::time::timeout;

use super::super::answer::Due;
use super::super::folder::put;
use super::super::pair::Pair;
use super::error::{Error, words};
use super::{Renewal, path};

/// How long an authority may take to look, and to sign.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one certificate may take in all.
const WHOLE: Duration = Duration::from_secs(600);

/// How the authority looks who answers at a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By HTTP (RFC 8555, 8.3).
    Http,
    /// Through TLS (RFC 8737).
    Tls,
}

impl Way {
    /// How it looks at one of several tries: in turns, where it can by HTTP.
    pub(super) fn of_try(count: u32, by_http: bool) -> Self {
        if by_http && count.is_multiple_of(2) { Self::Http } else { Self::Tls }
    }

    /// As the protocol calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Http => "http-01",
            Self::Tls => "tls-alpn-01",
        }
    }

    fn kind(self) -> ChallengeType {
        match self {
            Self::Http => ChallengeType::Http01,
            Self::Tls => ChallengeType::TlsAlpn01,
        }
    }
}

impl Renewal {
    /// Gets a certificate and puts it where it is found.
    ///
    /// # Errors
    /// Why there is none. What there was is as it was.
    pub(super) async fn obtain(&self, way: Way) -> Result<(), Error> {
        let obtained = timeout(WHOLE, self.order(way)).await;
        self.answers.forget();
        let obtained = obtained.unwrap_or(Err(Error::Late(WHOLE.as_secs())));
        if obtained.as_ref().is_err_and(Error::is_of_account) {
            self.forget_account();
        }
        obtained
    }

    async fn order(&self, way: Way) -> Result<(), Error> {
        let domains = &self.terms.domains;
        tracing::info!(directory = self.terms.directory, domains = ?domains, by = way.name(), "a certificate is asked for");
        let account = self.account().await?;
        let names: Vec<Identifier> = domains.iter().map(|domain| Identifier::Dns(domain.as_str().to_owned())).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        self.prove(&mut order, way).await?;
        let policy = RetryPolicy::new().timeout(PATIENCE);
        if order.poll_ready(&policy).await? != OrderStatus::Ready {
            return Err(why_not(&mut order).await?);
        }
        let key = KeyPair::generate()?;
        let mut wanted = CertificateParams::new(domains.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        wanted.distinguished_name = DistinguishedName::new();
        order.finalize_csr(wanted.serialize_request(&key)?.der()).await?;
        let chain = order.poll_certificate(&policy).await?;
        self.keep(&chain, &key.serialize_pem())
    }

    /// Prepares the answers for the names that are not proved yet, and then lets the authority look.
    async fn prove(&self, order: &mut Order, way: Way) -> Result<(), Error> {
        let mut due = Vec::new();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let domain = authorization.identifier().to_string();
            let Some(challenge) = authorization.challenge(way.kind()) else { return Err(Error::NoWay(domain)) };
            let key_authorization = challenge.key_authorization().as_str().to_owned();
            due.push(Due { domain, token: challenge.token.clone(), key_authorization });
        }
        if due.is_empty() {
            return Ok(());
        }
        self.answers.prepare(&due)?;
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Pending
                && let Some(mut challenge) = authorization.challenge(way.kind())
            {
                challenge.set_ready().await?;
            }
        }
        Ok(())
    }

    /// Keeps a certificate with its key in one file, so that they are never of two.
    fn keep(&self, chain: &str, key: &str) -> Result<(), Error> {
        let pair = Pair::parse(chain.as_bytes(), key.as_bytes())?;
        if !pair.is_for(&self.terms.domains) {
            return Err(Error::OtherNames);
        }
        put(&path(&self.site), format!("{key}{chain}").as_bytes())?;
        tracing::info!(valid_until = %pair.validity.until, "there is a new certificate");
        Ok(())
    }
}

/// Why an order came to nothing.
async fn why_not(order: &mut Order) -> Result<Error, Error> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        authorization.refresh().await?;
        let why = authorization.challenges.iter().find_map(|challenge| challenge.error.as_ref()).map(words);
        if let Some(why) = why {
            return Ok(Error::NotProved { domain: authorization.identifier().to_string(), why });
        }
    }
    Ok(Error::Late(PATIENCE.as_secs()))
}
