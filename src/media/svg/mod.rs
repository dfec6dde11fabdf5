//! Drawings, cleaned: what is not known to be harmless is not in what is stored.
//!
//! A drawing is XML. It is read as XML, with its entities put in their places (within bounds), and written anew from
//! what an allow-list lets through: no scripts, no event handlers, no other documents inside, nothing that is loaded
//! from anywhere else.

mod allowed;
mod style;
mod write;

use roxmltree::{Document, ParsingOptions};

use allowed::SVG;

/// The largest drawing, in bytes.
pub const LARGEST: u64 = 8 << 20;
/// The most elements, attributes and texts of one.
const MOST_NODES: u32 = 400_000;
/// How deep elements may lie in each other.
const DEEPEST: usize = 256;

/// A cleaned drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What is stored.
    pub text: String,
    /// Pixels, where the drawing says.
    pub width: Option<u32>,
    /// Pixels, where the drawing says.
    pub height: Option<u32>,
}

/// Why a drawing cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not XML.
    #[error("it is not well-formed: {0}")]
    Broken(String),
    /// It is something else.
    #[error("it is XML, but not a drawing")]
    NoDrawing,
    /// It would be too much work to show it.
    #[error("it holds too much, or lies too deep in itself")]
    TooMuch,
}

/// Cleans a drawing. Cleaning it again changes nothing.
///
/// # Errors
/// [`Unusable`].
pub fn clean(text: &str) -> Result<Drawing, Unusable> {
    if text.len() as u64 > LARGEST || deepest(text) > DEEPEST {
        return Err(Unusable::TooMuch);
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options).map_err(why)?;
    let root = document.root_element();
    let known = matches!(root.tag_name().namespace(), None | Some(SVG));
    if !known || root.tag_name().name() != "svg" {
        return Err(Unusable::NoDrawing);
    }
    let text = write::drawing(root);
    // Entities may have made much out of little.
    if text.len() as u64 > LARGEST {
        return Err(Unusable::TooMuch);
    }
    let (width, height) = size(root);
    Ok(Drawing { text, width, height })
}

fn why(error: roxmltree::Error) -> Unusable {
    match error {
        roxmltree::Error::NodesLimitReached
        | roxmltree::Error::AttributesLimitReached
        | roxmltree::Error::EntityReferenceLoop(_) => Unusable::TooMuch,
        other => Unusable::Broken(other.to_string()),
    }
}

/// How many elements may be open at once at most, counted without reading them: whoever reads them may do so by
/// calling itself.
fn deepest(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let bytes = text.as_bytes();
    for (place, byte) in bytes.iter().enumerate() {
        match (byte, bytes.get(place + 1)) {
            (b'<', Some(b'/')) => depth = depth.saturating_sub(1),
            (b'<', Some(b'!' | b'?')) => {}
            (b'<', _) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (b'/', Some(b'>')) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The size a drawing says it has: in pixels, or that of its view box.
fn size(root: roxmltree::Node<'_, '_>) -> (Option<u32>, Option<u32>) {
    let told = |name| root.attribute(name).and_then(pixels);
    let view: Vec<f64> = root
        .attribute("viewBox")
        .unwrap_or_default()
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter_map(|number| number.parse().ok())
        .collect();
    let boxed = |index: usize| view.get(index).copied().and_then(whole);
    match (told("width"), told("height")) {
        (Some(width), Some(height)) => (Some(width), Some(height)),
        _ => (boxed(2), boxed(3)),
    }
}

/// A length in pixels, as style sheets count them.
fn pixels(length: &str) -> Option<u32> {
    let length = length.trim();
    let end = length.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(length.len());
    let number: f64 = length[..end].parse().ok()?;
    let factor = match &length[end..] {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    whole(number * factor)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be small and positive")]
fn whole(pixels: f64) -> Option<u32> {
    let rounded = pixels.round();
    (1.0..=100_000.0).contains(&rounded).then_some(rounded as u32)
}

#[cfg(test)]
mod tests;
