//! Reading SQLite's write-ahead log (<https://sqlite.org/fileformat2.html#the_write_ahead_log>).
//!
//! Only what SQLite itself would believe is read: frames that carry the salts of the header, whose running
//! checksums are right, up to the last one that ends a transaction.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::ltx::is_page_size;

/// The length of the log's header.
pub(super) const HEADER: u64 = 32;
/// The length of what stands in front of each page.
const FRAME_HEADER: usize = 24;
/// What a log begins with; the last bit says in which order the checksums' bytes are taken.
const MAGIC: u32 = 0x377f_0682;

/// A checksum over pairs of 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum(u32, u32);

impl Sum {
    /// Takes in bytes, eight at a time.
    fn add(self, bytes: &[u8], big_endian: bool) -> Self {
        let word = |bytes: &[u8]| {
            let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
            if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        bytes.chunks_exact(8).fold(self, |Self(mut a, mut b), pair| {
            a = a.wrapping_add(word(&pair[..4])).wrapping_add(b);
            b = b.wrapping_add(word(&pair[4..])).wrapping_add(a);
            Self(a, b)
        })
    }

    fn read(bytes: &[u8]) -> Self {
        Self(short(bytes, 0), short(bytes, 4))
    }
}

fn short(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Up to where a log was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Which log: each time it begins anew it has others.
    pub(super) salts: (u32, u32),
    /// In bytes, behind a frame that ends a transaction.
    pub(super) offset: u64,
    sum: Sum,
}

/// What was committed behind a mark.
pub(super) struct News {
    /// Where it begins.
    pub(super) start: u64,
    /// Where it ends.
    pub(super) end: Mark,
    /// How many pages the database has now.
    pub(super) commit: u32,
    /// For each page that was written where its newest content stands in the log.
    pub(super) pages: BTreeMap<u32, u64>,
}

/// A log, opened.
pub(super) struct Wal {
    file: File,
    page_size: u32,
    big_endian: bool,
    start: Mark,
}

impl Wal {
    /// Opens the log at a path; `None` when there is none, or nothing was written into it.
    ///
    /// # Errors
    /// When it cannot be read. One whose header is just being written is `None` too.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut header = [0; HEADER as usize];
        match file.read_exact_at(&mut header, 0) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let magic = short(&header, 0);
        let big_endian = magic & 1 == 1;
        let sum = Sum::default().add(&header[..24], big_endian);
        let page_size = short(&header, 8);
        if magic & !1 != MAGIC || sum != Sum::read(&header[24..]) || !is_page_size(page_size) {
            return Ok(None);
        }
        let start = Mark { salts: (short(&header, 16), short(&header, 20)), offset: HEADER, sum };
        Ok(Some(Self { file, page_size, big_endian, start }))
    }

    /// Where it begins.
    pub(super) fn start(&self) -> Mark {
        self.start
    }

    /// How many bytes a page has.
    pub(super) fn page_size(&self) -> u32 {
        self.page_size
    }

    /// The mark at an offset, if this is the log with these salts and all of it up to there is what SQLite has
    /// written.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn mark_at(&self, salts: (u32, u32), offset: u64) -> io::Result<Option<Mark>> {
        if salts != self.start.salts {
            return Ok(None);
        }
        let mut frames = self.frames(self.start)?;
        while frames.mark.offset < offset {
            if frames.next()?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(frames.mark).filter(|mark| mark.offset == offset))
    }

    /// What was committed behind a mark of this log; `None` when that is nothing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn news(&self, since: Mark) -> io::Result<Option<News>> {
        let mut frames = self.frames(since)?;
        let mut open = BTreeMap::new();
        let mut news: Option<News> = None;
        loop {
            let offset = frames.mark.offset;
            let Some(frame) = frames.next()? else { return Ok(news) };
            open.insert(frame.page, offset + FRAME_HEADER as u64);
            if frame.commit == 0 {
                continue;
            }
            let news =
                news.get_or_insert_with(|| News { start: since.offset, end: since, commit: 0, pages: BTreeMap::new() });
            news.pages.append(&mut open);
            (news.end, news.commit) = (frames.mark, frame.commit);
        }
    }

    /// Reads the page that stands at an offset.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn page(&self, offset: u64, page: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(page, offset)
    }

    fn frames(&self, mark: Mark) -> io::Result<Frames<'_>> {
        let mut from = BufReader::with_capacity(64 * 1024, &self.file);
        from.seek(SeekFrom::Start(mark.offset))?;
        let frame = vec![0; FRAME_HEADER + self.page_size as usize];
        Ok(Frames { from, frame, mark, big_endian: self.big_endian })
    }
}

/// What stands in front of a page.
struct Frame {
    page: u32,
    /// How many pages the database has, in the last frame of a transaction; else 0.
    commit: u32,
}

/// Reads frame after frame.
struct Frames<'a> {
    from: BufReader<&'a File>,
    frame: Vec<u8>,
    mark: Mark,
    big_endian: bool,
}

impl Frames<'_> {
    /// The next frame; `None` where what can be believed ends.
    fn next(&mut self) -> io::Result<Option<Frame>> {
        match self.from.read_exact(&mut self.frame) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let (head, page) = self.frame.split_at(FRAME_HEADER);
        let sum = self.mark.sum.add(&head[..8], self.big_endian).add(page, self.big_endian);
        let number = short(head, 0);
        if (short(head, 8), short(head, 12)) != self.mark.salts || sum != Sum::read(&head[16..]) || number == 0 {
            return Ok(None);
        }
        self.mark.sum = sum;
        self.mark.offset += self.frame.len() as u64;
        Ok(Some(Frame { page: number, commit: short(head, 4) }))
    }
}
