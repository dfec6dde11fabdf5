//! Uploading pictures and files: `POST /admin/media`.

mod kind;

use std::io::Write as _;
use std::path::Path;

use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use crate::account::Right;
use crate::authoring::Signature;
use crate::store::{Asked, MediaRow};
use kind::Known;

/// The largest file with the form around it.
pub(super) const LARGEST: usize = MOST + (1 << 20);
/// The largest file.
const MOST: usize = 100 << 20;
/// How much is gathered before it is written.
const PIECE: usize = 1 << 20;
/// How long a name, an alternative text or an upload's own name may be, in characters.
const LONGEST_TEXT: usize = 1_000;

/// A file that is being received.
struct Received {
    file: NamedTempFile,
    hash: Sha256,
    head: Vec<u8>,
    size: usize,
    name: String,
}

/// Takes a file in: `file`, perhaps with `alt`. `Upload-Id` names the upload, so that it can be sent again.
pub(super) async fn take(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Json<Value>, Refused> {
    signed.need(Right::WriteOwn, "upload files")?;
    let (mut received, mut alt) = (None, String::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") if received.is_none() => received = Some(receive(&dashboard, field).await?),
            Some("alt") => alt = field.text().await.map_err(broken)?.chars().take(LONGEST_TEXT).collect(),
            _ => {}
        }
    }
    let received = received.ok_or_else(|| Refused::bad("Choose a file."))?;
    let asked = |hash: &str| {
        let client = headers.get("upload-id").and_then(|id| id.to_str().ok()).unwrap_or(hash);
        let client = client.chars().take(LONGEST_TEXT).collect();
        Asked { user: signed.user.id, client, seq: -1, digest: hash.to_owned() }
    };
    let hash: String = received.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let (asked, signature) = (asked(&hash), Signature::of(&signed.user));
    let media = dashboard
        .change(move |authoring| {
            let media = described(&received, hash, alt, &signature)?;
            Ok::<_, Refused>(authoring.upload(received.file, media, asked, signature)?)
        })
        .await?;
    Ok(Json(json!({
        "id": media.id,
        "url": format!("/media/{}", media.id),
        "alt": media.alt,
        "width": media.width,
        "height": media.height,
        "name": media.filename,
        "size": media.size,
        "type": media.kind,
    })))
}

/// Writes a file as it comes in, on threads that may wait for the disk.
async fn receive(dashboard: &Dashboard, mut field: Field<'_>) -> Result<Received, Refused> {
    let name = field.file_name().unwrap_or("file").chars().take(LONGEST_TEXT).collect();
    let mut received = dashboard.change(move |authoring| Received::begin(&authoring.media_folder()?, name)).await?;
    let mut piece: Vec<Bytes> = Vec::new();
    let mut waiting = 0;
    loop {
        let chunk = field.chunk().await.map_err(broken)?;
        let ended = chunk.is_none();
        waiting += chunk.as_ref().map_or(0, Bytes::len);
        if received.size + waiting > MOST {
            return Err(too_large());
        }
        piece.extend(chunk);
        if ended || waiting >= PIECE {
            let bytes = std::mem::take(&mut piece);
            waiting = 0;
            received = dashboard.work.run(move || received.write(&bytes)).await??;
        }
        if ended {
            return Ok(received);
        }
    }
}

impl Received {
    fn begin(folder: &Path, name: String) -> Result<Self, Refused> {
        let file = NamedTempFile::new_in(folder).map_err(|error| cannot_write(&error))?;
        Ok(Self { file, hash: Sha256::new(), head: Vec::new(), size: 0, name })
    }

    fn write(mut self, pieces: &[Bytes]) -> Result<Self, Refused> {
        for piece in pieces {
            self.file.write_all(piece).map_err(|error| cannot_write(&error))?;
            self.hash.update(piece);
            self.size += piece.len();
            if self.head.len() < kind::HEAD {
                self.head.extend(piece.iter().take(kind::HEAD - self.head.len()));
            }
        }
        Ok(self)
    }
}

/// What is known of a file: its type by what is in it, never by its name.
fn described(received: &Received, hash: String, alt: String, signature: &Signature) -> Result<MediaRow, Refused> {
    if received.size == 0 {
        return Err(Refused::bad("This file is empty. Choose another one."));
    }
    let known = kind::of(&received.head, &received.name).ok_or_else(|| {
        unusable("Files of this type cannot be used. Pictures, PDF, film, sound and office documents can.")
    })?;
    if known == Known::SVG && !kind::is_harmless_svg(received.file.path()) {
        return Err(unusable("This drawing holds scripts or refers to other files. Save it as plain SVG or as PNG."));
    }
    let measured = known.is_picture().then(|| imagesize::size(received.file.path()).ok()).flatten();
    let pixels = |pixels: usize| u32::try_from(pixels).ok();
    Ok(MediaRow {
        id: id()?,
        hash,
        filename: received.name.clone(),
        kind: known.as_str().into(),
        alt,
        width: measured.and_then(|size| pixels(size.width)),
        height: measured.and_then(|size| pixels(size.height)),
        size: received.size as u64,
        created: signature.at,
    })
}

/// A new name for addresses.
fn id() -> Result<String, Refused> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|_| Refused::internal())?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

fn unusable(message: &str) -> Refused {
    Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "type", message)
}

fn too_large() -> Refused {
    let message = format!("This file is larger than {} MB. Make it smaller and try again.", MOST >> 20);
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

fn cannot_write(error: &std::io::Error) -> Refused {
    tracing::error!(%error, "an upload cannot be written");
    let why = match error.kind() {
        std::io::ErrorKind::StorageFull => "The disk of the server is full, so the file was not stored.",
        _ => "The server cannot write the file.",
    };
    Refused::new(StatusCode::INSUFFICIENT_STORAGE, "storage", format!("{why} Tell who runs it, and try again."))
}

fn broken(error: MultipartError) -> Refused {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Refused::bad("The file did not arrive whole. Try again.")
}
