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

/// How much an address of a text may ask for to be noted, in bytes.
const LONGEST_WISH: usize = 500;

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
    /// What its addresses there ask to be done to it, each once: see [`Address::asked`].
    pub asked: Vec<String>,
}

/// An address of ours in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address<'t> {
    /// Whose.
    pub id: &'t str,
    /// What it asks to be done: the tasks before the id, as they are written, and the query with its `?`. Empty for the
    /// file as it is.
    pub asked: String,
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

/// The ids in all addresses of our own that stand in a text: see [`media_addresses`].
pub fn media_ids(text: &str) -> impl Iterator<Item = &str> {
    media_addresses(text).map(|address| address.id)
}

/// All addresses of our own that stand in a text: one address, HTML or Markdown. An address behind another host
/// counts too, for a site may be known by several names.
pub fn media_addresses(text: &str) -> impl Iterator<Item = Address<'_>> {
    text.match_indices(MEDIA).filter_map(|(place, _)| {
        let rest = &text[place + MEDIA.len()..];
        let (path, after) = rest.split_at(rest.find(|c| ends_address(c) || "?&".contains(c)).unwrap_or(rest.len()));
        let last = path.rsplit('/').next().unwrap_or_default();
        // What follows an address in a sentence or a list of candidates is not part of it.
        let id = last.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let tasks = path[..path.len() - last.len()].trim_end_matches('/');
        let query = if id == last { query(after) } else { String::new() };
        is_id(id).then(|| Address { id, asked: format!("{tasks}{query}") })
    })
}

/// Whether an address ends before this character.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || "\"'<>()#\\`|".contains(c)
}

/// The query that an address goes on with, with its `?`; HTML writes `&` in it as `&amp;`.
fn query(text: &str) -> String {
    if !text.starts_with('?') {
        return String::new();
    }
    let query = &text[..text.find(ends_address).unwrap_or(text.len())];
    query.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).replace("&amp;", "&")
}

/// What the stored values of an entry use, each field and file once, in order of appearance.
pub fn media_links(fields: &Value, views: Views) -> Vec<MediaLink> {
    let mut links: Vec<MediaLink> = Vec::new();
    for (path, value) in fields.as_object().into_iter().flatten() {
        each_text(value, &mut |text| {
            for address in media_addresses(text) {
                let media = address.id.to_owned();
                add_link(&mut links, MediaLink { path: path.clone(), media, views, asked: wish(address.asked) });
            }
        });
    }
    links
}

/// Adds a use, or only what is new in it to a use of the same file in the same field.
pub fn add_link(links: &mut Vec<MediaLink>, link: MediaLink) {
    let Some(other) = links.iter_mut().find(|other| other.path == link.path && other.media == link.media) else {
        links.push(link);
        return;
    };
    other.views.0 |= link.views.0;
    for asked in link.asked {
        if !other.asked.contains(&asked) {
            other.asked.push(asked);
        }
    }
}

/// What an address asks for, unless that is nothing, or more than anybody means.
fn wish(asked: String) -> Vec<String> {
    if asked.is_empty() || asked.len() > LONGEST_WISH { Vec::new() } else { vec![asked] }
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

    use super::{Focal, MediaLink, media_addresses, media_id, media_ids, media_links};
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
    fn addresses_tell_what_they_ask_for() {
        let asked = |text| media_addresses(text).map(|address| address.asked).collect::<Vec<_>>();
        assert_eq!(asked("/media/crop=dim:[1,2,3,4]/resize=width:9/a1"), ["crop=dim:[1,2,3,4]/resize=width:9"]);
        assert_eq!(
            asked(r#"<img src="/media/a1?w=1&amp;h=2"> /media/flip/b2?q=5, /media/c3. ?"#),
            ["?w=1&h=2", "flip?q=5", ""]
        );
    }

    #[test]
    fn fields_tell_what_they_use() {
        let fields = json!({
            "3": {"url": "/media/crop=dim:[0,0,5,5]/a1", "alt": "/media/"},
            "7": [{"id": "x", "fields": {"9": "<img src='/media/flip/b2'><img src='/media/b2'>"}}, "/media/a1"],
            "8": 4,
        });
        let link = |path: &str, media: &str, asked: &[&str]| MediaLink {
            path: path.into(),
            media: media.into(),
            views: Views::LIVE,
            asked: asked.iter().map(|asked| (*asked).to_owned()).collect(),
        };
        let crop = link("3", "a1", &["crop=dim:[0,0,5,5]"]);
        assert_eq!(media_links(&fields, Views::LIVE), [crop, link("7", "b2", &["flip"]), link("7", "a1", &[])]);
    }

    #[test]
    fn focal_points_lie_in_the_picture() {
        assert_eq!(Focal::new(0.0, 1.0), Some(Focal { x: 0.0, y: 1.0 }));
        assert!(Focal::new(1.01, 0.5).is_none() && Focal::new(f64::NAN, 0.5).is_none());
        assert_eq!(serde_json::from_value::<Focal>(json!([2, 0.25])).ok(), Some(Focal { x: 1.0, y: 0.25 }));
        assert_eq!(json!(Focal { x: 0.5, y: 0.25 }), json!([0.5, 0.25]));
    }
}
