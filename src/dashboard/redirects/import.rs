//! `/admin/settings/redirects/import`: many redirects at once, told before they are brought.

use axum::extract::State;
use axum::response::Response;
use minijinja::{Value, context};

use super::{REDIRECTS, WHAT, back};
use crate::account::Right;
use crate::authoring::{Brought, plan_redirects};
use crate::content::redirect::{Put, read as read_lines};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::notes::Note;
use crate::dashboard::view::Screen;

const SCREEN: Screen = Screen { template: "redirects/import.html", section: Section::Settings };
/// How many lines of a plan are shown.
const SHOWN: usize = 200;

/// Where a text is pasted.
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    dashboard.screen(&signed, SCREEN, |_| Ok(context! {})).await
}

/// Tells what a text would do; with `go`, does it.
pub(super) async fn take(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let text = sent.text("text").to_owned();
    if text.trim().is_empty() {
        return Ok(back());
    }
    let lines = read_lines(&text);
    if sent.text("go") == "1" {
        let signature = signed.signature();
        let brought = dashboard.change(move |authoring| authoring.bring_redirects(lines, signature)).await?;
        let [added, changed, _, left_out] = brought.counts();
        let left_out = if left_out > 0 { format!("{left_out} left out.") } else { String::new() };
        let note = Note { detail: left_out, ..Note::ok(format!("{added} redirects added, {changed} changed.")) };
        return Ok(dashboard.go_on(&signed, REDIRECTS, note));
    }
    dashboard
        .screen(&signed, SCREEN, move |read| {
            let brought = plan_redirects(read, lines)?;
            let [added, changed, same, left_out] = brought.counts();
            Ok(context! { text, planned => planned(&brought), added, changed, same, left_out, more => brought.lines.len().saturating_sub(SHOWN) })
        })
        .await
}

/// The lines of a plan, those that are left out first.
fn planned(brought: &Brought) -> Vec<Value> {
    let mut lines: Vec<_> = brought.lines.iter().collect();
    lines.sort_by_key(|(_, put)| put.is_ok());
    let shown = lines.into_iter().take(SHOWN).map(|(line, put)| {
        let (act, says) = match put {
            Ok(put) => act(put),
            Err(why) => ("Left out", why.clone()),
        };
        context! { number => line.number, text => line.text.clone(), act, says, wrong => put.is_err() }
    });
    shown.collect()
}

fn act(put: &Put) -> (&'static str, String) {
    let leads = format!("{} → {} ({})", put.rule.from, put.rule.destination(), put.rule.status.number());
    let leads = match &put.shortened {
        Some(wanted) => format!("{leads}: {wanted} leads on to there"),
        None => leads,
    };
    match &put.replaced {
        _ if put.is_nothing() => ("As it is", leads),
        Some(old) => ("Changed", format!("{leads}, was {}", old.destination())),
        None => ("Added", leads),
    }
}
