//! From the log to files: what was committed since the last look becomes the next file, kept here until it is at
//! its place.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::draft::Draft;
use super::error::Error;
use super::local::Local;
use super::ltx::{self, Encoder, Header, WalSpan, lock_page};
use super::place::{Span, Stored};
use super::wal::{HEADER, Mark, News, Wal};
use crate::store::{Hold, Pages, Store};

/// Makes files of what is committed.
pub(super) struct Sealer {
    pub(super) local: Local,
    /// The newest state that was sealed.
    pub(super) transaction: u64,
    /// When, in milliseconds since 1970. It never goes back, whatever the clock does.
    timestamp: i64,
    /// How many pages the database has in that state.
    commit: u32,
    /// Up to where the log was sealed; `None` when there was none.
    mark: Option<Mark>,
    /// Whether anything but our own touch was sealed since the last checkpoint.
    pub(super) dirty: bool,
}

impl Sealer {
    /// Goes on where the files in the folder end if the log shows that nothing is missing, else with an image of
    /// the whole database.
    pub(super) fn resume(local: Local, hold: &mut Hold, store: &Store) -> Result<Self, Error> {
        let newest = local.newest()?;
        let mut sealer = Self { local, transaction: 0, timestamp: 0, commit: 0, mark: None, dirty: true };
        if let Some((span, header)) = newest {
            sealer.transaction = span.last;
            if let Some(header) = header {
                (sealer.timestamp, sealer.commit) = (header.timestamp, header.commit);
                sealer.mark = sealer.continues(&header, hold)?;
            }
        }
        if sealer.mark.is_some() {
            tracing::info!(transaction = sealer.transaction, "copying goes on where it ended");
        } else {
            sealer.whole(hold, store)?;
            tracing::info!(transaction = sealer.transaction, "copying goes on with an image of the whole database");
        }
        Ok(sealer)
    }

    /// The mark at which the newest file ends, if the log still holds it.
    fn continues(&self, header: &Header, hold: &Hold) -> Result<Option<Mark>, Error> {
        if header.wal.offset == 0 || header.page_size != hold.page_size() {
            return Ok(None);
        }
        let log = hold.log();
        let find = || match Wal::open(&log)? {
            Some(wal) => wal.mark_at(header.wal.salts, header.wal.end()),
            None => Ok(None),
        };
        find().map_err(|error| Error::disk(&log, error))
    }

    /// Seals what was committed since the last time; false when that is nothing.
    pub(super) fn seal(&mut self, hold: &Hold) -> Result<bool, Error> {
        let log = hold.log();
        let disk = |error| Error::disk(&log, error);
        let Some(wal) = Wal::open(&log).map_err(disk)? else { return Ok(false) };
        // A log that began anew did so under the hold: all before it was sealed.
        let since = self.mark.filter(|mark| mark.salts == wal.start().salts).unwrap_or(wal.start());
        let Some(news) = wal.news(since).map_err(disk)? else { return Ok(false) };
        let header = self.header(wal.page_size(), news.commit, wal_span(news.start, news.end));
        let draft = self.encode(header, &wal, &news, hold, &log)?;
        self.advance(&header, &draft, Some(news.end))?;
        self.dirty = true;
        Ok(true)
    }

    /// Seals an image of the whole database.
    pub(super) fn whole(&mut self, hold: &mut Hold, store: &Store) -> Result<(), Error> {
        let log = hold.log();
        let disk = |error| Error::disk(&log, error);
        if Wal::open(&log).map_err(disk)?.is_none() {
            // Without a log there would be nothing to go on from after a crash.
            hold.still(store, |still| Ok::<_, Error>(still.touch()?))?;
        }
        let (pages, mark) = hold.still(store, |still| {
            let Some(wal) = Wal::open(&log).map_err(disk)? else { return Ok((still.pages()?, None)) };
            let end = wal.news(wal.start()).map_err(disk)?.map_or(wal.start(), |news| news.end);
            Ok::<_, Error>((still.pages()?, Some(end)))
        })?;
        let wal = mark.map_or(WalSpan::default(), |mark| wal_span(HEADER, mark));
        let header = self.header(pages.page_size(), pages.count(), wal);
        let draft = encode_pages(header, &pages, self.local.root())?;
        self.advance(&header, &draft, mark)?;
        self.dirty = true;
        Ok(())
    }

    /// The header of a whole database in the newest state that was sealed.
    pub(super) fn snapshot_header(&self, pages: &Pages) -> Header {
        Header {
            page_size: pages.page_size(),
            commit: pages.count(),
            span: Span { first: 1, last: self.transaction },
            timestamp: self.timestamp,
            wal: WalSpan::default(),
            node: 0,
            has_checksum: false,
        }
    }

    fn header(&self, page_size: u32, commit: u32, wal: WalSpan) -> Header {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let span = Span::one(self.transaction + 1);
        Header { page_size, commit, span, timestamp: now.max(self.timestamp), wal, node: 0, has_checksum: false }
    }

    fn encode(&self, header: Header, wal: &Wal, news: &News, hold: &Hold, log: &Path) -> Result<Draft, Error> {
        let mut numbers: Vec<(u32, Option<u64>)> = news
            .pages
            .range(..=news.commit)
            .map(|(number, offset)| (*number, Some(*offset)))
            .chain(
                (self.commit + 1..=news.commit)
                    .filter(|number| !news.pages.contains_key(number))
                    .map(|number| (number, None)),
            )
            .collect();
        numbers.sort_unstable();
        let size = numbers.len() as u64 * u64::from(header.page_size);
        let failed = |error| Error::file(&header.span.to_string(), error);
        let draft = Draft::new(size, self.local.root()).map_err(|error| Error::disk(self.local.root(), error))?;
        let mut encoder = Encoder::new(draft, header).map_err(failed)?;
        let mut page = vec![0; header.page_size as usize];
        for (number, offset) in numbers {
            match offset {
                Some(offset) => wal.page(offset, &mut page).map_err(|error| Error::disk(log, error))?,
                None if number == lock_page(header.page_size) => continue,
                // The file has grown over a page that nothing was written to: it is free, and its content is of
                // no meaning, but a copy must have it.
                None => page = hold.page(number)?,
            }
            encoder.page(number, &page).map_err(failed)?;
        }
        Ok(encoder.finish().map_err(failed)?.out)
    }

    fn advance(&mut self, header: &Header, draft: &Draft, mark: Option<Mark>) -> Result<(), Error> {
        if self.local.put(header, draft)? == Stored::Other {
            // Left by an attempt that failed after the file had its name. It was not brought to the place yet.
            self.local.remove(header.span)?;
            self.local.put(header, draft)?;
        }
        self.transaction = header.span.last;
        (self.timestamp, self.commit, self.mark) = (header.timestamp, header.commit, mark);
        Ok(())
    }

    /// Which log was sealed last.
    pub(super) fn salts(&self) -> Option<(u32, u32)> {
        self.mark.map(|mark| mark.salts)
    }

    /// How many pages of the log were sealed since it began.
    pub(super) fn log_pages(&self, page_size: u32) -> u64 {
        self.mark.map_or(0, |mark| mark.offset / u64::from(page_size))
    }
}

fn wal_span(start: u64, end: Mark) -> WalSpan {
    WalSpan { offset: start, size: end.offset - start, salts: end.salts }
}

/// Writes all pages of a database into a file.
pub(super) fn encode_pages(header: Header, pages: &Pages, folder: &Path) -> Result<Draft, Error> {
    let failed = |error| match error {
        ltx::Error::Io(error) => Error::disk(folder, error),
        error => Error::file(&header.span.to_string(), error),
    };
    let size = u64::from(pages.count()) * u64::from(pages.page_size());
    let draft = Draft::new(size, folder).map_err(|error| Error::disk(folder, error))?;
    let mut encoder = Encoder::new(draft, header).map_err(failed)?;
    pages.each(|number, page| encoder.page(number, page).map_err(failed))?;
    Ok(encoder.finish().map_err(failed)?.out)
}

#[cfg(test)]
mod tests {
    use super::super::ltx::WalSpan;
    use super::{Local, Sealer};

    #[test]
    fn times_never_go_back_when_the_clock_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let local = Local::open(folder.path()).expect("a folder");
        let far = i64::MAX / 2;
        let sealer = Sealer { local, transaction: 7, timestamp: far, commit: 3, mark: None, dirty: false };
        let header = sealer.header(4096, 3, WalSpan::default());
        assert_eq!((header.timestamp, header.span.first), (far, 8));
    }
}
