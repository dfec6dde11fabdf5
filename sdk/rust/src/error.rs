//! What a call can fail with.

use std::fmt;

use serde_json::{Map, Value};

use crate::http::Reply;

/// What a call failed with; docs/clients/behaviour.md says exactly when each is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404 and 410.
    NotFound,
    /// Every other refusal.
    BadRequest,
    /// 429.
    RateLimited,
    /// 500 to 599, and 408.
    ServerError,
    /// No answer began.
    Network,
    /// An answer began, and was cut off or is not larder's.
    BadAnswer,
    /// A try or the whole call took too long.
    Timeout,
}

impl Kind {
    /// The same in all of larder's SDKs, for logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::BadRequest => "bad_request",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Network => "network",
            Self::BadAnswer => "bad_answer",
            Self::Timeout => "timeout",
        }
    }
}

/// A call that failed.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: Kind,
    /// The answer's status, when there was one.
    pub status: Option<u16>,
    /// The error's JSON, as the server sent it.
    pub body: Option<Map<String, Value>>,
    /// How many requests were made for the call.
    pub tries: u32,
    message: String,
    pub(crate) retry_after: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, status: None, body: None, tries: 0, message: message.into(), retry_after: None }
    }

    /// Of an answer that is not a success.
    pub(crate) fn of(reply: &Reply) -> Self {
        let (status, body) = (reply.status, reply.object());
        let kind = match status {
            429 => Kind::RateLimited,
            408 | 500.. => Kind::ServerError,
            _ if body.is_none() => Kind::BadAnswer,
            401 => Kind::Unauthorized,
            403 => Kind::Forbidden,
            404 | 410 => Kind::NotFound,
            _ => Kind::BadRequest,
        };
        let said = match &body {
            None if kind == Kind::BadAnswer => "the answer is not a JSON object".to_owned(),
            None => "the server failed".to_owned(),
            Some(body) => body.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; "),
        };
        let retry_after = reply.header("retry-after").map(str::to_owned);
        Self { kind, status: Some(status), body, tries: 0, message: format!("{said} ({status})"), retry_after }
    }

    /// What the server said about it.
    pub fn detail(&self) -> Option<&str> {
        self.body.as_ref()?.get("detail")?.as_str()
    }

    /// Whether the server is healthy and does not answer the question.
    pub(crate) fn is_refusal(&self) -> bool {
        let refuses = matches!(self.kind, Kind::Unauthorized | Kind::Forbidden | Kind::NotFound | Kind::BadRequest);
        refuses && self.status.is_some()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A client that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unset {
    /// The token is empty.
    Token,
    /// Neither `base_url` nor `LARDER_URL` gives an address.
    Address,
    /// The system's TLS cannot be used.
    Tls,
}

impl fmt::Display for Unset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "larder's API token is not set",
            Self::Address => "larder's address is not set: give base_url or set LARDER_URL",
            Self::Tls => "TLS cannot be set up",
        })
    }
}

impl std::error::Error for Unset {}
