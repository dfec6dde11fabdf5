//! An object as it is read: from where a broken connection left off.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use http::Method;
use rusty_s3::{Bucket, S3Action as _};

use super::super::condition::Tag;
use super::super::error::Error;
use super::asking::{Answer, Asking, Question};
use super::{SIGNED_FOR, tag_in};

/// How often a broken connection is taken up again.
const RESUMED: u32 = 4;

/// Reads an object.
pub(in super::super) struct Reading {
    asking: Asking,
    signed: Bucket,
    key: String,
    tag: Tag,
    answer: Answer,
    piece: Bytes,
    taken: u64,
    resumed: u32,
}

impl Reading {
    pub(super) fn begin(asking: Asking, signed: Bucket, key: String) -> Result<Self, Error> {
        let answer = ask(&asking, &signed, &key, &[])?;
        let tag = tag_in(answer.headers());
        Ok(Self { asking, signed, key, tag, answer, piece: Bytes::new(), taken: 0, resumed: 0 })
    }

    pub(super) fn tag(&self) -> &Tag {
        &self.tag
    }

    fn next(&mut self) -> io::Result<Bytes> {
        loop {
            match self.answer.next() {
                Ok(piece) => return Ok(piece.unwrap_or_default()),
                Err(error) if self.resumed >= RESUMED => return Err(error),
                Err(_) => self.resume()?,
            }
        }
    }

    /// Asks for the rest, of the very same object.
    fn resume(&mut self) -> io::Result<()> {
        self.resumed += 1;
        let headers = [("if-match", self.tag.0.clone()), ("range", format!("bytes={}-", self.taken))];
        self.answer = ask(&self.asking, &self.signed, &self.key, &headers).map_err(io::Error::other)?;
        if self.taken > 0 && !self.answer.headers().contains_key(http::header::CONTENT_RANGE) {
            return Err(io::Error::other("the store does not send the rest of an object alone"));
        }
        Ok(())
    }
}

fn ask(asking: &Asking, signed: &Bucket, key: &str, headers: &[(&'static str, String)]) -> Result<Answer, Error> {
    let mut action = signed.get_object(asking.credentials(), key);
    for (name, value) in headers {
        action.headers_mut().insert(*name, value.clone());
    }
    asking.ask(&Question::new(Method::GET, key, || action.sign(SIGNED_FOR)).with(headers))
}

impl Read for Reading {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() {
            self.piece = self.next()?;
        }
        let length = self.piece.len().min(into.len());
        self.piece.copy_to_slice(&mut into[..length]);
        self.taken += length as u64;
        Ok(length)
    }
}
