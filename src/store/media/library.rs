//! Lists of the library: narrowed, ordered, page by page, with what each way of narrowing would leave.

use rusqlite::params_from_iter;
use rusqlite::types::Value as SqlValue;

use super::MediaRow;
use super::tags::fold;
use crate::content::field::media::Medium;
use crate::content::media::FolderId;
use crate::content::moment::Moment;
use crate::store::Read;
use crate::store::error::Error;

/// How a picture lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Wider than high.
    Wide,
    /// Higher than wide.
    Tall,
    /// As wide as high, within a twentieth.
    Square,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaOrder {
    /// Latest upload first.
    #[default]
    Newest,
    /// By name.
    Name,
    /// Largest first.
    Size,
}

/// Which pictures and files are asked for. Deleted ones are never among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MediaQuery {
    /// Those in a folder, or with `Some(None)` those in none.
    pub folder: Option<Option<FolderId>>,
    /// Whether folders within that folder count too.
    pub below: bool,
    /// Words whose parts must stand in name, alternative text or tags, all of them.
    pub text: String,
    /// Of this kind.
    pub medium: Option<Medium>,
    /// In use anywhere, or nowhere.
    pub used: Option<bool>,
    /// Pictures with, or without, alternative text of their own.
    pub alt: Option<bool>,
    /// Of this shape.
    pub shape: Option<Shape>,
    /// With this tag.
    pub tag: Option<String>,
    /// Uploaded at this moment or later.
    pub from: Option<Moment>,
    /// Uploaded before this moment.
    pub until: Option<Moment>,
    /// In this order.
    pub order: MediaOrder,
}

/// How many a choice would leave, with everything else that was chosen as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaCounts {
    /// As asked for.
    pub total: u64,
    /// Of any kind.
    pub any_kind: u64,
    /// Pictures.
    pub images: u64,
    /// Films.
    pub videos: u64,
    /// Sounds.
    pub sounds: u64,
    /// Anything else.
    pub documents: u64,
    /// In use.
    pub used: u64,
    /// Used nowhere.
    pub unused: u64,
    /// Pictures without alternative text.
    pub without_alt: u64,
    /// Wider than high.
    pub wide: u64,
    /// Higher than wide.
    pub tall: u64,
    /// As wide as high.
    pub square: u64,
}

impl Read<'_> {
    /// A page of the library.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn library(&self, query: &MediaQuery, offset: u64, limit: usize) -> Result<Vec<MediaRow>, Error> {
        let mut narrowed = Narrowed::by(query);
        let chosen = narrowed.chosen();
        let sql = format!(
            "SELECT id FROM media WHERE deleted IS NULL AND {} AND {chosen} ORDER BY {} LIMIT ? OFFSET ?",
            narrowed.sql(),
            match query.order {
                MediaOrder::Newest => "created DESC, id DESC",
                MediaOrder::Name => "folded, id",
                MediaOrder::Size => "size DESC, id DESC",
            }
        );
        narrowed.value(limit as i64);
        narrowed.value(i64::try_from(offset).unwrap_or(i64::MAX));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(&narrowed.values), |row| row.get::<_, String>(0))?;
        let mut page = Vec::new();
        for id in rows.collect::<Result<Vec<_>, _>>()? {
            page.extend(self.media(&id)?);
        }
        Ok(page)
    }

    /// How many there are.
    pub fn library_counts(&self, query: &MediaQuery) -> Result<MediaCounts, Error> {
        let narrowed = Narrowed::by(query);
        let [kind, used, alt, shape] = [&narrowed.kind, &narrowed.used, &narrowed.alt, &narrowed.shape];
        let others_of = [
            format!("{kind} AND {used} AND {alt} AND {shape}"),
            format!("{used} AND {alt} AND {shape}"),
            format!("family = 1 AND {used} AND {alt} AND {shape}"),
            format!("family = 2 AND {used} AND {alt} AND {shape}"),
            format!("family = 3 AND {used} AND {alt} AND {shape}"),
            format!("family = 4 AND {used} AND {alt} AND {shape}"),
            format!("uses > 0 AND {kind} AND {alt} AND {shape}"),
            format!("uses = 0 AND {kind} AND {alt} AND {shape}"),
            format!("bare AND {kind} AND {used} AND {shape}"),
            format!("shape = 1 AND {kind} AND {used} AND {alt}"),
            format!("shape = 2 AND {kind} AND {used} AND {alt}"),
            format!("shape = 3 AND {kind} AND {used} AND {alt}"),
        ];
        let sums: Vec<String> = others_of.iter().map(|condition| format!("total({condition})")).collect();
        let sql = format!("SELECT {} FROM media WHERE deleted IS NULL AND {}", sums.join(", "), narrowed.sql());
        let mut statement = self.connection.prepare_cached(&sql)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows")]
        let counts = statement.query_row(params_from_iter(&narrowed.values), |row| {
            let count = |index: usize| Ok::<_, rusqlite::Error>(row.get::<_, f64>(index)? as u64);
            Ok(MediaCounts {
                total: count(0)?,
                any_kind: count(1)?,
                images: count(2)?,
                videos: count(3)?,
                sounds: count(4)?,
                documents: count(5)?,
                used: count(6)?,
                unused: count(7)?,
                without_alt: count(8)?,
                wide: count(9)?,
                tall: count(10)?,
                square: count(11)?,
            })
        })?;
        Ok(counts)
    }
}

/// A query as SQL: what always narrows, and what counts look at one by one.
struct Narrowed {
    conditions: Vec<String>,
    values: Vec<SqlValue>,
    kind: String,
    used: String,
    alt: String,
    shape: String,
}

impl Narrowed {
    fn by(query: &MediaQuery) -> Self {
        let always = || "1".to_owned();
        let mut narrowed = Self {
            conditions: vec![always()],
            values: Vec::new(),
            kind: query.medium.map_or_else(always, |medium| format!("family = {}", family(medium))),
            used: query.used.map_or_else(always, |used| format!("uses {} 0", if used { ">" } else { "=" })),
            alt: match query.alt {
                None => always(),
                Some(true) => "(family = 1 AND NOT bare)".into(),
                Some(false) => "bare".into(),
            },
            shape: query.shape.map_or_else(always, |shape| format!("shape = {}", number(shape))),
        };
        narrowed.folder(query);
        query.text.split_whitespace().for_each(|word| narrowed.word(word));
        if let Some(tag) = &query.tag {
            narrowed.add("id IN (SELECT media FROM media_tag WHERE folded = ?)", fold(tag));
        }
        if let Some(from) = query.from {
            narrowed.add("created >= ?", from.micros());
        }
        if let Some(until) = query.until {
            narrowed.add("created < ?", until.micros());
        }
        narrowed
    }

    fn folder(&mut self, query: &MediaQuery) {
        match (query.folder, query.below) {
            (None, _) | (Some(None), true) => {}
            (Some(None), false) => self.conditions.push("folder IS NULL".into()),
            (Some(Some(folder)), false) => self.add("folder = ?", folder.0),
            (Some(Some(folder)), true) => self.add(
                "folder IN (WITH RECURSIVE inner (id) AS (SELECT ? UNION
                   SELECT media_folder.id FROM media_folder JOIN inner ON media_folder.parent = inner.id)
                 SELECT id FROM inner)",
                folder.0,
            ),
        }
    }

    /// Parts of words are found in threes of letters; what is shorter is looked for in every text.
    fn word(&mut self, word: &str) {
        if word.chars().count() >= 3 {
            let quoted = format!("\"{}\"", word.replace('"', "\"\""));
            let sql = "id IN (SELECT media FROM media_words WHERE id IN
                         (SELECT rowid FROM media_search WHERE media_search MATCH ?))";
            self.add(sql, quoted);
        } else {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            self.add("id IN (SELECT media FROM media_words WHERE text LIKE ? ESCAPE '\\')", format!("%{escaped}%"));
        }
    }

    fn add(&mut self, condition: &str, value: impl Into<SqlValue>) {
        self.conditions.push(condition.to_owned());
        self.value(value);
    }

    fn value(&mut self, value: impl Into<SqlValue>) {
        self.values.push(value.into());
    }

    fn sql(&self) -> String {
        self.conditions.join(" AND ")
    }

    fn chosen(&self) -> String {
        [&self.kind, &self.used, &self.alt, &self.shape].map(String::as_str).join(" AND ")
    }
}

fn family(medium: Medium) -> u8 {
    match medium {
        Medium::Image => 1,
        Medium::Video => 2,
        Medium::Audio => 3,
        Medium::Document => 4,
    }
}

fn number(shape: Shape) -> u8 {
    match shape {
        Shape::Wide => 1,
        Shape::Tall => 2,
        Shape::Square => 3,
    }
}
