//! A body's shorter forms.

use std::io::Write as _;
use std::ops::RangeInclusive;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// gzip's usual level: the next ones take twice the time for one percent.
const GZIP_LEVEL: u32 = 6;
/// The level of brotli that beats gzip 6 at twice its time; the best one takes sixty times longer.
const BROTLI_LEVEL: i32 = 5;
/// The windows of brotli as powers of two: 128 KiB, the smallest with which it searches as fast, to 4 MiB, its
/// default. It clears and keeps twice as much memory for each body, however short that is.
const BROTLI_WINDOWS: RangeInclusive<u32> = 17..=22;

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

/// The window that holds a body, if one does.
fn window_for(length: usize) -> i32 {
    let (least, most) = BROTLI_WINDOWS.into_inner();
    (usize::BITS - length.leading_zeros()).clamp(least, most).cast_signed()
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_LEVEL,
        lgwin: window_for(body.len()),
        size_hint: body.len(),
        ..Default::default()
    };
    let mut compressed = Vec::with_capacity(body.len() / 2);
    // Writing to memory does not fail.
    let _ = brotli::BrotliCompress(&mut &*body, &mut compressed, &params);
    compressed
}

#[cfg(test)]
mod tests {
    use super::window_for;

    #[test]
    fn a_window_holds_its_body_and_is_never_so_small_that_searching_is_slow() {
        let windows = [0, 2_000, 131_071, 131_072, 1_000_000, 100_000_000].map(window_for);
        assert_eq!(windows, [17, 17, 17, 18, 20, 22]);
    }
}
