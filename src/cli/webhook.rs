//! `larder webhook`

mod log;

use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::app::Serving;
use crate::authoring::{Authoring, Error, NewWebhook, ROTATION};
use crate::content::outbox::{ParcelId, ParcelState, Target, TargetId, TargetKind};
use crate::content::webhook::{self, Event, Secret, Subscription, Webhook as Settings};
use crate::store::Read;

/// How long the outcome of a test is waited for: the server notices it, and the receiver has five seconds.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Webhooks: programs that are told what happens to the content
#[derive(Subcommand)]
pub(super) enum Webhook {
    Add(Add),
    List(List),
    Edit(Edit),
    Secret(Show),
    Rotate(Rotate),
    Remove(Remove),
    Log(log::Log),
    Resend(Resend),
    Test(Test),
}

/// Add a webhook and print its number and the secret it is signed with
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,
    /// Where it listens: `https://example.com/hooks/larder`
    #[arg(value_parser = webhook::address)]
    address: String,
    /// What people call it; the server's name unless told otherwise
    #[arg(long, default_value = "")]
    name: String,
    /// What it wants to know: page.published, post.all, ...; once for each. Everything unless told otherwise
    #[arg(long, value_name = "EVENT", value_parser = Subscription::parse)]
    event: Vec<Subscription>,
    /// A header to send along, `Name: value`; once for each
    #[arg(long, value_name = "HEADER", value_parser = webhook::header)]
    header: Vec<(String, String)>,
    /// A secret of your own, `whsec_` and base64, in place of a new one
    #[arg(long, value_parser = Secret::parse)]
    secret: Option<Secret>,
    /// As ButterCMS does it: one attempt, without a signature
    #[arg(long)]
    plain: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List the webhooks, and how they have taken what was sent
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Change a webhook; what is not given stays
#[derive(Args)]
pub(super) struct Edit {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
    /// Where it listens
    #[arg(long, value_parser = webhook::address)]
    address: Option<String>,
    /// What people call it
    #[arg(long)]
    name: Option<String>,
    /// What it wants to know, all of it; once for each
    #[arg(long, value_name = "EVENT", value_parser = Subscription::parse)]
    event: Vec<Subscription>,
    /// The headers to send along, all of them; once for each
    #[arg(long, value_name = "HEADER", value_parser = webhook::header)]
    header: Vec<(String, String)>,
    /// Send no headers of its own along
    #[arg(long, conflicts_with = "header")]
    no_headers: bool,
    /// One attempt, without a signature
    #[arg(long)]
    plain: bool,
    /// With retries and a signature
    #[arg(long, conflicts_with = "plain")]
    no_plain: bool,
    /// Switch it on
    #[arg(long)]
    on: bool,
    /// Switch it off: it is told nothing, and what is still to be sent waits
    #[arg(long, conflicts_with = "on")]
    off: bool,
}

/// Print the secret that a webhook is signed with
#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
}

/// Give a webhook a new secret and print it; the old one signs too for a while
#[derive(Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
    /// A secret of your own, `whsec_` and base64, in place of a new one
    #[arg(long, value_parser = Secret::parse)]
    secret: Option<Secret>,
    /// For how many hours the old secret signs too; 0 for a secret that others have seen
    #[arg(long, value_name = "N", default_value_t = ROTATION.as_secs() / 3600, value_parser = clap::value_parser!(u64).range(..=8760))]
    hours: u64,
}

/// Remove a webhook, with what is still to be sent to it and its log
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
}

/// Send again what was sent or given up, under the same id
#[derive(Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub(super) struct Resend {
    #[command(flatten)]
    place: Place,
    /// Numbers in `larder webhook log`
    #[arg(group = "which", value_name = "NUMBER")]
    numbers: Vec<i64>,
    /// Everything that was given up for this webhook
    #[arg(long, group = "which", value_name = "ID")]
    dead_of: Option<i64>,
}

/// Send a webhook a sample and say what it answers; a server must be running
#[derive(Args)]
pub(super) struct Test {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
    /// As which event; the first that it wants to know of unless told otherwise
    #[arg(long, value_parser = event)]
    event: Option<Event>,
}

fn event(name: &str) -> Result<Event, String> {
    Event::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
        format!("the events are {}", known.join(", "))
    })
}

impl Webhook {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
            Self::Edit(edit) => edit.run(),
            Self::Secret(show) => {
                let (_, settings) = find(&show.place.open()?, show.id)?;
                terminal::result(settings.secret.as_str())
            }
            Self::Rotate(rotate) => rotate.run(),
            Self::Remove(remove) => {
                let removed = remove.place.open()?.remove_webhook(TargetId(remove.id), signature());
                removed.map(drop).map_err(|error| named(remove.id, error))
            }
            Self::Log(log) => log.run(),
            Self::Resend(resend) => resend.run(),
            Self::Test(test) => test.run(),
        }
    }
}

/// A webhook that must be there.
fn find(site: &Authoring, id: i64) -> Result<(Target, Settings), Failure> {
    let target = site.store().read(|read| read.target(TargetId(id)))?;
    let target = target.filter(|target| target.kind == TargetKind::Webhook).ok_or_else(|| unknown(id))?;
    let settings = read_settings(&target)?;
    Ok((target, settings))
}

fn read_settings(target: &Target) -> Result<Settings, Failure> {
    Settings::of(target)
        .map_err(|error| Failure::said(format!("the settings of {} cannot be read: {error}", target.name)))
}

fn unknown(id: i64) -> Failure {
    Failure::said(format!("there is no webhook {id}; `larder webhook list` shows those there are"))
}

fn named(id: i64, error: Error) -> Failure {
    if matches!(error, Error::NotFound(_)) { unknown(id) } else { error.into() }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let new = NewWebhook {
            name: self.name,
            address: self.address,
            events: self.event,
            headers: self.header,
            secret: self.secret,
            plain: self.plain,
        };
        let id = site.add_webhook(new, signature())?;
        let (target, settings) = find(&site, id.0)?;
        if self.json {
            let secret = json!({"secret": settings.secret});
            return terminal::json(&merged(site.store().read(|read| shown(read, &target, &settings))?, secret));
        }
        terminal::result(format_args!("webhook {}\nsecret {}", id.0, settings.secret.as_str()))
    }
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Some(members), Value::Object(more)) = (one.as_object_mut(), other) {
        members.extend(more);
    }
    one
}

/// A webhook for programs, without its secrets.
fn shown(read: &Read<'_>, target: &Target, settings: &Settings) -> Result<Value, crate::store::Error> {
    let standing = read.standing(target.id)?;
    Ok(json!({
        "id": target.id,
        "name": target.name,
        "address": settings.address,
        "events": settings.events,
        "headers": settings.headers.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "active": target.active,
        "plain": settings.plain,
        "created": target.created,
        "old_secret_until": settings.old_secret.as_ref().map(|(_, until)| until),
        "failures": standing.failures,
        "failing_since": standing.since,
        "resumes": standing.resumes,
        "waiting": waiting(read, target)?,
        "dead": read.count_parcels(target.id, ParcelState::Dead)?,
    }))
}

fn waiting(read: &Read<'_>, target: &Target) -> Result<u64, crate::store::Error> {
    let count = |state| read.count_parcels(target.id, state);
    Ok(count(ParcelState::Waiting)? + count(ParcelState::Behind)?)
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let targets = site.store().read(|read| read.targets(TargetKind::Webhook))?;
        let webhooks = targets.iter().map(|target| Ok((target, read_settings(target)?)));
        let webhooks = webhooks.collect::<Result<Vec<_>, Failure>>()?;
        site.store().read(|read| {
            if self.json {
                let all = webhooks.iter().map(|(target, settings)| shown(read, target, settings));
                return terminal::json(&all.collect::<Result<Vec<_>, _>>()?);
            }
            let mut rows = Vec::new();
            for (target, settings) in &webhooks {
                let events: Vec<&str> = settings.events.iter().map(|event| event.as_str()).collect();
                rows.push([
                    target.id.0.to_string(),
                    if target.active { "on" } else { "off" }.to_owned(),
                    target.name.clone(),
                    settings.address.clone(),
                    events.join(" "),
                    waiting(read, target)?.to_string(),
                    read.count_parcels(target.id, ParcelState::Dead)?.to_string(),
                ]);
            }
            terminal::table(["id", "is", "name", "address", "events", "waiting", "given up"], &rows)
        })
    }
}

impl Edit {
    fn run(self) -> Result<(), Failure> {
        let id = self.id;
        let switched = self.on.then_some(true).or(self.off.then_some(false));
        let plain = self.plain.then_some(true).or(self.no_plain.then_some(false));
        let headers = (self.no_headers || !self.header.is_empty()).then_some(self.header);
        let edit = move |target: &mut Target, webhook: &mut Settings| {
            target.name = self.name.unwrap_or_else(|| target.name.clone());
            target.active = switched.unwrap_or(target.active);
            webhook.address = self.address.unwrap_or_else(|| webhook.address.clone());
            webhook.headers = headers.unwrap_or_else(|| webhook.headers.clone());
            webhook.plain = plain.unwrap_or(webhook.plain);
            if !self.event.is_empty() {
                webhook.events = self.event;
            }
        };
        let changed = self.place.open()?.change_webhook(TargetId(id), edit, signature());
        changed.map(drop).map_err(|error| named(id, error))
    }
}

impl Rotate {
    fn run(self) -> Result<(), Failure> {
        let keep = Duration::from_secs(self.hours * 3600);
        let secret = self.place.open()?.rotate_webhook(TargetId(self.id), self.secret, keep, signature());
        terminal::result(secret.map_err(|error| named(self.id, error))?.as_str())
    }
}

impl Resend {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        if let Some(id) = self.dead_of {
            let count = site.resend_dead(TargetId(id), signature()).map_err(|error| named(id, error))?;
            terminal::note(format_args!("{count} to be sent again"));
        }
        for number in self.numbers {
            site.resend(ParcelId(number), signature()).map_err(|error| match error {
                Error::NotFound(_) => Failure::said(format!("there is no {number} in the log")),
                error => error.into(),
            })?;
        }
        tell_of_server(&self.place)
    }
}

/// Says so when nobody is there to send.
fn tell_of_server(place: &Place) -> Result<(), Failure> {
    if Serving::of(&place.data)?.is_none() {
        terminal::note("no server runs on this folder: it is sent once one does");
    }
    Ok(())
}

impl Test {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let parcel = site.test_webhook(TargetId(self.id), self.event, signature());
        let parcel = parcel.map_err(|error| named(self.id, error))?;
        if Serving::of(&self.place.data)?.is_none() {
            return Err(Failure::said("no server runs on this folder: the test is sent once one does"));
        }
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let found = site.store().read(|read| read.parcel(parcel))?;
            if let Some(sent) = found.filter(|parcel| parcel.done.is_some()) {
                let (said, ms) = sent.last.unwrap_or_default();
                let outcome = format!("{said}, after {ms:.0} ms (number {} in the log)", parcel.0);
                return if sent.state == ParcelState::Sent {
                    terminal::result(outcome)
                } else {
                    Err(Failure::said(outcome))
                };
            }
            std::thread::sleep(LOOK);
        }
        Err(Failure::said(format!(
            "it is still to be sent: see number {} in `larder webhook log {}`",
            parcel.0, self.id
        )))
    }
}
