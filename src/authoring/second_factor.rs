//! What people show beside their password: codes of an app, and recovery codes.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::{Deed, SecondFactor, User};
use crate::auth::second_factor::{self, Proof};
use crate::store::Write;

impl Authoring {
    /// From now on this person needs a code of the app that has `secret`, of which `code` is one. Signs them out
    /// everywhere, and returns recovery codes, which are told only now.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when the code is none of that secret; `Refused` when they have codes already, or without
    /// randomness.
    pub fn turn_codes_on(
        &self,
        id: i64,
        secret: String,
        code: &str,
        signature: Signature,
    ) -> Result<Vec<String>, Error> {
        let wrong = || {
            Error::invalid(
                "code",
                "This is no code of the app right now. Check its clock, then type the code it shows.",
            )
        };
        let step = second_factor::step_of(&secret, code, signature.at).ok_or_else(wrong)?;
        let (codes, recovery) = second_factor::new_recovery_codes().map_err(no_randomness)?;
        self.write(&signature.clone(), move |write| {
            let mut user = find(write, id)?;
            if user.second.is_some() {
                return Err(Error::Refused("one-time codes are on already: switch them off first".into()));
            }
            user.second = Some(SecondFactor { secret, since: signature.at, step, recovery });
            write.put_user(&user)?;
            write.remove_sessions(id, None)?;
            write.record(Deed::CodesOn, &user.email, &json!({}))?;
            Ok(codes)
        })
    }

    /// This person needs no code any more.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn turn_codes_off(&self, id: i64, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            let mut user = find(write, id)?;
            user.second = None;
            write.record(Deed::CodesOff, &user.email, &json!({}))?;
            Ok(write.put_user(&user)?)
        })
    }

    /// Gives this person other recovery codes; those from before work no more.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when they have no one-time codes, or without randomness.
    pub fn renew_recovery_codes(&self, id: i64, signature: Signature) -> Result<Vec<String>, Error> {
        let (codes, hashes) = second_factor::new_recovery_codes().map_err(no_randomness)?;
        self.write(&signature, move |write| {
            let mut user = find(write, id)?;
            let off = || Error::Refused("one-time codes are off: switch them on first".into());
            user.second.as_mut().ok_or_else(off)?.recovery = hashes;
            write.put_user(&user)?;
            write.record(Deed::RecoveryRenewed, &user.email, &json!({}))?;
            Ok(codes)
        })
    }

    /// Uses up what this person typed as a code; `None` when it is none, or no more. One at a time, so that no two
    /// requests can use the same.
    ///
    /// # Errors
    /// `NotFound`; the database's: the code may be used up or not then, and nobody is let in.
    pub fn use_code(&self, id: i64, typed: &str, signature: Signature) -> Result<Option<Proof>, Error> {
        let typed = typed.to_owned();
        self.write(&signature.clone(), move |write| {
            let mut user = find(write, id)?;
            let proof = user.second.as_mut().and_then(|second| second_factor::use_up(second, &typed, signature.at));
            if proof.is_some() {
                write.put_user(&user)?;
            }
            Ok(proof)
        })
    }

    /// Takes everything from the person with this address that they show beside the password or in its place, because
    /// they have lost it, and signs them out everywhere.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when they show nothing but the password anyway.
    pub fn reset_second_factor(&self, email: &str, signature: Signature) -> Result<User, Error> {
        let email = email.to_owned();
        self.write(&signature, move |write| {
            let mut user = write.user_by_email(&email)?.ok_or(Error::NotFound("account"))?;
            let passkeys = write.remove_passkeys(user.id)?;
            if user.second.take().is_none() && passkeys == 0 {
                return Err(Error::Refused("this account has no second factor: the password is enough".into()));
            }
            write.put_user(&user)?;
            write.remove_sessions(user.id, None)?;
            write.record(Deed::SecondFactorReset, &user.email, &json!({"passkeys": passkeys}))?;
            Ok(user)
        })
    }
}

fn find(write: &Write<'_>, id: i64) -> Result<User, Error> {
    write.user(id)?.ok_or(Error::NotFound("account"))
}

fn no_randomness(error: std::io::Error) -> Error {
    Error::Refused(format!("the system has no randomness for codes: {error}"))
}
