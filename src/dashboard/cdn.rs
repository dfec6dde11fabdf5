//! `/admin/settings/cdn`: what stands in front of the site, and what it was told to drop.

mod aftermath;
mod form;

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::address::CDN;
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::list::row::When;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, times};
use crate::account::Right;
use crate::authoring::{CdnSecret, PurgeLine, PurgeState, Signature, last_purges};
use crate::content::purge::Order;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::courier::purge::Outcome;
use crate::store::Read;

pub(super) use aftermath::follow;

const SCREEN: Screen = Screen { template: "cdn/page.html", section: Section::Settings };
/// Completes "does not allow you to".
const WHAT: &str = "see or change what stands in front of the site";
/// How many purges are shown.
const SHOWN: usize = 20;
/// What is typed to have everything dropped.
const SURE: &str = "purge all";
/// After how long the list of purges asks for itself again while one is under way.
const AGAIN: Duration = Duration::from_secs(2);

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(CDN, get(show).post(save))
        .route("/admin/settings/cdn/unset", post(unset))
        .route("/admin/settings/cdn/test", post(test))
        .route("/admin/settings/cdn/purge", post(purge))
        .route("/admin/settings/cdn/log", get(log))
}

/// Which provider's form is wanted.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    provider: Option<String>,
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refused> {
    page(&dashboard, &signed, wanted.provider, context! {}).await
}

/// The page with the form of a provider, the one that is set up unless another is wanted, and what else it shows.
async fn page(
    dashboard: &Dashboard,
    signed: &Signed,
    wanted: Option<String>,
    more: Value,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let given = dashboard.purger.has_token();
    dashboard
        .screen(signed, SCREEN, move |read| {
            let kept = read.cdn()?;
            let set = kept.as_ref().map(|kept| kept.cdn.provider.name());
            let provider = wanted.filter(|name| form::NAMES.iter().any(|(known, _)| known == name));
            let provider = provider.or(set.map(str::to_owned)).unwrap_or_else(|| form::NAMES[0].0.to_owned());
            let shown = kept.as_ref().filter(|kept| kept.cdn.provider.name() == provider);
            let zone = times::zone(&Settings::read(&read.settings()?));
            // What comes first counts: what was typed before what is stored.
            let stored = context! {
                set,
                title => kept.as_ref().map(|kept| kept.cdn.provider.title()),
                providers => form::NAMES,
                provider => provider.clone(),
                form => form::filled(shown.map(|kept| &kept.cdn)),
                private => shown.is_some_and(|kept| kept.cdn.allow_private),
                stored => shown.is_some_and(|kept| kept.token.is_some()),
                given,
                sure => SURE,
            };
            Ok(context! { ..more, ..stored, ..lines(read, &zone)? })
        })
        .await
}

/// The last purges.
fn lines(read: &Read<'_>, zone: &Zone) -> Result<Value, Refused> {
    let purges = last_purges(read, SHOWN)?;
    let under_way = purges.iter().any(|line| matches!(line.state, PurgeState::Waiting | PurgeState::Failing));
    let moment = |moment| Value::from(Serde(When::of(moment, zone)));
    let one = |line: &PurgeLine| {
        context! {
            at => moment(line.at),
            target => line.target.clone(),
            what => line.what.clone(),
            by_hand => line.change.is_none(),
            state => Value::from(Serde(line.state)),
            tries => line.tries,
            due => line.due.map(moment),
            ms => line.ms.map(times::millis),
            said => line.said.clone(),
        }
    };
    let purges: Vec<Value> = purges.iter().map(one).collect();
    Ok(context! { purges, again => under_way.then_some(AGAIN.as_secs()) })
}

async fn log(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let view = dashboard.view.clone();
    dashboard
        .read(move |read| {
            let zone = times::zone(&Settings::read(&read.settings()?));
            Ok(Html(view.render("cdn/_log.html", lines(read, &zone)?)?).into_response())
        })
        .await
}

async fn save(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let before = dashboard.read(|read| Ok(read.cdn()?)).await?;
    let saved = match form::read(&sent, before.as_ref().map(|kept| &kept.cdn)) {
        Ok(cdn) => {
            let title = cdn.provider.title();
            let secret = match sent.text("token").trim() {
                "" if dashboard.purger.has_token() => CdnSecret::Elsewhere,
                "" => CdnSecret::Kept,
                token => CdnSecret::Given(token.to_owned()),
            };
            let signature = Signature::of(&signed.user);
            let set = dashboard.change(move |authoring| authoring.set_cdn(cdn, secret, &signature)).await;
            set.map(|()| title)
        }
        Err(refused) => Err(refused),
    };
    match saved {
        Ok(title) => {
            let note = Note {
                detail: "It is told of every change from now on, and drops what it holds. Try it below.".into(),
                ..Note::ok(format!("{title} is set up."))
            };
            Ok(dashboard.go_on(&signed, CDN, note))
        }
        Err(refused) if refused.is_about_input() => {
            let again = context! { form => form::again(&sent), problems => refused.problems() };
            let mut page = page(&dashboard, &signed, sent.find("provider").map(str::to_owned), again).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
        Err(refused) => Err(refused),
    }
}

async fn unset(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let signature = Signature::of(&signed.user);
    dashboard.change(move |authoring| authoring.forget_cdn(&signature)).await?;
    let note = Note {
        detail: "What it holds, it goes on showing: purge it there, or take it out of the way.".into(),
        ..Note::ok("The CDN is not told of changes any more.")
    };
    Ok(dashboard.go_on(&signed, CDN, note))
}

/// Tries whether the CDN can be told.
async fn test(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let kept = dashboard.read(|read| Ok(read.cdn()?)).await?.ok_or_else(Refused::not_found)?;
    let title = kept.cdn.provider.title();
    let tested = dashboard.purger.test(&kept).await;
    let wrong = tested.iter().find_map(|(name, purged)| match &purged.outcome {
        Outcome::Done => None,
        Outcome::Later { why, .. } | Outcome::Refused(why) => Some((name.clone(), why.clone())),
    });
    let slowest = tested.iter().map(|(_, purged)| purged.ms).fold(0.0, f64::max);
    let note = match wrong {
        None => Note {
            detail: format!("It has taken a purge of something that nobody has, in {}.", times::millis(slowest)),
            ..Note::ok(format!("{title} can be told."))
        },
        Some((name, why)) => {
            let whom = if name.contains("://") { name } else { title.to_owned() };
            Note { title: format!("{whom} cannot be told."), detail: why, kind: "error" }
        }
    };
    Ok(dashboard.go_on(&signed, CDN, note))
}

/// Has everything dropped, when that was typed.
async fn purge(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    if !sent.text("sure").trim().eq_ignore_ascii_case(SURE) {
        let text = format!("Type “{SURE}” to have everything dropped.");
        let problems = context! { problems => context! { sure => text } };
        let mut page = page(&dashboard, &signed, None, problems).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let signature = Signature::of(&signed.user);
    dashboard.change(move |authoring| authoring.purge_cdn(Order::Everything, &signature)).await?;
    let note =
        Note { detail: "The list below says when it is done.".into(), ..Note::ok("Everything is being purged.") };
    Ok(dashboard.go_on(&signed, CDN, note))
}
