//! Reading a file.

use std::io::Read;

use lz4_flex::block;
use lz4_flex::frame::FrameDecoder;

use super::checksum::Checksum;
use super::error::Error;
use super::header::{Header, LENGTH};
use super::{LZ4_BLOCK, PAGE_HEADER, lock_page};

/// Reads one file from its beginning to its end, and believes nothing of it.
pub struct Decoder<R> {
    from: R,
    header: Header,
    checksum: Checksum,
    last: u32,
    /// The checksum that the file carries, once all of it was read and is sound.
    ended: Option<u64>,
    compressed: Vec<u8>,
}

impl<R: Read> Decoder<R> {
    /// Reads the header. `from` should be buffered.
    ///
    /// # Errors
    /// When that is none, or cannot be read.
    pub fn new(mut from: R) -> Result<Self, Error> {
        let mut bytes = [0; LENGTH];
        from.read_exact(&mut bytes)?;
        let header = Header::from_bytes(&bytes)?;
        let mut checksum = Checksum::new();
        checksum.add(&bytes);
        Ok(Self { from, header, checksum, last: 0, ended: None, compressed: Vec::new() })
    }

    /// What the file says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The checksum of a file that was read to its end and is sound.
    pub fn checksum(&self) -> Option<u64> {
        self.ended
    }

    /// Reads the next page into `page` and tells its number; `None` at the end, and only if the checksum of
    /// the whole file was right. Pages that were given before that must not be believed until then.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn next_page(&mut self, page: &mut Vec<u8>) -> Result<Option<u32>, Error> {
        if self.ended.is_some() {
            return Ok(None);
        }
        let mut head = [0; PAGE_HEADER];
        self.from.read_exact(&mut head)?;
        self.checksum.add(&head);
        let number = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let flags = u16::from_be_bytes([head[4], head[5]]);
        if number == 0 && flags == 0 {
            self.end()?;
            return Ok(None);
        }
        self.fits(number).map_or(Ok(()), |what| Err(Error::Page { page: number, what }))?;
        self.last = number;
        page.resize(self.header.page_size as usize, 0);
        match flags {
            0 => self.frame(number, page)?,
            LZ4_BLOCK => self.block(number, page)?,
            _ => return Err(Error::Page { page: number, what: "it is compressed in a way that is not known" }),
        }
        self.checksum.add(page);
        Ok(Some(number))
    }

    /// Reads the rest, to see whether the file is sound.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(mut self) -> Result<Header, Error> {
        let mut page = Vec::new();
        while self.next_page(&mut page)?.is_some() {}
        Ok(self.header)
    }

    /// Why a page cannot stand here.
    fn fits(&self, number: u32) -> Option<&'static str> {
        if number == lock_page(self.header.page_size) {
            Some("no database has this page")
        } else if number > self.header.commit {
            Some("it lies behind the end of the database")
        } else if number <= self.last {
            Some("it is out of order")
        } else if self.header.span.is_whole() && number != self.expected() {
            Some("one before it is missing")
        } else {
            None
        }
    }

    /// The page after the last one.
    fn expected(&self) -> u32 {
        let next = self.last.saturating_add(1);
        if next == lock_page(self.header.page_size) { next.saturating_add(1) } else { next }
    }

    /// A page as one LZ4 frame, which says itself where it ends.
    fn frame(&mut self, number: u32, page: &mut [u8]) -> Result<(), Error> {
        // A new one each time: it sizes its buffers by the frame's header.
        let mut frame = FrameDecoder::new(&mut self.from);
        let damaged = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Error::CutOff,
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::Other | std::io::ErrorKind::InvalidInput => {
                Error::Page { page: number, what: "it cannot be unpacked" }
            }
            _ => Error::Io(error),
        };
        frame.read_exact(page).map_err(damaged)?;
        match frame.read(&mut [0]).map_err(damaged)? {
            0 => Ok(()),
            _ => Err(Error::Page { page: number, what: "it is longer than a page" }),
        }
    }

    /// A page as one LZ4 block after its length.
    fn block(&mut self, number: u32, page: &mut [u8]) -> Result<(), Error> {
        let damaged = |what| Error::Page { page: number, what };
        let mut length = [0; 4];
        self.from.read_exact(&mut length)?;
        self.checksum.add(&length);
        let length = u32::from_be_bytes(length) as usize;
        if length > block::get_maximum_output_size(page.len()) {
            return Err(damaged("it is longer than a page"));
        }
        self.compressed.resize(length, 0);
        self.from.read_exact(&mut self.compressed)?;
        match block::decompress_into(&self.compressed, page) {
            Ok(unpacked) if unpacked == page.len() => Ok(()),
            Ok(_) => Err(damaged("it is shorter than a page")),
            Err(_) => Err(damaged("it cannot be unpacked")),
        }
    }

    /// Reads index and trailer.
    fn end(&mut self) -> Result<(), Error> {
        if self.header.span.is_whole() && self.expected() <= self.header.commit {
            return Err(Error::Page { page: self.expected(), what: "it is missing, and all behind it" });
        }
        let mut length = 0_u64;
        loop {
            let (page, bytes) = self.uvarint()?;
            length += bytes;
            if page == 0 {
                break;
            }
            length += self.uvarint()?.1 + self.uvarint()?.1;
        }
        let mut bytes = [0; 8];
        self.take(&mut bytes)?;
        if u64::from_be_bytes(bytes) != length {
            return Err(Error::Index);
        }
        self.take(&mut bytes)?;
        let found = self.checksum.value();
        self.from.read_exact(&mut bytes)?;
        if u64::from_be_bytes(bytes) != found {
            return Err(Error::Checksum);
        }
        // A stream need not say its end at the first asking.
        match self.from.read(&mut [0])? {
            0 => self.ended = Some(found),
            _ => return Err(Error::Trailing),
        }
        Ok(())
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.from.read_exact(bytes)?;
        self.checksum.add(bytes);
        Ok(())
    }

    /// A number as Go's `binary.PutUvarint` writes it, and its length.
    fn uvarint(&mut self) -> Result<(u64, u64), Error> {
        let mut number = 0_u64;
        for place in 0..10 {
            let mut byte = [0];
            self.take(&mut byte)?;
            number |= u64::from(byte[0] & 0x7f) << (7 * place).min(63);
            if byte[0] & 0x80 == 0 {
                return Ok((number, place + 1));
            }
        }
        Err(Error::Index)
    }
}
