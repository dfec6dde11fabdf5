//! `GET /admin/media/download`: several files as one archive, made while it is sent.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::delivery;

/// How many files one archive may hold.
const MOST: usize = 500;
/// How much is sent at once.
const PIECE: usize = 64 << 10;
/// How many pieces wait for a slow client.
const WAITING: usize = 4;
/// From this size on an archive needs larger numbers.
const LARGE: u64 = u32::MAX as u64;

/// The route of downloads.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/media/download", get(download))
}

/// `?ids=a,b`
async fn download(
    State(dashboard): State<Dashboard>,
    _signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let ids = ids(&query.unwrap_or_default());
    if ids.is_empty() || ids.len() > MOST {
        return Err(Refused::bad(format!("Choose between 1 and {MOST} files.")));
    }
    let delivery = dashboard.delivery.clone();
    let found = dashboard.work.run(move || ids.iter().map(|id| delivery.file(id)).collect::<Result<Vec<_>, _>>());
    let unread = |error| {
        tracing::error!(?error, "files of the library cannot be found");
        Refused::internal()
    };
    let chosen: Vec<Arc<delivery::File>> = found.await?.map_err(unread)?.into_iter().flatten().collect();
    if chosen.is_empty() {
        return Err(Refused::not_found());
    }
    let body = streamed(&dashboard, move |out| pack(&chosen, out))?;
    let name = "attachment; filename=\"media.zip\"";
    Ok(([(CONTENT_TYPE, "application/zip"), (CONTENT_DISPOSITION, name)], body).into_response())
}

/// The ids of a query, each once.
fn ids(query: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let named = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "ids");
    let all: Vec<String> =
        named.flat_map(|(_, value)| value.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    all.into_iter().filter(|id| !id.is_empty() && seen.insert(id.clone())).collect()
}

/// Writes files into an archive as they were uploaded: pictures and films are packed already.
fn pack(chosen: &[Arc<delivery::File>], out: &mut Pipe) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(out);
    let mut names = HashSet::new();
    for chosen in chosen {
        // One that is gone does not cost the others.
        let Ok(mut file) = File::open(&chosen.original) else { continue };
        let size = file.metadata()?.len();
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(size >= LARGE);
        archive.start_file(free(&chosen.name, &mut names), options).map_err(io::Error::other)?;
        io::copy(&mut file, &mut archive)?;
    }
    archive.finish().map_err(io::Error::other)?;
    Ok(())
}

/// A name that no other file of the archive has, and that leads nowhere else when it is unpacked.
fn free(name: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = name.chars().map(|c| if c == '/' || c == '\\' || c.is_control() { '-' } else { c }).collect();
    let plain = match plain.trim_matches('.') {
        "" => "file".to_owned(),
        _ => plain,
    };
    let (stem, ending) =
        plain.rsplit_once('.').map_or((plain.as_str(), String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let mut candidate = plain.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        candidate = format!("{stem} ({number}){ending}");
        number += 1;
    }
    candidate
}

/// A body that `write` fills on a thread of its own, as fast as the client takes it.
///
/// # Errors
/// 503 when too much is sent already.
pub(super) fn streamed(
    dashboard: &Dashboard,
    write: impl FnOnce(&mut Pipe) -> io::Result<()> + Send + 'static,
) -> Result<Body, Refused> {
    let busy = || {
        Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Too much is downloaded right now. Try again in a moment.",
        )
    };
    let place = dashboard.downloads.clone().try_acquire_owned().map_err(|_| busy().after(5))?;
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let mut pipe = Pipe { sender, piece: Vec::with_capacity(PIECE) };
        match write(&mut pipe).and_then(|()| pipe.flush()) {
            Ok(()) => drop(pipe.sender.blocking_send(Ok(Bytes::new()))),
            // The client has gone, or is told that the rest does not come.
            Err(error) => drop(pipe.sender.blocking_send(Err(error))),
        }
    });
    Ok(Body::new(Piped(receiver)))
}

/// What a thread writes into.
pub(super) struct Pipe {
    sender: Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// What comes out at the other end. An error cuts the answer off, so that nobody takes it for whole.
struct Piped(Receiver<io::Result<Bytes>>);

impl http_body::Body for Piped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|piece| match piece {
            // The empty piece says that all is there.
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(piece) => Some(piece.map(Frame::data)),
            None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{free, ids};

    #[test]
    fn names_in_an_archive_are_free_and_lead_nowhere() {
        let mut taken = HashSet::new();
        let mut name = |name: &str| free(name, &mut taken);
        assert_eq!(name("jars.jpg"), "jars.jpg");
        assert_eq!(name("Jars.jpg"), "Jars (2).jpg");
        assert_eq!(name("../../etc/passwd"), "..-..-etc-passwd");
        assert_eq!(name(".."), "file");
        assert_eq!(name("noending"), "noending");
    }

    #[test]
    fn each_file_is_sent_once() {
        assert_eq!(ids("ids=a,b,a&ids=c&x=d"), ["a", "b", "c"]);
        assert!(ids("ids=,&ids=").is_empty());
    }
}
