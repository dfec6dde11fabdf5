//! What a file is, told by its first bytes.

use std::path::Path;

use regex::Regex;

use crate::content::html::Cleaner;

/// How many first bytes tell it.
pub const HEAD: usize = 4_096;
/// The largest drawing that is looked through.
const LARGEST_SVG: u64 = 4 << 20;

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
}

/// First bytes, where they stand, and what they mean.
const SIGNS: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypisom", "video/mp4"),
    (4, b"ftypiso2", "video/mp4"),
    (4, b"ftypmp41", "video/mp4"),
    (4, b"ftypmp42", "video/mp4"),
    (4, b"ftypavc1", "video/mp4"),
    (4, b"ftypM4V", "video/mp4"),
    (4, b"ftypdash", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
];

/// Documents are archives inside: only their ending tells them apart.
const DOCUMENTS: &[(&str, &str)] = &[
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (".odt", "application/vnd.oasis.opendocument.text"),
    (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (".zip", "application/zip"),
];

/// What a file with these first bytes is; `None` when it cannot be used. The name only tells apart what looks
/// alike inside.
pub fn of(head: &[u8], name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    if let Some((.., kind)) =
        SIGNS.iter().find(|(place, sign, _)| head.get(*place..).is_some_and(|h| h.starts_with(sign)))
    {
        return Some(Kind(kind));
    }
    if head.starts_with(b"PK\x03\x04") {
        let kind = DOCUMENTS.iter().find(|(ending, _)| name.ends_with(ending));
        return kind.map(|(_, kind)| Kind(kind));
    }
    let text = std::str::from_utf8(head).or_else(|error| std::str::from_utf8(&head[..error.valid_up_to()])).ok()?;
    let whole = head.len() < HEAD || text.len() + 4 > head.len();
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let plain = whole && !text.is_empty() && !text.contains(odd);
    if plain && text.contains("<svg") && text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Some(Kind::SVG);
    }
    let plain_types = [(".csv", "text/csv"), (".txt", "text/plain")];
    plain_types.iter().find(|(ending, _)| plain && name.ends_with(ending)).map(|(_, kind)| Kind(kind))
}

/// Whether a drawing runs nothing and loads nothing. It is XML: prefixes and entities may hide from a look
/// through it as HTML, so that these are refused where they could.
pub fn is_harmless_svg(file: &Path) -> bool {
    let small = std::fs::metadata(file).is_ok_and(|about| about.len() <= LARGEST_SVG);
    let Some(text) = small.then(|| std::fs::read_to_string(file).ok()).flatten() else { return false };
    let Ok(hidden) = Regex::new(
        r"(?i)<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-stylesheet|<([\w.-]+:)?(script|foreignObject|iframe|object|embed|handler|link|html|body)\b|\s([\w.-]+:)?on\w+\s*=|(href|src)\s*=\s*.\s*(https?:|//|javascript|data:text)",
    ) else {
        return false;
    };
    !hidden.is_match(&text) && Cleaner::default().clean(&drawing(&text)).is_none()
}

/// The drawing itself, without what stands before it in a file.
fn drawing(text: &str) -> String {
    let from = text.find("<svg").unwrap_or_default();
    // Pictures inside a drawing are part of it.
    text[from..].replace("data:image/png", "").replace("data:image/jpeg", "")
}

#[cfg(test)]
mod tests {
    use super::{Kind, is_harmless_svg, of};

    #[test]
    fn files_are_what_is_in_them() {
        let kind = |head: &[u8], name| of(head, name).map(Kind::as_str);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n....", "photo.exe"), Some("image/png"));
        assert_eq!(kind(b"RIFF....WEBPVP8 ", "x"), Some("image/webp"));
        assert_eq!(kind(b"\0\0\0\x20ftypavif", "x.jpg"), Some("image/avif"));
        assert_eq!(kind(b"<?xml version='1.0'?><svg/>", "x.png"), Some("image/svg+xml"));
        assert_eq!(kind(b"a;b\n1;2", "t.CSV"), Some("text/csv"));
        assert_eq!(kind(b"PK\x03\x04", "t.docx").map(|kind| kind.len()), Some(71));
        for (head, name) in [
            (&b"MZ\x90\0"[..], "x.png"),
            (b"<html><script>", "x.html"),
            (b"\x7fELF", "x.txt"),
            (b"PK\x03\x04", "x.apk"),
        ] {
            assert_eq!(kind(head, name), None, "{name}");
        }
    }

    #[test]
    fn drawings_that_do_something_are_no_pictures() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let harmless = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            is_harmless_svg(file.path())
        };
        assert!(harmless(
            "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><style>.a{fill:red}</style><path class=\"a\" d=\"M0 0\"/></svg>"
        ));
        for bad in [
            "<svg><script>1</script></svg>",
            "<svg onload=\"x\"/>",
            "<svg xmlns:s=\"http://www.w3.org/2000/svg\"><s:script>1</s:script></svg>",
            "<!DOCTYPE svg [<!ENTITY x \"y\">]><svg/>",
            "<svg><a href=\"javascript:x\"/></svg>",
            "<svg><image href=\"https://elsewhere.example/x\"/></svg>",
            "<svg><foreignObject/></svg>",
            "<svg><style>@import '//x'</style></svg>",
        ] {
            assert!(!harmless(bad), "{bad}");
        }
    }
}
