//! What is written is read again; what is damaged is noticed, and nothing panics.

use proptest::prelude::*;

use super::{Decoder, Encoder, Error, Header, WalSpan, lock_page};
use crate::replica::place::Span;

fn header(page_size: u32, commit: u32, min: u64, max: u64) -> Header {
    Header {
        page_size,
        commit,
        span: Span { first: min, last: max },
        timestamp: 1_790_000_000_123,
        wal: WalSpan { offset: 32, size: 4_120, salts: (7, 9) },
        node: 0,
        has_checksum: false,
    }
}

fn encode(header: Header, pages: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), header).expect("a header");
    for (number, content) in pages {
        encoder.page(*number, content).expect("a page");
    }
    let written = encoder.finish().expect("an end");
    assert_eq!(written.size, written.out.len() as u64);
    written.out
}

/// Pages with their numbers.
type Pages = Vec<(u32, Vec<u8>)>;

fn decode(bytes: &[u8]) -> Result<(Header, Pages), Error> {
    let mut decoder = Decoder::new(bytes)?;
    let (mut pages, mut page) = (Vec::new(), Vec::new());
    while let Some(number) = decoder.next_page(&mut page)? {
        pages.push((number, page.clone()));
    }
    Ok((*decoder.header(), pages))
}

/// Pages such as databases have: some that pack well, some that do not at all.
fn page(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    (0..size)
        .map(|place| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if seed.is_multiple_of(3) { (place % 7) as u8 } else { (state >> 56) as u8 }
        })
        .collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        power in 9_u32..=16,
        numbers in proptest::collection::btree_set(1_u32..500, 0..12),
        more in 0_u32..50,
        seed in any::<u64>(),
    ) {
        let size = 1 << power;
        let commit = numbers.last().copied().unwrap_or(1) + more;
        let pages: Vec<_> =
            numbers.iter().map(|number| (*number, page(size as usize, seed ^ u64::from(*number)))).collect();
        let header = header(size, commit, 5, 8);
        let bytes = encode(header, &pages);
        let read = decode(&bytes).expect("sound");
        prop_assert_eq!(read, (header, pages));
    }

    #[test]
    fn every_changed_byte_is_noticed(place in any::<proptest::sample::Index>(), change in 1_u8..) {
        let pages: Vec<_> = (1..=4).map(|number| (number, page(512, u64::from(number)))).collect();
        let mut bytes = encode(header(512, 4, 1, 3), &pages);
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        // A frame may be packed otherwise and say the same: then it is not damaged.
        if let Ok((_, read)) = decode(&bytes) {
            prop_assert_eq!(read, pages);
        }
    }

    #[test]
    fn what_is_cut_off_is_noticed(length in any::<proptest::sample::Index>()) {
        let pages: Vec<_> = (1..=3).map(|number| (number, page(1024, u64::from(number)))).collect();
        let bytes = encode(header(1024, 3, 1, 1), &pages);
        prop_assert!(decode(&bytes[..length.index(bytes.len())]).is_err());
    }

    #[test]
    fn nonsense_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut behind_a_header = header(512, 9, 2, 2).to_bytes().to_vec();
        behind_a_header.extend_from_slice(&bytes);
        prop_assert!(decode(&bytes).is_err());
        prop_assert!(decode(&behind_a_header).is_err());
    }
}

#[test]
fn blocks_of_newer_litestreams_are_read() {
    let content = page(4096, 3);
    let framed = encode(header(4096, 1, 1, 1), &[(1, content.clone())]);
    let packed = lz4_flex::block::compress(&content);
    let mut bytes = framed[..super::header::LENGTH].to_vec();
    bytes.extend_from_slice(&[0, 0, 0, 1, 0, 1]);
    bytes.extend_from_slice(&(packed.len() as u32).to_be_bytes());
    let mut checksum = super::checksum::Checksum::new();
    checksum.add(&bytes);
    checksum.add(&content);
    bytes.extend_from_slice(&packed);
    let mut tail = vec![0; 6];
    tail.extend_from_slice(&[1, 100, 10 + packed.len() as u8, 0]);
    tail.extend_from_slice(&4_u64.to_be_bytes());
    tail.extend_from_slice(&[0; 8]);
    checksum.add(&tail);
    tail.extend_from_slice(&checksum.value().to_be_bytes());
    bytes.extend_from_slice(&tail);
    assert!(packed.len() < 100, "one byte says how long it is");
    assert_eq!(decode(&bytes).expect("sound").1, [(1, content)]);
}

#[test]
fn a_database_beyond_a_gigabyte_has_a_page_that_is_never_written() {
    let (size, lock) = (65_536, lock_page(65_536));
    let mut encoder = Encoder::new(Vec::new(), header(size, lock + 1, 2, 2)).expect("a header");
    for number in lock - 1..=lock + 1 {
        encoder.page(number, &page(size as usize, 3)).expect("a page");
    }
    let read = decode(&encoder.finish().expect("an end").out).expect("sound").1;
    assert_eq!(read.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [lock - 1, lock + 1]);
}

#[test]
fn pages_stand_in_order_and_a_snapshot_has_all_of_them() {
    let refused = |commit, min, numbers: &[u32]| {
        let mut encoder = Encoder::new(Vec::new(), header(512, commit, min, 3)).expect("a header");
        numbers.iter().any(|number| encoder.page(*number, &[0; 512]).is_err())
    };
    assert!(refused(9, 2, &[3, 3]) && refused(9, 2, &[4, 3]) && refused(9, 2, &[10]) && refused(9, 1, &[1, 3]));
    let short = encode(header(512, 3, 1, 1), &[(1, vec![0; 512]), (2, vec![0; 512])]);
    assert!(matches!(decode(&short), Err(Error::Page { page: 3, .. })));
}

#[test]
fn something_behind_the_end_is_noticed() {
    let mut bytes = encode(header(512, 1, 1, 1), &[(1, vec![7; 512])]);
    bytes.push(0);
    assert!(matches!(decode(&bytes), Err(Error::Trailing)));
}
