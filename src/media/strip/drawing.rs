//! Drawings that were stored before they were cleaned on their way in.

use std::io::{self, BufRead, Read as _, Write};

use crate::media::svg;

/// What is served of a drawing that cannot be cleaned: it may hold anything.
const NOTHING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// Writes the drawing cleaned. True when that is something else.
pub(super) fn clean(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    let mut bytes = Vec::new();
    from.take(svg::LARGEST + 1).read_to_end(&mut bytes)?;
    let clean = str::from_utf8(&bytes).ok().and_then(|text| svg::clean(text).ok());
    let clean = clean.map_or_else(|| NOTHING.to_owned(), |drawing| drawing.text);
    to.write_all(clean.as_bytes())?;
    Ok(clean.as_bytes() != bytes)
}
