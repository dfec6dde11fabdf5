//! The questions that every site is asked: what stands in for those it was really asked.

use super::query::{
    ANY, Feed, FeedKind, ItemList, LEVELS, Look, OneItem, OnePage, OnePost, PageList, Paging, PostList, Query, Recent,
};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, View};
use crate::content::locale::LocaleId;
use crate::content::post::Filing;
use crate::content::schema::{Kind, Model};
use crate::store::{Error, Read};

/// How many questions there are at most.
const MOST: usize = 10_000;
/// How many entries are looked up at once.
const BATCH: usize = 500;

/// The first page of every list, the feeds, authors, categories and tags, in the default locale and in
/// the others, and every live entry by itself.
///
/// # Errors
/// The database's.
pub fn canonical_questions(read: &Read<'_>) -> Result<Vec<Query>, Error> {
    let mut questions = lists_and_filings(read)?;
    entries(read, &mut questions)?;
    Ok(questions)
}

/// As [`canonical_questions`], but of the entries only the newest: what a site is asked first.
///
/// # Errors
/// The database's.
pub(super) fn first_questions(read: &Read<'_>, newest: usize) -> Result<Vec<Query>, Error> {
    let model = read.model();
    let mut questions = lists_and_filings(read)?;
    for (entry, locale) in read.newest_live(newest)? {
        questions.extend(by_itself(model, &entry, spelled(model, locale)));
    }
    Ok(questions)
}

fn lists_and_filings(read: &Read<'_>) -> Result<Vec<Query>, Error> {
    let model = read.model();
    let mut questions = Vec::new();
    for locale in model.locale_ids() {
        lists(model, spelled(model, locale), &mut questions);
    }
    filings(read, &mut questions)?;
    Ok(questions)
}

/// A locale as questions name it: the default by leaving it out.
fn spelled(model: &Model, locale: LocaleId) -> Option<String> {
    let other = Some(locale).filter(|locale| *locale != model.default_locale())?;
    model.locale_slug(other).map(str::to_owned)
}

fn look(locale: Option<String>) -> Look {
    Look { view: View::Live, locale, levels: LEVELS, alt: false }
}

fn lists(model: &Model, locale: Option<String>, questions: &mut Vec<Query>) {
    let recent = || Recent { included: false, locale: locale.clone() };
    questions.push(Query::Posts(posts(locale.clone())));
    for kind in [FeedKind::Rss, FeedKind::Atom, FeedKind::Sitemap] {
        questions.push(Query::Feed(Feed { kind, category: None, tag: None, locale: locale.clone() }));
    }
    questions.push(Query::Authors(recent()));
    questions.extend([Filing::Category, Filing::Tag].map(|filing| Query::Terms(filing, recent())));
    questions.push(Query::Pages(pages(ANY, locale.clone())));
    for schema in &model.schemas {
        match schema.kind {
            Kind::PageType => questions.push(Query::Pages(pages(&schema.key, locale.clone()))),
            Kind::Collection => questions.push(Query::Collection(items(&schema.key, locale.clone()))),
            Kind::SinglePage | Kind::Post => {}
        }
    }
}

fn posts(locale: Option<String>) -> PostList {
    PostList {
        paging: Paging::default(),
        exclude_body: false,
        author: None,
        category: None,
        tag: None,
        view: View::Live,
        locale,
    }
}

fn pages(page_type: &str, locale: Option<String>) -> PageList {
    let (paging, filters) = (Paging::default(), Vec::new());
    PageList { page_type: page_type.into(), paging, filters, order: None, look: look(locale) }
}

fn items(key: &str, locale: Option<String>) -> ItemList {
    ItemList { key: key.into(), paging: Paging::default(), filters: Vec::new(), order: None, look: look(locale) }
}

fn filings(read: &Read<'_>, questions: &mut Vec<Query>) -> Result<(), Error> {
    questions.extend(read.authors()?.into_iter().map(|author| Query::Author(author.slug, Recent::default())));
    for filing in [Filing::Category, Filing::Tag] {
        let terms = read.terms_in_use(filing)?;
        questions.extend(terms.into_iter().map(|term| Query::Term(filing, term.slug, Recent::default())));
    }
    Ok(())
}

fn entries(read: &Read<'_>, questions: &mut Vec<Query>) -> Result<(), Error> {
    let model = read.model();
    let mut after = EntryId(0);
    loop {
        let batch = read.all_entries(after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        for entry in batch.iter().filter(|entry| entry.deleted.is_none()) {
            for variant in read.variants(entry.id)?.iter().filter(|variant| variant.live.is_some()) {
                questions.extend(by_itself(model, entry, spelled(model, variant.locale)));
            }
            if questions.len() >= MOST {
                questions.truncate(MOST);
                return Ok(());
            }
        }
    }
}

/// The question for one entry; `None` when nobody can ask for it.
fn by_itself(model: &Model, entry: &Entry, locale: Option<String>) -> Option<Query> {
    let slug = entry.slug.clone();
    if entry.schema == BLOG {
        // A translated post has a slug of its own.
        return Some(Query::Post(OnePost { slug: slug?, view: View::Live, locale: None }));
    }
    let schema = model.schema(entry.schema)?;
    let page = |page_type: &str, slug| OnePage { page_type: page_type.into(), slug, look: look(locale.clone()) };
    match schema.kind {
        Kind::PageType => Some(Query::Page(page(&schema.key, slug?))),
        Kind::SinglePage => Some(Query::Page(page(ANY, slug?))),
        Kind::Collection => {
            Some(Query::Item(OneItem { key: schema.key.clone(), id: entry.id, look: look(locale.clone()) }))
        }
        Kind::Post => None,
    }
}
