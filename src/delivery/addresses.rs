//! Addresses of our own media: stored relative to the site, served absolute.

use crate::content::media::MEDIA;

/// The attributes of HTML that hold addresses; `srcset` holds several.
const ATTRIBUTES: [&str; 4] = ["src", "href", "poster", "srcset"];

/// A stored address as it is served.
pub(super) fn absolute(url: &str, public_url: &str) -> String {
    if url.starts_with(MEDIA) { format!("{public_url}{url}") } else { url.to_owned() }
}

/// A served address as it is stored.
pub(super) fn relative<'a>(url: &'a str, public_url: &str) -> &'a str {
    url.strip_prefix(public_url).filter(|rest| rest.starts_with(MEDIA)).unwrap_or(url)
}

/// HTML as it is served: addresses of our own in its tags are made absolute. Text that merely looks like
/// a tag's attribute is left alone.
pub(super) fn absolute_in_html(html: &str, public_url: &str) -> String {
    if !html.contains(MEDIA) {
        return html.to_owned();
    }
    let mut served = String::with_capacity(html.len() + 8 * public_url.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tail) = rest.split_at(start);
        served.push_str(text);
        let (tag, after) = tail.split_at(tag_length(tail));
        push_tag(tag, public_url, &mut served);
        rest = after;
    }
    served.push_str(rest);
    served
}

/// How far the tag or comment at the start of `html` goes; 1 when it is only a `<`.
fn tag_length(html: &str) -> usize {
    if html.starts_with("<!--") {
        return html.find("-->").map_or(html.len(), |end| end + 3);
    }
    if !html[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 1;
    }
    let mut quote = None;
    for (index, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return index + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    html.len()
}

fn push_tag(tag: &str, public_url: &str, served: &mut String) {
    if !tag.contains(MEDIA) || tag.starts_with("<!--") {
        served.push_str(tag);
        return;
    }
    let mut rest = tag;
    while let Some(equals) = rest.find('=') {
        let (before, tail) = rest.split_at(equals + 1);
        let name = before[..equals].trim_end();
        let name = name.rsplit(|c: char| c.is_whitespace() || "\"'/".contains(c)).next().unwrap_or_default();
        let value_start = tail.len() - tail.trim_start().len();
        let (gap, tail) = tail.split_at(value_start);
        let (value, after) = tail.split_at(value_length(tail));
        served.push_str(before);
        served.push_str(gap);
        match ATTRIBUTES.iter().find(|attribute| attribute.eq_ignore_ascii_case(name)) {
            Some(&"srcset") => push_candidates(value, public_url, served),
            Some(_) => push_address(value, public_url, served),
            None => served.push_str(value),
        }
        rest = after;
    }
    served.push_str(rest);
}

/// How far an attribute's value goes, its quotes included.
fn value_length(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(text.len(), |end| end + 2),
        _ => text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len()),
    }
}

fn push_address(value: &str, public_url: &str, served: &mut String) {
    let address = value.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let (opening, address) = value.split_at(value.len() - address.len());
    served.push_str(opening);
    served.push_str(&absolute(address, public_url));
}

/// `srcset="/media/a 1x, /media/b 2x"`.
fn push_candidates(value: &str, public_url: &str, served: &mut String) {
    for (index, candidate) in value.split(',').enumerate() {
        if index > 0 {
            served.push(',');
        }
        push_address(candidate, public_url, served);
    }
}

#[cfg(test)]
mod tests {
    use super::{absolute_in_html, relative};

    const SITE: &str = "https://cms.example.com";

    fn check(html: &str, served: &str) {
        assert_eq!(absolute_in_html(html, SITE), served);
        // Serving what was served changes nothing.
        assert_eq!(absolute_in_html(served, SITE), served);
    }

    #[test]
    fn addresses_in_tags_become_absolute() {
        check(
            r#"<p>Jam <img class="a" src="/media/a1" alt="x > y"> and <A HREF='/media/b2'>pdf</A></p>"#,
            r#"<p>Jam <img class="a" src="https://cms.example.com/media/a1" alt="x > y"> and <A HREF='https://cms.example.com/media/b2'>pdf</A></p>"#,
        );
        check(
            r#"<img srcset="/media/a 1x, /media/b 2x" src = "/media/a"><video poster=/media/c>"#,
            r#"<img srcset="https://cms.example.com/media/a 1x, https://cms.example.com/media/b 2x" src = "https://cms.example.com/media/a"><video poster=https://cms.example.com/media/c>"#,
        );
    }

    #[test]
    fn everything_else_stays() {
        for html in [
            r#"<code>src="/media/a"</code>"#,
            r#"<!-- <img src="/media/a"> -->"#,
            r#"<img alt='src="/media/a"'>"#,
            r#"<img src="https://elsewhere.example/media/a" data-src="/media/a">"#,
            "a < b /media/ <",
            "<img src='/med",
            "<é src='/media/x'>",
            "1 </media/ é<",
        ] {
            check(html, html);
        }
    }

    #[test]
    fn only_our_own_addresses_become_relative() {
        assert_eq!(relative("https://cms.example.com/media/a", SITE), "/media/a");
        assert_eq!(relative("https://cms.example.com.evil/media/a", SITE), "https://cms.example.com.evil/media/a");
    }
}
