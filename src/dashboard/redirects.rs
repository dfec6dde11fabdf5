//! `/admin/settings/redirects`: where visitors of old addresses are sent.

mod import;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect as To, Response};
use axum::routing::{get, post};
use minijinja::{Value, context};
use serde::Deserialize;

use super::address::REDIRECTS;
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, times};
use crate::account::Right;
use crate::authoring::problem;
use crate::content::redirect::{Host, MOST, Put, Redirect, Rule, Status, csv};
use crate::content::settings::Settings;
use crate::store::Read;

const LIST: Screen = Screen { template: "redirects/list.html", section: Section::Settings };
const ONE: Screen = Screen { template: "redirects/one.html", section: Section::Settings };
/// Completes "does not allow you to".
const WHAT: &str = "change redirects";
/// How many lines a page has.
const PAGE: u64 = 50;

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(REDIRECTS, get(list).post(add))
        .route("/admin/settings/redirects/{id}", get(one).post(change))
        .route("/admin/settings/redirects/remove", post(remove))
        .route("/admin/settings/redirects/restore", post(restore))
        .route("/admin/settings/redirects/import", get(import::show).post(import::take))
        .route("/admin/settings/redirects/export/{format}", get(export))
}

/// Which part of the list is looked at.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    /// Only those with this in an address.
    #[serde(default)]
    q: String,
    /// From 1.
    #[serde(default)]
    page: u64,
}

async fn list(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    page(&dashboard, &signed, asked, context! {}).await
}

/// The list, with what else it shows.
async fn page(dashboard: &Dashboard, signed: &Signed, asked: Asked, more: Value) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let feed = format!("{}/v2/redirects/netlify/", signed.origin);
    dashboard
        .screen(signed, LIST, move |read| {
            let text = asked.q.trim();
            let count = read.count_redirects(text)?;
            let last = count.div_ceil(PAGE).max(1);
            let number = asked.page.clamp(1, last);
            let shown = read.some_redirects(text, (number - 1) * PAGE, PAGE)?;
            let to = |number: u64| {
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("q", text)
                    .append_pair("page", &number.to_string())
                    .finish();
                format!("{REDIRECTS}?{query}")
            };
            let first = (number - 1) * PAGE;
            Ok(context! {
                redirects => shown_all(read, &shown)?,
                q => text,
                any => count > 0 || read.count_redirects("")? > 0,
                words => format!("{}–{} of {count}", (first + 1).min(count), first + shown.len() as u64),
                previous => (number > 1).then(|| to(number - 1)),
                next => (number < last).then(|| to(number + 1)),
                statuses => statuses(),
                hosts => Host::ALL.map(Host::as_str).to_vec(),
                feed,
                ..more
            })
        })
        .await
}

fn shown_all(read: &Read<'_>, redirects: &[Redirect]) -> Result<Vec<Value>, Refused> {
    let zone = times::zone(&Settings::read(&read.settings()?));
    let shown = |redirect: &Redirect| {
        let said = times::in_full(&zone, redirect.at);
        context! { id => redirect.id, by => redirect.by.clone(), at => redirect.at.to_string(), said, ..fields(&redirect.rule) }
    };
    Ok(redirects.iter().map(shown).collect())
}

/// A rule as forms hold it.
fn fields(rule: &Rule) -> Value {
    context! { from => rule.from.clone(), to => rule.to.clone(), status => rule.status.number() }
}

/// All statuses with what they mean.
fn statuses() -> Vec<Value> {
    let describe = |status: Status| match status {
        Status::Moved => "Moved for good (301)",
        Status::Found => "Moved for now (302)",
        Status::Temporary => "Moved for now, forms too (307)",
        Status::Permanent => "Moved for good, forms too (308)",
        Status::Gone => "Gone: nothing is there any more (410)",
    };
    Status::ALL.into_iter().map(|status| context! { number => status.number(), text => describe(status) }).collect()
}

/// The rule that a form holds.
fn rule(sent: &Sent) -> Result<Rule, Refused> {
    let rule = Rule::parse(sent.text("from"), sent.text("to"), sent.text("status"));
    rule.map_err(|wrong| Refused::invalid(&wrong.into_iter().map(problem).collect::<Vec<_>>()))
}

/// Sets a redirect; with `before`, in the place of that one.
async fn put(
    dashboard: &Dashboard,
    signed: &Signed,
    before: Option<String>,
    rule: Result<Rule, Refused>,
) -> Result<Put, Refused> {
    let (rule, signature) = (rule?, signed.signature());
    dashboard.change(move |authoring| authoring.put_redirect(before.as_deref(), rule, signature)).await
}

async fn add(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    match put(&dashboard, &signed, None, rule(&sent)).await {
        Ok(put) => Ok(dashboard.go_on(&signed, REDIRECTS, told(&put))),
        Err(refused) => {
            let again =
                |problems| page(&dashboard, &signed, Asked::default(), context! { sent => sent.again(), problems });
            refused.form_again(again).await
        }
    }
}

/// What putting a redirect did.
fn told(put: &Put) -> Note {
    let rule = &put.rule;
    let title = match &rule.to {
        Some(to) => format!("{} leads to {to}.", rule.from),
        None => format!("{} is gone for good.", rule.from),
    };
    let mut detail = Vec::new();
    detail.extend(put.shortened.as_ref().map(|wanted| format!("{wanted} leads on to there.")));
    if !put.led_on.is_empty() {
        detail.push(format!("So do the redirects from {} now.", put.led_on.join(", ")));
    }
    Note { detail: detail.join(" "), ..Note::ok(title) }
}

async fn one(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    editor(&dashboard, &signed, find(&dashboard, id).await?, context! {}).await
}

async fn find(dashboard: &Dashboard, id: i64) -> Result<Redirect, Refused> {
    dashboard.read(move |read| Ok(read.redirect(id)?)).await?.ok_or_else(Refused::not_found)
}

/// The form of one redirect, with what else it shows.
async fn editor(dashboard: &Dashboard, signed: &Signed, found: Redirect, more: Value) -> Result<Response, Refused> {
    dashboard
        .screen(signed, ONE, move |read| {
            let shown = shown_all(read, std::slice::from_ref(&found))?;
            let stored = context! { sent => fields(&found.rule) };
            // What comes first counts.
            Ok(context! { redirect => shown.first(), statuses => statuses(), ..context! { ..more, ..stored } })
        })
        .await
}

async fn change(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let found = find(&dashboard, id).await?;
    match put(&dashboard, &signed, Some(found.rule.from.clone()), rule(&sent)).await {
        Ok(put) => Ok(dashboard.go_on(&signed, REDIRECTS, told(&put))),
        Err(refused) => {
            let again = |problems| editor(&dashboard, &signed, found, context! { sent => sent.again(), problems });
            refused.form_again(again).await
        }
    }
}

/// Takes a redirect away; the list that comes then can put it back.
async fn remove(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let (from, signature) = (sent.text("from").to_owned(), signed.signature());
    let removed = dashboard.change(move |authoring| authoring.remove_redirect(&from, signature)).await?;
    page(&dashboard, &signed, Asked::default(), context! { removed => fields(&removed) }).await
}

/// Puts back what was taken away.
async fn restore(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let put = put(&dashboard, &signed, None, rule(&sent)).await?;
    Ok(dashboard.go_on(&signed, REDIRECTS, Note::ok(format!("The redirect from {} is back.", put.rule.from))))
}

/// All redirects as a file.
async fn export(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(format): Path<String>,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let host = Host::parse(&format);
    if host.is_none() && format != "csv" {
        return Err(Refused::not_found());
    }
    let text = dashboard
        .read(move |read| {
            let kept = read.some_redirects("", 0, MOST as u64)?;
            let rules = kept.iter().map(|redirect| &redirect.rule);
            Ok(match host {
                Some(host) => host.text(rules),
                None => csv(rules),
            })
        })
        .await?;
    let (kind, name) = match host {
        None => ("text/csv; charset=utf-8", "redirects.csv"),
        Some(Host::Netlify) => ("text/plain; charset=utf-8", "_redirects"),
        Some(Host::Nginx) => ("text/plain; charset=utf-8", "redirects.conf"),
        Some(Host::Json) => ("application/json", "redirects.json"),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], text).into_response())
}

/// Back to the list.
fn back() -> Response {
    To::to(REDIRECTS).into_response()
}
