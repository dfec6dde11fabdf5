//! What another server answers: its head at once, its body piece by piece and no further than agreed.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, timeout_at};

use super::connect::Connection;
use super::error::Error;
use super::target::Target;
use super::{Limits, announced};

/// An answer whose body is still to be read.
#[derive(Debug)]
pub struct Answer {
    address: String,
    host: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Incoming,
    /// Whether it is packed, which was not asked for.
    packed: bool,
    taken: u64,
    limits: Limits,
    end: Instant,
    /// Carries the body while it is read.
    _connection: Connection,
}

impl Answer {
    pub(super) fn begin(
        target: &Target,
        answer: Response<Incoming>,
        connection: Connection,
        limits: Limits,
        end: Instant,
        bare: bool,
    ) -> Result<Self, Error> {
        let (head, body) = answer.into_parts();
        let host = target.host().to_owned();
        let plain =
            |coding: &http::HeaderValue| coding.is_empty() || coding.as_bytes().eq_ignore_ascii_case(b"identity");
        let packed = !head.headers.get_all(CONTENT_ENCODING).iter().all(plain);
        if !bare && announced(&head.headers).is_some_and(|length| length > limits.bytes) {
            return Err(Error::TooLarge(limits.bytes));
        }
        let address = target.as_str().to_owned();
        let (status, headers) = (head.status, head.headers);
        Ok(Self { address, host, status, headers, body, packed, taken: 0, limits, end, _connection: connection })
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The address that answered, after redirects.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The type it claims to be, without parameters, in small letters.
    pub fn kind(&self) -> Option<String> {
        let kind = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        Some(kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// When it is packed, grows too long, takes too long or breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.packed {
            return Err(Error::Packed(self.host.clone()));
        }
        loop {
            let patience = Instant::now() + self.limits.idle;
            let frame = timeout_at(patience.min(self.end), poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx))).await;
            let frame = match frame {
                Ok(Some(frame)) => frame.map_err(|error| self.broken(&error))?,
                Ok(None) => return Ok(None),
                Err(_) if patience < self.end => {
                    return Err(Error::Idle { host: self.host.clone(), idle: self.limits.idle });
                }
                Err(_) => return Err(Error::TooSlow(self.limits.whole)),
            };
            // Trailers are passed over.
            let Ok(piece) = frame.into_data() else { continue };
            self.taken += piece.len() as u64;
            if self.taken > self.limits.bytes {
                return Err(Error::TooLarge(self.limits.bytes));
            }
            if Instant::now() > self.end {
                return Err(Error::TooSlow(self.limits.whole));
            }
            return Ok(Some(piece));
        }
    }

    fn broken(&self, error: &hyper::Error) -> Error {
        Error::Broken { host: self.host.clone(), why: error.to_string() }
    }
}
