//! Merging files: the many small ones of a level become one of the next, so that restoring reads few.

use std::io::Read;
use std::path::Path;

use super::draft::Draft;
use super::error::Error;
use super::local::time_of;
use super::ltx::{Decoder, Encoder, Header, WalSpan};
use super::place::{Level, Part, Place, Span};
use super::plan::Copied;
use super::progress::Silent;
use super::restore::open;

/// How many files are merged at once: each is read while all of them are open.
const AT_ONCE: usize = 64;

/// Merges into a level what is new on the one below it. Returns how many files it made.
///
/// # Errors
/// What is wrong with a file or the place.
pub(super) fn compact(place: &Place, from: Level, into: Level, folder: &Path) -> Result<usize, Error> {
    let mut made = 0;
    loop {
        let reached = place.list(into)?.last().map_or(0, |part| part.span.last);
        let run = next_run(&place.list(from)?, reached);
        if run.is_empty() {
            return Ok(made);
        }
        let files: Vec<Copied> = run.into_iter().map(|part| Copied { level: from, part }).collect();
        let (header, draft) = merge(place, &files, folder)?;
        // Made of the same files, it is the same: another process that was quicker does no harm.
        place.put_new(into, header.span, &draft.content(), time_of(&header))?;
        made += 1;
    }
}

/// The first files that follow each other without a gap and lead beyond `reached`.
fn next_run(parts: &[Part], reached: u64) -> Vec<Part> {
    let mut run: Vec<Part> = Vec::new();
    for part in parts.iter().filter(|part| part.span.last > reached) {
        match run.last() {
            Some(last) if part.span.first != last.span.last + 1 => break,
            _ => run.push(*part),
        }
        if run.len() == AT_ONCE {
            break;
        }
    }
    run
}

/// One of the files that are merged, at its next page.
struct Input<R> {
    file: Copied,
    decoder: Decoder<R>,
    /// `None` at its end.
    next: Option<u32>,
    page: Vec<u8>,
}

impl<R: Read> Input<R> {
    fn advance(&mut self) -> Result<(), Error> {
        let next = self.decoder.next_page(&mut self.page);
        self.next = next.map_err(|error| Error::file(&self.file.name(), error))?;
        Ok(())
    }
}

/// Merges files that follow each other; of each page the newest content counts.
pub(super) fn merge(place: &Place, files: &[Copied], folder: &Path) -> Result<(Header, Draft), Error> {
    let mut inputs = Vec::new();
    for file in files {
        let decoder = open(place, file, &Silent)?;
        let mut input = Input { file: *file, decoder, next: None, page: Vec::new() };
        input.advance()?;
        inputs.push(input);
    }
    let (Some(first), Some(last)) = (files.first(), inputs.last()) else {
        return Err(Error::Empty(place.address().to_string()));
    };
    let newest = *last.decoder.header();
    let span = Span { first: first.part.span.first, last: newest.span.last };
    let header = Header { span, wal: WalSpan::default(), node: 0, has_checksum: false, ..newest };
    if let Some(other) = inputs.iter().find(|input| input.decoder.header().page_size != header.page_size) {
        let found = other.decoder.header().page_size;
        return Err(Error::Foreign { file: other.file.name(), found, expected: header.page_size });
    }
    // Compressed, pages take about a third.
    let size = files.iter().map(|file| file.part.size * 3).sum();
    let failed = |error| Error::file(&span.to_string(), error);
    let draft = Draft::new(size, folder).map_err(|error| Error::disk(folder, error))?;
    let mut encoder = Encoder::new(draft, header).map_err(failed)?;
    while let Some(number) = inputs.iter().filter_map(|input| input.next).min() {
        let newest = inputs.iter().rposition(|input| input.next == Some(number)).unwrap_or_default();
        // What lies behind the end was cut off meanwhile.
        if number <= header.commit {
            encoder.page(number, &inputs[newest].page).map_err(failed)?;
        }
        for input in inputs.iter_mut().filter(|input| input.next == Some(number)) {
            input.advance()?;
        }
    }
    Ok((header, encoder.finish().map_err(failed)?.out))
}

#[cfg(test)]
mod tests {
    use super::{Part, Span, next_run};
    use crate::content::moment::Moment;

    #[test]
    fn only_what_follows_without_a_gap_is_merged() {
        let part = |first, last| Part { span: Span { first, last }, size: 1, time: Moment::from_micros(0) };
        let run = |parts: &[Part], reached| -> Vec<(u64, u64)> {
            next_run(parts, reached).iter().map(|part| (part.span.first, part.span.last)).collect()
        };
        let parts = [part(1, 1), part(2, 2), part(3, 5), part(7, 7)];
        assert_eq!(run(&parts, 0), [(1, 1), (2, 2), (3, 5)]);
        assert_eq!(run(&parts, 2), [(3, 5)]);
        assert_eq!(run(&parts, 5), [(7, 7)]);
        assert!(run(&parts, 7).is_empty());
    }
}
