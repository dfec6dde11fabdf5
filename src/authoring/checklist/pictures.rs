//! Pictures: do they say what they show, and is their size known?

use super::findings::Findings;
use super::{Checked, Severity};
use crate::authoring::Error;
use crate::content::field::{FieldType, visit_fields};
use crate::content::markup::survey;
use crate::content::media::media_id;
use crate::content::post::Post;
use crate::content::schema::Kind;

/// Endings of addresses that lead to no picture.
const NO_PICTURES: &[&str] =
    &[".pdf", ".mp4", ".webm", ".mov", ".mp3", ".ogg", ".wav", ".zip", ".docx", ".xlsx", ".csv"];

/// A picture in use.
struct Used {
    path: String,
    labels: Vec<String>,
    url: String,
    /// `Some("")` says that it is decorative, which only HTML can.
    alt: Option<String>,
}

impl Checked<'_> {
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

    fn picture(&self, picture: &Used, findings: &mut Findings) -> Result<(), Error> {
        let row = media_id(&picture.url).map_or(Ok(None), |id| self.read.media(id))?;
        if row.as_ref().is_some_and(|row| !row.kind.starts_with("image/")) {
            return Ok(());
        }
        let own = row.as_ref().is_some_and(|row| !row.alt.trim().is_empty());
        if picture.alt.is_none() && !own {
            let severity = if self.settings.alt_text_required { Severity::Blocks } else { Severity::Warns };
            let text = "This picture has no alternative text: say in a few words what it shows.";
            findings.add(severity, &picture.path, &picture.labels, text);
        }
        if row.is_some_and(|row| row.width.is_none() && row.kind != "image/svg+xml") {
            let text = "The size of this picture is not known, so the page may jump while it loads. Upload it again.";
            findings.add(Severity::Warns, &picture.path, &picture.labels, text);
        }
        Ok(())
    }

    fn used_pictures(&self) -> Vec<Used> {
        let mut used = Vec::new();
        if self.schema.kind == Kind::Post {
            let post = Post::read(&self.revision.fields);
            if let Some(picture) = post.featured_image {
                used.extend(in_field("featured_image", &["Featured image".into()], &picture.url, &picture.alt));
            }
            used.extend(in_html("body", &["Text".into()], &post.body));
            return used;
        }
        visit_fields(&self.schema.fields, &self.revision.fields, self.model, &mut |place| match &place.field.kind {
            FieldType::Media(_) => {
                let part = |name| place.value[name].as_str().unwrap_or_default();
                used.extend(in_field(&place.path, &place.labels, part("url"), part("alt")));
            }
            FieldType::Wysiwyg(_) => {
                used.extend(in_html(&place.path, &place.labels, place.value.as_str().unwrap_or_default()));
            }
            _ => {}
        });
        used
    }
}

fn in_field(path: &str, labels: &[String], url: &str, alt: &str) -> Option<Used> {
    let plain = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_picture = !url.is_empty() && !NO_PICTURES.iter().any(|ending| plain.ends_with(ending));
    is_picture.then(|| Used {
        path: path.into(),
        labels: labels.to_vec(),
        url: url.into(),
        alt: Some(alt.to_owned()).filter(|alt| !alt.trim().is_empty()),
    })
}

fn in_html(path: &str, labels: &[String], html: &str) -> Vec<Used> {
    let images = if html.contains("<img") || html.contains("<IMG") { survey(html).images } else { Vec::new() };
    let used = |image: crate::content::markup::Image| Used {
        path: path.into(),
        labels: labels.to_vec(),
        url: image.src,
        alt: image.alt,
    };
    images.into_iter().map(used).collect()
}
