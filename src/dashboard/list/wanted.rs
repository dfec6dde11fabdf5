//! What of a list somebody wants to see: the address says it, so that it can be sent to a colleague.

use form_urlencoded::Serializer;

use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::store::{By, Place, Standing};

/// Longer questions find nothing that shorter ones do not.
const LONGEST: usize = 200;

/// A list's address, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) status: Option<Standing>,
    pub(crate) words: String,
    /// An author's slug.
    pub(crate) author: String,
    /// A category's slug.
    pub(crate) category: String,
    /// A tag's slug.
    pub(crate) tag: String,
    /// A locale's slug.
    pub(crate) locale: String,
    /// Only what I have edited.
    pub(crate) mine: bool,
    /// The order; the list's own without.
    pub(crate) sort: Option<Sort>,
    pub(crate) page: Page,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

/// Which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) after: Option<Place>,
    pub(crate) before: Option<Place>,
    /// How many lines stand before it: only said, never counted on.
    pub(crate) skipped: u64,
}

impl Sort {
    /// An order by name, which a minus turns round.
    fn parse(text: &str) -> Option<Self> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            "edited" => By::Edited,
            "title" => By::Title,
            "order" => By::Position,
            _ => return None,
        };
        Some(Self { by, descending })
    }

    fn name(self) -> String {
        let name = match self.by {
            By::Edited => "edited",
            By::Title => "title",
            By::Position => "order",
        };
        format!("{}{name}", if self.descending { "-" } else { "" })
    }
}

impl Wanted {
    /// Reads what stands behind the question mark. What makes no sense counts as not said: an address that was
    /// mistyped or is of an older version shows a list all the same.
    pub(crate) fn read(query: &str) -> Self {
        let mut wanted = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let text = || value.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
            match &*name {
                "status" => wanted.status = Standing::parse(&value),
                "q" => wanted.words = text().trim().to_owned(),
                "author" => wanted.author = text(),
                "category" => wanted.category = text(),
                "tag" => wanted.tag = text(),
                "locale" => wanted.locale = text(),
                "mine" => wanted.mine = value == "1",
                "sort" => wanted.sort = Sort::parse(&value),
                "after" => wanted.page.after = place(&value),
                "before" => wanted.page.before = place(&value),
                "at" => wanted.page.skipped = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        wanted
    }

    /// What stands behind the question mark, without the page: its parts in one order, so that a view has one
    /// address.
    pub(crate) fn parts(&self) -> Vec<(&'static str, String)> {
        let status = self.status.map(|status| status.as_str().to_owned()).unwrap_or_default();
        let sort = self.sort.map(Sort::name).unwrap_or_default();
        let parts = [
            ("status", status),
            ("q", self.words.clone()),
            ("author", self.author.clone()),
            ("category", self.category.clone()),
            ("tag", self.tag.clone()),
            ("locale", self.locale.clone()),
            ("mine", if self.mine { "1".into() } else { String::new() }),
            ("sort", sort),
        ];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What stands behind the question mark, without the page.
    pub(crate) fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.parts());
        query.finish()
    }

    /// The address of this list below `base`.
    pub(crate) fn address(&self, base: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.parts());
        let beyond = [("after", &self.page.after), ("before", &self.page.before)];
        for (name, place) in beyond.into_iter().filter_map(|(name, place)| Some((name, place.as_ref()?))) {
            query.append_pair(name, &format!("{}-{}-{}", place.entry.0, place.locale.0, place.value));
            query.append_pair("at", &self.page.skipped.to_string());
        }
        match query.finish() {
            query if query.is_empty() => base.into(),
            query => format!("{base}?{query}"),
        }
    }

    /// The first page of this list with something changed.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = Self { page: Page::default(), ..self.clone() };
        change(&mut changed);
        changed
    }

    /// Whether anything but the status narrows the list down.
    pub(crate) fn is_narrowed(&self) -> bool {
        let filters = [&self.words, &self.author, &self.category, &self.tag, &self.locale];
        self.mine || filters.iter().any(|filter| !filter.is_empty())
    }
}

/// A place as [`Wanted::address`] spells it.
fn place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(3, '-');
    let entry = EntryId(parts.next()?.parse().ok()?);
    let locale = LocaleId(parts.next()?.parse().ok()?);
    Some(Place { value: parts.next()?.to_owned(), entry, locale })
}

#[cfg(test)]
mod tests {
    use super::{Sort, Wanted};
    use crate::store::{By, Standing};

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let query = "status=changed&q=oak+%26+%E2%9C%A8&author=ida&mine=1&sort=-title&after=17-0-B%26-b&at=50";
        let wanted = Wanted::read(query);
        assert_eq!(wanted.status, Some(Standing::Changed));
        assert_eq!(wanted.words, "oak & ✨");
        assert_eq!(wanted.sort, Some(Sort { by: By::Title, descending: true }));
        assert_eq!(wanted.page.after.as_ref().map(|place| place.value.as_str()), Some("B&-b"));
        assert_eq!(wanted.address("/x"), format!("/x?{query}"));
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let wanted = Wanted::read("status=lost&sort=colour&after=x&before=1&at=-4&q=%00%0a&unknown=1&%ff=%ff");
        assert_eq!(wanted, Wanted::default());
        assert!(!wanted.is_narrowed());
    }
}
