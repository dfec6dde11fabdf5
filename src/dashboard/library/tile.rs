//! A picture or file of the library as lists show it.

use serde::Serialize;

use super::address;
use super::words::{kind, measures, weight};
use crate::content::media::MEDIA;
use crate::content::zone::Zone;
use crate::dashboard::list::row::When;
use crate::media::known;
use crate::store::MediaRow;

/// A file in the grid or the table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tile {
    id: String,
    href: String,
    name: String,
    alt: String,
    /// A small picture of it; `None` for what is no picture.
    picture: Option<String>,
    /// Whether the whole of it is shown, as of a drawing, and nothing cut.
    fits: bool,
    /// The icon of what is no picture.
    sign: &'static str,
    kind: String,
    measures: String,
    weight: String,
    /// The line below its name.
    line: String,
    colour: Option<String>,
    /// A picture without alternative text.
    bare: bool,
    uses: u64,
    tags: String,
    added: When,
}

impl Tile {
    /// How a file with these tags is shown.
    pub(super) fn of(media: &MediaRow, tags: &[String], zone: &Zone) -> Self {
        let (measures, weight) = (measures(media.width, media.height), weight(media.size));
        let line = [measures.as_str(), weight.as_str()].into_iter().filter(|part| !part.is_empty());
        Self {
            id: media.id.clone(),
            href: address(&media.id),
            name: media.filename.clone(),
            alt: media.alt.clone(),
            picture: thumb(media),
            fits: is_drawing(&media.kind),
            sign: sign(&media.kind),
            kind: kind(&media.kind, &media.filename),
            line: line.collect::<Vec<_>>().join(" · "),
            measures,
            weight,
            colour: media.colour.clone().filter(|_| !is_drawing(&media.kind)),
            bare: media.is_picture() && media.alt.trim().is_empty(),
            uses: media.uses,
            tags: tags.join(", "),
            added: When::of(media.created, zone),
        }
    }
}

/// Where its bytes are, under an address that changes with them.
pub(super) fn whole(media: &MediaRow) -> String {
    format!("{MEDIA}{}?v={}", media.id, version(&media.hash))
}

/// A small picture of a picture, cut around its focal point; `None` for what is none.
pub(super) fn thumb(media: &MediaRow) -> Option<String> {
    at_most(media, known::TILE, "crop")
}

/// A small picture of the whole picture; `None` for what is none.
pub(super) fn small(media: &MediaRow) -> Option<String> {
    at_most(media, known::SQUARE, "max")
}

/// A picture that fits a screen; `None` for what is none.
pub(super) fn screenful(media: &MediaRow) -> Option<String> {
    at_most(media, known::SCREEN, "max")
}

/// A picture in another size, in a format the browser takes. Drawings fit every place as they are, and small pictures
/// that move would stop.
fn at_most(media: &MediaRow, [width, height]: [u32; 2], fit: &str) -> Option<String> {
    if !media.is_picture() {
        return None;
    }
    if is_drawing(&media.kind) || media.frames > 1 {
        return Some(whole(media));
    }
    let size = format!("resize=width:{width},height:{height},fit:{fit}");
    Some(format!("{MEDIA}{size}/auto_image/{}?v={}", media.id, version(&media.hash)))
}

/// What stands for the bytes in addresses.
pub(super) fn version(hash: &str) -> &str {
    hash.get(..10).unwrap_or(hash)
}

/// Whether it is drawn, not photographed.
pub(super) fn is_drawing(kind: &str) -> bool {
    kind == "image/svg+xml"
}

/// The icon of a type.
pub(super) fn sign(kind: &str) -> &'static str {
    match kind.split('/').next() {
        Some("image") => "image",
        Some("video") => "video",
        Some("audio") => "music",
        _ => "file-text",
    }
}
