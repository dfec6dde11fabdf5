//! `GET /admin/c/{type}/{id}/history/brief`: the newest lines of a history, for the side column of the editor.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use super::days;
use super::lines::{self, Line};
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::dashboard::draft::InLocale;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::list::row::Person;
use crate::dashboard::reach::{Reached, Wanted, reach};
use crate::dashboard::{Dashboard, address, times};
use crate::store::Read;

/// How many revisions are read: autosaves of ten minutes are one line.
const READ: usize = 40;
/// How many lines are shown.
const SHOWN: usize = 5;

/// A line as the side column shows it.
#[derive(Debug, Serialize)]
struct Short {
    by: Person,
    /// Who, or what happened.
    head: String,
    at: Moment,
    /// Day and time in the site's zone, until a script says how long ago it was.
    said: String,
    text: String,
    is_live: bool,
    /// What changed, if there is something to compare with.
    href: Option<String>,
}

/// The newest lines, with a link to all.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((kind, id)): Path<(String, i64)>,
    Query(InLocale { locale }): Query<InLocale>,
) -> Result<Response, Refused> {
    let wanted = Wanted { kind, id, locale };
    let me = signed.user.name.clone();
    let shown = dashboard.read(move |read| {
        let reached = reach(read, &signed, &wanted)?.draft_seen()?;
        let base = address::entry(&reached.schema, reached.entry.id);
        let query = reached.query(read.model());
        let versions = read.revision_count(reached.entry.id, reached.locale())?;
        let lines = newest(read, &reached, &me)?;
        Ok(json!({"lines": lines, "versions": versions, "all": format!("{base}/history{query}")}))
    });
    let shown = shown.await?;
    dashboard.view.bare("history/brief.html", shown)
}

fn newest(read: &Read<'_>, reached: &Reached, me: &str) -> Result<Vec<Short>, Refused> {
    let zone = times::zone(&Settings::read(&read.settings()?));
    let (lines, _) = lines::of(read, reached, None, READ, &zone)?;
    let lines = days::of(lines, &zone, now()).into_iter().flat_map(|day| day.lines).take(SHOWN);
    let base = address::entry(&reached.schema, reached.entry.id);
    let query = reached.query(read.model());
    let joint = if query.is_empty() { '?' } else { '&' };
    let short = |line: Line| {
        let href = line.previous.zip(line.rev);
        let href = href.map(|(from, to)| format!("{base}/compare{query}{joint}from={}&to={}", from.0, to.0));
        let who = if line.by == me { "You".to_owned() } else { line.by.clone() };
        // Events say what happened first, changes who made them.
        let (head, text) = match line.rev {
            None => (line.word.to_owned(), format!("By {}", if line.by == me { "you" } else { line.by.as_str() })),
            Some(_) => (who, line.text.clone()),
        };
        Short {
            by: Person::named(&line.by),
            head,
            at: line.at,
            said: zone.format(line.at, "%-d %b, %H:%M"),
            text,
            is_live: line.is_live,
            href,
        }
    };
    Ok(lines.map(short).collect())
}
