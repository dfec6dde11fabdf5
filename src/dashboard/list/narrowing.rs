//! The filters of a list: what they mean, and how the page offers and shows them.

use serde::Serialize;

use super::wanted::Wanted;
use crate::content::locale::{Locale, LocaleId};
use crate::content::post::{Author, Filing, Term};
use crate::content::schema::{Kind, Schema};
use crate::dashboard::error::Refused;
use crate::store::{Filed, Read};

/// How many choices a menu offers; whoever has more searches.
const CHOICES: usize = 100;

/// A filter that is set.
#[derive(Debug, Serialize)]
pub(super) struct Chip {
    label: &'static str,
    value: String,
    /// The list without it.
    clear: String,
}

/// A filter that can be set.
#[derive(Debug, Serialize)]
pub(super) struct Menu {
    key: &'static str,
    label: &'static str,
    options: Vec<Choice>,
    /// How many more there are.
    more: usize,
}

#[derive(Debug, Serialize)]
struct Choice {
    label: String,
    href: String,
}

/// The filters of one list.
pub(super) struct Narrowing {
    wanted: Wanted,
    authors: Vec<Author>,
    categories: Vec<Term>,
    tags: Vec<Term>,
    locales: Vec<Locale>,
    filed: Vec<Filed>,
    locale: Option<LocaleId>,
    hopeless: bool,
}

impl Narrowing {
    /// What a list's address asks for, and what else could be asked for.
    pub(super) fn of(read: &Read<'_>, schema: &Schema, wanted: &Wanted) -> Result<Self, Refused> {
        let posts = schema.kind == Kind::Post;
        let mut narrowing = Self {
            wanted: wanted.clone(),
            authors: if posts { read.authors()? } else { Vec::new() },
            categories: if posts { read.terms(Filing::Category)? } else { Vec::new() },
            tags: if posts { read.terms(Filing::Tag)? } else { Vec::new() },
            locales: if read.model().locales.len() > 1 { read.model().locales.clone() } else { Vec::new() },
            filed: Vec::new(),
            locale: None,
            hopeless: false,
        };
        narrowing.resolve();
        Ok(narrowing)
    }

    /// Names become ids. What nobody is called matches nothing.
    fn resolve(&mut self) {
        let term = |terms: &[Term], slug: &str| terms.iter().find(|term| term.slug == slug).map(|term| term.id);
        let author = self.authors.iter().find(|author| author.slug == self.wanted.author).map(|author| author.id);
        let filters = [
            (&self.wanted.author, author.map(Filed::Author)),
            (&self.wanted.category, term(&self.categories, &self.wanted.category).map(Filed::Category)),
            (&self.wanted.tag, term(&self.tags, &self.wanted.tag).map(Filed::Tag)),
        ];
        for (_, filed) in filters.into_iter().filter(|(slug, _)| !slug.is_empty()) {
            match filed {
                Some(filed) => self.filed.push(filed),
                None => self.hopeless = true,
            }
        }
        if !self.wanted.locale.is_empty() {
            self.locale = self.locales.iter().find(|locale| locale.slug == self.wanted.locale).map(|locale| locale.id);
            self.hopeless |= self.locale.is_none();
        }
    }

    /// Whether nothing can match.
    pub(super) fn is_hopeless(&self) -> bool {
        self.hopeless
    }

    pub(super) fn filed(&self) -> &[Filed] {
        &self.filed
    }

    pub(super) fn locale(&self) -> Option<LocaleId> {
        self.locale
    }

    /// All categories: their ids and names.
    pub(super) fn categories(&self) -> Vec<(i64, String)> {
        self.categories.iter().map(|term| (term.id, term.name.clone())).collect()
    }

    /// The filters that are set.
    pub(super) fn chips(&self, base: &str) -> Vec<Chip> {
        let wanted = &self.wanted;
        let name = |terms: &[Term], slug: &str| {
            terms.iter().find(|term| term.slug == slug).map_or_else(|| slug.to_owned(), |term| term.name.clone())
        };
        let author = self.authors.iter().find(|author| author.slug == wanted.author).map(Author::full_name);
        let locale = self.locales.iter().find(|locale| locale.slug == wanted.locale).map(|locale| locale.name.clone());
        let mut chips = Vec::new();
        let mut chip = |label, value: String, clear: fn(&mut Wanted)| {
            if !value.is_empty() {
                chips.push(Chip { label, value, clear: wanted.with(clear).address(base) });
            }
        };
        chip("Author", author.unwrap_or_else(|| wanted.author.clone()), |wanted| wanted.author.clear());
        chip("Category", name(&self.categories, &wanted.category), |wanted| wanted.category.clear());
        chip("Tag", name(&self.tags, &wanted.tag), |wanted| wanted.tag.clear());
        chip("Language", locale.unwrap_or_else(|| wanted.locale.clone()), |wanted| wanted.locale.clear());
        let mine = if wanted.mine { "me" } else { "" };
        chip("Edited by", mine.into(), |wanted| wanted.mine = false);
        chips
    }

    /// The filters that can still be set.
    pub(super) fn menus(&self, base: &str) -> Vec<Menu> {
        let authors = self.authors.iter().map(|author| (author.full_name(), author.slug.clone()));
        let terms = |terms: &[Term]| terms.iter().map(|term| (term.name.clone(), term.slug.clone())).collect();
        let locales = self.locales.iter().map(|locale| (locale.name.clone(), locale.slug.clone()));
        let mut menus = Vec::new();
        let mut menu = |key, label, set: &str, all: Vec<(String, String)>, choose: fn(&mut Wanted, String)| {
            if set.is_empty() && !all.is_empty() {
                let more = all.len().saturating_sub(CHOICES);
                let choice = |(label, slug): (String, String)| Choice {
                    href: self.wanted.with(|wanted| choose(wanted, slug)).address(base),
                    label,
                };
                menus.push(Menu { key, label, options: all.into_iter().take(CHOICES).map(choice).collect(), more });
            }
        };
        let wanted = &self.wanted;
        menu("author", "Author", &wanted.author, authors.collect(), |wanted, slug| wanted.author = slug);
        menu("category", "Category", &wanted.category, terms(&self.categories), |wanted, slug| wanted.category = slug);
        menu("tag", "Tag", &wanted.tag, terms(&self.tags), |wanted, slug| wanted.tag = slug);
        menu("locale", "Language", &wanted.locale, locales.collect(), |wanted, slug| wanted.locale = slug);
        let mine = vec![("Edited by me".to_owned(), String::new())];
        menu("mine", "Edited by", if wanted.mine { "1" } else { "" }, mine, |wanted, _| wanted.mine = true);
        menus
    }
}
