//! Who is calling: API tokens, held in memory, and people's passwords and sign-ins.
//!
//! A known token costs one hash and one look-up, never a query. An unknown one first asks whether the
//! database has changed, so that a token made beside a running server works at once.

pub mod attempts;
pub mod browser;
pub mod password;
pub mod proxies;
pub mod session;
pub mod setup_code;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};

use crate::account::{Access, ApiToken, Preview};
use crate::content::moment::Moment;
use crate::store::{self, Store, Watch};

/// How many random bytes a token has: 160 bits, 40 characters.
const LENGTH: usize = 20;

/// Why a token could not be looked for.
pub use crate::store::Error;

type Hash = [u8; 32];

/// The site's tokens.
pub struct Tokens {
    store: Arc<Store>,
    known: RwLock<Known>,
    watch: Mutex<Watch>,
}

#[derive(Default)]
struct Known {
    /// Which state of the tokens this is.
    number: Option<i64>,
    by_hash: HashMap<Hash, Held>,
}

/// A token, and whether it was seen since the process started.
struct Held {
    token: Arc<ApiToken>,
    seen: AtomicBool,
}

impl Tokens {
    /// Loads a site's tokens.
    ///
    /// # Errors
    /// The database's.
    pub fn load(store: Arc<Store>) -> Result<Self, store::Error> {
        let watch = Mutex::new(store.watch());
        let tokens = Self { store, known: RwLock::default(), watch };
        tokens.refresh()?;
        Ok(tokens)
    }

    /// Counts the changes of the tokens that are known: what was found good under another number may be
    /// so no more. Never waits.
    pub fn number(&self) -> i64 {
        self.known.read().unwrap_or_else(PoisonError::into_inner).number.unwrap_or(0)
    }

    /// The token, if it is in memory; it has been seen then. Never waits.
    ///
    /// A request that repeats an earlier one is answered without asking here: its token was seen when the
    /// earlier one was.
    pub fn known(&self, token: &str) -> Option<Arc<ApiToken>> {
        let hash: Hash = Sha256::digest(token.as_bytes()).into();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let held = known.by_hash.get(&hash)?;
        if !held.seen.load(Ordering::Relaxed) {
            held.seen.store(true, Ordering::Relaxed);
        }
        Some(held.token.clone())
    }

    /// Whether a request with the token of this number has arrived since the process started. Never waits.
    pub fn was_seen(&self, id: i64) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.by_hash.values().any(|held| held.token.id == id && held.seen.load(Ordering::Relaxed))
    }

    /// The token; one that is not in memory is looked for once more when the database has changed. May
    /// wait for the database.
    ///
    /// # Errors
    /// The database's: nothing is known about the token then.
    pub fn check(&self, token: &str) -> Result<Option<Arc<ApiToken>>, store::Error> {
        if let Some(known) = self.known(token) {
            return Ok(Some(known));
        }
        self.refresh()?;
        Ok(self.known(token))
    }

    /// The preview that a token opens, unless it has ended, was withdrawn, or the entry is deleted. May wait
    /// for the database; previews are not held in memory.
    ///
    /// # Errors
    /// The database's.
    pub fn preview(&self, token: &str, now: Moment) -> Result<Option<Preview>, store::Error> {
        let hash = hash(token);
        self.store.read(|read| {
            let Some(preview) = read.preview(&hash)?.filter(|preview| preview.ends > now) else { return Ok(None) };
            let entry = read.entry(preview.entry)?;
            Ok(entry.filter(|entry| entry.deleted.is_none()).map(|_| preview))
        })
    }

    /// Loads the tokens again when they have changed. Costs 2 µs when nothing has.
    ///
    /// # Errors
    /// The database's; what was known stays known.
    pub fn refresh(&self) -> Result<(), store::Error> {
        // Held until the end: a second caller must not believe "unchanged" before the first has loaded.
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if !watch.changed(&self.store)? {
            return Ok(());
        }
        self.reload().inspect_err(|_| watch.forget())
    }

    fn reload(&self) -> Result<(), store::Error> {
        let number = self.known.read().unwrap_or_else(PoisonError::into_inner).number;
        let fresh = self.store.read(|read| {
            let newest = read.tokens_number()?;
            if Some(newest) == number {
                return Ok::<_, store::Error>(None);
            }
            Ok(Some(Known { number: Some(newest), by_hash: by_hash(read.tokens()?) }))
        })?;
        if let Some(fresh) = fresh {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            for (hash, held) in &fresh.by_hash {
                let seen = known.by_hash.get(hash).is_some_and(|held| held.seen.load(Ordering::Relaxed));
                held.seen.store(seen, Ordering::Relaxed);
            }
            *known = fresh;
        }
        Ok(())
    }
}

fn by_hash(tokens: Vec<ApiToken>) -> HashMap<Hash, Held> {
    let held = |token| Held { token: Arc::new(token), seen: AtomicBool::new(false) };
    tokens.into_iter().filter_map(|token| Some((from_hex(&token.hash)?, held(token)))).collect()
}

/// A new token and what to store of it. Only read tokens are stored as they are: sites publish them.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_token(name: &str, access: Access, preview: bool, now: Moment) -> std::io::Result<(String, ApiToken)> {
    let token = random()?;
    let stored = ApiToken {
        id: 0,
        name: name.into(),
        access,
        hash: hash(&token),
        secret: (access == Access::Read).then(|| token.clone()),
        preview,
        created: now,
    };
    Ok((token, stored))
}

/// 160 random bits as 40 characters.
fn random() -> std::io::Result<String> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(to_hex(&bytes))
}

/// What is stored of a token: its SHA-256 in hex.
pub fn hash(token: &str) -> String {
    to_hex(&Sha256::digest(token.as_bytes()))
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Tokens, new_token};
    use crate::account::Access;
    use crate::content::moment::Moment;
    use crate::store::{self, Store};

    fn add(store: &Store, access: Access) -> (String, i64) {
        let (token, stored) = new_token("t", access, true, Moment::from_micros(0)).expect("randomness");
        let id = store.write(move |write| write.add_token(&stored)).expect("added");
        (token, id)
    }

    #[test]
    fn tokens_added_and_removed_elsewhere_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(Store::create(folder.path()).expect("a site"));
        let tokens = Tokens::load(store.clone()).expect("tokens");
        // As another process would: through another connection.
        let beside = Store::open(folder.path()).expect("the site again");
        let (token, id) = add(&beside, Access::Write);
        assert!(tokens.known(&token).is_none());
        let found = tokens.check(&token).expect("readable").expect("known");
        assert_eq!((found.access, found.secret.as_deref()), (Access::Write, None));
        assert!(tokens.check("nonsense").expect("readable").is_none());
        beside.write(move |write| write.remove_token(id).map(|_| ())).map_err(|e: store::Error| e).expect("removed");
        tokens.refresh().expect("readable");
        assert!(tokens.known(&token).is_none());
    }

    #[test]
    fn a_token_was_seen_once_it_was_asked_for_also_when_others_come_and_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(Store::create(folder.path()).expect("a site"));
        let tokens = Tokens::load(store.clone()).expect("tokens");
        let (token, id) = add(&store, Access::Read);
        tokens.refresh().expect("readable");
        assert!(!tokens.was_seen(id));
        assert!(tokens.known(&token).is_some() && tokens.was_seen(id));
        let (_, other) = add(&store, Access::Read);
        tokens.refresh().expect("readable");
        assert!(tokens.was_seen(id) && !tokens.was_seen(other));
    }

    #[test]
    fn tokens_are_forty_characters_and_differ() {
        let now = Moment::from_micros(0);
        let (one, stored) = new_token("a", Access::Read, true, now).expect("randomness");
        let (other, _) = new_token("b", Access::Read, true, now).expect("randomness");
        assert_eq!((one.len(), stored.secret.as_ref()), (40, Some(&one)));
        assert_ne!(one, other);
    }
}
