//! What of the library somebody wants to see: the address says it, so that it can be sent to a colleague.

use form_urlencoded::Serializer;

use crate::content::field::media::Medium;
use crate::content::media::FolderId;
use crate::content::moment::Moment;
use crate::content::zone::Zone;
use crate::store::{MediaOrder, MediaQuery, Shape};

/// Longer questions find nothing that shorter ones do not.
const LONGEST: usize = 200;
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The library's address, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    pub(super) folder: Option<FolderId>,
    pub(super) words: String,
    pub(super) medium: Option<Medium>,
    pub(super) used: Option<bool>,
    /// Only pictures without alternative text.
    pub(super) bare: bool,
    pub(super) shape: Option<Shape>,
    pub(super) tag: String,
    /// Added on this day or later, as `2026-01-31`.
    pub(super) from: String,
    /// Added on this day or earlier.
    pub(super) to: String,
    pub(super) order: MediaOrder,
    /// A table in the place of the grid.
    pub(super) table: bool,
    /// From 1 on; 0 is the first too.
    pub(super) page: u64,
}

/// The kinds of files, with their words in addresses.
pub(super) const MEDIA: [(Medium, &str, &str); 4] = [
    (Medium::Image, "image", "Pictures"),
    (Medium::Video, "video", "Films"),
    (Medium::Audio, "audio", "Sounds"),
    (Medium::Document, "document", "Documents"),
];
/// The shapes of pictures.
pub(super) const SHAPES: [(Shape, &str, &str); 3] =
    [(Shape::Wide, "wide", "Wide"), (Shape::Tall, "tall", "Tall"), (Shape::Square, "square", "Square")];
/// The orders of the library.
pub(super) const ORDERS: [(MediaOrder, &str, &str); 3] = [
    (MediaOrder::Newest, "", "Newest first"),
    (MediaOrder::Name, "name", "By name"),
    (MediaOrder::Size, "size", "Largest first"),
];

/// What a word stands for in one of these lists.
fn named<T: Copy>(list: &[(T, &'static str, &'static str)], word: &str) -> Option<T> {
    list.iter().find(|(_, name, _)| *name == word).map(|(value, ..)| *value)
}

/// The word of one of these lists that stands for something.
fn word<T: Copy + PartialEq>(list: &[(T, &'static str, &'static str)], value: T) -> &'static str {
    list.iter().find(|(known, ..)| *known == value).map_or("", |(_, name, _)| name)
}

impl Wanted {
    /// Reads what stands behind the question mark. What makes no sense counts as not said.
    pub(super) fn read(query: &str) -> Self {
        let mut wanted = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let text = || value.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>().trim().to_owned();
            match &*name {
                "folder" => wanted.folder = value.parse().ok().map(FolderId),
                "q" => wanted.words = text(),
                "type" => wanted.medium = named(&MEDIA, &value),
                "used" => wanted.used = ["no", "yes"].iter().position(|known| *known == value).map(|at| at == 1),
                "alt" => wanted.bare = value == "none",
                "shape" => wanted.shape = named(&SHAPES, &value),
                "tag" => wanted.tag = text(),
                "from" => wanted.from = day(&value),
                "to" => wanted.to = day(&value),
                "sort" => wanted.order = named(&ORDERS, &value).unwrap_or_default(),
                "view" => wanted.table = value == "table",
                "page" => wanted.page = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        wanted
    }

    /// What stands behind the question mark, without the page: its parts in one order, so that a view has one
    /// address.
    pub(super) fn parts(&self) -> Vec<(&'static str, String)> {
        let used = self.used.map_or("", |used| if used { "yes" } else { "no" });
        let parts = [
            ("folder", self.folder.map(|folder| folder.0.to_string()).unwrap_or_default()),
            ("q", self.words.clone()),
            ("type", self.medium.map_or("", |medium| word(&MEDIA, medium)).into()),
            ("used", used.into()),
            ("alt", if self.bare { "none".into() } else { String::new() }),
            ("shape", self.shape.map_or("", |shape| word(&SHAPES, shape)).into()),
            ("tag", self.tag.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("sort", word(&ORDERS, self.order).into()),
            ("view", if self.table { "table".into() } else { String::new() }),
        ];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The address of this part of the library below `base`.
    pub(super) fn address(&self, base: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.parts());
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        match query.finish() {
            query if query.is_empty() => base.into(),
            query => format!("{base}?{query}"),
        }
    }

    /// The first page of this with something changed.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { page: 0, ..self.clone() };
        change(&mut changed);
        changed
    }

    /// Whether anything but the folder narrows it down.
    pub(super) fn is_narrowed(&self) -> bool {
        let filters = [&self.words, &self.tag, &self.from, &self.to];
        let chosen = self.medium.is_some() || self.used.is_some() || self.bare || self.shape.is_some();
        chosen || filters.iter().any(|filter| !filter.is_empty())
    }

    /// What the store is asked. Whoever searches in a folder finds what lies further down too.
    pub(super) fn query(&self, zone: &Zone) -> MediaQuery {
        let begin = |day: &str| zone.moment(day, "00:00");
        MediaQuery {
            folder: self.folder.map(Some),
            below: self.is_narrowed(),
            text: self.words.clone(),
            medium: self.medium,
            used: self.used,
            alt: self.bare.then_some(false),
            shape: self.shape,
            tag: Some(self.tag.clone()).filter(|tag| !tag.is_empty()),
            from: begin(&self.from),
            until: begin(&self.to).map(|at| Moment::from_micros(at.micros() + DAY)),
            order: self.order,
        }
    }
}

/// A day as browsers spell it; nothing for what is none.
fn day(text: &str) -> String {
    let is_day = Zone::named("UTC").moment(text, "00:00").is_some();
    if is_day { text.trim().to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::content::zone::Zone;
    use crate::store::MediaOrder;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let query = "folder=7&q=oak+%26+%E2%9C%A8&type=image&used=no&alt=none&shape=tall&tag=summer&from=2026-01-31\
                     &to=2026-02-01&sort=name&view=table&page=3";
        let wanted = Wanted::read(query);
        assert_eq!(wanted.address("/x"), format!("/x?{query}"));
        assert_eq!((wanted.used, wanted.bare, wanted.order), (Some(false), true, MediaOrder::Name));
        let asked = wanted.query(&Zone::named("UTC"));
        let length = asked.until.zip(asked.from).map(|(until, from)| until.micros() - from.micros());
        assert_eq!(length, Some(2 * super::DAY), "both days are part of it");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let wanted =
            Wanted::read("folder=x&type=lost&used=maybe&alt=1&shape=round&from=31.1.&sort=colour&page=-4&q=%00");
        assert_eq!(wanted, Wanted::default());
        assert!(!wanted.is_narrowed());
    }
}
