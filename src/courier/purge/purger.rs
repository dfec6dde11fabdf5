//! Sends purges.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::again::Again;
use super::{Outcome, Part, Told, Wanted};
use crate::content::cdn::Cdn;
use crate::content::key::Key;
use crate::content::outbox::{Asked, Exchange, Parcel, Target, TargetKind};
use crate::content::purge::Order;
use crate::courier::exchange::{read, shown};
use crate::courier::{Carrier, Sending, Sent, Terms, Verdict, now, retry_after};
use crate::fetch::{Fetch, Limits, Network};
use crate::store::{KeptCdn, Store};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a purge may take with all its requests.
const ALL: Duration = Duration::from_secs(60);
/// After how long what a provider has refused is tried again: a token may be mended there as well as here.
const REFUSED: Duration = Duration::from_secs(15 * 60);
/// How many changes go into one purge.
const BATCH: usize = 500;
/// How much of an answer is read.
const ANSWER: u64 = 1 << 20;
/// How many exchanges of one purge are kept.
const KEPT: usize = 20;
/// How much of a request is kept, in bytes.
const SHOWN: usize = 8 << 10;
/// What stands in the log for what only the provider shall know.
const MASK: &str = "********";

/// How long is waited after each failure: seconds at first, five minutes for an hour, then an hour for a month. A CDN
/// that shows what is old must be told, however long it could not be.
const PAUSES: [Duration; 740] = {
    let mut pauses = [Duration::from_secs(3_600); 740];
    let first = [1, 2, 5, 15, 30, 60, 120];
    let mut place = 0;
    while place < first.len() + 12 {
        pauses[place] = Duration::from_secs(if place < first.len() { first[place] } else { 300 });
        place += 1;
    }
    pauses
};
/// The age at which it is given up.
const OLDEST: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Sends purges to the CDN that is set up.
#[derive(Clone)]
pub struct Purger {
    /// For addresses that somebody who may manage the site has typed.
    fetch: Fetch,
    /// For addresses that who runs the server has allowed.
    anywhere: Fetch,
    /// Where readers reach the site.
    public_url: Arc<str>,
    /// The secret, when who runs the server has given it.
    token: Option<Arc<str>>,
    again: Arc<Again>,
}

/// What came of a purge.
#[derive(Clone, Debug)]
pub struct Purged {
    /// Whether it was done.
    pub outcome: Outcome,
    /// What was asked and answered, secrets left out.
    pub exchanges: Vec<Exchange>,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

impl Purger {
    /// Sends for the site of this store, which readers reach at `public_url`. `token` takes the place of what is stored.
    pub fn new(store: Arc<Store>, fetch: Fetch, public_url: &str, token: Option<String>) -> Self {
        let everywhere = ["0.0.0.0/0", "::/0"].into_iter().filter_map(|network| network.parse::<Network>().ok());
        Self {
            anywhere: fetch.clone().allowing(everywhere.collect()),
            fetch,
            public_url: public_url.into(),
            token: token.map(Into::into),
            again: Arc::new(Again::new(store)),
        }
    }

    /// Whether who runs the server has given the secret.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Tries whether the CDN can be told, by a purge of something that nobody has. One answer for each of its targets.
    pub async fn test(&self, kept: &KeptCdn) -> Vec<(String, Purged)> {
        let mut tested = Vec::new();
        for name in kept.cdn.targets() {
            let told = self.told(&kept.cdn, kept.token.as_deref(), &name);
            let purged = self.purge(&told, &told.harmless()).await;
            tested.push((name, purged));
        }
        tested
    }

    /// Says once more that these keys shall be dropped; whether that was done.
    pub(super) async fn says(&self, target: &Target, keys: &[String]) -> bool {
        let Ok(kept) = KeptCdn::of(target) else { return false };
        let told = self.told(&kept.cdn, kept.token.as_deref(), &target.name);
        self.purge(&told, &Wanted::Keys(keys.to_vec())).await.outcome == Outcome::Done
    }

    fn told<'a>(&'a self, cdn: &'a Cdn, token: Option<&'a str>, name: &'a str) -> Told<'a> {
        let token = self.token.as_deref().or(token).unwrap_or_default();
        Told { cdn, token, name, public_url: &self.public_url }
    }

    /// Sends what drops this, one request after the other, and stops at the first that fails.
    async fn purge(&self, told: &Told<'_>, wanted: &Wanted) -> Purged {
        let (began, mut exchanges) = (Instant::now(), Vec::new());
        let (parts, mut outcome) = match told.parts(wanted) {
            Ok(parts) => (parts, Outcome::Done),
            Err(why) => (Vec::new(), Outcome::Refused(why)),
        };
        for part in parts {
            let (came, exchange) = self.send_part(told, &part).await;
            if exchanges.len() < KEPT || came != Outcome::Done {
                exchanges.push(exchange);
            }
            outcome = came;
            if outcome != Outcome::Done {
                break;
            }
        }
        Purged { outcome, exchanges, ms: began.elapsed().as_secs_f64() * 1000.0 }
    }

    async fn send_part(&self, told: &Told<'_>, part: &Part) -> (Outcome, Exchange) {
        let began = Instant::now();
        let limits = Limits { bytes: ANSWER, whole: PATIENCE, idle: PATIENCE, redirects: 0 };
        let fetch = if told.cdn.allow_private { &self.anywhere } else { &self.fetch };
        let (outcome, response, error) = match fetch.send(part.request.clone(), limits).await {
            Ok(answer) => {
                let pause = retry_after(answer.headers(), now());
                let (mut answered, error) = read(answer).await;
                answered.body = masked(answered.body, told.token);
                let seen = super::Answered { status: answered.status, pause, body: answered.body.clone().into_bytes() };
                (told.outcome(part, &seen), Some(answered), error)
            }
            Err(error) => {
                let why = masked(error.to_string(), told.token);
                let outcome = if error.may_pass() { Outcome::later(why) } else { Outcome::Refused(why) };
                (outcome, None, Some(error))
            }
        };
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        let error = error.map(|error| masked(error.to_string(), told.token));
        (outcome, Exchange { request: asked(part, told.token), response, error, ms })
    }
}

/// A text without the secret.
fn masked(text: String, token: &str) -> String {
    if token.is_empty() { text } else { text.replace(token, MASK) }
}

/// A request as the log shows it.
fn asked(part: &Part, token: &str) -> Asked {
    let request = &part.request;
    let secrets = request.headers.iter().filter(|(_, value)| value.is_sensitive());
    let secrets: Vec<(String, String)> = secrets.map(|(name, _)| (name.to_string(), MASK.to_owned())).collect();
    let mut open = request.headers.clone();
    for (name, _) in &secrets {
        open.remove(name);
    }
    let body: String = String::from_utf8_lossy(&request.body).chars().take(SHOWN).collect();
    Asked {
        method: request.method.to_string(),
        address: masked(request.address.clone(), token),
        headers: shown(&open).into_iter().chain(secrets).collect(),
        body: masked(body, token),
    }
}

impl Carrier for Purger {
    fn kind(&self) -> TargetKind {
        TargetKind::Cdn
    }

    fn terms(&self, _: &Target) -> Terms {
        // One at a time: what comes meanwhile goes together afterwards.
        Terms { at_once: 1, batch: BATCH, patience: ALL, pauses: &PAUSES, oldest: OLDEST }
    }

    fn send<'a>(&'a self, target: &'a Target, parcels: &'a [Parcel]) -> Sending<'a> {
        Box::pin(async move {
            let kept = match KeptCdn::of(target) {
                Ok(kept) => kept,
                Err(error) => return Sent::failed(parcels.len(), error.to_string()),
            };
            let told = self.told(&kept.cdn, kept.token.as_deref(), &target.name);
            let orders: Vec<Order> = parcels.iter().map(|parcel| Order::of(&parcel.message.body)).collect();
            let mut sent = Sent { verdicts: Vec::new(), said: "purged".into(), exchanges: Vec::new() };
            let mut of_changes = Outcome::Done;
            if let Some(wanted) = together(&told, parcels, &orders) {
                sent.said = counted(&wanted);
                of_changes = noted(&mut sent, self.purge(&told, &wanted).await);
                if of_changes == Outcome::Done {
                    self.again.later(self, target, &kept.cdn, &wanted);
                }
            }
            let mut last = of_changes.clone();
            for order in &orders {
                let verdict = match by_hand(order) {
                    None => verdict(&of_changes),
                    // What keeps it from being told of one thing keeps it from being told of the next.
                    Some(_) if matches!(last, Outcome::Later { .. }) => verdict(&last),
                    Some(wanted) => {
                        last = noted(&mut sent, self.purge(&told, &wanted).await);
                        // A person sees it, and it keeps nothing else from being told.
                        if matches!(last, Outcome::Refused(_)) { Verdict::Never } else { verdict(&last) }
                    }
                };
                sent.verdicts.push(verdict);
            }
            sent
        })
    }
}

/// Notes what a purge came to.
fn noted(sent: &mut Sent, purged: Purged) -> Outcome {
    if let Outcome::Later { why, .. } | Outcome::Refused(why) = &purged.outcome {
        sent.said.clone_from(why);
    }
    sent.exchanges.extend(purged.exchanges);
    purged.outcome
}

/// What becomes of parcels after this.
fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Done => Verdict::Taken,
        Outcome::Later { after, .. } => Verdict::Again(*after),
        // Not given up: whatever is old there stays so until it is told.
        Outcome::Refused(_) => Verdict::Again(Some(REFUSED)),
    }
}

/// What somebody's hand wants dropped.
fn by_hand(order: &Order) -> Option<Wanted> {
    match order {
        Order::Changed { .. } => None,
        Order::Keys(keys) => Some(Wanted::Keys(keys.clone())),
        Order::Addresses(addresses) => Some(Wanted::Addresses(addresses.clone())),
        Order::Everything => Some(Wanted::Everything),
    }
}

/// What the changes among these parcels want dropped, all together: each key once, however many touched it.
fn together(told: &Told<'_>, parcels: &[Parcel], orders: &[Order]) -> Option<Wanted> {
    let of_change =
        |order: &Order| if let Order::Changed { keys, .. } = order { keys.clone() } else { BTreeSet::new() };
    let keys: BTreeSet<Key> = orders.iter().flat_map(of_change).collect();
    let wanted = told.after(&keys)?;
    // What has failed may have been too many requests: everything is one.
    let many = told.parts(&wanted).is_ok_and(|parts| parts.len() > 1);
    let again = parcels.iter().any(|parcel| parcel.tries > 0);
    if many && again { told.after(&BTreeSet::from([Key::Model])) } else { Some(wanted) }
}

/// What was dropped, in a few words.
fn counted(wanted: &Wanted) -> String {
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    match wanted {
        Wanted::Keys(keys) if *keys == [Key::Model.to_string()] => "everything by its key".into(),
        Wanted::Keys(keys) => count(keys.len(), "key", "keys"),
        Wanted::Addresses(all) | Wanted::Below(all) => count(all.len(), "address", "addresses"),
        Wanted::Everything => "everything".into(),
    }
}
