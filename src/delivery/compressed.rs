//! A body's shorter forms.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// gzip's usual level: the next ones take twice the time for one percent.
const GZIP_LEVEL: u32 = 6;
/// The level of brotli that beats gzip 6 at twice its time; the best one takes sixty times longer.
const BROTLI_LEVEL: i32 = 5;
/// The window of brotli as a power of two: 4 MiB, its default. One that just holds the body takes four times
/// the time of a whole answer.
const BROTLI_WINDOW: i32 = 22;

/// A body in all encodings but its own, in one piece of memory.
#[derive(Debug)]
pub(super) struct Compressed {
    both: Bytes,
    /// Where gzip's form ends and brotli's begins.
    gzip: usize,
}

impl Compressed {
    pub(super) fn of(body: &[u8]) -> Self {
        let mut both = gzip(body);
        let gzip = both.len();
        both.append(&mut brotli(body));
        // Kept for long: not more than it needs.
        both.shrink_to_fit();
        Self { both: both.into(), gzip }
    }

    pub(super) fn gzip(&self) -> Bytes {
        self.both.slice(..self.gzip)
    }

    pub(super) fn brotli(&self) -> Bytes {
        self.both.slice(self.gzip..)
    }

    /// How long both are.
    pub(super) fn len(&self) -> usize {
        self.both.len()
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len()), Compression::new(GZIP_LEVEL));
    // Writing to memory does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_LEVEL,
        lgwin: BROTLI_WINDOW,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut compressed = Vec::with_capacity(body.len() / 2);
    // Writing to memory does not fail.
    let _ = brotli::BrotliCompress(&mut &*body, &mut compressed, &params);
    compressed
}
