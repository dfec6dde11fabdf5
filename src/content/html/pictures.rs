//! The pictures in HTML: where they lie, and giving one another address without touching anything else.

use std::ops::Range;

/// The addresses of all pictures, each once, in order of appearance.
pub fn picture_sources(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for place in sources(html) {
        let address = plain(&html[place]);
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// The HTML with another address for a picture; `None` when it is not in it.
pub fn with_source(html: &str, from: &str, to: &str) -> Option<String> {
    let mut text = String::with_capacity(html.len());
    let mut rest = 0;
    for place in sources(html).into_iter().filter(|place| plain(&html[place.clone()]) == from) {
        text.push_str(&html[rest..place.start]);
        text.push_str(&to.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;"));
        rest = place.end;
    }
    (rest > 0).then(|| text + &html[rest..])
}

/// Where the addresses stand: the quoted or bare value of the first `src` in every `<img`, one behind the other.
fn sources(html: &str) -> Vec<Range<usize>> {
    let bytes = html.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let place = at + next;
        at = place + 1;
        if !is_picture(&bytes[place..]) {
            continue;
        }
        at = place + 4;
        let mut source = None;
        // What looks like a tag inside of one is an attribute of it.
        while let Some(attribute) = attribute(bytes, at) {
            if source.is_none() && html[attribute.name].eq_ignore_ascii_case("src") {
                source = Some(attribute.value);
            }
            at = attribute.end;
        }
        found.extend(source.filter(|value| !value.is_empty()));
    }
    found
}

fn is_picture(tag: &[u8]) -> bool {
    tag.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"<img"))
        && tag.get(4).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
}

/// An attribute of a tag.
struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
    end: usize,
}

/// The attribute at a place of a tag, as HTML reads it; `None` where the tag ends.
fn attribute(bytes: &[u8], at: usize) -> Option<Attribute> {
    let skip = |from: usize, over: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| !over(*byte)).map_or(bytes.len(), |count| from + count)
    };
    let space = |byte: u8| byte.is_ascii_whitespace();
    let start = skip(at, &|byte| space(byte) || byte == b'/');
    if matches!(bytes.get(start), None | Some(b'>')) {
        return None;
    }
    // A name may begin with `=`.
    let name = start..skip(start + 1, &|byte| !space(byte) && !matches!(byte, b'/' | b'>' | b'='));
    let equals = skip(name.end, &space);
    if bytes.get(equals) != Some(&b'=') {
        return Some(Attribute { value: name.end..name.end, end: name.end, name });
    }
    let from = skip(equals + 1, &space);
    let value = match bytes.get(from) {
        Some(quote @ (b'"' | b'\'')) => from + 1..skip(from + 1, &|byte| byte != *quote),
        _ => from..skip(from, &|byte| !space(byte) && byte != b'>'),
    };
    let quoted = matches!(bytes.get(from), Some(b'"' | b'\''));
    // An open quote swallows the rest of the text.
    let end = (value.end + usize::from(quoted)).min(bytes.len());
    Some(Attribute { name, value, end })
}

/// An address without the escapes that HTML needs in one.
fn plain(text: &str) -> String {
    text.trim()
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{picture_sources, with_source};

    #[test]
    fn pictures_are_found_as_browsers_find_them() {
        let html = "<p>x<IMG alt='a > b' SRC=\"https://a.example/1?x=1&amp;y=2\"><img src=https://a.example/2>\
            <img\nsrc = 'https://a.example/3'/><img data-src=\"https://a.example/4\"><imga src=\"https://a.example/5\">\
            <img src=\"https://a.example/2\"><img src=\"\"><img>";
        assert_eq!(
            picture_sources(html),
            ["https://a.example/1?x=1&y=2", "https://a.example/2", "https://a.example/3"]
        );
    }

    #[test]
    fn a_tag_inside_a_tag_is_an_attribute_of_it() {
        let html = "<img <img src=<img >x<img src=b>";
        assert_eq!(picture_sources(html), ["<img", "b"]);
        assert_eq!(with_source(html, "<img", "/media/k").as_deref(), Some("<img <img src=/media/k >x<img src=b>"));
    }

    #[test]
    fn nothing_but_the_address_changes() {
        let html = "<p title=\"https://a.example/1\">https://a.example/1 <img alt=x src='https://a.example/1'/> ä</p>";
        let changed = with_source(html, "https://a.example/1", "/media/k").expect("a picture");
        assert_eq!(changed, html.replace("src='https://a.example/1'", "src='/media/k'"));
        assert_eq!(with_source(html, "https://a.example/2", "/media/k"), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_searched(text in "(<img |src=|[\"'<>= /aä&;]){0,40}") {
            for source in picture_sources(&text) {
                prop_assert!(with_source(&text, &source, "/media/k").is_some());
            }
        }
    }
}
