//! Webhooks: added, changed, given a new secret, tried and taken away.

use std::time::Duration;

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::content::field::Problem;
use crate::content::moment::Moment;
use crate::content::outbox::{Letter, ParcelId, ParcelState, Target, TargetId, TargetKind};
use crate::content::webhook::{self, Event, MOST, MOST_HEADERS, Secret, Subscription, TEST, Webhook, payload};
use crate::store::{ParcelQuery, Read};

/// How long an old secret signs beside the new one, unless told otherwise.
pub const ROTATION: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest name, in characters.
const NAME: usize = 100;

/// A webhook to be added.
#[derive(Clone, Debug, Default)]
pub struct NewWebhook {
    /// What people call it; its server's name when empty.
    pub name: String,
    /// Where it listens.
    pub address: String,
    /// What it wants to know; everything when empty.
    pub events: Vec<Subscription>,
    /// Headers that are sent along.
    pub headers: Vec<(String, String)>,
    /// What is signed with; made by chance when absent.
    pub secret: Option<Secret>,
    /// One attempt, without a signature.
    pub plain: bool,
}

impl Authoring {
    /// Adds a webhook, which is on.
    ///
    /// # Errors
    /// `Invalid` names what is wrong; `Refused` when there are too many.
    pub fn add_webhook(&self, new: NewWebhook, signature: Signature) -> Result<TargetId, Error> {
        let events = if new.events.is_empty() { Subscription::EVERYTHING.to_vec() } else { new.events };
        let secret = new.secret.map_or_else(new_secret, Ok)?;
        let webhook =
            Webhook { address: new.address, events, headers: new.headers, secret, old_secret: None, plain: new.plain };
        self.write(&signature.clone(), move |write| {
            if write.targets(TargetKind::Webhook)?.len() >= MOST {
                return Err(Error::Refused(format!("A site has {MOST} webhooks at most: take one away first.")));
            }
            let id = TargetId(0);
            let mut target = Target {
                id,
                kind: TargetKind::Webhook,
                name: new.name,
                active: true,
                settings: json!(null),
                created: signature.at,
            };
            fit(&mut target, webhook)?;
            Ok(write.add_target(&target)?)
        })
    }

    /// Changes a webhook. `edit` is given what it is and says what it shall be.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` names what is wrong.
    pub fn change_webhook(
        &self,
        id: TargetId,
        edit: impl FnOnce(&mut Target, &mut Webhook) + Send + 'static,
        signature: Signature,
    ) -> Result<Target, Error> {
        self.write(&signature, move |write| {
            let (mut target, mut webhook) = find(write, id)?;
            edit(&mut target, &mut webhook);
            fit(&mut target, webhook)?;
            write.put_target(&target)?;
            Ok(target)
        })
    }

    /// Gives a webhook a new secret; the old one signs too for as long as `keep`. Returns the new one.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn rotate_webhook(
        &self,
        id: TargetId,
        secret: Option<Secret>,
        keep: Duration,
        signature: Signature,
    ) -> Result<Secret, Error> {
        let secret = secret.map_or_else(new_secret, Ok)?;
        let keep = i64::try_from(keep.as_micros()).unwrap_or(i64::MAX);
        let until = Moment::from_micros(signature.at.micros().saturating_add(keep));
        let (new, now) = (secret.clone(), signature.at);
        self.change_webhook(
            id,
            move |_, webhook| {
                let old = std::mem::replace(&mut webhook.secret, new);
                webhook.old_secret = (until > now).then_some((old, until));
            },
            signature,
        )?;
        Ok(secret)
    }

    /// Takes a webhook away, with what was still to be sent to it and its log.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn remove_webhook(&self, id: TargetId, signature: Signature) -> Result<Target, Error> {
        self.write(&signature, move |write| {
            let (target, _) = find(write, id)?;
            write.remove_target(id)?;
            Ok(target)
        })
    }

    /// Sends a webhook a sample, once; of the first event that it wants to know of unless told which.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when it is switched off.
    pub fn test_webhook(&self, id: TargetId, event: Option<Event>, signature: Signature) -> Result<ParcelId, Error> {
        let parcel = self.write(&signature.clone(), move |write| {
            let (target, webhook) = find(write, id)?;
            if !target.active {
                return Err(Error::Refused(format!("{} is switched off: switch it on first.", target.name)));
            }
            let wanted = Event::ALL.into_iter().find(|event| webhook.wants(*event));
            let event = event.or(wanted).unwrap_or(Event::PagePublished);
            let letter = Letter {
                topic: event.as_str().into(),
                subject: Some(TEST.into()),
                body: payload::sample(event, signature.at),
            };
            Ok(write.post_by_hand(&letter, id, signature.at)?)
        })?;
        self.store.outbox_bell().ring();
        Ok(parcel)
    }

    /// Sends once more all that was given up for a webhook, oldest first. Returns how many there were.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn resend_dead(&self, id: TargetId, signature: Signature) -> Result<usize, Error> {
        let now = signature.at;
        let count = self.write(&signature, move |write| {
            find(write, id)?;
            let query = ParcelQuery { target: id, state: Some(ParcelState::Dead), before: None, limit: usize::MAX };
            let dead = write.parcels(&query)?;
            for parcel in dead.iter().rev() {
                write.resend(parcel.id, now)?;
            }
            Ok(dead.len())
        })?;
        self.store.outbox_bell().ring();
        Ok(count)
    }

    /// Sends once more what was sent or given up, under the same name.
    ///
    /// # Errors
    /// `NotFound`; `Refused` when it is still to be sent anyway.
    pub fn resend(&self, parcel: ParcelId, signature: Signature) -> Result<(), Error> {
        let now = signature.at;
        self.write(&signature, move |write| {
            write.parcel(parcel)?.ok_or(Error::NotFound("message"))?;
            if write.resend(parcel, now)? {
                Ok(())
            } else {
                Err(Error::Refused("It is still to be sent: it goes out by itself.".into()))
            }
        })?;
        self.store.outbox_bell().ring();
        Ok(())
    }
}

fn find(read: &Read<'_>, id: TargetId) -> Result<(Target, Webhook), Error> {
    let found = read.target(id)?.filter(|target| target.kind == TargetKind::Webhook);
    let target = found.ok_or(Error::NotFound("webhook"))?;
    let webhook = Webhook::of(&target)
        .map_err(|error| Error::Refused(format!("The settings of {} cannot be read: {error}.", target.name)))?;
    Ok((target, webhook))
}

/// Checks what a webhook shall be and puts it into its target.
fn fit(target: &mut Target, mut webhook: Webhook) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut problem = |path: &str, text: String| problems.push(Problem { path: path.into(), text });
    match webhook::address(&webhook.address) {
        Ok(address) => webhook.address = address,
        Err(text) => problem("address", text),
    }
    if webhook.events.is_empty() {
        problem("events", "Choose at least one event.".into());
    }
    if webhook.headers.len() > MOST_HEADERS {
        problem("headers", format!("A webhook adds {MOST_HEADERS} headers at most."));
    }
    target.name = target.name.trim().chars().filter(|letter| !letter.is_control()).take(NAME).collect();
    if target.name.is_empty() {
        target.name = server_of(&webhook.address);
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    webhook.events = Subscription::in_order(&webhook.events);
    target.settings = json!(webhook);
    Ok(())
}

fn server_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().chars().take(NAME).collect()
}

fn new_secret() -> Result<Secret, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Error::Refused("the system gives no random numbers; try again".into()))?;
    Ok(Secret::from_bytes(bytes))
}
