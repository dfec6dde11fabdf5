//! People with accounts.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::{Deed, Role, User};
use crate::auth::password;
use crate::content::setup::Setup;
use crate::store::{Read, Write};

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest e-mail address there can be, in bytes.
const LONGEST_EMAIL: usize = 254;

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

/// What a person says about themselves.
#[derive(Clone, Debug, Default)]
pub struct OwnAccount {
    /// What colleagues read.
    pub name: Option<String>,
    /// What they sign in with.
    pub email: Option<String>,
    /// A new password.
    pub password: Option<String>,
}

impl Authoring {
    /// Adds a person. The password is hashed here; it is not kept.
    ///
    /// # Errors
    /// `Invalid` when the address is none or taken, the name is empty, or the password does not fit.
    pub fn add_user(&self, new: NewUser, signature: Signature) -> Result<i64, Error> {
        let user = made(new, &signature)?;
        self.write(&signature, move |write| add(write, &user))
    }

    /// Adds the first person of a site, who goes on to set it up.
    ///
    /// # Errors
    /// `Refused` when somebody has an account already; else as [`Self::add_user`].
    pub fn add_first_user(&self, new: NewUser, signature: Signature) -> Result<i64, Error> {
        let user = made(new, &signature)?;
        self.write(&signature, move |write| {
            if !write.users()?.is_empty() {
                return Err(Error::Refused("this site has an account already: sign in with it".into()));
            }
            let id = add(write, &user)?;
            write.put_setup(Setup::Site)?;
            Ok(id)
        })
    }

    /// Changes the person with this address: their role, password or name, where given. A new password signs
    /// them out everywhere.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when no owner would be left; `Invalid` when the password does not fit.
    pub fn change_user(
        &self,
        email: &str,
        role: Option<Role>,
        password: Option<&str>,
        name: Option<String>,
        signature: Signature,
    ) -> Result<(), Error> {
        let password = password.map(hashed).transpose()?;
        let name = name.map(|name| fitting_name(&name)).transpose()?;
        let email = email.to_owned();
        self.write(&signature, move |write| {
            let mut user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            if let Some(role) = role {
                give_role(write, &mut user, role)?;
            }
            if name.is_some() {
                write.record(Deed::AccountChanged, &user.email, &json!({}))?;
            }
            user.name = name.unwrap_or(user.name);
            if let Some(password) = password {
                put_password(write, &mut user, password, None)?;
            }
            Ok(write.put_user(&user)?)
        })
    }

    /// Gives the person with this number another role.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when no owner would be left.
    pub fn change_role(&self, id: i64, role: Role, signature: Signature) -> Result<User, Error> {
        self.write(&signature, move |write| {
            let mut user = write.user(id)?.ok_or(Error::NotFound("account"))?;
            give_role(write, &mut user, role)?;
            write.put_user(&user)?;
            Ok(user)
        })
    }

    /// Removes the person with this address.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when they are the last owner.
    pub fn remove_user(&self, email: &str, signature: Signature) -> Result<User, Error> {
        let email = email.to_owned();
        self.write(&signature, move |write| {
            let user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            keep_an_owner(write, &user)?;
            write.remove_user(user.id)?;
            write.record(Deed::AccountRemoved, &user.email, &json!({"role": user.role}))?;
            Ok(user)
        })
    }

    /// Changes a person's own account. A new password ends all their sessions but the one with the hash
    /// `session`, and makes links for a new password worthless.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when the address is none or taken, the name is empty, or the password does not
    /// fit.
    pub fn change_account(&self, id: i64, own: OwnAccount, session: &str, signature: Signature) -> Result<User, Error> {
        let name = own.name.map(|name| fitting_name(&name)).transpose()?;
        let email = own.email.map(|email| fitting_email(&email)).transpose()?;
        let password = own.password.as_deref().map(hashed).transpose()?;
        let session = session.to_owned();
        self.write(&signature, move |write| {
            let mut user = write.user(id)?.ok_or(Error::NotFound("account"))?;
            if let Some(email) = email.filter(|email| *email != user.email) {
                refuse_taken(write, &email, id)?;
                let before = std::mem::replace(&mut user.email, email);
                write.record(Deed::AccountChanged, &user.email, &json!({"email before": before}))?;
            }
            if let Some(name) = name.filter(|name| *name != user.name) {
                let before = std::mem::replace(&mut user.name, name);
                write.record(Deed::AccountChanged, &user.email, &json!({"name before": before}))?;
            }
            if let Some(password) = password {
                put_password(write, &mut user, password, Some(&session))?;
            }
            write.put_user(&user)?;
            Ok(user)
        })
    }

    /// Changes what a person prefers: their theme, shortcuts, first steps.
    ///
    /// # Errors
    /// `NotFound`; the database's.
    pub fn change_preferences(
        &self,
        id: i64,
        edit: impl FnOnce(&mut User) + Send + 'static,
        signature: Signature,
    ) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let mut user = write.user(id)?.ok_or(Error::NotFound("account"))?;
            edit(&mut user);
            Ok(write.put_user(&user)?)
        })
    }

    /// Hashes a password anew that was just found right, unless it has changed since.
    ///
    /// # Errors
    /// The database's.
    pub fn renew_hash(&self, user: &User, password: &str, signature: Signature) -> Result<(), Error> {
        let (id, old, new) = (user.id, user.password.clone(), hashed(password)?);
        self.write(&signature, move |write| match write.user(id)? {
            Some(mut user) if user.password == old => {
                user.password = new;
                Ok(write.put_user(&user)?)
            }
            _ => Ok(()),
        })
    }
}

/// The hash of a password that fits.
pub(super) fn hashed(password: &str) -> Result<String, Error> {
    password::hash(password).map_err(|unfit| Error::invalid("password", unfit.to_string()))
}

/// Sets a password: the person is signed out but for one session, and links for a new password are worthless.
pub(super) fn put_password(
    write: &mut Write<'_>,
    user: &mut User,
    hash: String,
    but: Option<&str>,
) -> Result<(), Error> {
    user.password = hash;
    write.record(Deed::PasswordChanged, &user.email, &json!({}))?;
    write.remove_sessions(user.id, but)?;
    Ok(write.remove_resets(user.id)?)
}

pub(super) fn made(new: NewUser, signature: &Signature) -> Result<User, Error> {
    let (email, name) = (fitting_email(&new.email)?, fitting_name(&new.name)?);
    Ok(User::new(email, name, new.role, hashed(&new.password)?, signature.at))
}

pub(super) fn add(write: &mut Write<'_>, user: &User) -> Result<i64, Error> {
    refuse_taken(write, &user.email, 0)?;
    write.remove_invitation(&user.email)?;
    write.record(Deed::AccountMade, &user.email, &json!({"role": user.role}))?;
    Ok(write.add_user(user)?)
}

pub(super) fn refuse_taken(read: &Read<'_>, email: &str, id: i64) -> Result<(), Error> {
    if read.user_by_email(email)?.is_some_and(|other| other.id != id) {
        return Err(Error::invalid("email", "There is an account with this email address already."));
    }
    Ok(())
}

/// An address as it is kept. Whether mail arrives there is not known: larder sends none.
pub(super) fn fitting_email(email: &str) -> Result<String, Error> {
    let email = email.trim();
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    let fits = parts.is_some_and(|(_, host)| !host.contains('@'))
        && email.len() <= LONGEST_EMAIL
        && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    if fits { Ok(email.to_owned()) } else { Err(Error::invalid("email", "Enter a valid email address.")) }
}

fn fitting_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name", "Enter a name: colleagues see it beside what was changed."));
    }
    if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(Error::invalid("name", format!("A name is one line of at most {LONGEST_NAME} characters.")));
    }
    Ok(name.to_owned())
}

fn give_role(write: &mut Write<'_>, user: &mut User, role: Role) -> Result<(), Error> {
    if role != Role::Owner {
        keep_an_owner(write, user)?;
    }
    if role != user.role {
        write.record(Deed::RoleChanged, &user.email, &json!({"from": user.role, "to": role}))?;
    }
    user.role = role;
    Ok(())
}

fn keep_an_owner(read: &Read<'_>, user: &User) -> Result<(), Error> {
    let owners = read.users()?.iter().filter(|user| user.role == Role::Owner).count();
    if user.role == Role::Owner && owners == 1 {
        return Err(Error::Refused("this is the last owner: make somebody else an owner first".into()));
    }
    Ok(())
}
