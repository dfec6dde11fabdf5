//! Tokens: the keys of programs.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::{Access, ApiToken, Deed, Former, LastUse};
use crate::auth;
use crate::content::moment::Moment;

/// The longest name, in characters.
const LONGEST: usize = 100;

impl Authoring {
    /// Makes a token and returns its secret, which is told only now when it may write, and its number.
    ///
    /// # Errors
    /// `Invalid` when the name is too long or the end has been; `Refused` without randomness.
    pub fn make_token(&self, wanted: NewToken, signature: Signature) -> Result<(String, i64), Error> {
        let NewToken { name, access, preview, ends } = wanted;
        let (name, at) = (fitting_name(&name)?, signature.at);
        refuse_past(ends, at)?;
        let (secret, mut token) = auth::new_token(&name, access, preview, at).map_err(no_randomness)?;
        token.ends = ends;
        let id = self.write(&signature, move |write| {
            write.record(Deed::TokenMade, &token.name, &json!({"kind": token.access, "ends": token.ends}))?;
            Ok(write.add_token(&token)?)
        })?;
        Ok((secret, id))
    }

    /// Changes what a token is called, until when it works, and whether it sees drafts. One whose time is over works
    /// again when its end is put off.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when the name is too long or a new end has been.
    pub fn change_token(&self, id: i64, change: TokenChange, signature: Signature) -> Result<ApiToken, Error> {
        let (name, at) = (fitting_name(&change.name)?, signature.at);
        self.write(&signature, move |write| {
            let mut token = find(&write.tokens()?, id)?;
            if change.ends != token.ends {
                refuse_past(change.ends, at)?;
            }
            (token.name, token.preview, token.ends) = (name, change.preview, change.ends);
            write.put_token(&token)?;
            write.record(Deed::TokenChanged, &token.name, &json!({"preview": token.preview, "ends": token.ends}))?;
            Ok(token)
        })
    }

    /// Gives a token another secret and returns it. The one before works until `deadline`, when that is yet to come;
    /// one that was before that works no more.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when the token's time is over, or without randomness.
    pub fn rotate_token(&self, id: i64, deadline: Option<Moment>, signature: Signature) -> Result<String, Error> {
        let at = signature.at;
        let (secret, fresh) = auth::new_token("", Access::Read, false, at).map_err(no_randomness)?;
        self.write(&signature, move |write| {
            let mut token = find(&write.tokens()?, id)?;
            if token.is_over(at) {
                return Err(Error::Refused("this token has ended: give it a later end first".into()));
            }
            let before = std::mem::replace(&mut token.hash, fresh.hash);
            token.former = deadline.filter(|deadline| *deadline > at).map(|ends| Former { hash: before, ends });
            // Secrets that sites publish are kept as they are.
            token.secret = token.secret.and(fresh.secret);
            write.put_token(&token)?;
            let until = token.former.map(|former| former.ends);
            write.record(Deed::TokenRotated, &token.name, &json!({"old secret until": until}))?;
            Ok(secret)
        })
    }

    /// Lets the secret that was before a token's present one work no more.
    ///
    /// # Errors
    /// `NotFound` when there is no such token or secret.
    pub fn end_former_secret(&self, id: i64, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let mut token = find(&write.tokens()?, id)?;
            token.former.take().ok_or(Error::NotFound("secret"))?;
            write.put_token(&token)?;
            Ok(write.record(Deed::SecretEnded, &token.name, &json!({}))?)
        })
    }

    /// Removes a token: requests with it are refused from then on.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn remove_token(&self, id: i64, signature: Signature) -> Result<ApiToken, Error> {
        self.write(&signature, move |write| {
            let token = find(&write.tokens()?, id)?;
            write.remove_token(id)?;
            write.record(Deed::TokenRemoved, &token.name, &json!({"kind": token.access}))?;
            Ok(token)
        })
    }

    /// Notes the last uses of tokens, by their numbers.
    ///
    /// # Errors
    /// The database's.
    pub fn note_token_uses(&self, uses: Vec<(i64, LastUse)>) -> Result<(), Error> {
        Ok(self.store.write(move |write| write.put_token_uses(&uses))?)
    }
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What people call it; the author of what is written with it.
    pub name: String,
    /// Reading or writing.
    pub access: Access,
    /// Whether `preview=1` shows drafts to it.
    pub preview: bool,
    /// Until when it works; `None` for until it is removed.
    pub ends: Option<Moment>,
}

/// What a token shall be.
#[derive(Clone, Debug)]
pub struct TokenChange {
    /// See [`NewToken::name`].
    pub name: String,
    /// See [`NewToken::preview`].
    pub preview: bool,
    /// See [`NewToken::ends`].
    pub ends: Option<Moment>,
}

fn find(tokens: &[ApiToken], id: i64) -> Result<ApiToken, Error> {
    tokens.iter().find(|token| token.id == id).cloned().ok_or(Error::NotFound("token"))
}

fn fitting_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(Error::invalid("name", format!("A name is one line of at most {LONGEST} characters.")));
    }
    Ok(name.to_owned())
}

fn refuse_past(ends: Option<Moment>, at: Moment) -> Result<(), Error> {
    if ends.is_some_and(|ends| ends <= at) {
        return Err(Error::invalid("ends", "This day is over: choose a later one, or none."));
    }
    Ok(())
}

fn no_randomness(error: std::io::Error) -> Error {
    Error::Refused(format!("the system has no randomness for a token: {error}"))
}
