//! `GET /admin/media/download`: several files as one archive, made while it is sent.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::streamed::{Pipe, streamed};
use crate::delivery;

/// How many files one archive may hold.
const MOST: usize = 500;
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
