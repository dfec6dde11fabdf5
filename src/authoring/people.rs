//! Authors, people with accounts, and tokens.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;

use super::{Authoring, Error, Signature};
use crate::account::{ApiToken, Role, Theme, User};
use crate::content::entry::View;
use crate::content::locale::LocaleId;
use crate::content::post::Author;
use crate::content::slug::Slug;
use crate::store::Read;

/// The shortest password, in characters.
const MIN_PASSWORD: usize = 12;

/// An author to be made; without a slug one is made from the name.
#[derive(Clone, Debug, Default)]
pub struct NewAuthor {
    /// All that is known of them; `id` is not looked at.
    pub author: Author,
}

/// A person who gets an account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they sign in with.
    pub email: String,
    /// What colleagues read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password.
    pub password: String,
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

    /// Adds a person. The password is hashed here; it is not kept.
    ///
    /// # Errors
    /// `Invalid` when the address is none or taken, or the password too short.
    pub fn add_user(&self, new: NewUser, signature: Signature) -> Result<i64, Error> {
        if !new.email.contains('@') {
            return Err(Error::invalid("email", "Enter a valid email address."));
        }
        let password = hash_password(&new.password)?;
        let created = signature.at;
        self.write(&signature, move |write| {
            if write.user_by_email(&new.email)?.is_some() {
                return Err(Error::invalid("email", "There is an account with this email address already."));
            }
            let user = User {
                id: 0,
                email: new.email,
                name: new.name,
                role: new.role,
                password,
                created,
                theme: Theme::System,
            };
            Ok(write.add_user(&user)?)
        })
    }

    /// Changes the person with this address: their role, password or name, where given.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when no owner would be left; `Invalid` when the password is too short.
    pub fn change_user(
        &self,
        email: &str,
        role: Option<Role>,
        password: Option<&str>,
        name: Option<String>,
        signature: Signature,
    ) -> Result<(), Error> {
        let password = password.map(hash_password).transpose()?;
        let email = email.to_owned();
        self.write(&signature, move |write| {
            let mut user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            if role.is_some_and(|role| role != Role::Owner) {
                keep_an_owner(write, &user)?;
            }
            user.role = role.unwrap_or(user.role);
            user.name = name.unwrap_or(user.name);
            user.password = password.unwrap_or(user.password);
            Ok(write.put_user(&user)?)
        })
    }

    /// Removes the person with this address.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when they are the last owner.
    pub fn remove_user(&self, email: &str, signature: Signature) -> Result<(), Error> {
        let email = email.to_owned();
        self.write(&signature, move |write| {
            let user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            keep_an_owner(write, &user)?;
            Ok(write.remove_user(user.id)?)
        })
    }

    /// Adds a token.
    ///
    /// # Errors
    /// The database's.
    pub fn add_token(&self, token: ApiToken, signature: Signature) -> Result<i64, Error> {
        self.write(&signature, move |write| Ok(write.add_token(&token)?))
    }

    /// Removes a token: requests with it are refused from then on.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn remove_token(&self, id: i64, signature: Signature) -> Result<(), Error> {
        self.write(
            &signature,
            move |write| {
                if write.remove_token(id)? { Ok(()) } else { Err(Error::NotFound("token")) }
            },
        )
    }
}

/// Hashes a password with Argon2id.
///
/// # Errors
/// `Invalid` when it is too short.
pub fn hash_password(password: &str) -> Result<String, Error> {
    if password.chars().count() < MIN_PASSWORD {
        let text = format!("A password has at least {MIN_PASSWORD} characters.");
        return Err(Error::invalid("password", text));
    }
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Refused(format!("the password could not be hashed: {error}")))
}

fn keep_an_owner(read: &Read<'_>, user: &User) -> Result<(), Error> {
    let owners = read.users()?.iter().filter(|user| user.role == Role::Owner).count();
    if user.role == Role::Owner && owners == 1 {
        return Err(Error::Refused("this is the last owner: make somebody else an owner first".into()));
    }
    Ok(())
}

fn count_posts(read: &Read<'_>, author: i64) -> Result<u64, Error> {
    let mut locales: Vec<LocaleId> = read.model().locales.iter().map(|locale| locale.id).collect();
    locales.push(LocaleId(0));
    locales.sort_unstable();
    locales.dedup();
    let mut posts = 0;
    for locale in locales {
        posts += read.posts_by(author, locale, View::Newest)?;
    }
    Ok(posts)
}
