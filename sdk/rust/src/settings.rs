//! What can be set; docs/clients/behaviour.md says exactly what each does.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Kind, Unset};
use crate::store::{MemoryStore, Store};

/// Of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole call, pauses included. Default 10 s.
    pub timeout: Duration,
    /// One request, from its first byte out to its last byte in. Default 3 s.
    pub try_timeout: Duration,
    /// Tries after the first. Default 3.
    pub retries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), try_timeout: Duration::from_secs(3), retries: 3 }
    }
}

/// Why a stale answer is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is renewed meanwhile.
    Revalidate,
    /// The servers fail.
    Error,
}

/// What `on_stale` is told.
#[derive(Debug)]
pub struct Stale<'a> {
    /// Why.
    pub reason: Reason,
    /// How old the copy is.
    pub age: Duration,
    /// Path and query, without the token.
    pub question: &'a str,
    /// What went wrong, when somebody was asked.
    pub error: Option<&'a Error>,
}

/// What `on_log` is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[allow(missing_docs, reason = "docs/clients/behaviour.md lists the events")]
pub enum Event<'a> {
    Try { server: &'a str, question: &'a str },
    Fault { server: &'a str, kind: Kind, status: Option<u16> },
    Pause { pause: Duration },
    Coalesced { question: &'a str },
    Fresh { question: &'a str },
    NotModified { question: &'a str },
    Stale { reason: Reason, question: &'a str },
    StoreError { operation: &'static str, message: &'a str },
    RevalidateFailed { kind: Kind },
}

type OnLog = dyn Fn(&Event<'_>) + Send + Sync;
type OnStale = dyn Fn(&Stale<'_>) + Send + Sync;

pub(crate) struct Settings {
    pub(crate) base_urls: Option<Vec<String>>,
    pub(crate) limits: Limits,
    pub(crate) backoff_base: Duration,
    pub(crate) backoff_cap: Duration,
    pub(crate) retry_budget: f64,
    pub(crate) retry_ratio: f64,
    pub(crate) cool_off: Duration,
    pub(crate) cool_off_cap: Duration,
    pub(crate) fresh: Duration,
    pub(crate) stale_while_revalidate: Duration,
    pub(crate) stale_if_error: Duration,
    pub(crate) store: Option<Arc<dyn Store>>,
    pub(crate) store_timeout: Duration,
    pub(crate) preview: bool,
    pub(crate) clock: Arc<dyn Clock>,
    on_log: Option<Box<OnLog>>,
    on_stale: Option<Box<OnStale>>,
}

impl Settings {
    pub(crate) fn log(&self, event: &Event<'_>) {
        if let Some(told) = &self.on_log {
            told(event);
        }
    }

    pub(crate) fn tell_stale(&self, stale: &Stale<'_>) {
        self.log(&Event::Stale { reason: stale.reason, question: stale.question });
        if let Some(told) = &self.on_stale {
            told(stale);
        }
    }

    /// The servers, without `/v2` and without a slash at their ends.
    pub(crate) fn addresses(&self) -> Result<Vec<String>, Unset> {
        let from_environment = || std::env::var("LARDER_URL").unwrap_or_default().split(',').map(str::to_owned).collect();
        let given: Vec<String> = self.base_urls.clone().unwrap_or_else(from_environment);
        let base = |address: &str| {
            let base = address.trim().trim_end_matches('/');
            base.strip_suffix("/v2").unwrap_or(base).to_owned()
        };
        let addresses: Vec<String> = given.iter().map(|address| base(address)).filter(|base| !base.is_empty()).collect();
        if addresses.is_empty() {
            Err(Unset::Address)
        } else {
            Ok(addresses)
        }
    }
}

/// Makes a client.
pub struct Builder {
    token: String,
    settings: Settings,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty,)+) => {
        $($(#[doc = $doc])+
        #[must_use]
        pub fn $name(mut self, $name: $kind) -> Self {
            self.settings.$name = $name;
            self
        })+
    };
}

impl Builder {
    pub(crate) fn new(token: &str) -> Self {
        let settings = Settings {
            base_urls: None,
            limits: Limits::default(),
            backoff_base: Duration::from_millis(100),
            backoff_cap: Duration::from_secs(2),
            retry_budget: 10.0,
            retry_ratio: 0.1,
            cool_off: Duration::from_secs(1),
            cool_off_cap: Duration::from_secs(30),
            fresh: Duration::ZERO,
            stale_while_revalidate: Duration::ZERO,
            stale_if_error: Duration::from_secs(7 * 24 * 3600),
            store: Some(Arc::new(MemoryStore::default())),
            store_timeout: Duration::from_millis(250),
            preview: false,
            clock: Arc::new(SystemClock::default()),
            on_log: None,
            on_stale: None,
        };
        Self { token: token.to_owned(), settings }
    }

    /// The server, or the primary and its standbys. Without it `LARDER_URL` of the environment is taken.
    #[must_use]
    pub fn base_url<A: Into<String>>(mut self, addresses: impl IntoIterator<Item = A>) -> Self {
        self.settings.base_urls = Some(addresses.into_iter().map(Into::into).collect());
        self
    }

    options! {
        /// Of calls that have none of their own.
        limits: Limits,
        /// The limit below which the first pause is random; it doubles. Default 100 ms.
        backoff_base: Duration,
        /// Where the doubling ends. Default 2 s.
        backoff_cap: Duration,
        /// Retries in stock at most. Default 10.
        retry_budget: f64,
        /// What a call adds to them. Default 0.1.
        retry_ratio: f64,
        /// How long a server that failed once is left alone; it doubles. Default 1 s.
        cool_off: Duration,
        /// Where the doubling ends. Default 30 s.
        cool_off_cap: Duration,
        /// How long a copy is as good as an answer. Default 0: the server is always asked.
        fresh: Duration,
        /// How long after that a copy is returned while it is renewed. Default 0.
        stale_while_revalidate: Duration,
        /// How old a copy may be when servers fail. Default 7 days.
        stale_if_error: Duration,
        /// Where copies are kept; `None` for nowhere. Default: in memory.
        store: Option<Arc<dyn Store>>,
        /// How long a store is waited for before it counts as empty. Default 250 ms.
        store_timeout: Duration,
        /// Whether drafts are asked for in every call; they are never kept.
        preview: bool,
        /// Time and chance, for tests.
        clock: Arc<dyn Clock>,
    }

    /// Is told of everything.
    #[must_use]
    pub fn on_log(mut self, told: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.settings.on_log = Some(Box::new(told));
        self
    }

    /// Is told of every stale answer.
    #[must_use]
    pub fn on_stale(mut self, told: impl Fn(&Stale<'_>) + Send + Sync + 'static) -> Self {
        self.settings.on_stale = Some(Box::new(told));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// The token or every address is missing.
    pub fn build(self) -> Result<Client, Unset> {
        Client::new(&self.token, self.settings)
    }
}
