//! Styles, scripts, icons and fonts: embedded, compressed once, kept by browsers for good.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;

use super::Dashboard;
use super::error::Refused;

#[derive(Embed)]
#[folder = "assets/dist/"]
struct Dist;

/// The address changes with the content.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// All files of `assets/dist`.
pub(super) struct Assets {
    files: BTreeMap<String, Arc<Asset>>,
}

struct Asset {
    hash: String,
    kind: &'static str,
    plain: Bytes,
    /// Made when first asked for; `None` for what is compressed already.
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
}

impl Assets {
    /// The embedded ones.
    pub(super) fn embedded() -> Self {
        let read = |name: Cow<'static, str>| {
            let file = Dist::get(&name)?;
            let plain = match file.data {
                Cow::Borrowed(embedded) => Bytes::from_static(embedded),
                Cow::Owned(read) => Bytes::from(read),
            };
            // Made when this is compiled: to read all files at the start would bring all of them into memory.
            let hash = file.metadata.sha256_hash().iter().take(6).fold(String::new(), |mut text, byte| {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            });
            let asset = Asset { hash, kind: kind(&name), plain, gzip: OnceLock::new(), brotli: OnceLock::new() };
            Some((name.into_owned(), Arc::new(asset)))
        };
        Self { files: Dist::iter().filter_map(read).collect() }
    }

    /// Where a file is; its plain name for one that is not there, which then is not found.
    pub(super) fn address(&self, name: &str) -> String {
        let hash = self.files.get(name).map_or("missing", |asset| asset.hash.as_str());
        format!("/admin/assets/{hash}/{name}")
    }

    /// A file's text.
    pub(super) fn text(&self, name: &str) -> String {
        self.files.get(name).map(|asset| String::from_utf8_lossy(&asset.plain).into_owned()).unwrap_or_default()
    }
}

impl Asset {
    fn is_text(&self) -> bool {
        !self.kind.starts_with("font/")
    }

    fn brotli(&self) -> Option<Bytes> {
        let make = || {
            let mut packed = Vec::new();
            let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
            brotli::BrotliCompress(&mut &self.plain[..], &mut packed, &params).ok()?;
            Some(packed.into())
        };
        self.brotli.get_or_init(|| self.is_text().then(make).flatten()).clone()
    }

    fn gzip(&self) -> Option<Bytes> {
        let make = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&self.plain).ok()?;
            encoder.finish().ok().map(Bytes::from)
        };
        self.gzip.get_or_init(|| self.is_text().then(make).flatten()).clone()
    }
}

/// One file. Any hash of its past is answered with what there is now: an open page keeps working after an
/// upgrade.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let asset = dashboard.assets.files.get(&name).cloned().ok_or_else(Refused::not_found)?;
    let current = asset.hash == hash;
    let accepts = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (encoding, kind, body) = dashboard
        .work
        .run(move || {
            let takes = |name: &str| accepts.split(',').any(|one| one.split(';').next().map(str::trim) == Some(name));
            let packed = |name: &'static str, body: Option<Bytes>| body.map(|body| (Some(name), asset.kind, body));
            let brotli = takes("br").then(|| packed("br", asset.brotli())).flatten();
            let gzip = || takes("gzip").then(|| packed("gzip", asset.gzip())).flatten();
            brotli.or_else(gzip).unwrap_or_else(|| (None, asset.kind, asset.plain.clone()))
        })
        .await?;
    let keep = if current { FOR_GOOD } else { "no-cache" };
    let mut response = ([(CONTENT_TYPE, kind), (CACHE_CONTROL, keep), (VARY, "Accept-Encoding")], body).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, encoding.parse().map_err(|_| Refused::internal())?);
    }
    Ok(response)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
