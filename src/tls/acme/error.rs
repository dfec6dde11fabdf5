//! Why there is no certificate.

use std::io;

use instant_acme::Problem;

use super::super::pair::Wrong;

/// Why there is none. Told in public: the words are the authority's and ours, and no path of this machine's.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The authority is not reached, or refuses.
    #[error("{}", told(.0))]
    Acme(instant_acme::Error),
    /// The authority has looked, and is not convinced.
    #[error("the authority did not find that {domain} leads here: {why}")]
    NotProved { domain: String, why: String },
    /// The authority wants to see something that cannot be shown.
    #[error("the authority does not look at {0} in this way")]
    NoWay(String),
    /// It takes for ever.
    #[error("the authority had not decided after {0} s")]
    Late(u64),
    /// The key could not be made.
    #[error("a request for a certificate could not be made: {0}")]
    Request(#[from] rcgen::Error),
    /// What came is no certificate for what was asked.
    #[error("what the authority sent cannot be used: {0}")]
    Unusable(#[from] Wrong),
    /// It is for other names.
    #[error("the certificate that the authority sent is not for the names that were asked for")]
    OtherNames,
    /// It cannot be kept.
    #[error("what belongs to the certificate cannot be written to the site's folder: {0}")]
    Disk(#[from] io::Error),
    /// The account is not what it was.
    #[error("the account that is kept cannot be read: {0}")]
    Account(#[from] serde_json::Error),
}

/// What a library's error says, without what only the library means.
fn told(error: &instant_acme::Error) -> String {
    match error {
        instant_acme::Error::Api(problem) => words(problem),
        other => other.to_string(),
    }
}

/// The authority's words (RFC 7807), with the names they are about where there are several.
pub(super) fn words(problem: &Problem) -> String {
    let kind = problem.r#type.as_deref().map(|kind| kind.rsplit(':').next().unwrap_or(kind));
    let parts = problem.subproblems.iter().map(|part| {
        let name = part.identifier.as_ref().map(|name| format!("{}: ", name.authorized(false)));
        format!("; {}{}", name.unwrap_or_default(), part.detail.as_deref().unwrap_or_default())
    });
    let said = problem.detail.as_deref().or(kind).unwrap_or("it does not say why");
    let kind = kind.filter(|kind| *kind != said).map(|kind| format!(" ({kind})")).unwrap_or_default();
    format!("the authority says: {said}{kind}{}", parts.collect::<String>())
}

impl From<instant_acme::Error> for Error {
    fn from(error: instant_acme::Error) -> Self {
        Self::Acme(error)
    }
}

impl Error {
    /// Whether the authority says that it is asked too often (RFC 8555, 6.6).
    pub(super) fn is_limit(&self) -> bool {
        self.kind().is_some_and(|kind| kind.ends_with(":rateLimited"))
    }

    /// Whether the authority does not know the account.
    pub(super) fn is_of_account(&self) -> bool {
        self.kind().is_some_and(|kind| kind.ends_with(":accountDoesNotExist"))
    }

    fn kind(&self) -> Option<&str> {
        match self {
            Self::Acme(instant_acme::Error::Api(problem)) => problem.r#type.as_deref(),
            _ => None,
        }
    }
}
