//! Writing posts.

use super::change::{apply, find_own, state_for};
use super::create::new_entry;
use super::finding::own_media;
use super::media::want_of_post;
use super::saving::{add, check_slug, new_variant};
use super::{Authoring, Error, Signature, State, Written};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant};
use crate::content::field::Problem;
use crate::content::locale::LocaleId;
use crate::content::post::{Author, Filing, Picture, Post, Term};
use crate::content::settings::Settings;
use crate::content::slug::Slug;
use crate::store::{Read, Write};

/// The longest title, in characters.
const MAX_TITLE: usize = 200;

/// What shall become of a post; absent members stay, or are empty in a new post.
#[derive(Clone, Debug, Default)]
pub struct PostChange {
    /// Shown title.
    pub title: Option<String>,
    /// URL name.
    pub slug: Option<String>,
    /// Who wrote it.
    pub author: Option<PostAuthor>,
    /// All its categories.
    pub categories: Option<Vec<PostTerm>>,
    /// All its tags.
    pub tags: Option<Vec<PostTerm>>,
    /// Address of its picture; `Some("")` removes it.
    pub featured_image: Option<String>,
    /// The picture's alternative text.
    pub featured_image_alt: Option<String>,
    /// HTML.
    pub body: Option<String>,
    /// Plain text.
    pub summary: Option<String>,
    /// Title for search engines.
    pub seo_title: Option<String>,
    /// Description for search engines.
    pub meta_description: Option<String>,
    /// Whether pictures of other servers in `body` are brought into the library, as the featured one always is.
    pub bring_pictures: bool,
}

/// How an author is named: by slug, else by e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostAuthor {
    /// URL name.
    pub slug: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// How a category or tag is named; unknown ones are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostTerm {
    /// What people read.
    pub name: Option<String>,
    /// URL name.
    pub slug: Option<String>,
}

impl Authoring {
    /// Makes a post.
    ///
    /// # Errors
    /// `Invalid` names every problem; nothing is made then.
    pub fn create_post(
        &self,
        change: PostChange,
        locale: LocaleId,
        state: State,
        signature: Signature,
    ) -> Result<Written, Error> {
        let public_url = self.public_url.clone();
        self.write(&signature.clone(), move |write| {
            require_title_and_slug(&change)?;
            let work = Work { change: &change, public_url: &public_url, signature: &signature };
            work.check(write, None)?;
            let entry = new_entry(BLOG, change.slug.as_deref(), &signature);
            work.create(write, entry, locale, Post::default(), state)
        })
    }

    /// Changes a post; with `replace`, what is not sent becomes empty. With a locale in which the post has
    /// no translation yet, makes that translation, starting from the post.
    ///
    /// # Errors
    /// `Invalid` names every problem, `NotFound` when there is no such post; nothing is changed then.
    pub fn change_post(
        &self,
        post: EntryId,
        change: PostChange,
        locale: Option<LocaleId>,
        state: State,
        replace: bool,
        signature: Signature,
    ) -> Result<Written, Error> {
        let public_url = self.public_url.clone();
        self.write(&signature.clone(), move |write| {
            if replace {
                require_title(&change)?;
            }
            let work = Work { change: &change, public_url: &public_url, signature: &signature };
            let (entry, variant) = find_own(write, post)?;
            match locale {
                Some(locale) if variant.locale != locale => match write.translation(&entry, locale)? {
                    Some(sibling) => {
                        let (sibling, variant) = find_own(write, sibling.id)?;
                        work.change(write, sibling, variant, state, replace)
                    }
                    None => work.translate(write, &entry, &variant, locale, state),
                },
                _ => work.change(write, entry, variant, state, replace),
            }
        })
    }
}

fn require_title_and_slug(change: &PostChange) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (path, value) in [("title", &change.title), ("slug", &change.slug)] {
        if value.as_deref().is_none_or(|value| value.trim().is_empty()) {
            problems.push(Problem { path: path.into(), text: "This field is required.".into() });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn require_title(change: &PostChange) -> Result<(), Error> {
    match change.title.as_deref().map(str::trim) {
        None | Some("") => Err(Error::invalid("title", "This field is required.")),
        Some(_) => Ok(()),
    }
}

/// A post being written.
struct Work<'a> {
    change: &'a PostChange,
    public_url: &'a str,
    signature: &'a Signature,
}

impl Work<'_> {
    /// Reports what is wrong with title, slug and author.
    fn check(&self, write: &Write<'_>, entry: Option<&Entry>) -> Result<(), Error> {
        let mut problems = Vec::new();
        let mut problem = |path: &str, text: String| problems.push(Problem { path: path.into(), text });
        if let Some(title) = &self.change.title {
            if title.trim().is_empty() {
                problem("title", "This field may not be blank.".into());
            } else if title.chars().count() > MAX_TITLE {
                problem("title", format!("Ensure this field has no more than {MAX_TITLE} characters."));
            }
        }
        if let Some(author) = &self.change.author
            && find_author(write, author)?.is_none()
        {
            problem("author", "There is no author with this slug or email.".into());
        }
        if let Some(slug) = &self.change.slug
            && entry.is_none_or(|entry| entry.slug.as_ref() != Some(slug))
        {
            let model = write.model().clone();
            let blog = model.schema(BLOG).ok_or(Error::NotFound("blog"))?;
            if let Err(found) = check_slug(write, blog, entry, slug) {
                problems.push(found);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    fn create(
        &self,
        write: &mut Write<'_>,
        entry: Entry,
        locale: LocaleId,
        start: Post,
        state: State,
    ) -> Result<Written, Error> {
        let id = write.add_entry(&entry)?;
        let mut entry = write.entry(id)?.ok_or(Error::NotFound("post"))?;
        let variant = new_variant(&entry, locale, self.signature);
        let mut make = |write: &mut Write<'_>, entry: &Entry, base: Option<&Revision>| {
            let start = base.map_or_else(|| start.clone(), |base| Post::read(&base.fields));
            self.save(write, entry, locale, start, "created")
        };
        let revision = apply(write, &mut entry, variant, state, Some(&mut make), self.signature)?;
        Ok(Written { id, slug: entry.slug, revision })
    }

    fn change(
        &self,
        write: &mut Write<'_>,
        mut entry: Entry,
        variant: Variant,
        state: State,
        replace: bool,
    ) -> Result<Written, Error> {
        self.check(write, Some(&entry))?;
        let locale = variant.locale;
        let mut make = |write: &mut Write<'_>, entry: &Entry, base: Option<&Revision>| {
            let start = base.filter(|_| !replace).map(|base| Post::read(&base.fields)).unwrap_or_default();
            self.save(write, entry, locale, start, "edited")
        };
        let state = state_for(state, false);
        let revision = apply(write, &mut entry, variant, state, Some(&mut make), self.signature)?;
        Ok(Written { id: entry.id, slug: entry.slug, revision })
    }

    /// Makes the sibling in another locale.
    fn translate(
        &self,
        write: &mut Write<'_>,
        original: &Entry,
        variant: &Variant,
        locale: LocaleId,
        state: State,
    ) -> Result<Written, Error> {
        let model = write.model().clone();
        let suffix = model.locale_slug(locale).unwrap_or("copy");
        let own = original.slug.clone().unwrap_or_default();
        let slug = self.change.slug.clone().unwrap_or_else(|| format!("{own}-{suffix}"));
        let change = PostChange { slug: Some(slug), ..self.change.clone() };
        let work = Work { change: &change, ..*self };
        work.check(write, None)?;
        let source = variant.draft.or(variant.live).ok_or(Error::NotFound("post"))?;
        let source = write.revision(source)?.ok_or(Error::NotFound("post"))?;
        let mut sibling = new_entry(BLOG, change.slug.as_deref(), self.signature);
        sibling.group = Some(original.group.unwrap_or(original.id));
        work.create(write, sibling, locale, Post::read(&source.fields), state)
    }

    /// Saves a revision: `start` with what was sent.
    fn save(
        &self,
        write: &mut Write<'_>,
        entry: &Entry,
        locale: LocaleId,
        start: Post,
        why: &str,
    ) -> Result<Revision, Error> {
        let post = self.changed(write, start)?;
        let revision = Revision {
            id: RevisionId(0),
            entry: entry.id,
            locale,
            name: post.title.clone(),
            slug: self.change.slug.clone().or_else(|| entry.slug.clone()),
            fields: post.write(),
            at: self.signature.at,
            by: self.signature.by.clone(),
            why: why.into(),
            kind: Origin::Api,
            named: None,
        };
        let revision = add(write, revision)?;
        let featured = self.change.featured_image.as_deref();
        let body = self.change.body.as_deref().filter(|_| self.change.bring_pictures);
        want_of_post(write, &revision, featured, body, self.public_url)?;
        Ok(revision)
    }

    fn changed(&self, write: &mut Write<'_>, mut post: Post) -> Result<Post, Error> {
        let change = self.change;
        for (field, sent) in [
            (&mut post.title, &change.title),
            (&mut post.body, &change.body),
            (&mut post.summary, &change.summary),
            (&mut post.seo_title, &change.seo_title),
            (&mut post.meta_description, &change.meta_description),
        ] {
            if let Some(sent) = sent {
                field.clone_from(sent);
            }
        }
        if change.body.is_some()
            && let Some(cleaner) = Settings::read(&write.settings()?).api_cleaner()
            && let Some(cleaned) = cleaner.clean(&post.body)
        {
            post.body = cleaned.html;
        }
        post.featured_image = self.picture(post.featured_image);
        let author = match &change.author {
            Some(author) => find_author(write, author)?,
            None if write.author(post.author)?.is_none() => default_author(write)?,
            None => None,
        };
        if let Some(author) = author {
            post.author = author.id;
        }
        for (filing, ids, sent) in
            [(Filing::Category, &mut post.categories, &change.categories), (Filing::Tag, &mut post.tags, &change.tags)]
        {
            if let Some(sent) = sent {
                *ids = terms(write, filing, sent)?;
            }
        }
        Ok(post)
    }

    fn picture(&self, old: Option<Picture>) -> Option<Picture> {
        let mut picture = old.unwrap_or_default();
        if let Some(url) = &self.change.featured_image {
            let url = own_media(self.public_url, url);
            if url != picture.url {
                picture = Picture { url, ..Picture::default() };
            }
        }
        if let Some(alt) = &self.change.featured_image_alt {
            picture.alt.clone_from(alt);
            picture.decorative = picture.decorative && alt.is_empty();
        }
        (picture != Picture::default()).then_some(picture)
    }
}

fn find_author(read: &Read<'_>, wanted: &PostAuthor) -> Result<Option<Author>, Error> {
    if let Some(slug) = wanted.slug.as_deref().filter(|slug| !slug.is_empty())
        && let Some(author) = read.author_by_slug(slug)?
    {
        return Ok(Some(author));
    }
    match wanted.email.as_deref().filter(|email| !email.is_empty()) {
        Some(email) => Ok(read.author_by_email(email)?),
        None => Ok(None),
    }
}

/// The author of posts that name none: the site's first.
pub(super) fn default_author(read: &Read<'_>) -> Result<Option<Author>, Error> {
    Ok(read.authors()?.into_iter().next())
}

/// The ids of the categories or tags that are named, each once, in order; unknown ones are made.
pub(super) fn terms(write: &mut Write<'_>, filing: Filing, named: &[PostTerm]) -> Result<Vec<i64>, Error> {
    let mut ids = Vec::new();
    for named in named {
        let id = match find_term(write, filing, named)? {
            Some(term) => term.id,
            None => make_term(write, filing, named)?,
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn find_term(read: &Read<'_>, filing: Filing, named: &PostTerm) -> Result<Option<Term>, Error> {
    if let Some(slug) = &named.slug
        && let Some(term) = read.term_by_slug(filing, slug)?
    {
        return Ok(Some(term));
    }
    match &named.name {
        Some(name) => match read.term_by_name(filing, name)? {
            Some(term) => Ok(Some(term)),
            // A bare word may also be the slug that an answer showed.
            None if named.slug.is_none() => Ok(read.term_by_slug(filing, name)?),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

fn make_term(write: &mut Write<'_>, filing: Filing, named: &PostTerm) -> Result<i64, Error> {
    let name = named.name.clone().or_else(|| named.slug.clone()).unwrap_or_default();
    let wanted = match named.slug.as_deref().map(Slug::parse) {
        Some(Ok(slug)) => slug,
        _ => Slug::from_text(&name),
    };
    let mut slug = wanted.to_string();
    for number in 2.. {
        if write.term_by_slug(filing, &slug)?.is_none() {
            break;
        }
        slug = format!("{wanted}-{number}");
    }
    Ok(write.add_term(filing, &Term { id: 0, name, slug })?)
}
