//! A whole site as one archive.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::json;

use super::Error;
use super::archive::{
    AUTHORS, CATEGORIES, ENTRIES, EntryLine, FOLDERS, FORMAT, MANIFEST, MEDIA, MEDIA_FOLDER, Manifest, MediaLine,
    REDIRECTS, RedirectLine, SCHEMA, SETTINGS, TAGS, TOKENS, USERS, empty_folders,
};
use crate::content::definition::Definition;
use crate::content::entry::EntryId;
use crate::content::moment::Moment;
use crate::content::post::{Filing, Term};
use crate::content::redirect::Redirect;
use crate::store::Read;

/// How many entries are read at a time.
const BATCH: usize = 1000;

/// What an archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Pages, items and posts.
    pub entries: u64,
    /// Pictures and files.
    pub media: u64,
}

/// Writes the site, as one snapshot shows it, to `out`. `media` is the folder of its files; accounts and
/// tokens are left out unless `secrets`. Entries pass through a temporary file in `beside`.
///
/// # Errors
/// `Refused` when a file cannot be read or written; the database's.
pub fn export_site(
    read: &Read<'_>,
    media: &Path,
    secrets: bool,
    out: &mut File,
    beside: &Path,
    now: Moment,
) -> Result<Exported, Error> {
    let gzip = GzEncoder::new(BufWriter::new(out), Compression::new(6));
    let mut archive = Archive { tar: tar::Builder::new(gzip), now };
    archive.manifest(read)?;
    archive.document(SCHEMA, &Definition::of(read.model(), true))?;
    archive.document(SETTINGS, &read.settings()?)?;
    archive.lines(AUTHORS, &read.authors()?)?;
    for (name, filing) in [(CATEGORIES, Filing::Category), (TAGS, Filing::Tag)] {
        let mut terms = read.terms(filing)?;
        terms.sort_by_key(|term: &Term| term.id);
        archive.lines(name, &terms)?;
    }
    archive.redirects(read)?;
    if secrets {
        archive.lines(USERS, &read.users()?)?;
        archive.lines(TOKENS, &read.tokens()?)?;
    }
    let media_lines: Vec<MediaLine> =
        read.all_media()?.into_iter().map(|row| MediaLine::of(read, row)).collect::<Result<_, _>>()?;
    archive.lines(MEDIA, &media_lines)?;
    let folders = empty_folders(read, &media_lines)?;
    if !folders.is_empty() {
        archive.lines(FOLDERS, &folders)?;
    }
    let entries = archive.entries(read, beside)?;
    let hashes_of = |line: &MediaLine| {
        let versions = line.versions.iter().map(|version| version.hash.clone());
        versions.chain([line.row.hash.clone()]).collect::<Vec<_>>()
    };
    let mut hashes: Vec<String> = media_lines.iter().flat_map(hashes_of).collect();
    hashes.sort_unstable();
    hashes.dedup();
    for hash in &hashes {
        archive.media(&media.join(hash), hash)?;
    }
    archive.finish().map_err(failed)?;
    Ok(Exported { entries, media: media_lines.len() as u64 })
}

struct Archive<W: io::Write> {
    tar: tar::Builder<GzEncoder<W>>,
    now: Moment,
}

impl<W: io::Write> Archive<W> {
    fn manifest(&mut self, read: &Read<'_>) -> Result<(), Error> {
        let manifest = Manifest {
            format: FORMAT,
            larder: env!("CARGO_PKG_VERSION").into(),
            exported: self.now,
            created: Some(read.site_created()?),
        };
        self.document(MANIFEST, &manifest)
    }

    /// A JSON file that people can read.
    fn document(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string_pretty(value).map_err(|error| failed(error.into()))?;
        text.push('\n');
        self.append(name, text.len() as u64, text.as_bytes())
    }

    fn lines(&mut self, name: &str, values: &[impl Serialize]) -> Result<(), Error> {
        let text: String = values.iter().map(|value| format!("{}\n", json!(value))).collect();
        self.append(name, text.len() as u64, text.as_bytes())
    }

    /// Left out where there are none, so that archives of before are made as they were.
    fn redirects(&mut self, read: &Read<'_>) -> Result<(), Error> {
        let redirects = read.redirects()?;
        if redirects.is_empty() {
            return Ok(());
        }
        let line = |Redirect { rule, by, at, .. }: Redirect| RedirectLine {
            from: rule.from,
            to: rule.to,
            status: rule.status,
            by,
            at,
        };
        self.lines(REDIRECTS, &redirects.into_iter().map(line).collect::<Vec<_>>())
    }

    /// A tar entry begins with its size, so the lines are counted in a temporary file first.
    fn entries(&mut self, read: &Read<'_>, beside: &Path) -> Result<u64, Error> {
        let spool = tempfile::tempfile_in(beside).map_err(failed)?;
        let mut lines = BufWriter::new(spool);
        let (mut count, mut after) = (0, EntryId(0));
        loop {
            let entries = read.all_entries(after, BATCH)?;
            let Some(last) = entries.last() else { break };
            after = last.id;
            for entry in &entries {
                if let Some(line) = EntryLine::of(read, entry)? {
                    serde_json::to_writer(&mut lines, &line).map_err(|error| failed(error.into()))?;
                    lines.write_all(b"\n").map_err(failed)?;
                    count += 1;
                }
            }
        }
        let mut spool = lines.into_inner().map_err(|error| failed(error.into_error()))?;
        let size = spool.stream_position().map_err(failed)?;
        spool.rewind().map_err(failed)?;
        self.append(ENTRIES, size, spool)?;
        Ok(count)
    }

    fn media(&mut self, path: &Path, hash: &str) -> Result<(), Error> {
        let unreadable = |error: io::Error| {
            Error::Refused(format!("{} belongs to the site but cannot be read: {error}", path.display()))
        };
        let file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        self.append(&format!("{MEDIA_FOLDER}/{hash}"), size, file)
    }

    /// Owner, mode and time are always the same: equal sites give equal archives.
    fn append(&mut self, name: &str, size: u64, content: impl io::Read) -> Result<(), Error> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        self.tar.append_data(&mut header, name, content.take(size)).map_err(failed)
    }

    fn finish(self) -> io::Result<()> {
        self.tar.into_inner()?.finish()?.flush()
    }
}

fn failed(error: io::Error) -> Error {
    Error::Refused(format!("the archive cannot be written: {error}"))
}
