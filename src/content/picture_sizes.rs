//! Which sizes of pictures everybody may ask for.

use super::field::media::Shape;
use super::field::{Field, FieldType};
use super::schema::{Model, in_use};
use super::settings::{Settings, widths};

/// A key for signatures: a block of SHA-256.
pub type Key = [u8; 64];

/// What a site says of the sizes of its pictures.
#[derive(Clone, PartialEq)]
pub struct PictureSizes {
    /// Whether other sizes than those known here need a signature.
    pub only_known: bool,
    /// Pixels, ascending.
    widths: Vec<u32>,
    /// Shapes of the model's picture fields, each once.
    shapes: Vec<Shape>,
    /// With what addresses are signed. Nobody is told.
    key: Key,
}

impl PictureSizes {
    /// What these settings and this model say; signed addresses are signed with `key`.
    pub fn of(settings: &Settings, model: &Model, key: Key) -> Self {
        let mut shapes = Vec::new();
        let lists = model.schemas.iter().map(|one| &one.fields).chain(model.components.iter().map(|one| &one.fields));
        lists.for_each(|fields| gather(fields, &mut shapes));
        let widths = widths(&settings.image_widths).unwrap_or_default();
        Self { only_known: settings.only_known_image_sizes, widths, shapes, key }
    }

    /// Whether this is one of the site's widths, with a height that follows from the picture or from the shape of a
    /// field.
    pub fn know(&self, width: u32, height: Option<u32>) -> bool {
        let shaped = |height| self.shapes.iter().any(|shape| shape.fits(width, height));
        self.widths.contains(&width) && height.is_none_or(shaped)
    }

    /// The site's widths in pixels, ascending.
    pub fn widths(&self) -> &[u32] {
        &self.widths
    }

    /// With what addresses are signed.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

fn gather(fields: &[Field], shapes: &mut Vec<Shape>) {
    for field in in_use(fields) {
        match &field.kind {
            FieldType::Media(media) => shapes.extend(media.shape.filter(|shape| !shapes.contains(shape))),
            FieldType::Repeater(repeater) => gather(&repeater.fields, shapes),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::PictureSizes;
    use crate::content::schema::Model;
    use crate::content::settings::Settings;

    #[test]
    fn widths_are_known_alone_and_shapes_with_them() {
        let set = Map::from_iter([("image_widths".to_owned(), json!("320 640"))]);
        let mut sizes = PictureSizes::of(&Settings::read(&set), &Model::default(), [0; 64]);
        assert!(sizes.know(320, None) && !sizes.know(321, None) && !sizes.know(320, Some(180)));
        sizes.shapes.push("16:9".to_owned().try_into().expect("a shape"));
        assert!(sizes.know(320, Some(180)) && sizes.know(640, Some(360)));
        assert!(!sizes.know(640, Some(180)) && !sizes.know(160, Some(90)));
    }
}
