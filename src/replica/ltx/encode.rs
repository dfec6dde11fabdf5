//! Writing a file.

use std::io::Write;

use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};

use super::checksum::Checksum;
use super::error::Error;
use super::header::Header;
use super::{PAGE_HEADER, lock_page};

/// Writes one file: pages in ascending order, then [`Encoder::finish`].
pub struct Encoder<W> {
    out: W,
    header: Header,
    checksum: Checksum,
    /// How many bytes were written.
    offset: u64,
    last: u32,
    index: Vec<u8>,
    frames: FrameEncoder<Vec<u8>>,
}

/// A file that was written.
pub struct Written<W> {
    /// Where it was written to.
    pub out: W,
    /// How many bytes it has.
    pub size: u64,
    /// The checksum it carries.
    pub checksum: u64,
}

impl<W: Write> Encoder<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// `Header` when it cannot be true; what writing fails with.
    pub fn new(mut out: W, header: Header) -> Result<Self, Error> {
        header.check()?;
        let bytes = header.to_bytes();
        out.write_all(&bytes)?;
        let mut checksum = Checksum::new();
        checksum.add(&bytes);
        // What every Litestream from 0.5.0 on reads.
        let info =
            FrameInfo::new().block_size(BlockSize::Max64KB).block_mode(BlockMode::Independent).content_checksum(true);
        let frames = FrameEncoder::with_frame_info(info, Vec::new());
        Ok(Self { out, header, checksum, offset: bytes.len() as u64, last: 0, index: Vec::new(), frames })
    }

    /// Writes a page. The page that SQLite locks is passed over.
    ///
    /// # Errors
    /// `Page` when it cannot stand here; what writing fails with.
    pub fn page(&mut self, number: u32, content: &[u8]) -> Result<(), Error> {
        if number == lock_page(self.header.page_size) {
            return Ok(());
        }
        self.fits(number, content).map_or(Ok(()), |what| Err(Error::Page { page: number, what }))?;
        self.last = number;
        let mut head = [0; PAGE_HEADER];
        head[..4].copy_from_slice(&number.to_be_bytes());
        self.checksum.add(&head);
        self.checksum.add(content);
        self.frames.get_mut().clear();
        self.frames.get_mut().extend_from_slice(&head);
        self.frames.write_all(content)?;
        self.frames.try_finish().map_err(|error| Error::Io(error.into()))?;
        let written = self.frames.get_ref();
        self.out.write_all(written)?;
        let length = written.len() as u64;
        uvarint(&mut self.index, u64::from(number));
        uvarint(&mut self.index, self.offset);
        uvarint(&mut self.index, length);
        self.offset += length;
        Ok(())
    }

    /// Why a page cannot stand here.
    fn fits(&self, number: u32, content: &[u8]) -> Option<&'static str> {
        let next = if self.last + 1 == lock_page(self.header.page_size) { self.last + 2 } else { self.last + 1 };
        if content.len() != self.header.page_size as usize {
            Some("it is not as long as a page")
        } else if number > self.header.commit {
            Some("it lies behind the end of the database")
        } else if number <= self.last {
            Some("it is out of order")
        } else if self.header.span.is_whole() && number != next {
            Some("one before it is missing")
        } else {
            None
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn finish(mut self) -> Result<Written<W>, Error> {
        let mut tail = vec![0; PAGE_HEADER];
        tail.append(&mut self.index);
        uvarint(&mut tail, 0);
        let index = (tail.len() - PAGE_HEADER) as u64;
        tail.extend_from_slice(&index.to_be_bytes());
        tail.extend_from_slice(&0_u64.to_be_bytes());
        self.checksum.add(&tail);
        let checksum = self.checksum.value();
        tail.extend_from_slice(&checksum.to_be_bytes());
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok(Written { out: self.out, size: self.offset + tail.len() as u64, checksum })
    }
}

/// Appends a number in as many bytes as it needs, seven bits each, as Go's `binary.PutUvarint`.
fn uvarint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
