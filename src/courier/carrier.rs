//! How parcels of one kind of target are sent: what a carrier must be able to do.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::content::outbox::{Exchange, Parcel, Target, TargetKind};

/// A send under way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Sent> + Send + 'a>>;

/// Sends the parcels of one kind of target.
pub trait Carrier: Send + Sync {
    /// Whose parcels.
    fn kind(&self) -> TargetKind;

    /// How this target is sent to.
    fn terms(&self, target: &Target) -> Terms;

    /// Sends parcels, at most as many at once as the terms say. May be dropped at any moment.
    fn send<'a>(&'a self, target: &'a Target, parcels: &'a [Parcel]) -> Sending<'a>;
}

/// How a target is sent to.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How many sends may be under way.
    pub at_once: usize,
    /// How many parcels go into one send.
    pub batch: usize,
    /// How long a send may take.
    pub patience: Duration,
    /// How long is waited after each failure of a parcel, about. After the last one it is given up.
    pub pauses: &'static [Duration],
    /// The age at which a parcel that fails is given up however often it was tried.
    pub oldest: Duration,
}

/// What came of a send.
#[derive(Clone, Debug)]
pub struct Sent {
    /// One for each parcel, in order.
    pub verdicts: Vec<Verdict>,
    /// The outcome in a few words: `HTTP 500`.
    pub said: String,
    /// What was asked and answered, secrets left out.
    pub exchanges: Vec<Exchange>,
}

/// What a target made of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// It was not. Where the target says so, nothing shall be sent to it before this has passed.
    Again(Option<Duration>),
    /// It was not, and trying again makes no sense.
    Never,
}

impl Sent {
    /// Nothing was taken, for this reason.
    pub fn failed(parcels: usize, said: impl Into<String>) -> Self {
        Self { verdicts: vec![Verdict::Again(None); parcels], said: said.into(), exchanges: Vec::new() }
    }
}
