//! Who is calling: API tokens, held in memory, and people's passwords and sign-ins.
//!
//! A known token costs one hash and one look-up, never a query. An unknown one first asks whether the
//! database has changed, so that a token made beside a running server works at once.

pub mod attempts;
pub mod browser;
pub mod halfway;
pub mod passkey;
pub mod password;
pub mod proxies;
pub mod readable;
pub mod second_factor;
pub mod session;
pub mod setup_code;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use sha2::{Digest as _, Sha256};

use crate::account::{Access, ApiToken, LastUse, Preview, Used};
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
    /// Which state of the database's tokens this is.
    number: Option<i64>,
    /// Counts the changes of what is known, those that time alone makes included.
    turn: i64,
    by_hash: HashMap<Hash, Held>,
}

/// What one secret opens.
#[derive(Clone)]
struct Held {
    good: Good,
    /// Until when.
    ends: Option<Moment>,
}

/// A token whose secret was shown.
#[derive(Clone, Debug)]
pub struct Good {
    /// The token.
    pub token: Arc<ApiToken>,
    /// Where its use is noted.
    pub used: Arc<Used>,
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
        self.read().turn
    }

    /// The token, if it is in memory and its time is not over. Never waits.
    ///
    /// A request that repeats an earlier one is answered without asking here: its token was found good when the
    /// earlier one was, and is so as long as [`Self::number`] stays what it was.
    pub fn known(&self, token: &str, now: Moment) -> Option<Good> {
        let hash: Hash = Sha256::digest(token.as_bytes()).into();
        let known = self.read();
        let held = known.by_hash.get(&hash)?;
        if held.is_over(now) { None } else { Some(held.good.clone()) }
    }

    /// Whether a request with the token of this number has arrived since the process started. Never waits.
    pub fn was_seen(&self, id: i64) -> bool {
        self.read().uses().any(|(token, used)| token == id && used.ever())
    }

    /// The last uses since the process started, by the numbers of the tokens. Never waits.
    pub fn last_uses(&self) -> HashMap<i64, LastUse> {
        self.read().uses().filter_map(|(token, used)| Some((token, used.last()?))).collect()
    }

    /// The token; one that is not in memory is looked for once more when the database has changed. May
    /// wait for the database.
    ///
    /// # Errors
    /// The database's: nothing is known about the token then.
    pub fn check(&self, token: &str, now: Moment) -> Result<Option<Good>, store::Error> {
        if let Some(known) = self.known(token, now) {
            return Ok(Some(known));
        }
        self.refresh()?;
        Ok(self.known(token, now))
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

    /// Forgets the secrets whose time is over, and looks which were used. Never waits for the database.
    pub fn keep_time(&self, now: Moment) {
        let over = {
            let known = self.read();
            known.uses().for_each(|(_, used)| used.look(now));
            known.by_hash.values().any(|held| held.is_over(now))
        };
        if over {
            let mut known = self.write();
            known.by_hash.retain(|_, held| !held.is_over(now));
            known.turn += 1;
        }
    }

    /// Hands the last uses that the database has not heard of for `age` microseconds to `keep`; what it keeps is not
    /// handed out again.
    ///
    /// # Errors
    /// Those of `keep`.
    pub fn keep_uses<E>(&self, age: i64, keep: impl FnOnce(Vec<(i64, LastUse)>) -> Result<(), E>) -> Result<(), E> {
        let uses: HashMap<i64, Arc<Used>> = self.read().by_token();
        let due: Vec<(i64, LastUse)> =
            uses.iter().filter_map(|(token, used)| Some((*token, used.to_keep(age)?))).collect();
        if due.is_empty() {
            return Ok(());
        }
        keep(due.clone())?;
        for (token, last) in due {
            uses[&token].is_kept(last.at);
        }
        Ok(())
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
        let number = self.read().number;
        let fresh = self.store.read(|read| {
            let newest = read.tokens_number()?;
            if Some(newest) == number {
                return Ok::<_, store::Error>(None);
            }
            Ok(Some((newest, read.tokens()?)))
        })?;
        if let Some((newest, tokens)) = fresh {
            let mut known = self.write();
            let by_hash = by_hash(tokens, &known.by_token());
            *known = Known { number: Some(newest), turn: known.turn + 1, by_hash };
        }
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The use of every token by its number; twice of those with two secrets.
    fn uses(&self) -> impl Iterator<Item = (i64, &Arc<Used>)> {
        self.by_hash.values().map(|held| (held.good.token.id, &held.good.used))
    }

    fn by_token(&self) -> HashMap<i64, Arc<Used>> {
        self.uses().map(|(token, used)| (token, used.clone())).collect()
    }
}

impl Held {
    fn is_over(&self, now: Moment) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

/// What each secret opens; tokens that were there before go on counting their uses.
fn by_hash(tokens: Vec<ApiToken>, before: &HashMap<i64, Arc<Used>>) -> HashMap<Hash, Held> {
    let mut by_hash = HashMap::new();
    for token in tokens {
        let used = before.get(&token.id).cloned().unwrap_or_default();
        let good = Good { token: Arc::new(token), used };
        let ends = good.token.ends;
        if let Some(former) = &good.token.former
            && let Some(hash) = from_hex(&former.hash)
        {
            let ends = Some(ends.map_or(former.ends, |ends| ends.min(former.ends)));
            by_hash.insert(hash, Held { good: good.clone(), ends });
        }
        if let Some(hash) = from_hex(&good.token.hash) {
            by_hash.insert(hash, Held { good, ends });
        }
    }
    by_hash
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
        ends: None,
        former: None,
        used: None,
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

/// Whether two texts of bytes are the same. The time it takes tells nothing but whether they are of one length.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
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
    use std::convert::Infallible;
    use std::sync::Arc;

    use super::{Tokens, hash, new_token};
    use crate::account::{Access, AddressRange, ApiToken, Former};
    use crate::content::moment::Moment;
    use crate::store::{self, Store};

    const START: Moment = Moment::from_micros(0);

    fn site() -> (tempfile::TempDir, Arc<Store>, Tokens) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(Store::create(folder.path()).expect("a site"));
        let tokens = Tokens::load(store.clone()).expect("tokens");
        (folder, store, tokens)
    }

    fn add(store: &Store, access: Access, edit: impl FnOnce(&mut ApiToken)) -> (String, i64) {
        let (token, mut stored) = new_token("t", access, true, START).expect("randomness");
        edit(&mut stored);
        let id = store.write(move |write| write.add_token(&stored)).expect("added");
        (token, id)
    }

    #[test]
    fn tokens_added_and_removed_elsewhere_are_noticed() {
        let (folder, _, tokens) = site();
        // As another process would: through another connection.
        let beside = Store::open(folder.path()).expect("the site again");
        let (token, id) = add(&beside, Access::Write, |_| ());
        assert!(tokens.known(&token, START).is_none());
        let found = tokens.check(&token, START).expect("readable").expect("known").token;
        assert_eq!((found.access, found.secret.as_deref()), (Access::Write, None));
        assert!(tokens.check("nonsense", START).expect("readable").is_none());
        beside.write(move |write| write.remove_token(id).map(|_| ())).map_err(|e: store::Error| e).expect("removed");
        tokens.refresh().expect("readable");
        assert!(tokens.known(&token, START).is_none());
    }

    #[test]
    fn a_token_was_seen_once_it_was_used_also_when_others_come_and_go() {
        let (_folder, store, tokens) = site();
        let (token, id) = add(&store, Access::Read, |_| ());
        tokens.refresh().expect("readable");
        assert!(!tokens.was_seen(id));
        tokens.known(&token, START).expect("known").used.note(AddressRange::UNKNOWN);
        assert!(tokens.was_seen(id));
        let (_, other) = add(&store, Access::Read, |_| ());
        tokens.refresh().expect("readable");
        assert!(tokens.was_seen(id) && !tokens.was_seen(other));
    }

    #[test]
    fn a_secret_works_until_its_time_is_over() {
        let (_folder, store, tokens) = site();
        let at = Moment::from_micros;
        let (short, _) = add(&store, Access::Read, |token| token.ends = Some(at(100)));
        let (new, _) = add(&store, Access::Read, |token| {
            token.former = Some(Former { hash: hash("the secret before"), ends: at(50) });
        });
        tokens.refresh().expect("readable");
        let works = |secret: &str, now| tokens.known(secret, at(now)).is_some();
        assert!(works(&short, 99) && !works(&short, 100));
        assert!(works("the secret before", 49) && !works("the secret before", 50) && works(&new, 1_000));
        // What was found good before may be so no more: those who remember it are told by the number.
        let number = tokens.number();
        tokens.keep_time(at(49));
        assert_eq!(tokens.number(), number);
        tokens.keep_time(at(50));
        assert_ne!(tokens.number(), number);
        assert!(tokens.check("the secret before", at(50)).expect("readable").is_none());
        let number = tokens.number();
        tokens.keep_time(at(60));
        assert_eq!(tokens.number(), number);
    }

    #[test]
    fn both_secrets_of_a_token_note_one_use() {
        let (_folder, store, tokens) = site();
        let at = Moment::from_micros;
        let (_, id) = add(&store, Access::Write, |token| {
            token.former = Some(Former { hash: hash("the secret before"), ends: at(50) });
        });
        tokens.refresh().expect("readable");
        tokens.known("the secret before", START).expect("known").used.note(AddressRange::UNKNOWN);
        tokens.keep_time(at(7));
        assert_eq!(tokens.last_uses()[&id].at, at(7));
        let mut kept = Vec::new();
        for _ in 0..2 {
            let keep = |uses: Vec<_>| {
                kept.extend(uses);
                Ok::<_, Infallible>(())
            };
            let Ok(()) = tokens.keep_uses(0, keep);
        }
        assert_eq!(kept.iter().map(|(token, last)| (*token, last.at)).collect::<Vec<_>>(), [(id, at(7))]);
        // What could not be kept is handed out again.
        tokens.known("the secret before", START).expect("known").used.note(AddressRange::UNKNOWN);
        tokens.keep_time(at(9));
        assert!(tokens.keep_uses(0, |_| Err(())).is_err());
        assert!(tokens.keep_uses(0, |uses| if uses.len() == 1 { Ok(()) } else { Err(()) }).is_ok());
    }

    #[test]
    fn tokens_are_forty_characters_and_differ() {
        let (one, stored) = new_token("a", Access::Read, true, START).expect("randomness");
        let (other, _) = new_token("b", Access::Read, true, START).expect("randomness");
        assert_eq!((one.len(), stored.secret.as_ref()), (40, Some(&one)));
        assert_ne!(one, other);
    }
}
