//! The tus protocol, 1.0.0, for uploads in pieces: what requests ask and what is answered, without a web server.
//!
//! Beyond the core: creation, creation-with-upload, termination, checksum and expiration. A finished upload says
//! in `Larder-Media` which file of the library it became, and answers `GET` with the facts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::pieces::drain;
use super::unfinished::{ALGORITHMS, Checksum, LARGEST};
use super::{About, Error, Intake, Pieces, Progress, Sender};
use crate::content::moment::Moment;

/// How dates are written in HTTP.
const DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// The version that is spoken.
const VERSION: &str = "1.0.0";
/// What is spoken beyond the core.
const EXTENSIONS: &str = "creation,creation-with-upload,termination,checksum,expiration";
/// The type of a piece.
const PIECE: &str = "application/offset+octet-stream";

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
/// Which file of the library an upload became.
const MEDIA: HeaderName = HeaderName::from_static("larder-media");
/// Whether the library had the same bytes before.
const KNOWN: HeaderName = HeaderName::from_static("larder-known");

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// The path at which uploads begin.
    pub base: &'a str,
    /// The upload it is about; `None` at the base.
    pub id: Option<&'a str>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, but for what [`stamp`] adds to every answer.
    pub headers: HeaderMap,
    /// The facts of a finished upload, where they were asked for.
    pub facts: Option<Value>,
}

/// Answers a request.
///
/// # Errors
/// What the door then answers in its own way.
pub async fn answer(intake: &Intake, sender: &Sender, call: Call<'_>, body: &mut impl Pieces) -> Result<Answer, Error> {
    let answer = spoken(intake, sender, call, body).await;
    if answer.is_err() {
        drain(body).await;
    }
    answer
}

async fn spoken(intake: &Intake, sender: &Sender, call: Call<'_>, body: &mut impl Pieces) -> Result<Answer, Error> {
    let method = method(call)?;
    if method != Method::OPTIONS && method != Method::GET && text(call.headers, &RESUMABLE) != Some(VERSION) {
        return Err(Error::Version);
    }
    match (method.as_str(), call.id) {
        ("OPTIONS", _) => Ok(Answer { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), facts: None }),
        ("POST", None) => begin(intake, sender, call, body).await,
        ("HEAD", Some(id)) => Ok(told(StatusCode::OK, &intake.progress(sender, id).await?)),
        ("PATCH", Some(id)) => append(intake, sender, call, id, body).await,
        ("DELETE", Some(id)) => {
            intake.give_up(sender, id).await?;
            Ok(Answer { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), facts: None })
        }
        ("GET", Some(id)) => {
            let progress = intake.progress(sender, id).await?;
            let facts = Some(progress.done.clone().ok_or(Error::NoUpload)?);
            Ok(Answer { facts, ..told(StatusCode::OK, &progress) })
        }
        _ => Err(Error::Bad("Uploads in pieces begin with POST at their base and go on with PATCH.".into())),
    }
}

/// Adds what every answer carries, refusals too.
pub fn stamp(headers: &mut HeaderMap) {
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
}

/// The method that is meant: some clients may only send `POST`.
fn method(call: Call<'_>) -> Result<Method, Error> {
    match text(call.headers, &OVERRIDE).filter(|_| *call.method == Method::POST) {
        Some(meant) => meant.parse().map_err(|_| Error::Bad("X-HTTP-Method-Override names no method.".into())),
        None => Ok(call.method.clone()),
    }
}

/// Adds what is spoken beyond the core.
pub fn announce(headers: &mut HeaderMap) {
    headers.insert(TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS));
    headers.insert(TUS_MAX_SIZE, HeaderValue::from(LARGEST));
    headers.insert(TUS_CHECKSUM, HeaderValue::from_static(ALGORITHMS));
}

async fn begin(intake: &Intake, sender: &Sender, call: Call<'_>, body: &mut impl Pieces) -> Result<Answer, Error> {
    let length = number(call.headers, &LENGTH)?;
    let length = length.ok_or_else(|| Error::Bad("Say in Upload-Length how many bytes will come.".into()))?;
    let about = about(text(call.headers, &METADATA).unwrap_or_default())?;
    let checksum = checksum(call.headers)?;
    let id = intake.begin(sender, about, length).await?;
    let progress = match is_piece(call.headers) {
        true => {
            let coming = number(call.headers, &CONTENT_LENGTH)?;
            let sent = intake.append(sender, &id, 0, coming, checksum, body).await;
            // Nobody knows of the upload yet.
            match sent {
                Ok(progress) => progress,
                Err(error) => {
                    let _ = intake.give_up(sender, &id).await;
                    return Err(error);
                }
            }
        }
        false => intake.progress(sender, &id).await?,
    };
    let mut answer = told(StatusCode::CREATED, &progress);
    insert(&mut answer.headers, LOCATION, &format!("{}/{id}", call.base));
    Ok(answer)
}

async fn append(
    intake: &Intake,
    sender: &Sender,
    call: Call<'_>,
    id: &str,
    body: &mut impl Pieces,
) -> Result<Answer, Error> {
    if !is_piece(call.headers) {
        return Err(Error::Kind);
    }
    let offset = number(call.headers, &OFFSET)?;
    let offset = offset.ok_or_else(|| Error::Bad("Say in Upload-Offset at which byte the piece begins.".into()))?;
    let coming = number(call.headers, &CONTENT_LENGTH)?;
    let progress = intake.append(sender, id, offset, coming, checksum(call.headers)?, body).await?;
    Ok(told(StatusCode::NO_CONTENT, &progress))
}

/// How far an upload is, in headers.
fn told(status: StatusCode, progress: &Progress) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert(OFFSET, HeaderValue::from(progress.offset));
    headers.insert(LENGTH, HeaderValue::from(progress.length));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let since = progress.expires.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let expires = Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
    insert(&mut headers, EXPIRES, &expires.format(DATE));
    if let Some(done) = &progress.done {
        insert(&mut headers, MEDIA, done["id"].as_str().unwrap_or_default());
        if done["known"] == true {
            headers.insert(KNOWN, HeaderValue::from_static("true"));
        }
    }
    Answer { status, headers, facts: None }
}

/// What `Upload-Metadata` says of the file: pairs of a key and a base64 value.
fn about(metadata: &str) -> Result<About, Error> {
    let (mut name, mut alt) = (String::new(), String::new());
    for pair in metadata.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let wrong = |_| Error::Bad("Upload-Metadata holds keys, each with its value in base64.".into());
        let value = STANDARD.decode(value.trim()).map_err(wrong)?;
        let value = String::from_utf8_lossy(&value).into_owned();
        match key {
            "filename" | "name" if name.is_empty() => name = value,
            "alt" => alt = value,
            _ => {}
        }
    }
    Ok(About::new(&name, &alt))
}

fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Error> {
    let Some(sent) = headers.get(&CHECKSUM) else { return Ok(None) };
    let sum = sent.to_str().ok().and_then(Checksum::parse);
    let unknown = || Error::Bad(format!("Upload-Checksum names one of {ALGORITHMS} and the sum in base64."));
    Ok(Some(sum.ok_or_else(unknown)?))
}

fn is_piece(headers: &HeaderMap) -> bool {
    text(headers, &CONTENT_TYPE).is_some_and(|kind| kind.eq_ignore_ascii_case(PIECE))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Error> {
    let Some(sent) = headers.get(name) else { return Ok(None) };
    let digits = sent.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.map(Some).ok_or_else(|| Error::Bad(format!("{name} is a number of bytes.")))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn metadata_are_keys_with_base64() {
        let said = about("filename w4QucG5n,alt SmFycw==,relativePath,x eA==").expect("metadata");
        assert_eq!((said.name.as_str(), said.alt.as_str()), ("Ä.png", "Jars"));
        assert_eq!(about("").expect("none").name, "file");
        assert!(about("filename %%%").is_err());
    }
}
