//! What editors overlook: pictures that say nothing to those who do not see them, and links within the site.

use std::collections::BTreeSet;

use serde_json::Value;

use super::media::{MEDIA, media_id};

/// Endings of pictures on other servers.
const PICTURES: [&str; 7] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"];
/// The longest text that is taken for an address by itself, in bytes.
const LONGEST: usize = 500;

/// What one version of an entry holds of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oversights {
    /// Pictures without alternative text: the ids of those in the library, which may have a text there, and
    /// an empty word for each of the others.
    pub bare: Vec<String>,
    /// Paths of the site that are linked to, without the last slash.
    pub links: BTreeSet<String>,
}

impl Oversights {
    /// Looks through the stored values of a version.
    pub fn of(fields: &Value) -> Self {
        let mut found = Self::default();
        found.look(fields);
        found
    }

    fn look(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.bare.extend(std::iter::repeat_n(String::new(), images_without_alt(text)));
                self.links.extend(targets(text).filter(|path| is_page(path)).map(str::to_owned));
            }
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            Value::Object(members) => {
                self.bare.extend(bare_picture(value));
                members.values().for_each(|member| self.look(member));
            }
            _ => {}
        }
    }
}

/// Whether a path may be that of a page: files are not.
fn is_page(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with(MEDIA)
}

/// The library's id of a picture that is not described where it is used; an empty word for one that stands
/// elsewhere.
pub fn bare_picture(value: &Value) -> Option<String> {
    let (url, alt) = (value["url"].as_str()?, value["alt"].as_str()?);
    if url.is_empty() || !alt.trim().is_empty() || value["decorative"] == true {
        return None;
    }
    if let Some(id) = media_id(url) {
        return Some(id.to_owned());
    }
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    PICTURES.iter().any(|ending| path.ends_with(ending)).then(String::new)
}

/// How many `<img>` of an HTML text say nothing at all about their content; `alt=""` says they are decoration.
fn images_without_alt(text: &str) -> usize {
    let images = text.match_indices("<img").map(|(place, _)| {
        let rest = &text[place..];
        &rest[..rest.find('>').unwrap_or(rest.len())]
    });
    images.filter(|image| !image.contains(" alt=")).count()
}

/// Where an HTML text links to; a text that is an address itself links there.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let links = text.match_indices("href=\"").map(|(place, found)| {
        let rest = &text[place + found.len()..];
        &rest[..rest.find('"').unwrap_or(0)]
    });
    let plain = |target: &str| target.split(['#', '?']).next().unwrap_or_default().len();
    let own = Some(text).filter(|text| text.starts_with('/') && text.len() < LONGEST);
    links.chain(own).map(move |target| target[..plain(target)].trim_end_matches('/')).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Oversights, images_without_alt, targets};

    #[test]
    fn pictures_in_a_text_are_counted_unless_they_are_described_or_decoration() {
        assert_eq!(images_without_alt(r#"<img src="a.jpg"><img src="b.jpg" alt=""><img alt="c" src="c.jpg"><img"#), 2);
        assert_eq!(images_without_alt("an imgage"), 0);
    }

    #[test]
    fn links_are_found_in_texts_and_as_texts() {
        let found: Vec<&str> = targets(r##"<a href="/blog/oak/#top">x</a> <a class="y" href="/a?b">z</a>"##).collect();
        assert_eq!(found, ["/blog/oak", "/a"]);
        assert_eq!(targets("/blog/oak").collect::<Vec<_>>(), ["/blog/oak"]);
        assert_eq!(targets("href=\"").count(), 0);
    }

    #[test]
    fn all_values_are_looked_through() {
        let found = Oversights::of(&json!({
            "1": {"url": "/media/resize=width:10/abc", "alt": " "},
            "2": [{"url": "https://a.example/x.JPG?v=2", "alt": ""}, {"url": "/media/d", "alt": "An oak"}],
            "3": {"url": "/media/e", "alt": "", "decorative": true},
            "4": {"5": "<p><img src=\"x\"><a href=\"/rye/\">rye</a> <a href=\"https://a.example/b\">b</a></p>", "6": "/oak"},
        }));
        assert_eq!(found.bare, ["abc", "", ""]);
        assert_eq!(found.links.into_iter().collect::<Vec<_>>(), ["/oak", "/rye"]);
    }
}
