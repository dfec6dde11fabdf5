//! `GET /admin/c/{type}/{id}/compare?from=&to=`: what differs between two versions, field by field.

mod segments;
mod shown;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use minijinja::context;
use minijinja::value::Serde;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::Refused;
use super::form::wants_json;
use super::guard::Signed;
use super::nav::Section;
use super::reach::{Reached, Wanted, reach};
use super::view::Screen;
use super::{Dashboard, address, times};
use crate::content::comparison::compare;
use crate::content::entry::{Revision, RevisionId};
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::store::Read;

use shown::Row;

/// How many versions can be chosen from.
const CHOICES: usize = 200;

/// Which versions are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// What is live, when it is not said.
    from: Option<i64>,
    /// The newest one, when it is not said.
    to: Option<i64>,
}

/// A version that can be chosen.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    rev: RevisionId,
    by: String,
    at: Moment,
    /// Date and time in the site's zone.
    said: String,
    named: Option<String>,
    is_live: bool,
}

/// Two versions beside each other.
#[derive(Clone, Debug, Serialize)]
struct Compared {
    title: String,
    from: Choice,
    to: Choice,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    rev: Option<RevisionId>,
    editor: String,
    base: String,
    locale: String,
}

/// What differs.
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    wanted: Wanted,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let asker = signed.clone();
    let (compared, may_write, schema) = dashboard
        .read(move |read| {
            let reached = reach(read, &asker, &wanted)?.draft_seen()?;
            let may_write = reached.sight.may_write(reached.entry.creator);
            Ok((gather(read, &reached, &asked)?, may_write, reached.schema.id))
        })
        .await?;
    if wants_json(&headers) {
        return Ok(Json(json!(compared)).into_response());
    }
    let screen = Screen { template: "compare/page.html", section: Section::Schema(schema) };
    dashboard
        .screen(&signed, screen, move |_| {
            let compared = minijinja::Value::from(Serde(compared));
            Ok(context! { compared, may_write })
        })
        .await
}

fn gather(read: &Read<'_>, reached: &Reached, asked: &Asked) -> Result<Compared, Refused> {
    let zone = times::zone(&Settings::read(&read.settings()?));
    let variant = &reached.variant;
    let newest = variant.draft.or(variant.live);
    let to = asked.to.map(RevisionId).or(newest).ok_or_else(Refused::not_found)?;
    let choices = read.revisions_before(reached.entry.id, reached.locale(), None, CHOICES)?;
    let older = || choices.iter().find(|revision| revision.id < to).map(|revision| revision.id);
    let from = asked.from.map(RevisionId).or(variant.live.filter(|live| *live != to)).or_else(older).unwrap_or(to);
    // The older one stands first, however they were asked for.
    let (from, to) = (from.min(to), from.max(to));
    let (old, new) = (reached.revision(read, from)?, reached.revision(read, to)?);
    let changes = compare(read.model(), &reached.schema, &old, &new);
    let base = address::entry(&reached.schema, reached.entry.id);
    let query = reached.query(read.model());
    Ok(Compared {
        title: reached.title(&new),
        from: choice(&old, reached, &zone),
        to: choice(&new, reached, &zone),
        rows: shown::rows(read, reached, &changes)?,
        choices: choices.iter().map(|revision| choice(revision, reached, &zone)).collect(),
        rev: newest,
        editor: format!("{base}{query}"),
        base,
        locale: query.trim_start_matches("?locale=").to_owned(),
    })
}

fn choice(revision: &Revision, reached: &Reached, zone: &Zone) -> Choice {
    Choice {
        rev: revision.id,
        by: revision.by.clone(),
        at: revision.at,
        said: zone.format(revision.at, "%-d %B %Y, %H:%M"),
        named: revision.named.clone(),
        is_live: reached.variant.live == Some(revision.id),
    }
}
