//! What a file is, told by what is in it. Its name only tells apart what looks alike inside.

/// How many first bytes tell it.
pub const HEAD: usize = 4_096;

/// A type of file that can be used, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(&'static str);

impl Kind {
    /// A drawing.
    pub const SVG: Self = Self("image/svg+xml");

    /// The media type, such as `image/jpeg`.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether it is a picture.
    pub fn is_picture(self) -> bool {
        self.0.starts_with("image/")
    }

    /// The kind that is called so; `None` when files of this type cannot be used.
    pub fn parse(media_type: &str) -> Option<Self> {
        let signs = SIGNS.iter().map(|(_, _, kind)| *kind);
        let named = [ZIPPED, OLD_OFFICE, TEXTS].into_iter().flatten().map(|(_, kind)| *kind);
        let others = ["image/svg+xml", "video/ogg", "video/webm", "video/x-matroska"].into_iter();
        let inner = CONTAINED.iter().map(|(_, _, kind)| *kind).chain(BRANDS.iter().map(|(_, kind)| *kind));
        signs.chain(named).chain(others).chain(inner).find(|kind| *kind == media_type).map(Self)
    }
}

/// Whether a browser that opens a file of this type by itself may show it. All others are to be saved: what is in
/// them might be run, or taken for something else.
pub fn may_be_shown(media_type: &str) -> bool {
    ["image/", "video/", "audio/"].iter().any(|start| media_type.starts_with(start))
        || matches!(media_type, "application/pdf" | "text/plain")
}

/// First bytes, where they stand, and what they mean.
const SIGNS: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"MThd", "audio/midi"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    // After the size of a first part: QuickTime from before parts were called `ftyp`.
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (4, b"wide", "video/quicktime"),
];

/// What stands behind the length in RIFF and AIFF containers.
const CONTAINED: &[(&[u8], &[u8], &str)] = &[
    (b"RIFF", b"WEBP", "image/webp"),
    (b"RIFF", b"AVI ", "video/x-msvideo"),
    (b"RIFF", b"WAVE", "audio/wav"),
    (b"FORM", b"AIFF", "audio/aiff"),
    (b"FORM", b"AIFC", "audio/aiff"),
];

/// Brands of files whose parts are called `ftyp`, by how they begin.
const BRANDS: &[(&[u8], &str)] = &[
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"qt", "video/quicktime"),
    (b"3gp", "video/3gpp"),
    (b"3g2", "video/3gpp2"),
    (b"iso", "video/mp4"),
    (b"mp4", "video/mp4"),
    (b"avc", "video/mp4"),
    (b"M4V", "video/mp4"),
    (b"f4v", "video/mp4"),
    (b"dash", "video/mp4"),
    (b"MSNV", "video/mp4"),
    (b"mmp4", "video/mp4"),
    (b"cmf", "video/mp4"),
];

/// Documents that are archives inside, by the ends of their names.
const ZIPPED: &[(&str, &str)] = &[
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (".odt", "application/vnd.oasis.opendocument.text"),
    (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (".odp", "application/vnd.oasis.opendocument.presentation"),
    (".epub", "application/epub+zip"),
    (".zip", "application/zip"),
];

/// Documents of older office programs.
const OLD_OFFICE: &[(&str, &str)] =
    &[(".doc", "application/msword"), (".xls", "application/vnd.ms-excel"), (".ppt", "application/vnd.ms-powerpoint")];

/// Texts. None that a browser would take for a page.
const TEXTS: &[(&str, &str)] = &[
    (".txt", "text/plain"),
    (".csv", "text/csv"),
    (".md", "text/markdown"),
    (".vtt", "text/vtt"),
    (".srt", "application/x-subrip"),
    (".ics", "text/calendar"),
    (".json", "application/json"),
];

/// What a file with these first bytes is; `None` when it cannot be used.
pub fn of(head: &[u8], name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    let named = |kinds: &[(&str, &'static str)]| {
        kinds.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, kind)| Kind(kind))
    };
    if head.starts_with(b"OggS") {
        return Some(Kind(if contains(head, b"\x80theora") { "video/ogg" } else { "audio/ogg" }));
    }
    if let Some((.., kind)) =
        SIGNS.iter().find(|(place, sign, _)| head.get(*place..).is_some_and(|h| h.starts_with(sign)))
    {
        return Some(Kind(kind));
    }
    let inside = |sign: &[u8]| head.get(8..).is_some_and(|rest| rest.starts_with(sign));
    if let Some((.., kind)) = CONTAINED.iter().find(|(outer, inner, _)| head.starts_with(outer) && inside(inner)) {
        return Some(Kind(kind));
    }
    if head.get(4..8) == Some(b"ftyp") {
        return BRANDS.iter().find(|(brand, _)| inside(brand)).map(|(_, kind)| Kind(kind));
    }
    if head.starts_with(b"\x1aE\xdf\xa3") {
        return Some(Kind(if contains(head, b"matroska") { "video/x-matroska" } else { "video/webm" }));
    }
    if head.starts_with(b"PK\x03\x04") {
        return named(ZIPPED);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return named(OLD_OFFICE);
    }
    let text = text(head)?;
    if text.contains("<svg") && text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Some(Kind::SVG);
    }
    named(TEXTS)
}

/// The head as text, if it is one: the last letter may have been cut.
fn text(head: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(head).or_else(|error| std::str::from_utf8(&head[..error.valid_up_to()])).ok()?;
    let whole = head.len() < HEAD && text.len() == head.len() || head.len() >= HEAD && text.len() + 4 > head.len();
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    (whole && !text.is_empty() && !text.contains(odd)).then_some(text)
}

fn contains(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::{Kind, may_be_shown, of};

    #[test]
    fn files_are_what_is_in_them() {
        let kind = |head: &[u8], name| of(head, name).map(Kind::as_str);
        for (head, name, known) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "photo.exe", "image/png"),
            (b"\xff\xd8\xff\xe0<script>", "x.html", "image/jpeg"),
            (b"GIF89a/*PK\x03\x04", "x.jar", "image/gif"),
            (b"RIFF....WEBPVP8 ", "x", "image/webp"),
            (b"RIFF....AVI LIST", "x", "video/x-msvideo"),
            (b"RIFF....WAVEfmt ", "x", "audio/wav"),
            (b"\0\0\0\x20ftypavif", "x.jpg", "image/avif"),
            (b"\0\0\0\x20ftypisom", "x", "video/mp4"),
            (b"\0\0\0\x20ftypM4A ", "x", "audio/mp4"),
            (b"\0\0\0\x14ftypqt  ", "x", "video/quicktime"),
            (b"\0\0\0\x08wide", "x", "video/quicktime"),
            (b"\x1aE\xdf\xa3....webm", "x", "video/webm"),
            (b"OggS......\x80theora", "x", "video/ogg"),
            (b"OggS......\x01vorbis", "x", "audio/ogg"),
            (b"%PDF-1.7", "x", "application/pdf"),
            (b"<?xml version='1.0'?><svg/>", "x.png", "image/svg+xml"),
            (b"a;b\n1;2", "t.CSV", "text/csv"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
            (b"PK\x03\x04", "a.odt", "application/vnd.oasis.opendocument.text"),
        ] {
            assert_eq!(kind(head, name), Some(known), "{name}");
            assert_eq!(Kind::parse(known).map(Kind::as_str), Some(known));
        }
        for (head, name) in [
            (&b"MZ\x90\0"[..], "x.png"),
            (b"<html><script>", "x.html"),
            (b"<html><script>", "x.jpg"),
            (b"\x7fELF", "x.txt"),
            (b"PK\x03\x04", "x.apk"),
            (b"text\0with nothing", "x.txt"),
            (b"\0\0\0\x20ftypheic", "x.jpg"),
            (b"RIFF....ACON", "x.webp"),
            (b"", "x.txt"),
        ] {
            assert_eq!(kind(head, name), None, "{name}");
        }
        assert_eq!(Kind::parse("text/html"), None);
    }

    #[test]
    fn only_what_is_harmless_is_shown_by_itself() {
        assert!(may_be_shown("image/jpeg") && may_be_shown("application/pdf") && may_be_shown("video/mp4"));
        assert!(!may_be_shown("text/html") && !may_be_shown("application/zip") && !may_be_shown("text/csv"));
    }
}
