//! Authors.

use super::{Authoring, Error, Signature};
use crate::content::entry::View;
use crate::content::locale::LocaleId;
use crate::content::post::{Author, Filing};
use crate::content::slug::Slug;
use crate::store::Read;

/// An author to be made; without a slug one is made from the name.
#[derive(Clone, Debug, Default)]
pub struct NewAuthor {
    /// All that is known of them; `id` is not looked at.
    pub author: Author,
}

impl Authoring {
    /// Adds an author and returns them.
    ///
    /// # Errors
    /// `Invalid` when the slug is taken or no slug.
    pub fn add_author(&self, new: NewAuthor, signature: Signature) -> Result<Author, Error> {
        self.write(&signature, move |write| {
            let mut author = new.author;
            let given = !author.slug.is_empty();
            let wanted = if given {
                Slug::parse(&author.slug).map_err(|text| Error::invalid("slug", text))?
            } else {
                Slug::from_text(&author.full_name())
            };
            author.slug = wanted.to_string();
            for number in 2.. {
                if write.author_by_slug(&author.slug)?.is_none() {
                    break;
                }
                if given {
                    return Err(Error::invalid("slug", "Another author has this slug."));
                }
                author.slug = format!("{wanted}-{number}");
            }
            author.id = 0;
            author.id = write.add_author(&author)?;
            Ok(author)
        })
    }

    /// Changes the author with this slug.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when a new slug is taken or no slug.
    pub fn change_author(
        &self,
        slug: &str,
        edit: impl FnOnce(&mut Author) + Send + 'static,
        signature: Signature,
    ) -> Result<Author, Error> {
        let slug = slug.to_owned();
        self.write(&signature, move |write| {
            let old = write.author_by_slug(&slug)?.ok_or(Error::NotFound("author"))?;
            let mut author = old.clone();
            edit(&mut author);
            author.id = old.id;
            Slug::parse(&author.slug).map_err(|text| Error::invalid("slug", text))?;
            if write.author_by_slug(&author.slug)?.is_some_and(|other| other.id != author.id) {
                return Err(Error::invalid("slug", "Another author has this slug."));
            }
            write.put_author(&author)?;
            Ok(author)
        })
    }

    /// Removes an author who has written nothing.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when posts name them or they are the last one.
    pub fn remove_author(&self, slug: &str, signature: Signature) -> Result<(), Error> {
        let slug = slug.to_owned();
        self.write(&signature, move |write| {
            let author = write.author_by_slug(&slug)?.ok_or(Error::NotFound("author"))?;
            if write.authors()?.len() == 1 {
                return Err(Error::Refused("a site needs an author: add another one first".into()));
            }
            let posts = count_posts(write, author.id)?;
            if posts > 0 {
                let sentence = format!("{slug} has written {posts} posts: give those to another author first");
                return Err(Error::Refused(sentence));
            }
            Ok(write.remove_author(author.id)?)
        })
    }
}

/// How many posts name an author, drafts included.
pub(super) fn count_posts(read: &Read<'_>, author: i64) -> Result<u64, Error> {
    let mut posts = 0;
    for locale in written_locales(read) {
        posts += read.posts_by(author, locale, View::Newest)?;
    }
    Ok(posts)
}

/// How many posts are filed under a category or tag, drafts included.
pub(super) fn posts_filed_under(read: &Read<'_>, filing: Filing, id: i64) -> Result<u64, Error> {
    let mut posts = 0;
    for locale in written_locales(read) {
        posts += read.filed_under(filing, id, locale)?;
    }
    Ok(posts)
}

/// The locales that posts may be written in, and the one of sites without any.
fn written_locales(read: &Read<'_>) -> Vec<LocaleId> {
    let mut locales: Vec<LocaleId> = read.model().locales.iter().map(|locale| locale.id).collect();
    locales.push(LocaleId(0));
    locales.sort_unstable();
    locales.dedup();
    locales
}
