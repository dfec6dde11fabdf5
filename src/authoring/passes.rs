//! Links handed to somebody: an account of one's own, and a new password. Each works once.

use serde_json::json;

use super::accounts::{add, fitting_email, hashed, made, put_password, refuse_taken};
use super::{Authoring, Error, NewUser, Signature};
use crate::account::{Deed, Pass, Purpose, Role};
use crate::auth::{self, session};
use crate::content::moment::Moment;
use crate::store::Write;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// How long an invitation works, in microseconds.
pub const INVITED: i64 = 7 * DAY;
/// How long a link for a new password works, in microseconds.
pub const RESET: i64 = DAY;

impl Authoring {
    /// Invites somebody and returns the secret of the link. An earlier invitation of the same address works
    /// no more.
    ///
    /// # Errors
    /// `Invalid` when the address is none or has an account.
    pub fn invite(&self, email: &str, role: Role, signature: Signature) -> Result<String, Error> {
        let email = fitting_email(email)?;
        self.hand_out(INVITED, signature, move |write| {
            refuse_taken(write, &email, 0)?;
            write.record(Deed::Invited, &email, &json!({"role": role}))?;
            Ok(Purpose::Invite { email, role })
        })
    }

    /// Lets the person with this address choose a new password; returns the secret of the link. An earlier
    /// link works no more, the present password goes on working.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn offer_reset(&self, email: &str, signature: Signature) -> Result<String, Error> {
        let email = email.to_owned();
        self.hand_out(RESET, signature, move |write| {
            let user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            write.record(Deed::ResetOffered, &user.email, &json!({}))?;
            Ok(Purpose::Reset(user.id))
        })
    }

    fn hand_out(
        &self,
        lasts: i64,
        signature: Signature,
        purpose: impl FnOnce(&mut Write<'_>) -> Result<Purpose, Error> + Send + 'static,
    ) -> Result<String, Error> {
        let no_randomness = |error| Error::Refused(format!("the system has no randomness for a link: {error}"));
        let (secret, hash) = session::new_secret().map_err(no_randomness)?;
        self.write(&signature.clone(), move |write| {
            let ends = Moment::from_micros(signature.at.micros() + lasts);
            let purpose = purpose(write)?;
            write.add_pass(&Pass { hash, purpose, by: signature.by, created: signature.at, ends })?;
            Ok(secret)
        })
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn withdraw_invitation(&self, email: &str, signature: Signature) -> Result<(), Error> {
        let email = email.to_owned();
        self.write(&signature, move |write| {
            if !write.remove_invitation(&email)? {
                return Err(Error::NotFound("invitation"));
            }
            Ok(write.record(Deed::InvitationWithdrawn, &email, &json!({}))?)
        })
    }

    /// Makes the account that an invitation is for; returns its number.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more); `Invalid` when name or password do not fit.
    pub fn accept_invitation(
        &self,
        secret: &str,
        name: String,
        password: String,
        signature: Signature,
    ) -> Result<i64, Error> {
        let hash = auth::hash(secret);
        // The address and role are the invitation's, which is looked for where nobody else can use it.
        let new = NewUser { email: "invited@larder".into(), name, role: Role::Viewer, password };
        let mut user = made(new, &signature)?;
        self.write(&signature.clone(), move |write| match take(write, &hash, signature.at)? {
            Purpose::Invite { email, role } => {
                (user.email, user.role) = (email, role);
                add(write, &user)
            }
            Purpose::Reset(_) => Err(Error::NotFound("invitation")),
        })
    }

    /// Sets the password that a link lets somebody choose, and signs them out everywhere; returns their number.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more); `Invalid` when the password does not fit.
    pub fn reset_password(&self, secret: &str, password: &str, signature: Signature) -> Result<i64, Error> {
        let (hash, password) = (auth::hash(secret), hashed(password)?);
        self.write(&signature.clone(), move |write| match take(write, &hash, signature.at)? {
            Purpose::Reset(id) => {
                let mut user = write.user(id)?.ok_or(Error::NotFound("account"))?;
                put_password(write, &mut user, password, None)?;
                write.put_user(&user)?;
                Ok(id)
            }
            Purpose::Invite { .. } => Err(Error::NotFound("link")),
        })
    }
}

/// Uses a pass up.
fn take(write: &mut Write<'_>, hash: &str, now: Moment) -> Result<Purpose, Error> {
    let pass = write.pass(hash)?.filter(|pass| pass.ends > now).ok_or(Error::NotFound("link"))?;
    write.remove_pass(hash)?;
    Ok(pass.purpose)
}
