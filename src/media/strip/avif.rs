//! AVIF: boxes in boxes (ISO/IEC 14496-12), with pictures and what is said of them as items (ISO/IEC 23008-12). Other
//! boxes say at which byte each item lies, so nothing is taken out: what is said is written over where it stands.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use super::{broken, copy_bytes, read_array, read_bytes};

/// More than the descriptions of any picture take, in bytes.
const MOST: u64 = 16 << 20;
/// More parts than any picture has: they need not take room in the file.
const MOST_PARTS: usize = 65_536;
/// EXIF data that say nothing, with the four bytes in front that tell where they begin.
const SILENT: [u8; 18] = *b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";
/// The boxes that hold what is shown, or tell how.
const SHOWN: [&[u8; 4]; 4] = [b"ftyp", b"meta", b"mdat", b"moov"];
/// The boxes in which anybody may say anything.
const SAYING: [&[u8; 4]; 4] = [b"udta", b"uuid", b"free", b"skip"];

/// What is written over bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Over {
    /// Zeros.
    Zeros,
    /// Spaces, which are well-formed where XML stands.
    Spaces,
    /// [`SILENT`], and zeros behind it.
    Silence,
}

/// Copies the picture up to the end of its last box. True when something of it was written over.
pub(super) fn clean(path: &Path, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    let Survey { end, mut over } = survey(path)?;
    over.sort_by_key(|(range, over)| (range.start, range.end, *over));
    let (mut place, mut changed) = (0, false);
    for (range, over) in over {
        let start = range.start.max(place);
        if start >= range.end {
            continue;
        }
        copy_bytes(from, to, start - place)?;
        changed |= write_over(from, to, range.end - start, over)?;
        place = range.end;
    }
    copy_bytes(from, to, end - place)?;
    Ok(changed)
}

/// Writes something else over the next bytes. True when it was something else.
fn write_over(from: &mut impl BufRead, to: &mut impl Write, length: u64, over: Over) -> io::Result<bool> {
    let mut changed = false;
    let fits = length >= SILENT.len() as u64;
    for place in 0..length {
        let [old] = read_array(from)?;
        let new = match over {
            Over::Spaces => b' ',
            Over::Silence if fits => usize::try_from(place).ok().and_then(|at| SILENT.get(at)).copied().unwrap_or(0),
            Over::Zeros | Over::Silence => 0,
        };
        changed |= old != new;
        to.write_all(&[new])?;
    }
    Ok(changed)
}

/// What is in the file.
struct Survey {
    /// Where its last box ends.
    end: u64,
    /// What is to be written over.
    over: Vec<(Range<u64>, Over)>,
}

fn survey(path: &Path) -> io::Result<Survey> {
    let mut file = BufReader::new(File::open(path)?);
    let whole = path.metadata()?.len();
    let (mut end, mut over, mut meta, mut film) = (0, Vec::new(), None, false);
    while let Some((name, body)) = top(&mut file, end, whole)? {
        if &name == b"meta" || &name == b"moov" {
            let length = body.end - body.start;
            if length > MOST {
                return Err(broken("its description is too long"));
            }
            let bytes = read_bytes(&mut file, length)?;
            if &name == b"meta" {
                meta = Some((body.start, bytes));
            } else {
                film = true;
                over.extend(of_film(&bytes, body.start, false));
            }
        } else if !SHOWN.contains(&&name) {
            over.push((body.clone(), Over::Zeros));
        }
        end = body.end;
        file.seek(SeekFrom::Start(end))?;
    }
    match meta {
        Some((start, bytes)) => {
            let said = items(&bytes, start, end)?.into_iter();
            over.extend(said.filter_map(|(range, over)| Some((range, over?))));
        }
        None if film => {}
        None => return Err(broken("it describes no picture")),
    }
    Ok(Survey { end, over })
}

/// The name of the box at this place of the file, and where what is in it lies. `None` when no whole box stands there:
/// the file has ended, or something that is no part of it follows.
fn top(file: &mut BufReader<File>, place: u64, whole: u64) -> io::Result<Option<([u8; 4], Range<u64>)>> {
    if place + 8 > whole {
        return Ok(None);
    }
    let (short, name) = (u32::from_be_bytes(read_array(file)?), read_array::<4>(file)?);
    let (head, length) = match short {
        0 => (8, whole - place),
        1 if place + 16 <= whole => (16, u64::from_be_bytes(read_array(file)?)),
        short => (8, u64::from(short)),
    };
    let end = place.checked_add(length).filter(|end| *end <= whole && length >= head);
    Ok(end.map(|end| (name, place + head..end)))
}

/// The boxes in a box: their names and where what is in them lies, counted from its beginning.
fn boxes(bytes: &[u8]) -> Vec<([u8; 4], Range<usize>)> {
    let (mut found, mut place) = (Vec::new(), 0);
    while let Some(([a, b, c, d, name @ ..], _)) = bytes[place..].split_first_chunk::<8>() {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let end = if length == 0 { bytes.len() } else { place.saturating_add(length) };
        if end > bytes.len() || end < place + 8 {
            break;
        }
        found.push((*name, place + 8..end));
        place = end;
    }
    found
}

/// What people say in a film and in its tracks.
fn of_film(bytes: &[u8], start: u64, in_track: bool) -> Vec<(Range<u64>, Over)> {
    let mut over = Vec::new();
    for (name, body) in boxes(bytes) {
        let at = start + body.start as u64;
        if SAYING.contains(&&name) || &name == b"meta" {
            over.push((at..start + body.end as u64, Over::Zeros));
        } else if &name == b"trak" && !in_track {
            over.extend(of_film(&bytes[body], at, true));
        }
    }
    over
}

/// Where the items of a `meta` box lie that begins at `start`, and what is to be written over those that say something.
/// All of them lie before `end`, or the file is not whole.
fn items(meta: &[u8], start: u64, end: u64) -> io::Result<Vec<(Range<u64>, Option<Over>)>> {
    // The version and flags of the box itself.
    const HEAD: usize = 4;
    let inside = meta.get(HEAD..).ok_or_else(|| broken("its description is empty"))?;
    let inside_at = start + HEAD as u64;
    let boxes = boxes(inside);
    let find = |wanted: &[u8; 4]| boxes.iter().find(|(name, _)| name == wanted).map(|(_, body)| body.clone());
    let mut said = find(b"iinf").map_or(Ok(HashMap::new()), |body| speaking(&inside[body]))?;
    if let Some(body) = find(b"iref") {
        said.extend(thumbnails(&inside[body])?.into_iter().map(|item| (item, Over::Zeros)));
    }
    let data = find(b"idat").map(|body| inside_at + body.start as u64..inside_at + body.end as u64);
    let places = find(b"iloc").map_or(Ok(Vec::new()), |body| places(&inside[body]))?;
    let mut items = Vec::new();
    for Place { item, in_data, offset, length } in places {
        let (base, limit) = match &data {
            _ if !in_data => (0, end),
            Some(data) => (data.start, data.end),
            None => return Err(broken("a part of it is nowhere")),
        };
        let from = base.checked_add(offset).ok_or(io::ErrorKind::UnexpectedEof)?;
        let over = said.get(&item).copied();
        let to = match (length, over) {
            (0, Some(_)) => return Err(broken("what is said of it has no end")),
            (0, None) => Some(limit),
            (length, _) => from.checked_add(length),
        };
        let to = to.filter(|to| *to <= limit && from <= *to).ok_or(io::ErrorKind::UnexpectedEof)?;
        items.push((from..to, over));
    }
    for (name, body) in &boxes {
        if SAYING.contains(&name) {
            items.push((inside_at + body.start as u64..inside_at + body.end as u64, Some(Over::Zeros)));
        }
    }
    Ok(items)
}

/// The items of an `iinf` box that say something instead of showing it.
fn speaking(bytes: &[u8]) -> io::Result<HashMap<u64, Over>> {
    let mut fields = Fields(bytes);
    let version = fields.version()?;
    fields.number(if version == 0 { 2 } else { 4 })?;
    let mut found = HashMap::new();
    for (name, body) in boxes(fields.0) {
        if &name != b"infe" {
            continue;
        }
        let mut entry = Fields(&fields.0[body]);
        let version = entry.version()?;
        let item = entry.number(if version == 3 { 4 } else { 2 })?;
        entry.number(2)?;
        // Before version 2 all items were files with a media type.
        let kind = if version < 2 { *b"mime" } else { entry.array()? };
        match &kind {
            b"Exif" => found.insert(item, Over::Silence),
            b"mime" | b"uri " => found.insert(item, Over::Spaces),
            _ => None,
        };
    }
    Ok(found)
}

/// The items of an `iref` box that are small copies of others.
fn thumbnails(bytes: &[u8]) -> io::Result<Vec<u64>> {
    let mut fields = Fields(bytes);
    let size = if fields.version()? == 0 { 2 } else { 4 };
    let thumbnails = boxes(fields.0).into_iter().filter(|(name, _)| name == b"thmb");
    thumbnails.map(|(_, body)| Fields(&fields.0[body]).number(size)).collect()
}

/// A part of an item.
struct Place {
    item: u64,
    /// Whether it lies in the `idat` box; else in the file.
    in_data: bool,
    offset: u64,
    /// 0 for all that there is.
    length: u64,
}

/// Reads an `iloc` box (ISO/IEC 14496-12, section 8.11.3).
fn places(bytes: &[u8]) -> io::Result<Vec<Place>> {
    let mut fields = Fields(bytes);
    let version = fields.version()?;
    let [sizes, more] = fields.array()?;
    let (of_offset, of_length, of_base, of_index) = (sizes >> 4, sizes & 15, more >> 4, more & 15);
    let wide = if version == 2 { 4 } else { 2 };
    let mut places = Vec::new();
    for _ in 0..fields.number(wide)? {
        let item = fields.number(wide)?;
        let method = if version == 0 { 0 } else { fields.number(2)? & 15 };
        let elsewhere = fields.number(2)? != 0;
        let base = fields.number(of_base)?;
        for _ in 0..fields.number(2)? {
            if version > 0 {
                fields.number(of_index)?;
            }
            let (offset, length) = (fields.number(of_offset)?, fields.number(of_length)?);
            if places.len() == MOST_PARTS {
                return Err(broken("it has too many parts"));
            }
            if method > 1 || elsewhere {
                return Err(broken("a part of it lies where parts never lie"));
            }
            let offset = base.checked_add(offset).ok_or(io::ErrorKind::UnexpectedEof)?;
            places.push(Place { item, in_data: method == 1, offset, length });
        }
    }
    Ok(places)
}

/// What is left to be read of a box.
struct Fields<'b>(&'b [u8]);

impl Fields<'_> {
    /// The version in the first of four bytes; the others are flags.
    fn version(&mut self) -> io::Result<u8> {
        self.array::<4>().map(|[version, ..]| version)
    }

    /// A number of so many bytes, 8 at most; 0 of none.
    fn number(&mut self, bytes: u8) -> io::Result<u64> {
        if bytes > 8 {
            return Err(broken("it holds numbers that are too long"));
        }
        (0..bytes).try_fold(0, |number, _| self.array().map(|[byte]| number << 8 | u64::from(byte)))
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
