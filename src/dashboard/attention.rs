//! What somebody should look at: pictures without a description, links to what is gone, missed times.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use super::address;
use super::error::Refused;
use super::list::row::{Shower, When};
use super::sight::Sight;
use crate::content::field::{Field, FieldType};
use crate::content::media::media_id;
use crate::content::schema::{Kind, Schema};
use crate::content::settings::Settings;
use crate::store::{Line, Read};

/// How many of the entries saved last are read for pictures and links.
const READ: usize = 60;
/// How many things are shown.
const SHOWN: usize = 12;
/// How many deleted entries links are compared with.
const GONE: usize = 200;

/// Endings of pictures on other servers.
const PICTURES: [&str; 7] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"];

/// One thing to look at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Concern {
    title: String,
    href: String,
    /// What is wrong, in a sentence.
    text: String,
    icon: &'static str,
    when: Option<When>,
}

/// What a person should look at, the most urgent first.
pub(super) fn concerns(read: &Read<'_>, sight: Sight, shower: &Shower<'_>) -> Result<Vec<Concern>, Refused> {
    let mut concerns = Vec::new();
    for missed in read.missed(sight.eyes(), SHOWN)? {
        let text = format!("Could not go live at its time. {}", missed.why);
        let when = Some(When::of(missed.at, shower.zone()));
        concerns.extend(concern(read, shower, &missed.line, text, "clock").map(|concern| Concern { when, ..concern }));
    }
    for broken in read.broken_links(sight.eyes(), SHOWN)? {
        let schema = read.model().schema(broken.line.schema);
        let field = schema.map(|schema| field_name(&schema.fields, &broken.path)).unwrap_or_default();
        let text = format!("“{field}” refers to something that was deleted.");
        concerns.extend(concern(read, shower, &broken.line, text, "link-2-off"));
    }
    for missing in read.missing_media(sight.eyes(), SHOWN)? {
        let text = format!("The picture at {} could not be copied into the library. {}", missing.url, missing.why);
        concerns.extend(concern(read, shower, &missing.line, text, "image"));
    }
    let reader = Reader { read, gone: gone(read)? };
    for line in read.last_saved(sight.eyes(), READ)? {
        if concerns.len() >= SHOWN {
            break;
        }
        let Some(schema) = read.model().schema(line.schema) else { continue };
        for (text, icon) in reader.problems(&line, schema)? {
            concerns.extend(concern(read, shower, &line, text, icon));
        }
    }
    concerns.truncate(SHOWN);
    Ok(concerns)
}

fn concern(read: &Read<'_>, shower: &Shower<'_>, line: &Line, text: String, icon: &'static str) -> Option<Concern> {
    let schema = read.model().schema(line.schema)?;
    let href = address::entry_in(schema, line.entry, read.model(), line.locale);
    Some(Concern { title: shower.name(line), href, text, icon, when: None })
}

/// The name of the field at the beginning of a path of ids.
fn field_name(fields: &[Field], path: &str) -> String {
    let first = path.split('.').next().unwrap_or_default();
    fields.iter().find(|field| field.id.storage_key() == first).map(|field| field.name.clone()).unwrap_or_default()
}

/// The addresses of what was deleted and of which nothing else has taken the place.
fn gone(read: &Read<'_>) -> Result<HashSet<String>, Refused> {
    let settings = Settings::read(&read.settings()?);
    let mut gone = HashSet::new();
    for found in read.discarded(None, GONE)? {
        let (Some(schema), Some(slug)) = (read.model().schema(found.line.schema), &found.line.slug) else { continue };
        let taken = read.entry_by_slug(schema.id, slug, crate::content::entry::View::Newest)?.is_some();
        if !taken && schema.kind != Kind::Collection {
            gone.insert(address::on_site(&settings, schema, Some(slug)));
        }
    }
    Ok(gone)
}

/// Reads the words and pictures of entries.
struct Reader<'a> {
    read: &'a Read<'a>,
    gone: HashSet<String>,
}

/// A sentence and its icon.
type Problem = (String, &'static str);

impl Reader<'_> {
    fn problems(&self, line: &Line, schema: &Schema) -> Result<Vec<Problem>, Refused> {
        let Some(version) = self.read.version_of(line)? else { return Ok(Vec::new()) };
        let fields = &version.revision.fields;
        let mut nameless = 0;
        let mut broken = Vec::new();
        self.look(fields, &mut nameless, &mut broken)?;
        let mut problems = Vec::new();
        match nameless {
            0 => {}
            1 => problems.push((self.which_picture(schema, fields)?, "image")),
            many => problems.push((format!("{many} pictures have no description."), "image")),
        }
        problems
            .extend(broken.into_iter().take(2).map(|path| (format!("Links to {path}, which was deleted."), "unlink")));
        Ok(problems)
    }

    /// Names the field of the only picture without a description, where it is one of the entry's own.
    fn which_picture(&self, schema: &Schema, fields: &Value) -> Result<String, Refused> {
        for field in schema.fields().filter(|field| matches!(field.kind, FieldType::Media(_))) {
            if self.is_nameless(field.stored(fields))? {
                return Ok(format!("The picture in “{}” has no description.", field.name));
            }
        }
        Ok("A picture has no description.".into())
    }

    fn look(&self, value: &Value, nameless: &mut usize, broken: &mut Vec<String>) -> Result<(), Refused> {
        match value {
            Value::String(text) => {
                *nameless += images_without_alt(text);
                broken.extend(targets(text).filter(|target| self.gone.contains(*target)).map(str::to_owned));
            }
            Value::Array(items) => {
                for item in items {
                    self.look(item, nameless, broken)?;
                }
            }
            Value::Object(members) => {
                *nameless += usize::from(self.is_nameless(value)?);
                for member in members.values() {
                    self.look(member, nameless, broken)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a value is a picture with no description of its own, nor one in the library.
    fn is_nameless(&self, value: &Value) -> Result<bool, Refused> {
        let (Some(url), Some(alt)) = (value["url"].as_str(), value["alt"].as_str()) else { return Ok(false) };
        if url.is_empty() || !alt.trim().is_empty() || value["decorative"] == true {
            return Ok(false);
        }
        match media_id(url) {
            Some(id) => {
                let media = self.read.media(id)?;
                Ok(media.is_some_and(|media| media.kind.starts_with("image/") && media.alt.trim().is_empty()))
            }
            None => {
                let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
                Ok(PICTURES.iter().any(|ending| path.ends_with(ending)))
            }
        }
    }
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
    let own = Some(text).filter(|text| text.starts_with('/') && text.len() < 500);
    links.chain(own).map(move |target| target[..plain(target)].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::{images_without_alt, targets};

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
        assert_eq!(targets("href=\"").collect::<Vec<_>>(), [""]);
    }
}
