//! Pictures: do they say what they show, is their size known, and are they what the model asks for?

use super::findings::Findings;
use super::{Checked, Severity};
use crate::authoring::Error;
use crate::content::crop::media_crop;
use crate::content::field::media::{Bytes, Media, said, url_of};
use crate::content::field::{FieldType, visit_fields};
use crate::content::markup::survey;
use crate::content::media::media_id;
use crate::content::post::Post;
use crate::content::schema::Kind;
use crate::store::MediaRow;

/// Endings of addresses that lead to no picture.
const NO_PICTURES: &[&str] =
    &[".pdf", ".mp4", ".webm", ".mov", ".mp3", ".ogg", ".wav", ".zip", ".docx", ".xlsx", ".csv"];

/// A picture or file in use.
struct Used<'a> {
    path: String,
    labels: Vec<String>,
    url: String,
    /// What is said of it where it is used; `Some("")` says that it is decorative.
    alt: Option<String>,
    /// What its field asks for.
    wanted: Option<&'a Media>,
}

impl<'a> Checked<'a> {
    pub(super) fn pictures(&self, findings: &mut Findings) -> Result<(), Error> {
        let used = self.used_pictures();
        let before = findings.count();
        for picture in &used {
            self.picture(picture, findings)?;
        }
        if findings.count() == before && !used.is_empty() {
            findings.ok("Every picture has alternative text and a known size.");
        }
        Ok(())
    }

    fn picture(&self, picture: &Used<'_>, findings: &mut Findings) -> Result<(), Error> {
        let row = media_id(&picture.url).map_or(Ok(None), |id| self.read.media(id))?;
        let mut tell = |severity, text: String| findings.add(severity, &picture.path, &picture.labels, text);
        if let (Some(row), Some(wanted)) = (&row, picture.wanted) {
            breaches(row, &picture.url, wanted, &mut tell);
        }
        if row.as_ref().is_some_and(|row| !row.kind.starts_with("image/")) {
            return Ok(());
        }
        let own = row.as_ref().is_some_and(|row| !row.alt.trim().is_empty());
        if picture.alt.is_none() && !own {
            let severity = if self.settings.alt_text_required { Severity::Blocks } else { Severity::Warns };
            tell(severity, "This picture has no alternative text: say in a few words what it shows.".into());
        }
        if row.is_some_and(|row| row.width.is_none() && row.kind != "image/svg+xml") {
            let text = "The size of this picture is not known, so the page may jump while it loads. Upload it again.";
            tell(Severity::Warns, text.into());
        }
        Ok(())
    }

    fn used_pictures(&self) -> Vec<Used<'a>> {
        let mut used = Vec::new();
        if self.schema.kind == Kind::Post {
            let post = Post::read(&self.revision.fields);
            if let Some(picture) = post.featured_image {
                let (path, labels) = ("featured_image", ["Featured image".to_owned()]);
                used.extend(in_field(path, &labels, &picture.url, picture.said(), None));
            }
            used.extend(in_html("body", &["Text".into()], &post.body));
            return used;
        }
        visit_fields(&self.schema.fields, &self.revision.fields, self.model, &mut |place| match &place.field.kind {
            FieldType::Media(wanted) => {
                used.extend(in_field(&place.path, &place.labels, url_of(place.value), said(place.value), Some(wanted)));
            }
            FieldType::Wysiwyg(_) => {
                used.extend(in_html(&place.path, &place.labels, place.value.as_str().unwrap_or_default()));
            }
            _ => {}
        });
        used
    }
}

/// What a picture or file of ours is not, though its field asks for it.
///
/// The API refuses none of this: there a file may come from anywhere, and programs often write the entry first.
/// Too small and too heavy keep an entry from going live in the dashboard, as readers would see a blurred picture or
/// wait for it; another shape does not, because sites cut to their own shape around the focal point.
fn breaches(row: &MediaRow, url: &str, wanted: &Media, tell: &mut dyn FnMut(Severity, String)) {
    let crop = media_crop(url);
    let (width, height) = match crop {
        Some(crop) => (Some(crop.width), Some(crop.height)),
        None => (row.width, row.height),
    };
    // A drawing is sharp at any size.
    let is_drawing = row.kind == "image/svg+xml";
    if let (Some(width), Some(least)) = (width, wanted.min_width)
        && width < least.get()
        && !is_drawing
    {
        let what = if crop.is_some() { "The part of the picture that is used" } else { "This picture" };
        let text = format!("{what} is {width} px wide, and {least} are needed. Choose a larger one.");
        tell(Severity::Blocks, text);
    }
    if let Some(most) = wanted.max_size
        && row.size > most.get()
    {
        let text = format!("This file has {}, and {} are allowed here.", Bytes(row.size), Bytes(most.get()));
        tell(Severity::Blocks, text);
    }
    if let (Some(shape), Some(width), Some(height)) = (wanted.shape, width, height)
        && row.kind.starts_with("image/")
        && !shape.fits(width, height)
    {
        let text = format!("This picture is not {shape}: open Edit image to choose the part that shows.");
        tell(Severity::Warns, text);
    }
}

fn in_field<'a>(
    path: &str,
    labels: &[String],
    url: &str,
    alt: Option<&str>,
    wanted: Option<&'a Media>,
) -> Option<Used<'a>> {
    let plain = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_picture = !url.is_empty() && !NO_PICTURES.iter().any(|ending| plain.ends_with(ending));
    is_picture.then(|| Used {
        path: path.into(),
        labels: labels.to_vec(),
        url: url.into(),
        alt: alt.map(str::to_owned),
        wanted,
    })
}

fn in_html<'a>(path: &str, labels: &[String], html: &str) -> Vec<Used<'a>> {
    let images = if html.contains("<img") || html.contains("<IMG") { survey(html).images } else { Vec::new() };
    let used = |image: crate::content::markup::Image| Used {
        path: path.into(),
        labels: labels.to_vec(),
        url: image.src,
        alt: image.alt,
        wanted: None,
    };
    images.into_iter().map(used).collect()
}
