//! Addresses of the site's own pictures and files, and what people choose of a picture.
//!
//! An address is `/media/<id>`, or `/media/<task>/<task>/<id>` for a picture that is changed on its way; the site's
//! public address may stand in front.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::index::Views;

/// What every address of a picture or file of this site begins with.
pub const MEDIA: &str = "/media/";

/// The longest name of a picture or file in addresses.
const LONGEST_ID: usize = 64;

/// A folder of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FolderId(pub i64);

/// The point of a picture that crops keep in sight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Focal {
    /// From the left, 0 to 1.
    pub x: f64,
    /// From the top, 0 to 1.
    pub y: f64,
}

impl Focal {
    /// The point at these fractions; `None` when one of them is no fraction.
    pub fn new(x: f64, y: f64) -> Option<Self> {
        let fits = |fraction: f64| (0.0..=1.0).contains(&fraction);
        (fits(x) && fits(y)).then_some(Self { x, y })
    }
}

impl From<[f64; 2]> for Focal {
    fn from([x, y]: [f64; 2]) -> Self {
        let within = |fraction: f64| if fraction.is_nan() { 0.5 } else { fraction.clamp(0.0, 1.0) };
        Self { x: within(x), y: within(y) }
    }
}

impl From<Focal> for [f64; 2] {
    fn from(Focal { x, y }: Focal) -> Self {
        [x, y]
    }
}

/// A use of a picture or file by an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaLink {
    /// The entry's field, by its storage key: an id, or a post's word such as `body`.
    pub path: String,
    /// What is used.
    pub media: String,
    /// In which views.
    pub views: Views,
}

/// The id in a stored address of our own, whatever tasks stand before it; `None` for any other address.
pub fn media_id(url: &str) -> Option<&str> {
    let rest = url.strip_prefix(MEDIA)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let id = path.rsplit('/').next().unwrap_or_default();
    // It becomes part of a header: nothing but what ids are made of may pass.
    is_id(id).then_some(id)
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The ids in all addresses of our own that stand in a text: one address, HTML or Markdown. An address behind
/// another host counts too, for a site may be known by several names.
pub fn media_ids(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(MEDIA).filter_map(|(place, _)| {
        let rest = &text[place + MEDIA.len()..];
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>()?#&\\`|".contains(c)).unwrap_or(rest.len());
        let last = rest[..end].rsplit('/').next().unwrap_or_default();
        // What follows an address in a sentence or a list of candidates is not part of it.
        let id = last.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        is_id(id).then_some(id)
    })
}

/// What the stored values of an entry use, each field and file once, in order of appearance.
pub fn media_links(fields: &Value, views: Views) -> Vec<MediaLink> {
    let mut links: Vec<MediaLink> = Vec::new();
    for (path, value) in fields.as_object().into_iter().flatten() {
        each_text(value, &mut |text| {
            for media in media_ids(text) {
                if !links.iter().any(|link| link.path == *path && link.media == media) {
                    links.push(MediaLink { path: path.clone(), media: media.to_owned(), views });
                }
            }
        });
    }
    links
}

fn each_text(value: &Value, seen: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) if text.contains(MEDIA) => seen(text),
        Value::Array(values) => values.iter().for_each(|value| each_text(value, seen)),
        Value::Object(members) => members.values().for_each(|value| each_text(value, seen)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Focal, MediaLink, media_id, media_ids, media_links};
    use crate::content::index::Views;

    #[test]
    fn addresses_name_what_they_show() {
        assert_eq!(media_id("/media/a1"), Some("a1"));
        assert_eq!(media_id("/media/crop=dim:[1,2,3,4]/resize=width:10/a1?v=2#x"), Some("a1"));
        for none in ["/media/", "/media/a b", "/media/a1/", "https://x.example/media/a1", "/medias/a1", ""] {
            assert_eq!(media_id(none), None, "{none}");
        }
        assert_eq!(media_id(&format!("/media/{}", "a".repeat(65))), None);
    }

    #[test]
    fn addresses_are_found_in_texts() {
        let found = |text| media_ids(text).collect::<Vec<_>>();
        assert_eq!(
            found(r#"<img src="/media/a1" srcset="/media/flip/b2 1x, /media/c3, /media/d4 2x">"#),
            ["a1", "b2", "c3", "d4"]
        );
        assert_eq!(found("![J](https://cms.example.com/media/a1) and /media/b2."), ["a1", "b2"]);
        assert_eq!(found("<a href='/media/a1?w=1&amp;h=2'>x</a><img src=/media/b2>"), ["a1", "b2"]);
        assert_eq!(found("/media/ /media/é media/x /media/a_b"), Vec::<&str>::new());
    }

    #[test]
    fn fields_tell_what_they_use() {
        let fields = json!({
            "3": {"url": "/media/crop=dim:[0,0,5,5]/a1", "alt": "/media/"},
            "7": [{"id": "x", "fields": {"9": "<img src='/media/b2'><img src='/media/b2'>"}}, "/media/a1"],
            "8": 4,
        });
        let link = |path: &str, media: &str| MediaLink { path: path.into(), media: media.into(), views: Views::LIVE };
        assert_eq!(media_links(&fields, Views::LIVE), [link("3", "a1"), link("7", "b2"), link("7", "a1")]);
    }

    #[test]
    fn focal_points_lie_in_the_picture() {
        assert_eq!(Focal::new(0.0, 1.0), Some(Focal { x: 0.0, y: 1.0 }));
        assert!(Focal::new(1.01, 0.5).is_none() && Focal::new(f64::NAN, 0.5).is_none());
        assert_eq!(serde_json::from_value::<Focal>(json!([2, 0.25])).ok(), Some(Focal { x: 1.0, y: 0.25 }));
        assert_eq!(json!(Focal { x: 0.5, y: 0.25 }), json!([0.5, 0.25]));
    }
}
