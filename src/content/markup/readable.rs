//! HTML for a page of our own: nothing but what stands on a list.

use super::{Piece, pieces};

/// The elements that are kept, with their attributes.
const KEPT: &[(&str, &[&str])] = &[
    ("p", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("strong", &[]),
    ("b", &[]),
    ("em", &[]),
    ("i", &[]),
    ("s", &[]),
    ("code", &[]),
    ("a", &["href"]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &[]),
    ("blockquote", &[]),
    ("pre", &[]),
    ("hr", &[]),
    ("br", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("td", &["colspan", "rowspan"]),
    ("figure", &[]),
    ("figcaption", &[]),
    ("img", &["src", "alt", "width", "height"]),
    ("aside", &[]),
];
/// Elements that are nothing without what they hold of code, frames or forms.
const DROPPED: &[&str] =
    &["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "select", "textarea"];
/// Elements without an end.
const VOID: &[&str] = &["hr", "br", "img"];

/// The HTML with only elements and attributes that read well and do nothing; the text of all others stays.
pub fn readable(html: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    let mut dropped = 0_usize;
    for piece in pieces(html) {
        match &piece {
            Piece::Open { name, .. } if DROPPED.contains(&name.as_str()) => dropped += 1,
            Piece::Close(name) if DROPPED.contains(&name.as_str()) => dropped = dropped.saturating_sub(1),
            _ if dropped > 0 => {}
            Piece::Text(text) => escape(text, &mut shown),
            Piece::Open { name, attributes } => open(name, attributes, &mut shown),
            Piece::Close(name) => {
                if kept(name).is_some() && !VOID.contains(&name.as_str()) {
                    shown.push_str(&format!("</{name}>"));
                }
            }
        }
    }
    shown
}

fn kept(name: &str) -> Option<&'static [&'static str]> {
    KEPT.iter().find(|(known, _)| *known == name).map(|(_, attributes)| *attributes)
}

fn open(name: &str, attributes: &[(String, String)], shown: &mut String) {
    let Some(allowed) = kept(name) else { return };
    shown.push('<');
    shown.push_str(name);
    for (attribute, value) in attributes {
        let address = matches!(attribute.as_str(), "href" | "src");
        if !allowed.contains(&attribute.as_str()) || (address && !is_harmless(value)) {
            continue;
        }
        shown.push_str(&format!(" {attribute}=\""));
        escape(value, shown);
        shown.push('"');
    }
    if name == "a" {
        shown.push_str(" rel=\"noopener nofollow\"");
    }
    shown.push('>');
}

/// Whether an address leads to a page and runs nothing.
fn is_harmless(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let scheme = plain.split(['/', '?', '#']).next().and_then(|first| first.split_once(':'));
    scheme.is_none_or(|(scheme, _)| ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str()))
}

fn escape(text: &str, shown: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            other => shown.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn nothing_that_runs_is_left() {
        for (html, shown) in [
            ("<p onclick=x() style=a>b<script>c()</script></p>", "<p>b</p>"),
            ("<a href='java\tscript:x()'>b</a>", "<a rel=\"noopener nofollow\">b</a>"),
            ("<img src=x onerror=y alt='\"><script>'>", "<img src=\"x\" alt=\"&quot;&gt;&lt;script&gt;\">"),
            ("<svg><p>a</p></svg><form><b>c</b></form>", "<p>a</p><b>c</b>"),
            ("<iframe src=//x>a</iframe>d &lt;b", "d &lt;b"),
        ] {
            assert_eq!(readable(html), shown, "{html}");
        }
    }
}
