//! HTML as the blocks that people see: paragraphs, headings, list items, pictures.

use super::{Piece, pieces, tidy};

/// Elements that begin a block.
const BLOCKS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
    "pre",
    "tr",
    "figcaption",
    "div",
    "section",
    "article",
    "aside",
    "ul",
    "ol",
    "table",
    "figure",
    "hr",
    "dt",
    "dd",
];
/// Elements whose text no reader sees.
const HIDDEN: &[&str] = &["script", "style", "template"];

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The element: `p`, `h2`, `li`, `img`.
    pub tag: String,
    /// Its text with single spaces; a picture's address.
    pub text: String,
    /// What is written in it, marks included, to notice a change of nothing but marks.
    pub marks: String,
}

/// The blocks of HTML in order; empty ones are left out, but not pictures, lines and frames.
pub fn blocks(html: &str) -> Vec<Block> {
    let mut gathered = Gathered::default();
    let mut hidden = 0;
    for piece in pieces(html) {
        match &piece {
            Piece::Open { name, .. } if HIDDEN.contains(&name.as_str()) => hidden += 1,
            Piece::Close(name) if HIDDEN.contains(&name.as_str()) => hidden -= 1,
            _ if hidden > 0 => {}
            Piece::Text(text) => gathered.text(text),
            Piece::Open { name, .. } if name == "br" => gathered.text(" "),
            Piece::Open { name, .. } if matches!(name.as_str(), "img" | "iframe" | "video" | "audio" | "hr") => {
                gathered.alone(name, piece.attribute("src").unwrap_or_default(), piece.attribute("alt"));
            }
            Piece::Open { name, .. } if BLOCKS.contains(&name.as_str()) => gathered.begin(name),
            Piece::Close(name) if BLOCKS.contains(&name.as_str()) => gathered.begin("p"),
            Piece::Open { name, attributes } => gathered.mark(&format!("<{name} {attributes:?}>")),
            Piece::Close(name) => gathered.mark(&format!("</{name}>")),
        }
    }
    gathered.begin("p");
    gathered.done
}

#[derive(Default)]
struct Gathered {
    done: Vec<Block>,
    tag: String,
    text: String,
    marks: String,
}

impl Gathered {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.marks.push_str(text);
    }

    fn mark(&mut self, mark: &str) {
        if mark.starts_with("</td") || mark.starts_with("</th") {
            self.text.push_str(" | ");
        }
        self.marks.push_str(mark);
    }

    fn begin(&mut self, tag: &str) {
        let text = tidy(&std::mem::take(&mut self.text));
        let text = text.trim_end_matches(" |").to_owned();
        let marks = tidy(&std::mem::take(&mut self.marks));
        if !text.is_empty() {
            let own = if self.tag.is_empty() { "p" } else { &self.tag };
            self.done.push(Block { tag: own.into(), text, marks });
        }
        tag.clone_into(&mut self.tag);
    }

    fn alone(&mut self, name: &str, src: &str, alt: Option<&str>) {
        let tag = self.tag.clone();
        self.begin(&tag);
        self.done.push(Block { tag: name.into(), text: src.into(), marks: format!("{src} {alt:?}") });
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    fn said(html: &str) -> Vec<String> {
        blocks(html).iter().map(|block| format!("{}:{}", block.tag, block.text)).collect()
    }

    #[test]
    fn blocks_are_what_people_see() {
        let html = "<h2>A</h2><p>b <b>c</b><br>d</p><ul><li>e<ul><li>f</li></ul></li></ul>g<script>x</script>";
        assert_eq!(said(html), ["h2:A", "p:b c d", "li:e", "li:f", "p:g"]);
        assert_eq!(said("<figure><img src=/a alt=x><figcaption>y</figcaption></figure>"), ["img:/a", "figcaption:y"]);
        assert_eq!(said("<table><tr><td>1</td><td>2</td></tr></table>"), ["tr:1 | 2"]);
    }

    #[test]
    fn marks_tell_bold_from_plain() {
        assert_ne!(blocks("<p>a <b>b</b></p>")[0].marks, blocks("<p>a b</p>")[0].marks);
    }
}
