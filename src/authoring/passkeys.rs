//! People's passkeys: added, used and removed.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::{Deed, Passkey, User};
use crate::auth::passkey::NewPasskey;

/// The longest name, in characters.
const LONGEST: usize = 60;
/// How many one person may have.
const MOST: usize = 20;

impl Authoring {
    /// Gives a person a passkey.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when it is somebody's already, or they have too many.
    pub fn add_passkey(&self, id: i64, name: &str, new: NewPasskey, signature: Signature) -> Result<(), Error> {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let name = if name.is_empty() { "Passkey".to_owned() } else { name };
        self.write(&signature.clone(), move |write| {
            let user = write.user(id)?.ok_or(Error::NotFound("account"))?;
            if write.passkey(&new.id)?.is_some() {
                return Err(Error::Refused("this passkey is known already".into()));
            }
            if write.passkeys(id)?.len() >= MOST {
                return Err(Error::Refused(format!("an account has at most {MOST} passkeys: remove one first")));
            }
            let NewPasskey { id: key_id, handle, key, state } = new;
            let (created, seen) = (signature.at, None);
            write.record(Deed::PasskeyAdded, &user.email, &json!({"name": name}))?;
            write.add_passkey(&Passkey { id: key_id, user: id, handle, name, key, state, created, seen })?;
            Ok(())
        })
    }

    /// Notes that a passkey was used; returns whose it is. Only while it is there: one that was removed meanwhile lets
    /// nobody in.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn use_passkey(&self, used: Passkey, signature: Signature) -> Result<User, Error> {
        self.write(&signature.clone(), move |write| {
            let known = write.passkey(&used.id)?.ok_or(Error::NotFound("passkey"))?;
            write.put_passkey_use(&used.id, &used.state, signature.at)?;
            write.user(known.user)?.ok_or(Error::NotFound("account"))
        })
    }

    /// Removes a passkey of this person.
    ///
    /// # Errors
    /// `NotFound` when they have no such passkey.
    pub fn remove_passkey(&self, id: i64, passkey: &[u8], signature: Signature) -> Result<(), Error> {
        let passkey = passkey.to_owned();
        self.write(&signature, move |write| {
            let user = write.user(id)?.ok_or(Error::NotFound("account"))?;
            let known = write.passkey(&passkey)?.filter(|known| known.user == id).ok_or(Error::NotFound("passkey"))?;
            write.record(Deed::PasskeyRemoved, &user.email, &json!({"name": known.name}))?;
            Ok(write.remove_passkey(&passkey)?)
        })
    }
}
