//! A bucket as a place: a store that speaks S3, Amazon's or another.

mod asking;
mod failure;
mod reading;

use std::io::{self, Read};
use std::time::Duration;

use bytes::Bytes;
use http::header::ETAG;
use http::{HeaderMap, Method, StatusCode};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket as Signed, S3Action as _, UrlStyle};
use url::Url;

use super::address::{Address, BucketAddress};
use super::condition::{Condition, Outcome, Tag};
use super::content::Content;
use super::error::Error;
use super::{Listed, Object};
use crate::content::moment::Moment;

use asking::{Asking, Question};
use reading::Reading;

/// How long a signature is good. Clocks may differ by some minutes.
const SIGNED_FOR: Duration = Duration::from_secs(15 * 60);
/// The time that Litestream restores by, among an object's metadata.
const TIMESTAMP: &str = "x-amz-meta-litestream-timestamp";

/// A bucket, and where in it.
#[derive(Clone)]
pub(super) struct Bucket {
    signed: Signed,
    prefix: String,
    asking: Asking,
}

impl Bucket {
    /// Nothing is asked yet.
    pub(super) fn open(address: &BucketAddress) -> Result<Self, Error> {
        let amazon = format!("https://s3.{}.amazonaws.com", address.region);
        let unusable = |why: String| Error::Unusable { place: Address::Bucket(address.clone()).to_string(), why };
        let endpoint = match &address.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => Url::parse(&amazon).map_err(|error| unusable(error.to_string()))?,
        };
        let style = if address.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let signed = Signed::new(endpoint, style, address.bucket.clone(), address.region.clone());
        let signed = signed.map_err(|error| unusable(error.to_string()))?;
        Ok(Self { signed, prefix: address.prefix.clone(), asking: Asking::new().map_err(unusable)? })
    }

    /// The same connections, further down.
    pub(super) fn below(&self, name: &str) -> Self {
        Self { signed: self.signed.clone(), prefix: self.key(name), asking: self.asking.clone() }
    }

    fn key(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    pub(super) fn list(&self, below: &str) -> Result<Vec<Listed>, Error> {
        let prefix = self.key(&format!("{below}/"));
        let root = self.key("");
        let (mut found, mut next) = (Vec::new(), None::<String>);
        loop {
            let mut action = self.signed.list_objects_v2(self.asking.credentials());
            action.with_prefix(&*prefix);
            if let Some(next) = next.take() {
                action.with_continuation_token(next);
            }
            let what = format!("{prefix}*");
            let answer = self.asking.ask(&Question::new(Method::GET, &what, || action.sign(SIGNED_FOR)))?;
            let text = answer.text(LIST)?;
            let page = ListObjectsV2::parse_response(&text)
                .map_err(|error| Error::Unexpected { what: what.clone(), why: error.to_string() })?;
            for object in page.contents {
                let Some(key) = object.key.strip_prefix(&root) else { continue };
                let time = object.last_modified.as_deref().and_then(Moment::parse);
                let time = time.unwrap_or(Moment::from_micros(0));
                found.push(Listed { key: key.to_owned(), size: object.size.unwrap_or(0), time });
            }
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) fn read(&self, key: &str) -> Result<Reading, Error> {
        let key = self.key(key);
        Reading::begin(self.asking.clone(), self.signed.clone(), key)
    }

    pub(super) fn find(&self, key: &str, most: u64) -> Result<Option<Object>, Error> {
        let mut reading = match self.read(key) {
            Ok(reading) => reading,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let tag = reading.tag().clone();
        let mut bytes = Vec::new();
        let read = reading.by_ref().take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::failed(self.key(key), error))?;
        if bytes.len() as u64 > most {
            return Err(Error::TooLarge(self.key(key)));
        }
        Ok(Some(Object { bytes, tag }))
    }

    pub(super) fn put(
        &self,
        key: &str,
        content: &Content<'_>,
        condition: Condition<'_>,
        time: Option<Moment>,
    ) -> Result<Outcome, Error> {
        let key = self.key(key);
        let mut action = self.signed.put_object(self.asking.credentials(), &key);
        let mut headers = Vec::new();
        match condition {
            Condition::Absent => headers.push(("if-none-match", "*".to_owned())),
            Condition::Matches(tag) => headers.push(("if-match", tag.0.clone())),
            Condition::Always => {}
        }
        if let Some(time) = time {
            headers.push((TIMESTAMP, time.to_string()));
        }
        // Signed, so that nothing between us and the store can drop a condition unnoticed.
        for (name, value) in &headers {
            action.headers_mut().insert(*name, value.clone());
        }
        let question = Question::new(Method::PUT, &key, || action.sign(SIGNED_FOR)).with(&headers).sending(content);
        match self.asking.ask(&question) {
            Ok(answer) => Ok(Outcome::Done(tag_in(answer.headers()))),
            Err(Error::Answered { status: StatusCode::PRECONDITION_FAILED, .. }) => Ok(Outcome::Refused),
            // Nothing matches a tag where nothing is.
            Err(error) if error.is_missing() && matches!(condition, Condition::Matches(_)) => Ok(Outcome::Refused),
            Err(error) => Err(error),
        }
    }

    pub(super) fn remove(&self, key: &str) -> Result<(), Error> {
        let key = self.key(key);
        let action = self.signed.delete_object(self.asking.credentials(), &key);
        match self.asking.ask(&Question::new(Method::DELETE, &key, || action.sign(SIGNED_FOR))) {
            Err(error) if !error.is_missing() => Err(error),
            _ => Ok(()),
        }
    }
}

/// The longest page of a list: a thousand keys of up to a kibibyte, written in XML.
const LIST: u64 = 8 << 20;

fn tag_in(headers: &HeaderMap) -> Tag {
    let tag = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    Tag(tag.to_owned())
}

fn body(content: &Content<'_>) -> io::Result<crate::fetch::Body> {
    match content {
        Content::Bytes(bytes) => Ok(crate::fetch::Body::Bytes(Bytes::copy_from_slice(bytes))),
        Content::File(path) => crate::fetch::Body::file(path),
    }
}
