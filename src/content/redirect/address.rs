//! Addresses as redirects hold them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The longest address, in characters.
const LONGEST: usize = 2_000;
/// What browsers do not send as it is.
const UNSENT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The path that visitors asked for. Of a whole address the host is left out.
///
/// # Errors
/// A sentence for people.
pub fn source(text: &str) -> Result<String, String> {
    let text = text.trim();
    let path = match text.split_once("://") {
        Some(("http" | "https", rest)) => rest.find('/').map_or("/", |start| &rest[start..]),
        _ => text,
    };
    if path.is_empty() {
        return Err("Type the old address: /old-page".into());
    }
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(format!("{text} is no address on the site: it begins with one slash, as in /old-page."));
    }
    if path.contains(['?', '#']) {
        return Err("Hosts compare the path alone: leave out what follows ? or #.".into());
    }
    if path.contains('*') || path.contains("/:") {
        return Err("Patterns with * or : are not kept here: name each address, or set the pattern at the host.".into());
    }
    let path = sent(path)?;
    let bare = path.trim_end_matches('/');
    Ok(if bare.is_empty() { "/".into() } else { bare.to_owned() })
}

/// Where visitors are sent.
///
/// # Errors
/// A sentence for people.
pub fn target(text: &str) -> Result<String, String> {
    let text = text.trim();
    let on_site = text.starts_with('/') && !text.starts_with("//");
    let elsewhere = text.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "http" | "https") && rest.starts_with(|first: char| first.is_alphanumeric() || first == '[')
    });
    if !on_site && !elsewhere {
        return Err(format!("{text} is no address: type a path like /new-page, or https:// and a whole address."));
    }
    if text.contains("/:") && on_site || text.contains('*') {
        return Err("Patterns with * or : are not kept here: name each address, or set the pattern at the host.".into());
    }
    sent(text)
}

fn sent(address: &str) -> Result<String, String> {
    if address.chars().count() > LONGEST {
        return Err(format!("An address has at most {LONGEST} characters."));
    }
    Ok(utf8_percent_encode(address, UNSENT).to_string())
}

/// The path on the site that an address leads to, as redirects name it; `None` for an address elsewhere.
pub fn path_of(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next().filter(|path| path.starts_with('/'))?;
    let bare = path.trim_end_matches('/');
    Some(if bare.is_empty() { "/" } else { bare })
}

#[cfg(test)]
mod tests {
    use super::{path_of, source, target};

    #[test]
    fn the_old_address_is_a_path_as_browsers_send_it() {
        for (typed, kept) in [
            ("/old", "/old"),
            (" /old/ ", "/old"),
            ("/", "/"),
            ("https://example.com", "/"),
            ("https://example.com/a/b/", "/a/b"),
            ("/crème brûlée", "/cr%C3%A8me%20br%C3%BBl%C3%A9e"),
            ("/a%20b", "/a%20b"),
        ] {
            assert_eq!(source(typed).as_deref(), Ok(kept), "{typed}");
        }
        for wrong in ["", "old", "//evil.example", "/a?b=1", "/a#b", "/blog/*", "/blog/:slug", "ftp://a/b"] {
            assert!(source(wrong).is_err(), "{wrong}");
        }
        assert!(source(&format!("/{}", "a".repeat(2_000))).is_err());
    }

    #[test]
    fn a_target_is_a_path_or_a_whole_address() {
        for (typed, kept) in
            [("/new/", "/new/"), ("/new?a=1#b", "/new?a=1#b"), ("https://example.com/é", "https://example.com/%C3%A9")]
        {
            assert_eq!(target(typed).as_deref(), Ok(kept), "{typed}");
        }
        for wrong in ["new", "//evil.example", "javascript:alert(1)", "ftp://a/b", "https://", "/news/:splat"] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
        assert_eq!(path_of("/new/?a=1"), Some("/new"));
        assert_eq!(path_of("/#top"), Some("/"));
        assert_eq!(path_of("https://example.com/new"), None);
    }
}
