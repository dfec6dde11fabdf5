//! What people call things of the library.

use crate::authoring::Error;

/// How long a name, a tag or an alternative text may be, in characters.
pub(super) const LONGEST: usize = 1_000;
/// How long a tag or a folder's name may be, in characters.
const LONGEST_WORD: usize = 100;
/// How many tags one picture or file may have.
const MOST_TAGS: usize = 50;

/// A file's name as a label: the last part of a path, without what cannot be seen. Never empty.
pub(super) fn label(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let shown = visible(last, LONGEST);
    if shown.is_empty() || shown.chars().all(|c| c == '.') { "file".into() } else { shown }
}

/// A text on one line, without what cannot be seen.
pub(super) fn visible(text: &str, longest: usize) -> String {
    let shown: String = text.chars().filter(|c| !is_hidden(*c)).take(longest).collect();
    shown.trim().to_owned()
}

/// Control characters, and those that turn the direction of what follows: `photo<turn>gpj.exe`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Tags as they are kept: each once, whatever its case.
///
/// # Errors
/// `Invalid` when there are too many.
pub(super) fn tags(sent: &[String]) -> Result<Vec<String>, Error> {
    let mut kept: Vec<String> = Vec::new();
    for tag in sent {
        let tag = visible(tag, LONGEST_WORD);
        let known = kept.iter().any(|other| other.to_lowercase() == tag.to_lowercase());
        if !tag.is_empty() && !known {
            kept.push(tag);
        }
    }
    if kept.len() > MOST_TAGS {
        return Err(Error::invalid("tags", format!("At most {MOST_TAGS} tags: remove some.")));
    }
    kept.sort_by_key(|tag| tag.to_lowercase());
    Ok(kept)
}

/// A folder's name.
///
/// # Errors
/// `Invalid` when nothing of it can be seen.
pub(super) fn folder(name: &str) -> Result<String, Error> {
    let name = visible(name, LONGEST_WORD).replace('/', "-");
    if name.is_empty() { Err(Error::invalid("name", "Give the folder a name.")) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::{label, tags};

    #[test]
    fn names_are_only_labels() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ada\\jars.jpg", "jars.jpg"),
            ("a\u{0}b\r\nc.png", "abc.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("..", "file"),
            ("///", "file"),
            (" \t ", "file"),
            ("Früchte & Nüsse.jpg", "Früchte & Nüsse.jpg"),
        ] {
            assert_eq!(label(sent), kept, "{sent:?}");
        }
        assert_eq!(label(&"x".repeat(5_000)).len(), 1_000);
    }

    #[test]
    fn tags_are_kept_once() {
        let sent: Vec<String> = ["Jam", " jam ", "", "Autumn\n"].map(String::from).to_vec();
        assert_eq!(tags(&sent).unwrap(), ["Autumn", "Jam"]);
        let many: Vec<String> = (0..51).map(|number| number.to_string()).collect();
        assert!(tags(&many).is_err());
    }
}
