//! Webhooks: one `POST` for each event, signed as Standard Webhooks has it.
//!
//! Addresses come from whoever may manage the site, not from whoever runs the machine: they are asked through
//! [`Fetch`], which keeps them out of networks that only this machine sees. A redirect is an answer like any other.

mod request;
mod signature;

use std::time::{Duration, Instant};

use http::StatusCode;

use super::carrier::{Carrier, Sending, Sent, Terms, Verdict};
use super::exchange::read;
use super::retry_after::retry_after;
use crate::content::outbox::{Exchange, Parcel, Target, TargetKind};
use crate::content::webhook::{TEST, Webhook};
use crate::fetch::{Error, Fetch, Limits};

use request::Prepared;

/// How long a receiver may take, as with ButterCMS.
const PATIENCE: Duration = Duration::from_secs(5);

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// Eleven tries within about 28 hours.
const PAUSES: [Duration; 10] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    minutes(2),
    minutes(10),
    minutes(30),
    minutes(60),
    minutes(120),
    minutes(240),
    minutes(480),
    minutes(720),
];

/// Sends to webhooks.
pub struct Webhooks {
    fetch: Fetch,
    /// Where the site is reached.
    public_url: String,
}

impl Webhooks {
    /// Asks other servers in this way, for a site that is reached at `public_url`.
    pub fn new(fetch: Fetch, public_url: impl Into<String>) -> Self {
        Self { fetch, public_url: public_url.into() }
    }

    async fn post(&self, webhook: &Webhook, parcel: &Parcel) -> Sent {
        let began = Instant::now();
        let prepared = match Prepared::of(webhook, parcel, &self.public_url, super::now()) {
            Ok(prepared) => prepared,
            Err(why) => return Sent { verdicts: vec![Verdict::Never], ..Sent::failed(1, why) },
        };
        let limits = Limits { bytes: u64::MAX, whole: PATIENCE, idle: PATIENCE, redirects: 0 };
        let answer = self.fetch.send(prepared.request, limits).await;
        let (verdict, said, response, error) = match answer {
            Ok(answer) => {
                let (status, asked) = (answer.status(), retry_after(answer.headers(), super::now()));
                let (answered, error) = read(answer).await;
                (judge(status, asked), words(status), Some(answered), error)
            }
            Err(error) => (Verdict::Again(None), brief(&error), None, Some(error)),
        };
        let once = webhook.plain || parcel.subject.as_deref() == Some(TEST);
        let verdict = if once && verdict != Verdict::Taken { Verdict::Never } else { verdict };
        let exchange = Exchange {
            request: prepared.shown,
            response,
            error: error.map(|error| error.to_string()),
            ms: began.elapsed().as_secs_f64() * 1000.0,
        };
        Sent { verdicts: vec![verdict], said, exchanges: vec![exchange] }
    }
}

impl Carrier for Webhooks {
    fn kind(&self) -> TargetKind {
        TargetKind::Webhook
    }

    fn terms(&self, _: &Target) -> Terms {
        // What it takes to sign and note comes on top of the receiver's time.
        let patience = PATIENCE + Duration::from_secs(1);
        Terms { at_once: 4, batch: 1, patience, pauses: &PAUSES, oldest: minutes(36 * 60) }
    }

    fn send<'a>(&'a self, target: &'a Target, parcels: &'a [Parcel]) -> Sending<'a> {
        Box::pin(async move {
            let [parcel] = parcels else { return Sent::failed(parcels.len(), "an error within larder") };
            match Webhook::of(target) {
                Ok(webhook) => self.post(&webhook, parcel).await,
                Err(error) => Sent::failed(1, format!("the webhook's settings cannot be read: {error}")),
            }
        })
    }
}

fn judge(status: StatusCode, asked: Option<Duration>) -> Verdict {
    match status {
        status if status.is_success() => Verdict::Taken,
        // The specification's word for a receiver that wants no more.
        StatusCode::GONE => Verdict::Never,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Verdict::Again(asked),
        _ => Verdict::Again(None),
    }
}

/// A status in words.
fn words(status: StatusCode) -> String {
    let redirect = if status.is_redirection() { ", which is not followed" } else { "" };
    format!("HTTP {}{redirect}", status.as_u16())
}

/// An error in a few words; all of them stand with the attempt.
fn brief(error: &Error) -> String {
    let words = match error {
        Error::TooSlow(_) | Error::Idle { .. } => "no answer within 5 seconds",
        Error::Unreachable { .. } => "not reachable",
        Error::Untrusted { .. } => "no trusted TLS",
        Error::Unknown(_) => "no such server",
        Error::Names { .. } => "name not looked up",
        Error::Private(_) => "not on the public internet",
        Error::Broken { .. } => "broken answer",
        _ => "not sent",
    };
    words.to_owned()
}
