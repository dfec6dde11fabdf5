//! Webhooks: programs that are told what happens to the content.

mod address;
mod event;
mod header;
pub mod payload;
mod secret;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::outbox::Target;

pub use address::{ADDRESS_LENGTH, address};
pub use event::{Event, Subscription};
pub use header::{header, is_own as is_own_header};
pub use secret::Secret;

/// How many webhooks a site has at most: each has places of its own to send from.
pub const MOST: usize = 50;
/// The subject of what a test sends: it is tried once.
pub const TEST: &str = "test";
/// How many headers a webhook may add.
pub const MOST_HEADERS: usize = 20;

/// What a webhook is told, where and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Where it listens.
    pub address: String,
    /// What it wants to know.
    pub events: Vec<Subscription>,
    /// Headers that are sent along.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What is signed with.
    pub secret: Secret,
    /// The secret before that, and until when it signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret: Option<(Secret, Moment)>,
    /// As ButterCMS does it: one attempt, without a signature.
    #[serde(default)]
    pub plain: bool,
}

impl Webhook {
    /// What a target of this kind has as its settings.
    ///
    /// # Errors
    /// When something else wrote them.
    pub fn of(target: &Target) -> Result<Self, serde_json::Error> {
        Self::deserialize(&target.settings)
    }

    /// Whether it wants to know of an event.
    pub fn wants(&self, event: Event) -> bool {
        self.events.iter().any(|wanted| wanted.covers(event))
    }

    /// The secrets that sign at a moment, the newest first.
    pub fn secrets(&self, now: Moment) -> Vec<&Secret> {
        let old = self.old_secret.iter().filter(|(_, until)| *until > now).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(old).collect()
    }
}
