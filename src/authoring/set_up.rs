//! Setting up a new site, step by step.

use serde_json::json;

use super::schema::apply;
use super::{Authoring, Error, Signature};
use crate::account::{Access, ApiToken, Deed};
use crate::auth;
use crate::content::definition::{Definition, LocaleDefinition};
use crate::content::locale::LANGUAGES;
use crate::content::post::{Author, Filing, Term};
use crate::content::settings::Setting;
use crate::content::setup::Setup;
use crate::content::slug::Slug;
use crate::store::Write;

/// What the token is called that is made for a new site's website.
pub const SITE_TOKEN: &str = "Website";

impl Authoring {
    /// Gives a new site its name, its first language and its time zone, and goes on to its content. Where there
    /// are languages already, they stay.
    ///
    /// # Errors
    /// `Invalid` when one of them makes no sense.
    pub fn set_up_site(&self, name: &str, language: &str, zone: &str, signature: Signature) -> Result<(), Error> {
        let mut values = Vec::new();
        for (setting, text) in [("site_name", name.trim()), ("time_zone", zone)] {
            let known = Setting::find(setting).ok_or(Error::NotFound("setting"))?;
            values.push((setting, known.parse(text).map_err(|why| Error::invalid(setting, why))?));
        }
        let (slug, spoken) = LANGUAGES
            .into_iter()
            .find(|(slug, _)| *slug == language)
            .ok_or_else(|| Error::invalid("language", "Choose a language from the list."))?;
        self.write(&signature.clone(), move |write| {
            for (name, value) in &values {
                write.put_setting(name, Some(value))?;
            }
            let mut definition = Definition::of(write.model(), true);
            if definition.locales.is_empty() {
                definition.locales.push(LocaleDefinition {
                    id: None,
                    slug: slug.into(),
                    name: spoken.into(),
                    was: None,
                });
                apply(write, &definition, &signature)?;
            }
            Ok(write.put_setup(Setup::Content)?)
        })
    }

    /// Begins a blog: posts are by the person who sets it up, and there is a category to file them under.
    ///
    /// # Errors
    /// The database's.
    pub fn begin_blog(&self, name: &str, signature: Signature) -> Result<(), Error> {
        let (first_name, last_name) = name.split_once(' ').unwrap_or((name, ""));
        let slug = Slug::from_text(name).to_string();
        let (first_name, last_name) = (first_name.to_owned(), last_name.trim().to_owned());
        self.write(&signature, move |write| {
            let untouched = Author::of_new_site();
            if let Some(author) = write.author_by_slug(&untouched.slug)?
                && (Author { id: 0, ..author.clone() }) == untouched
            {
                write.put_author(&Author { id: author.id, first_name, last_name, slug, ..untouched })?;
            }
            if write.terms(Filing::Category)?.is_empty() {
                write.add_term(Filing::Category, &Term { id: 0, name: "News".into(), slug: "news".into() })?;
            }
            Ok(())
        })
    }

    /// Goes on to showing the site, which needs a token: makes one unless there is one to read with.
    ///
    /// # Errors
    /// `Refused` when the system has no randomness to give; the database's.
    pub fn set_up_show(&self, signature: Signature) -> Result<(), Error> {
        let fresh = self.site_token(&signature)?;
        self.write(&signature, move |write| {
            add_unless_readable(write, &fresh)?;
            Ok(write.put_setup(Setup::Show)?)
        })
    }

    /// Makes a token for the website unless there is one to read with.
    ///
    /// # Errors
    /// As [`Self::set_up_show`].
    pub fn make_site_token(&self, signature: Signature) -> Result<(), Error> {
        let fresh = self.site_token(&signature)?;
        self.write(&signature, move |write| add_unless_readable(write, &fresh))
    }

    fn site_token(&self, signature: &Signature) -> Result<ApiToken, Error> {
        let made = auth::new_token(SITE_TOKEN, Access::Read, true, signature.at);
        made.map(|(_, stored)| stored).map_err(|error| Error::Refused(format!("no token could be made: {error}")))
    }

    /// The site is set up.
    ///
    /// # Errors
    /// The database's.
    pub fn finish_set_up(&self, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| Ok(write.put_setup(Setup::Done)?))
    }

    /// Notes that an archive of the site was made, with or without its accounts and tokens.
    ///
    /// # Errors
    /// The database's.
    pub fn note_export(&self, secrets: bool, signature: Signature) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            write.record(Deed::Exported, "", &json!({"accounts and tokens": secrets}))?;
            Ok(write.put_exported(signature.at)?)
        })
    }
}

fn add_unless_readable(write: &mut Write<'_>, fresh: &ApiToken) -> Result<(), Error> {
    let known = write.tokens()?;
    if !known.iter().any(|token| token.access == Access::Read && token.secret.is_some()) {
        write.add_token(fresh)?;
    }
    Ok(())
}
