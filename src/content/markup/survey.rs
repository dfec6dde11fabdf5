//! What stands in HTML that editors are told about.

use super::{Piece, pieces, tidy};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Levels and texts of the headings, in order.
    pub headings: Vec<(u8, String)>,
    /// Pictures.
    pub images: Vec<Image>,
    /// Links.
    pub links: Vec<Anchor>,
    /// How many heads of table columns or rows say nothing.
    pub empty_heads: usize,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// Its alternative text; `Some("")` says that it is decorative.
    pub alt: Option<String>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Where it leads.
    pub href: String,
    /// What is clicked: text, or the alternative text of pictures.
    pub text: String,
}

/// Looks through HTML.
pub fn survey(html: &str) -> Survey {
    let mut survey = Survey::default();
    let pieces = pieces(html);
    for (place, piece) in pieces.iter().enumerate() {
        let Piece::Open { name, .. } = piece else { continue };
        let inside = || text_inside(&pieces[place + 1..], name);
        match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => survey.headings.push((name.as_bytes()[1] - b'0', inside())),
            "img" => survey.images.push(Image {
                src: piece.attribute("src").unwrap_or_default().into(),
                alt: piece.attribute("alt").map(str::to_owned),
            }),
            "a" => {
                if let Some(href) = piece.attribute("href") {
                    survey.links.push(Anchor { href: href.into(), text: inside() });
                }
            }
            "th" if inside().is_empty() => survey.empty_heads += 1,
            _ => {}
        }
    }
    survey
}

/// The text up to where the element called `name`, whose inside begins here, ends.
fn text_inside(pieces: &[Piece], name: &str) -> String {
    let mut text = String::new();
    let mut depth = 1;
    for piece in pieces {
        match piece {
            Piece::Text(more) => text.push_str(more),
            Piece::Open { name: other, .. } => {
                depth += usize::from(other == name);
                text.push_str(piece.attribute("alt").unwrap_or_default());
            }
            Piece::Close(other) if other == name => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Piece::Close(_) => {}
        }
    }
    tidy(&text)
}

#[cfg(test)]
mod tests {
    use super::{Anchor, Image, survey};

    #[test]
    fn headings_pictures_links_and_tables_are_found() {
        let found = survey(
            "<h2>One <em>two</em></h2><img src=a alt=''><img src=b><a href=/x>click <img alt=here></a>\
             <table><tr><th> </th><th>A</th></tr></table>",
        );
        assert_eq!(found.headings, [(2, "One two".into())]);
        assert_eq!(found.images[0], Image { src: "a".into(), alt: Some(String::new()) });
        assert_eq!(found.images[1].alt, None);
        assert_eq!(found.links, [Anchor { href: "/x".into(), text: "click here".into() }]);
        assert_eq!(found.empty_heads, 1);
    }
}
