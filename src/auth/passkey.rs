//! Passkeys: keys that a person's device or manager holds and unlocks with a finger, a face or a PIN (the standard `WebAuthn`).
//! One is both steps of signing in. What a ceremony is about is kept in memory for its five minutes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::{AuthenticationVerificationOptions, DiscoverableCredentialRequestOptions};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationVerificationOptions,
    UserHandle,
};
use webauthn_rp::request::{
    AsciiDomain, ExtensionInfo, FixedCapHashSet, InsertResult, PublicKeyCredentialDescriptor, RpId,
};
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication, DiscoverableAuthenticationServerState, Registration,
    RegistrationServerState,
};

use crate::account::{HANDLE, Passkey};

/// How many ceremonies may be under way at once, of each kind. Whoever comes on top is asked to try again.
const CEREMONIES: usize = 10_000;

type Key = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// Why a ceremony came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There can be no passkeys at the site's address.
    #[error("passkeys need a site that is reached by a name, such as https://cms.example.com")]
    NoName,
    /// Too many are under way.
    #[error("too many people use passkeys right now")]
    Busy,
    /// It took too long, was used before, or was never begun here.
    #[error("this took too long")]
    Over,
    /// What the browser sent is not what was asked for; the sentence is for developers.
    #[error("the passkey did not fit: {0}")]
    Wrong(String),
}

/// What a new passkey is, but for its name and owner.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// By which its owner's browsers know it.
    pub id: Vec<u8>,
    /// By which they know its owner.
    pub handle: [u8; HANDLE],
    /// Its public key.
    pub key: Vec<u8>,
    /// What may change each time it is used.
    pub state: Vec<u8>,
}

/// The passkeys of a site at one address.
pub struct Passkeys {
    site: Option<RpId>,
    origin: String,
    adding: Mutex<FixedCapHashSet<RegistrationServerState<HANDLE>>>,
    entering: Mutex<FixedCapHashSet<DiscoverableAuthenticationServerState>>,
}

impl Passkeys {
    /// At the address where browsers reach the site: `https://cms.example.com`. Without a name there are none.
    pub fn at(public_url: &str) -> Self {
        let url = url::Url::parse(public_url).ok();
        let name = url.as_ref().and_then(url::Url::domain).map(str::to_owned);
        let origin = url.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let site = name.and_then(|name| AsciiDomain::try_from(name).ok()).map(RpId::Domain);
        let (adding, entering) = (FixedCapHashSet::new(CEREMONIES), FixedCapHashSet::new(CEREMONIES));
        Self { site, origin, adding: Mutex::new(adding), entering: Mutex::new(entering) }
    }

    /// Whether there can be any.
    pub fn work(&self) -> bool {
        self.site.is_some()
    }

    /// Begins to add one for somebody who has these already; returns what their browser is to be told.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn begin_adding(
        &self,
        email: &str,
        name: &str,
        handle: [u8; HANDLE],
        known: &[Passkey],
    ) -> Result<Value, Failure> {
        let site = self.site.as_ref().ok_or(Failure::NoName)?;
        let handle = handle_of(handle);
        let known = known.iter().filter_map(|passkey| {
            let id = CredentialId::decode(passkey.id.clone()).ok()?;
            // How it is reached was not noted: browsers try all ways.
            Some(PublicKeyCredentialDescriptor { id, transports: AuthTransports::decode(0).ok()? })
        });
        // Names that the rules for them do not allow are left out: browsers only show them.
        let user = PublicKeyCredentialUserEntity {
            name: email.try_into().or_else(|_| "user".try_into()).map_err(wrong)?,
            id: &handle,
            display_name: name.try_into().ok(),
        };
        let mut options = PublicKeyCredentialCreationOptions::passkey(site, user, known.collect());
        // Asked for and not insisted on: many devices know nothing of it and would be refused by their browser. Each
        // sign-in asks for the finger or the PIN anyway.
        options.extensions.cred_protect = CredProtect::UserVerificationRequired(ExtensionInfo::AllowDontEnforceValue);
        let (server, client) = options.start_ceremony().map_err(wrong)?;
        admitted(lock(&self.adding).insert_or_replace_all_expired(server))?;
        serde_json::to_value(&client).map_err(wrong)
    }

    /// Finishes adding one, for whoever has this handle.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_adding(&self, sent: &[u8], handle: [u8; HANDLE]) -> Result<NewPasskey, Failure> {
        let site = self.site.as_ref().ok_or(Failure::NoName)?;
        let sent = Registration::from_json_relaxed(sent).map_err(wrong)?;
        let challenge = sent.challenge_relaxed().map_err(wrong)?;
        let begun = lock(&self.adding).take(&challenge).ok_or(Failure::Over)?;
        let origins = [self.origin.as_str()];
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..RegistrationVerificationOptions::default()
        };
        let made = begun.verify(site, &sent, &options).map_err(wrong)?;
        if *made.user_id() != handle_of(handle) {
            return Err(Failure::Wrong("it was begun by somebody else".into()));
        }
        let Ok(key) = made.static_state().encode();
        let Ok(state) = made.dynamic_state().encode();
        Ok(NewPasskey { id: made.id().as_ref().to_vec(), handle, key, state: state.to_vec() })
    }

    /// Begins to sign somebody in; returns what their browser is to be told. Who it is turns out at the end.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn begin_entering(&self) -> Result<Value, Failure> {
        let site = self.site.as_ref().ok_or(Failure::NoName)?;
        let (server, client) = DiscoverableCredentialRequestOptions::passkey(site).start_ceremony().map_err(wrong)?;
        admitted(lock(&self.entering).insert_or_replace_all_expired(server))?;
        serde_json::to_value(&client).map_err(wrong)
    }

    /// Finishes signing somebody in with the passkey that `find` knows by its id; returns it as it is from now on.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_entering(
        &self,
        sent: &[u8],
        find: impl FnOnce(&[u8]) -> Option<Passkey>,
    ) -> Result<Passkey, Failure> {
        let site = self.site.as_ref().ok_or(Failure::NoName)?;
        let sent = DiscoverableAuthentication::<HANDLE>::from_json_relaxed(sent).map_err(wrong)?;
        let challenge = sent.challenge_relaxed().map_err(wrong)?;
        let begun = lock(&self.entering).take(&challenge).ok_or(Failure::Over)?;
        let unknown = || Failure::Wrong("nobody here has this passkey".into());
        let mut passkey = find(sent.raw_id().as_ref()).ok_or_else(unknown)?;
        let handle = handle_of(passkey.handle);
        let key = StaticState::<Key>::decode(&passkey.key).map_err(wrong)?;
        let state: [u8; 7] = passkey.state.as_slice().try_into().map_err(wrong)?;
        let state = DynamicState::decode(state).map_err(wrong)?;
        let mut known = AuthenticatedCredential::new(sent.raw_id(), &handle, key, state).map_err(wrong)?;
        let origins = [self.origin.as_str()];
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..AuthenticationVerificationOptions::default()
        };
        begun.verify(site, &sent, &mut known, &options).map_err(wrong)?;
        let Ok(state) = known.dynamic_state().encode();
        passkey.state = state.to_vec();
        Ok(passkey)
    }
}

/// A new handle for somebody without passkeys: by chance, so that one manager can hold those of many sites.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_handle() -> std::io::Result<[u8; HANDLE]> {
    let mut handle = [0; HANDLE];
    getrandom::fill(&mut handle).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(handle)
}

fn handle_of(handle: [u8; HANDLE]) -> UserHandle<HANDLE> {
    let Ok(handle) = UserHandle::decode(handle);
    handle
}

fn admitted(inserted: InsertResult) -> Result<(), Failure> {
    if matches!(inserted, InsertResult::Success) { Ok(()) } else { Err(Failure::Busy) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::Wrong(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Failure, Passkeys, new_handle};

    #[test]
    fn a_site_without_a_name_has_none() {
        for address in ["http://127.0.0.1:8787", "http://[::1]:8787", ""] {
            let passkeys = Passkeys::at(address);
            assert!(!passkeys.work() && passkeys.begin_entering() == Err(Failure::NoName), "{address}");
        }
        assert!(Passkeys::at("http://localhost:8787").work() && Passkeys::at("https://cms.example.com").work());
    }

    #[test]
    fn browsers_are_told_what_to_make_and_what_to_show() {
        let passkeys = Passkeys::at("https://cms.example.com");
        let handle = new_handle().expect("randomness");
        let told = passkeys.begin_adding("olga@example.com", "Olga Berg", handle, &[]).expect("begun");
        assert_eq!((&told["rp"]["id"], &told["user"]["name"]), (&"cms.example.com".into(), &"olga@example.com".into()));
        assert_eq!(told["authenticatorSelection"]["userVerification"], "required");
        let told = passkeys.begin_entering().expect("begun");
        assert_eq!((&told["rpId"], &told["userVerification"]), (&"cms.example.com".into(), &"required".into()));
        let again = passkeys.begin_entering().expect("begun");
        assert_ne!(told["challenge"], again["challenge"]);
    }

    #[test]
    fn nonsense_is_refused() {
        let passkeys = Passkeys::at("https://cms.example.com");
        for sent in ["", "{}", "[]", r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}"#] {
            assert!(matches!(passkeys.finish_entering(sent.as_bytes(), |_| None), Err(Failure::Wrong(_))), "{sent}");
            assert!(matches!(passkeys.finish_adding(sent.as_bytes(), [0; 16]), Err(Failure::Wrong(_))), "{sent}");
        }
    }
}
