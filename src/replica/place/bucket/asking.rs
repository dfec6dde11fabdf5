//! One question to the store, asked again when that may help.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use rusty_s3::Credentials;
use tokio::runtime::Runtime;
use tokio::time::timeout;
use url::Url;

use super::super::content::Content;
use super::super::error::Error;
use super::failure::said;
use crate::fetch::{Authorities, Body, Service};

/// How often something is asked at most, and how long is waited before the second time; twice as long each time
/// after that.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(200);
/// How long an answer may take that needs no more than looking something up.
const PATIENCE: Duration = Duration::from_secs(15);
/// The slowest line that is put up with, in bytes a second.
const SLOWEST: u64 = 64 << 10;
/// How long the store may say nothing while it sends.
const SILENCE: Duration = Duration::from_secs(20);
/// The longest refusal that is read.
const REFUSAL: u64 = 64 << 10;

/// Asks one store. Its connections live on a thread of their own, so that threads of any kind can wait for answers.
#[derive(Clone)]
pub(super) struct Asking(Arc<Parts>);

struct Parts {
    /// Taken at the end only.
    runtime: Option<Runtime>,
    service: Service,
    credentials: Option<Credentials>,
}

impl Drop for Parts {
    fn drop(&mut self) {
        // Waiting for its thread is not allowed everywhere, and there is nothing to wait for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A question, as often as it takes.
pub(super) struct Question<'a> {
    method: Method,
    what: &'a str,
    /// The signed address, made anew each time: signatures age.
    address: Box<dyn Fn() -> Url + 'a>,
    headers: &'a [(&'static str, String)],
    content: Option<&'a Content<'a>>,
}

impl<'a> Question<'a> {
    pub(super) fn new(method: Method, what: &'a str, address: impl Fn() -> Url + 'a) -> Self {
        Self { method, what, address: Box::new(address), headers: &[], content: None }
    }

    pub(super) fn with(self, headers: &'a [(&'static str, String)]) -> Self {
        Self { headers, ..self }
    }

    pub(super) fn sending(self, content: &'a Content<'a>) -> Self {
        Self { content: Some(content), ..self }
    }

    fn request(&self) -> io::Result<Request<Body>> {
        let body = self.content.map_or_else(|| Ok(Body::none()), super::body)?;
        let mut request = Request::builder().method(self.method.clone()).uri((self.address)().as_str());
        for (name, value) in self.headers {
            request = request.header(*name, value);
        }
        request.body(body).map_err(io::Error::other)
    }

    fn patience(&self) -> io::Result<Duration> {
        let length = match self.content {
            None => 0,
            Some(Content::Bytes(bytes)) => bytes.len() as u64,
            Some(Content::File(path)) => path.metadata()?.len(),
        };
        Ok(PATIENCE + Duration::from_secs(length / SLOWEST))
    }
}

impl Asking {
    /// Keys come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, further certificates from
    /// `SSL_CERT_FILE`: what every tool for S3 reads.
    pub(super) fn new() -> Result<Self, String> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("larder-store").enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let authorities = match std::env::var("SSL_CERT_FILE") {
            Ok(path) => Authorities::read(&path).map_err(|why| format!("SSL_CERT_FILE names {path}, but {why}"))?,
            Err(_) => Authorities::default(),
        };
        let credentials = Credentials::from_env();
        Ok(Self(Arc::new(Parts { runtime: Some(runtime), service: Service::new(&authorities), credentials })))
    }

    pub(super) fn credentials(&self) -> Option<&Credentials> {
        self.0.credentials.as_ref()
    }

    /// The store's answer, when it did what was asked.
    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Answer, Error> {
        let mut tried = 0;
        loop {
            tried += 1;
            match self.once(question) {
                Err(error) if tried < TRIES && error.may_pass() => thread::sleep(PAUSE * 2_u32.pow(tried - 1)),
                other => return other,
            }
        }
    }

    fn once(&self, question: &Question<'_>) -> Result<Answer, Error> {
        let failed = |error| Error::failed(question.what.to_owned(), error);
        let (request, patience) = (question.request().map_err(failed)?, question.patience().map_err(failed)?);
        let sent = self.wait(self.0.service.send(request, patience));
        let sent = sent.map_err(|error| Error::Unanswered { what: question.what.to_owned(), error })?;
        let (head, body) = sent.into_parts();
        let answer = Answer { asking: self.clone(), what: question.what.to_owned(), headers: head.headers, body };
        if head.status.is_success() { Ok(answer) } else { Err(self.refused(head.status, answer)) }
    }

    fn refused(&self, status: StatusCode, answer: Answer) -> Error {
        let what = answer.what.clone();
        if status == StatusCode::NOT_FOUND {
            let text = answer.text(REFUSAL).unwrap_or_default();
            // A bucket that is not there is a mistake, not an empty place.
            if !text.contains("NoSuchBucket") {
                return Error::Missing(what);
            }
            return Error::Answered { what, status, said: said(&text) };
        }
        let text = answer.text(REFUSAL).unwrap_or_default();
        Error::Answered { what, status, said: said(&text) }
    }

    fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        match &self.0.runtime {
            Some(runtime) => runtime.block_on(answer),
            // Until it is dropped it is there.
            None => unreachable!("asked after the end"),
        }
    }
}

/// An answer whose body is still to be read.
pub(super) struct Answer {
    asking: Asking,
    what: String,
    headers: HeaderMap,
    body: Incoming,
}

impl Answer {
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The next piece of the body; none at its end.
    pub(super) fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let frame = self
                .asking
                .0
                .runtime
                .as_ref()
                .map(|runtime| runtime.block_on(async { timeout(SILENCE, self.body.frame()).await }));
            match frame {
                None | Some(Ok(None)) => return Ok(None),
                Some(Err(_)) => return Err(io::Error::new(io::ErrorKind::TimedOut, "the store says nothing any more")),
                Some(Ok(Some(Err(error)))) => return Err(io::Error::other(error)),
                // Trailers are passed over.
                Some(Ok(Some(Ok(frame)))) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }

    /// The whole body as text.
    pub(super) fn text(mut self, most: u64) -> Result<String, Error> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next().map_err(|error| Error::failed(self.what.clone(), error))? {
            bytes.extend_from_slice(&piece);
            if bytes.len() as u64 > most {
                return Err(Error::TooLarge(self.what));
            }
        }
        String::from_utf8(bytes).map_err(|error| Error::Unexpected { what: self.what, why: error.to_string() })
    }
}
