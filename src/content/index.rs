//! What the database keeps beside an entry's values so that lists, filters and search need not read them.

use super::definition::BLOG;
use super::entry::{EntryId, Shown, Version};
use super::field::{IndexKey, Walk, walk_fields};
use super::media::{MediaLink, add_link, media_links};
use super::post::Post;
use super::schema::{Kind, Model, Schema};

/// The path under which every visible entry counts, whatever its values.
pub const ALL: &str = "@all";
/// The path of the default order of pages and posts.
pub const PUBLISHED: &str = "@published";
/// The path of `order=updated`.
pub const UPDATED: &str = "@updated";
/// The path of a collection's manual order.
pub const POSITION: &str = "@position";
/// The path of `order=id`.
pub const ID: &str = "@id";
/// The path of a post's author.
pub const AUTHOR: &str = "@author";
/// The path of a post's categories.
pub const CATEGORY: &str = "@category";
/// The path of a post's tags.
pub const TAG: &str = "@tag";
/// Paths that begin so belong to all single pages together, which are listed as one.
pub const SINGLES: &str = "@singles";

/// In which views a row counts: bit 0 for readers, bit 1 for previews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Views(pub u8);

impl Views {
    /// Readers.
    pub const LIVE: Self = Self(1);
    /// Previews.
    pub const NEWEST: Self = Self(2);
}

/// One line of the index: the entry has this value at this path.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Field ids joined by dots, or one of the constants above.
    pub path: String,
    /// The value.
    pub key: IndexKey,
    /// What equal values are ordered by: the slug, empty for items.
    pub tie: String,
    /// In which views.
    pub views: Views,
}

/// What can be searched of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Name or title.
    pub title: String,
    /// Everything else.
    pub text: String,
    /// In which views.
    pub views: Views,
}

/// A link out of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The field.
    pub path: String,
    /// The entry linked to.
    pub to: EntryId,
    /// In which views.
    pub views: Views,
}

/// Everything kept beside one variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// Filter and order values.
    pub rows: Vec<Row>,
    /// Links.
    pub links: Vec<Link>,
    /// Pictures and files in use.
    pub media: Vec<MediaLink>,
    /// Search texts: one, or two when the draft differs from what is live.
    pub words: Vec<Words>,
}

impl Index {
    /// What to keep for a variant of an entry of `schema` that shows this.
    pub fn of(model: &Model, schema: &Schema, shown: &Shown) -> Self {
        let mut index = Self::default();
        if shown.live == shown.newest {
            if let Some(version) = &shown.live {
                index.add(model, schema, version, Views(3));
            }
            return index;
        }
        if let Some(version) = &shown.live {
            index.add(model, schema, version, Views::LIVE);
        }
        if let Some(version) = &shown.newest {
            index.add(model, schema, version, Views::NEWEST);
        }
        index
    }

    /// What can be searched of a version.
    pub fn words_of(model: &Model, schema: &Schema, version: Option<&Version>, views: Views) -> Vec<Words> {
        let mut index = Self::default();
        if let Some(version) = version {
            index.add(model, schema, version, views);
        }
        index.words
    }

    /// What a version uses of the media library.
    pub fn media_of(version: Option<&Version>, views: Views) -> Vec<MediaLink> {
        version.map(|version| media_links(&version.revision.fields, views)).unwrap_or_default()
    }

    fn add(&mut self, model: &Model, schema: &Schema, version: &Version, views: Views) {
        let tie = if schema.kind == Kind::Collection { String::new() } else { version.slug().to_owned() };
        for link in media_links(&version.revision.fields, views) {
            add_link(&mut self.media, link);
        }
        let mut walk = Walk::new(model);
        for (path, key) in system_keys(schema, version) {
            self.row(Row { path, key, tie: tie.clone(), views });
        }
        if schema.id == BLOG {
            self.add_post(version, &tie, views);
            return;
        }
        walk_fields(&schema.fields, &version.revision.fields, &mut walk);
        for (path, key) in walk.found.keys {
            self.row(Row { path, key, tie: tie.clone(), views });
        }
        for (path, to) in walk.found.references {
            self.link(Link { path, to, views });
        }
        self.word(Words { title: version.revision.name.clone(), text: walk.found.text, views });
    }

    fn add_post(&mut self, version: &Version, tie: &str, views: Views) {
        let post = Post::read(&version.revision.fields);
        let filed = [(AUTHOR, vec![post.author]), (CATEGORY, post.categories), (TAG, post.tags)];
        for (path, ids) in filed {
            for id in ids {
                let key = number(id);
                self.row(Row { path: path.into(), key, tie: tie.into(), views });
            }
        }
        let text = format!("{}\n{}", post.summary, super::field::text::plain_text(&post.body));
        self.word(Words { title: post.title, text, views });
    }

    /// Adds a row, or only its views to an equal one.
    fn row(&mut self, row: Row) {
        let same = |other: &&mut Row| other.path == row.path && other.key == row.key && other.tie == row.tie;
        match self.rows.iter_mut().find(same) {
            Some(other) => other.views.0 |= row.views.0,
            None => self.rows.push(row),
        }
    }

    fn link(&mut self, link: Link) {
        match self.links.iter_mut().find(|other| other.path == link.path && other.to == link.to) {
            Some(other) => other.views.0 |= link.views.0,
            None => self.links.push(link),
        }
    }

    fn word(&mut self, words: Words) {
        match self.words.iter_mut().find(|other| other.title == words.title && other.text == words.text) {
            Some(other) => other.views.0 |= words.views.0,
            None => self.words.push(words),
        }
    }
}

fn system_keys(schema: &Schema, version: &Version) -> Vec<(String, IndexKey)> {
    let published = published_key(version);
    let updated = number(version.updated.micros());
    let mut keys =
        vec![(ALL.to_owned(), number(0)), (UPDATED.to_owned(), updated), (PUBLISHED.to_owned(), published.clone())];
    match schema.kind {
        Kind::Collection => {
            keys.push((POSITION.into(), number(version.entry.position)));
            keys.push((ID.into(), number(version.entry.id.0)));
        }
        Kind::SinglePage => {
            keys.push((format!("{SINGLES}{ALL}"), number(0)));
            keys.push((format!("{SINGLES}{PUBLISHED}"), published));
        }
        Kind::PageType | Kind::Post => {}
    }
    keys
}

/// Moments as numbers; what was never published comes after all of them (texts sort behind numbers), by
/// its last change, so that "newest first" shows drafts at the top.
fn published_key(version: &Version) -> IndexKey {
    match version.published {
        Some(moment) => number(moment.micros()),
        None => IndexKey::text(&format!("~{:020}", version.updated.micros().max(0))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "ids, positions and microseconds stay below 2^53 until the year 2255")]
fn number(value: i64) -> IndexKey {
    IndexKey::Number(value as f64)
}
