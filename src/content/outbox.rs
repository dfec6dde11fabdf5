//! What others are told after a change: a message for each of its targets is a parcel, which the courier sends.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::moment::Moment;

/// Whom something is sent to. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TargetId(pub i64);

/// One message for one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParcelId(pub i64);

/// What kind of target it is, which says how is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetKind {
    /// A program that wants to know what happens to the content.
    Webhook,
    /// What keeps copies of answers and must drop some.
    Cdn,
}

impl TargetKind {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Cdn => "cdn",
        }
    }

    /// The kind stored as this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Webhook, Self::Cdn].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its number.
    pub id: TargetId,
    /// What it is.
    pub kind: TargetKind,
    /// What people call it.
    pub name: String,
    /// Whether it is told of changes. What was posted before it was switched off waits.
    pub active: bool,
    /// What only this kind has.
    pub settings: Value,
    /// When it was added.
    pub created: Moment,
}

/// How a target has taken what was sent lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How often in a row it did not take something.
    pub failures: u32,
    /// Since when, if it did not.
    pub since: Option<Moment>,
    /// Until when it is left alone, if it is.
    pub resumes: Option<Moment>,
}

/// What a change posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// What it is about: `page.published`, `purge`.
    pub topic: String,
    /// What it concerns: those of one subject reach a target in order. Those without come in any order.
    pub subject: Option<String>,
    /// What is told; what is sent is made of it.
    pub body: Value,
}

/// A letter that was posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What receivers tell repeats by: `msg_` and 32 hex digits. Never given twice.
    pub name: String,
    /// See [`Letter`].
    pub topic: String,
    /// See [`Letter`].
    pub body: Value,
    /// When it happened.
    pub at: Moment,
}

/// A message for one target.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// Its number; later ones are larger.
    pub id: ParcelId,
    /// Whom it goes to.
    pub target: TargetId,
    /// What is told.
    pub message: Message,
    /// See [`Letter`].
    pub subject: Option<String>,
    /// What became of it so far.
    pub state: ParcelState,
    /// How often it was tried since it was posted.
    pub tries: u32,
    /// When it was posted: by the change, or by hand.
    pub since: Moment,
    /// When it is tried next, if it is.
    pub due: Option<Moment>,
    /// When it was sent or given up.
    pub done: Option<Moment>,
    /// What the last attempt ended with, and after how many milliseconds.
    pub last: Option<(String, f64)>,
}

/// What became of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParcelState {
    /// It is tried when it is due.
    Waiting,
    /// An earlier one of its subject has not been sent yet.
    Behind,
    /// Its target took it.
    Sent,
    /// It was given up: only somebody's hand sends it again.
    Dead,
}

impl ParcelState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Behind, Self::Sent, Self::Dead];

    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Behind => "behind",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// The state stored as this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One question to another server and its answer, as the log shows them: without secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was asked.
    pub request: Asked,
    /// What was answered, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Answered>,
    /// Why there is no answer, or not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

/// A request of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `POST`.
    pub method: String,
    /// Of whom.
    pub address: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What was sent along.
    pub body: String,
}

/// An answer of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its number.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Its text, as far as it was read.
    pub body: String,
    /// Whether there was more.
    #[serde(default)]
    pub cut: bool,
}

/// A try to send a parcel, alone or with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// When it began.
    pub at: Moment,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// Whether the parcel was taken.
    pub taken: bool,
    /// What it ended with, in a few words: `HTTP 500`.
    pub said: String,
    /// What was asked and answered.
    pub exchanges: Vec<Exchange>,
}
