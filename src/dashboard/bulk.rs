//! `POST /admin/c/{type}/bulk`: one thing done to many entries, with what became of each, and undoing it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::error::Refused;
use super::guard::Signed;
use super::jobs::{Item, Job, Outcome, Progress};
use super::list::row::Shower;
use super::list::schema_named;
use super::list::wanted::Wanted;
use super::nav::Section;
use super::sight::Sight;
use super::view::Screen;
use super::visitors::wish;
use super::{Dashboard, address};
use crate::account::Right;
use crate::authoring::{Act, Authoring, Signature, Wish, now};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::schema::Schema;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::store::Read;

/// How many entries one form may name.
const MOST: usize = 1000;
/// How many are done before others get their turn.
const BATCH: usize = 10;
/// How long a plain form waits for its job before it shows how far it has come.
const PATIENCE: Duration = Duration::from_secs(8);

/// The routes of bulk work.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/c/{type}/bulk", post(begin))
        .route("/admin/c/{type}/bulk/{job}", get(show))
        .route("/admin/c/{type}/bulk/{job}/undo", post(undo))
}

/// A word for a form, by which it is known when it is sent twice.
pub(super) fn word() -> String {
    let mut bytes = [0; 8];
    // Without randomness forms are not told apart, and the second is answered with the first's job.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_be_bytes(bytes))
}

/// What the form says.
struct Asked {
    act: Act,
    wish: Wish,
    picked: Vec<(EntryId, LocaleId)>,
    word: String,
}

async fn begin(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let asked_by = signed.clone();
    let (schema, asked, items) = dashboard
        .read(move |read| {
            let schema = schema_named(read, &name)?;
            let zone = Zone::named(&Settings::read(&read.settings()?).time_zone);
            let asked = Asked::read(&fields, &zone)?;
            let items = items(read, &asked_by, &schema, &asked.picked)?;
            Ok((schema, asked, items))
        })
        .await?;
    need(&signed, &asked.act)?;
    let job = Job::new(asked.word, signed.user.id, schema.id, (asked.act, asked.wish), items);
    let busy = || {
        let message = "Three of your jobs are still running. Wait until one has ended, then try again.";
        Refused::new(StatusCode::TOO_MANY_REQUESTS, "busy", message)
    };
    let (job, new) = dashboard.jobs.add(job).ok_or_else(busy)?;
    if new {
        run(&dashboard, &signed, &job, &headers).await;
    }
    answer(&dashboard, &signed, &schema, &job, &headers)
}

/// How far a job has come, or what became of it.
async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((name, word)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (schema, job) = found(&dashboard, &signed, name, &word).await?;
    if is_script(&headers) {
        return fragment(&dashboard, &signed, &schema, &job);
    }
    let screen = Screen { template: "list/job.html", section: Section::Schema(schema.id) };
    let shown =
        context! { page => context! { title => schema.name.clone(), section => "content" }, ..shown(&schema, &job) };
    dashboard.screen(&signed, screen, |_| Ok(shown)).await
}

async fn undo(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((name, word)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (schema, job) = found(&dashboard, &signed, name, &word).await?;
    need(&signed, &job.act)?;
    let begins = {
        let mut progress = job.progress();
        let begins = progress.finished && !progress.undoing;
        if begins {
            (progress.undoing, progress.finished, progress.seen) = (true, false, false);
            progress.items.retain(|item| matches!(item.outcome, Outcome::Done(..)));
        }
        begins
    };
    if begins {
        run(&dashboard, &signed, &job, &headers).await;
    }
    answer(&dashboard, &signed, &schema, &job, &headers)
}

async fn found(
    dashboard: &Dashboard,
    signed: &Signed,
    name: String,
    word: &str,
) -> Result<(Schema, Arc<Job>), Refused> {
    let schema = dashboard.read(move |read| schema_named(read, &name)).await?;
    let job = dashboard.jobs.find(signed.user.id, word).filter(|job| job.schema == schema.id);
    let forgotten = "What became of this is not kept any more. The list shows how things are now.";
    let job = job.ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, "not_found", forgotten))?;
    Ok((schema, job))
}

impl Asked {
    fn read(fields: &[(String, String)], zone: &Zone) -> Result<Self, Refused> {
        let all = |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
        let one = |name| all(name).next().map(String::as_str).unwrap_or_default();
        let ids = || all("category").filter_map(|id| id.parse().ok()).collect::<Vec<i64>>();
        let filed = |act: fn(Vec<i64>) -> Act| match ids() {
            ids if ids.is_empty() => Err(Refused::bad("Choose at least one category first.")),
            ids => Ok(act(ids)),
        };
        let act = match one("do") {
            "publish" => Act::Publish,
            "unpublish" => Act::Unpublish,
            "schedule" => Act::Schedule(
                zone.moment(one("day"), one("time"))
                    .filter(|at| *at > now())
                    .ok_or_else(|| Refused::bad("Choose a day and a time that are still to come."))?,
            ),
            "archive" => Act::Archive,
            "unarchive" => Act::Unarchive,
            "delete" => Act::Delete,
            "file" => filed(Act::File)?,
            "unfile" => filed(Act::Unfile)?,
            _ => return Err(Refused::bad("It is not said what to do with the selected entries.")),
        };
        let wish = match act {
            // What moves takes its visitors along.
            Act::Publish | Act::Schedule(_) => Wish::Along,
            Act::Unpublish => wish(one("send.unpublish"))?,
            Act::Archive => wish(one("send.archive"))?,
            Act::Delete => wish(one("send.delete"))?,
            Act::Unarchive | Act::File(_) | Act::Unfile(_) => Wish::Nowhere,
        };
        let picked: Vec<_> = all("pick").filter_map(|text| picked(text)).collect();
        match picked.len() {
            0 => Err(Refused::bad("Nothing is selected. Select rows of the list first.")),
            count if count > MOST => Err(Refused::bad(format!("These are more than {MOST}. Select fewer at a time."))),
            _ => Ok(Self {
                act,
                wish,
                picked,
                word: Some(one("once")).filter(|word| is_word(word)).map_or_else(word, str::to_owned),
            }),
        }
    }
}

fn is_word(word: &str) -> bool {
    (8..=32).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `17.0`: an entry and a locale.
fn picked(text: &str) -> Option<(EntryId, LocaleId)> {
    let (entry, locale) = text.split_once('.')?;
    Some((EntryId(entry.parse().ok()?), LocaleId(locale.parse().ok()?)))
}

/// The entries as a job keeps them. What this person sees nothing of is gone for them.
fn items(
    read: &Read<'_>,
    signed: &Signed,
    schema: &Schema,
    picked: &[(EntryId, LocaleId)],
) -> Result<Vec<Item>, Refused> {
    let sight = Sight::of(&signed.user);
    let shower = Shower::new(read, sight)?;
    let mut items: Vec<Item> = Vec::new();
    for (entry, locale) in picked {
        if items.iter().any(|item| (item.entry, item.locale) == (*entry, *locale)) {
            continue;
        }
        let line = read.line(*entry, *locale, sight.eyes())?.filter(|line| line.schema == schema.id);
        let outcome = match &line {
            Some(line) if sight.may_write(line.creator) => Outcome::Waits,
            Some(_) => Outcome::Failed("Your role does not allow you to change it.".into()),
            None => Outcome::Failed("It is not there any more. Somebody may have deleted it.".into()),
        };
        items.push(Item {
            entry: *entry,
            locale: *locale,
            title: line.as_ref().map_or_else(|| format!("Entry {}", entry.0), |line| shower.name(line)),
            href: address::entry_in(schema, *entry, read.model(), *locale),
            outcome,
        });
    }
    Ok(items)
}

/// Refuses those who may not do this to any entry.
fn need(signed: &Signed, act: &Act) -> Result<(), Refused> {
    match act {
        Act::Delete => signed.need(Right::Delete, "delete"),
        Act::File(_) | Act::Unfile(_) => signed.need(Right::Write, "change other people's posts"),
        _ => signed.need(Right::Publish, "publish"),
    }
}

/// Does the work on a task of its own. A plain form waits for it for a while: it cannot ask again by itself.
async fn run(dashboard: &Dashboard, signed: &Signed, job: &Arc<Job>, headers: &HeaderMap) {
    let (work, job, by) = (dashboard.clone(), job.clone(), signed.clone());
    let task = tokio::spawn(async move { finish(&work, &job, &by).await });
    if !is_script(headers) {
        // Giving up waiting does not end the task.
        let _ = tokio::time::timeout(PATIENCE, task).await;
    }
}

/// Does what waits, a few entries at a time.
async fn finish(dashboard: &Dashboard, job: &Arc<Job>, by: &Signed) {
    let count = job.progress().items.len();
    for first in (0..count).step_by(BATCH) {
        let (batch, authoring) = (first..(first + BATCH).min(count), dashboard.authoring.clone());
        let (job_at, by) = (job.clone(), by.clone());
        let done = dashboard
            .work
            .run(move || batch.for_each(|place| settle(&authoring, &job_at, place, &by.signature())))
            .await;
        if let Err(undone) = done {
            let why = Refused::from(undone).message;
            for item in job.progress().items.iter_mut().skip(first).take(BATCH) {
                if matches!(item.outcome, Outcome::Waits) {
                    item.outcome = Outcome::Failed(why.clone());
                }
            }
        }
    }
    job.progress().finished = true;
}

/// Does or undoes one entry. The lock is not held meanwhile: whoever looks need not wait.
fn settle(authoring: &Authoring, job: &Job, place: usize, signature: &Signature) {
    let (item, undoing) = {
        let progress = job.progress();
        let Some(item) = progress.items.get(place) else { return };
        (item.clone(), progress.undoing)
    };
    let outcome = match item.outcome {
        Outcome::Waits => {
            match authoring.act(item.entry, item.locale, job.act.clone(), job.wish.clone(), signature.clone()) {
                Ok((undo, said)) => Outcome::Done(Box::new(undo), said.join(" ")),
                Err(error) => Outcome::Failed(Refused::from(error).message),
            }
        }
        Outcome::Done(undo, _) if undoing => match authoring.undo(*undo, signature.clone()) {
            Ok(()) => Outcome::Undone,
            Err(error) => Outcome::Failed(Refused::from(error).message),
        },
        settled => settled,
    };
    if let Some(item) = job.progress().items.get_mut(place) {
        item.outcome = outcome;
    }
}

fn is_script(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// Scripts get the part of the page; plain forms are led to the page of the job.
fn answer(
    dashboard: &Dashboard,
    signed: &Signed,
    schema: &Schema,
    job: &Arc<Job>,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    if is_script(headers) {
        return fragment(dashboard, signed, schema, job);
    }
    Ok(Redirect::to(&format!("{}/bulk/{}", address::list(schema), job.word)).into_response())
}

fn fragment(dashboard: &Dashboard, signed: &Signed, schema: &Schema, job: &Arc<Job>) -> Result<Response, Refused> {
    let shown = context! { csrf => signed.csrf.clone(), ..shown(schema, job) };
    Ok(Html(dashboard.view.render("list/progress.html", shown)?).into_response())
}

/// An item as the page shows it.
#[derive(Serialize)]
struct Shown {
    title: String,
    href: String,
    state: &'static str,
    why: String,
}

fn shown(schema: &Schema, job: &Arc<Job>) -> Value {
    let progress: Progress = {
        let mut progress = job.progress();
        progress.seen |= progress.finished;
        progress.clone()
    };
    let item = |item: &Item| {
        let (state, why) = match &item.outcome {
            Outcome::Waits => ("waits", String::new()),
            Outcome::Done(_, said) => ("done", said.clone()),
            Outcome::Undone => ("undone", String::new()),
            Outcome::Failed(why) => ("failed", why.clone()),
        };
        Shown { title: item.title.clone(), href: item.href.clone(), state, why }
    };
    let failed = progress.items.iter().any(|item| matches!(item.outcome, Outcome::Failed(_)));
    let done = progress.items.iter().any(|item| matches!(item.outcome, Outcome::Done(..)));
    let settled = progress.items.iter().filter(|item| match item.outcome {
        Outcome::Waits => false,
        Outcome::Done(..) => !progress.undoing,
        Outcome::Undone | Outcome::Failed(_) => true,
    });
    context! {
        base => address::list(schema),
        name => schema.name.clone(),
        list => Wanted::default().address(&address::list(schema)),
        word => job.word.clone(),
        summary => job.summary(&progress),
        finished => progress.finished,
        settled => settled.count(),
        count => progress.items.len(),
        kind => if failed { "warn" } else { "ok" },
        undo => progress.finished && !progress.undoing && done,
        items => Value::from(Serde(progress.items.iter().map(item).collect::<Vec<_>>())),
    }
}
