//! `/admin/tokens`: the keys of programs that read and write, made, replaced and removed.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::{Value, context};

use super::address::TOKENS;
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use super::{Dashboard, times};
use crate::account::{Access, ApiToken, LastUse, Right};
use crate::authoring::{NewToken, TokenChange, now};
use crate::content::field::Problem;
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::store::Read;

const LIST: Screen = Screen { template: "tokens/list.html", section: Section::Tokens };
const ONE: Screen = Screen { template: "tokens/one.html", section: Section::Tokens };
/// Completes "does not allow you to".
const WHAT: &str = "make or change tokens";

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 60 * 60 * SECOND;
/// For how many hours the secret before may go on working, with what people call that.
const OVERLAPS: [(i64, &str); 5] =
    [(24, "A day"), (7 * 24, "A week"), (30 * 24, "30 days"), (1, "An hour"), (0, "Not at all: it stops now")];

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(TOKENS, get(list).post(make))
        .route("/admin/tokens/{id}", get(one).post(change))
        .route("/admin/tokens/{id}/rotate", post(rotate))
        .route("/admin/tokens/{id}/former", post(end_former))
        .route("/admin/tokens/{id}/remove", post(remove))
}

async fn list(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    list_page(&dashboard, &signed, context! {}).await
}

/// The list, with what else it shows.
async fn list_page(dashboard: &Dashboard, signed: &Signed, more: Value) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let uses = dashboard.tokens.last_uses();
    dashboard
        .screen(signed, LIST, move |read| {
            let zone = zone(read)?;
            let mut tokens = read.tokens()?;
            tokens.reverse();
            let tokens: Vec<Value> = tokens.iter().map(|token| shown(token, uses.get(&token.id), &zone)).collect();
            Ok(context! { tokens, today => today(&zone), ..more })
        })
        .await
}

async fn one(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    page(&dashboard, &signed, id, context! {}).await
}

/// The page of a token, with what else it shows.
async fn page(dashboard: &Dashboard, signed: &Signed, id: i64, more: Value) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let uses = dashboard.tokens.last_uses();
    let overlaps: Vec<Value> =
        OVERLAPS.iter().map(|(hours, text)| context! { hours => *hours, text => *text }).collect();
    dashboard
        .screen(signed, ONE, move |read| {
            let (zone, token) = (zone(read)?, find(read, id)?);
            let shown = shown(&token, uses.get(&id), &zone);
            Ok(context! { token => shown, overlaps, today => today(&zone), ..more })
        })
        .await
}

fn find(read: &Read<'_>, id: i64) -> Result<ApiToken, Refused> {
    read.tokens()?.into_iter().find(|token| token.id == id).ok_or_else(Refused::not_found)
}

fn zone(read: &Read<'_>) -> Result<Zone, Refused> {
    Ok(times::zone(&Settings::read(&read.settings()?)))
}

/// The day it is, as `<input type="date">` spells it.
fn today(zone: &Zone) -> String {
    zone.format(now(), "%Y-%m-%d")
}

/// The last day on which a token works.
fn last_day(ends: Moment, zone: &Zone) -> String {
    zone.format(Moment::from_micros(ends.micros() - 1), "%Y-%m-%d")
}

/// A token as templates show it; `used` is what this process knows of its last use.
fn shown(token: &ApiToken, used: Option<&LastUse>, zone: &Zone) -> Value {
    let used = used.into_iter().chain(&token.used).max_by_key(|used| used.at);
    let former = token.former.as_ref().map(|former| former.ends).filter(|ends| *ends > now());
    context! {
        id => token.id,
        name => token.name.clone(),
        writes => token.access == Access::Write,
        preview => token.preview,
        secret => token.secret.clone(),
        created => token.created.to_string(),
        ends => token.ends.map(|ends| ends.to_string()),
        ends_said => token.ends.map(|ends| times::in_full(zone, ends)),
        last_day => token.ends.map(|ends| last_day(ends, zone)),
        over => token.is_over(now()),
        former => former.map(|ends| ends.to_string()),
        former_said => former.map(|ends| times::in_full(zone, ends)),
        used => used.map(|used| used.at.to_string()),
        used_from => used.map(|used| used.from.clone()),
    }
}

/// The moment at which a form lets a token end: with the day that was typed.
fn ends(sent: &Sent, zone: &Zone) -> Result<Option<Moment>, Refused> {
    let day = sent.text("ends").trim();
    if day.is_empty() {
        return Ok(None);
    }
    let last = zone.moment(day, "23:59:59");
    let ends = last.map(|last| Moment::from_micros(last.micros() + SECOND));
    let unread = Problem { path: "ends".into(), text: "Enter a day, such as 2027-01-31.".into() };
    ends.map(Some).ok_or_else(|| Refused::invalid(&[unread]))
}

async fn make(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    match try_make(&dashboard, &signed, &sent).await {
        Ok((secret, name)) => list_page(&dashboard, &signed, context! { secret, secret_of => name }).await,
        Err(refused) => {
            let again = |problems| list_page(&dashboard, &signed, context! { sent => sent.again(), problems });
            refused.form_again(again).await
        }
    }
}

async fn try_make(dashboard: &Dashboard, signed: &Signed, sent: &Sent) -> Result<(String, String), Refused> {
    let name = sent.text("name").trim().to_owned();
    if name.is_empty() {
        let text = "Enter a name: it tells you later whose key this is.".into();
        return Err(Refused::invalid(&[Problem { path: "name".into(), text }]));
    }
    let (access, preview) = match sent.text("kind") {
        "read" => (Access::Read, false),
        "preview" => (Access::Read, true),
        "write" => (Access::Write, true),
        _ => return Err(Refused::bad("Choose from the list what the token may do.")),
    };
    let zone = dashboard.read(zone).await?;
    let wanted = NewToken { name: name.clone(), access, preview, ends: ends(sent, &zone)? };
    let signature = signed.signature();
    let (secret, _) = dashboard.change(move |authoring| authoring.make_token(wanted, signature)).await?;
    Ok((secret, name))
}

async fn change(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    match try_change(&dashboard, &signed, id, &sent).await {
        Ok(()) => Ok(dashboard.go_on(&signed, &at(id), Note::ok("The token is saved."))),
        Err(refused) => refuse(&dashboard, &signed, id, &sent, refused).await,
    }
}

async fn try_change(dashboard: &Dashboard, signed: &Signed, id: i64, sent: &Sent) -> Result<(), Refused> {
    let (zone, token) = dashboard.read(move |read| Ok((zone(read)?, find(read, id)?))).await?;
    // The day alone does not say which time of the day was meant before.
    let kept = token.ends.filter(|ends| last_day(*ends, &zone) == sent.text("ends").trim());
    let ends = if kept.is_some() { kept } else { ends(sent, &zone)? };
    let preview = token.access == Access::Write || sent.text("preview") == "on";
    let change = TokenChange { name: sent.text("name").into(), preview, ends };
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.change_token(id, change, signature)).await.map(drop)
}

async fn rotate(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let Some(hours) = OVERLAPS.iter().map(|(hours, _)| *hours).find(|hours| hours.to_string() == sent.text("keep"))
    else {
        return Err(Refused::bad("Choose from the list how long the old secret works."));
    };
    let signature = signed.signature();
    let deadline = Some(Moment::from_micros(signature.at.micros() + hours * HOUR));
    match dashboard.change(move |authoring| authoring.rotate_token(id, deadline, signature)).await {
        Ok(fresh) => page(&dashboard, &signed, id, context! { fresh, kept => hours > 0 }).await,
        Err(refused) => refuse(&dashboard, &signed, id, &sent, refused).await,
    }
}

async fn end_former(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.end_former_secret(id, signature)).await?;
    Ok(dashboard.go_on(&signed, &at(id), Note::ok("The old secret works no more.")))
}

async fn remove(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<i64>) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.remove_token(id, signature)).await?;
    Ok(dashboard.go_on(&signed, TOKENS, Note::ok("The token is removed. Requests with it are refused.")))
}

/// The page again, saying why nothing was changed.
async fn refuse(
    dashboard: &Dashboard,
    signed: &Signed,
    id: i64,
    sent: &Sent,
    refused: Refused,
) -> Result<Response, Refused> {
    if !refused.is_about_input() {
        return Err(refused);
    }
    let problems = refused.problems();
    let message = problems.is_empty().then(|| refused.message.clone());
    let mut page = page(dashboard, signed, id, context! { sent => sent.again(), problems, message }).await?;
    *page.status_mut() = refused.status;
    Ok(page)
}

/// Where a token is.
fn at(id: i64) -> String {
    format!("{TOKENS}/{id}")
}
