//! `/admin/audit`: who did what, when and from where, with filters that stand in the address, and as a file.

use std::io::{self, Write as _};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use form_urlencoded::Serializer;
use minijinja::{Value, context};
use serde::Deserialize;
use serde_json::json;

use super::address::AUDIT;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::streamed::{Pipe, streamed};
use super::view::Screen;
use super::{Dashboard, times};
use crate::account::{DeedGroup, Record, Right};
use crate::content::moment::Moment;
use crate::content::settings::Settings;
use crate::content::zone::Zone;
use crate::store::{AuditQuery, Store};

const SCREEN: Screen = Screen { template: "audit/list.html", section: Section::Audit };
/// Completes "does not allow you to".
const WHAT: &str = "see the audit log";
/// How many lines a page has, and how many a file gets at a time.
const PAGE: usize = 50;
const PIECE: usize = 1_000;
/// Longer words find nothing that shorter ones do not.
const LONGEST: usize = 100;
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route(AUDIT, get(show)).route("/admin/audit/export/{format}", get(export))
}

/// What of the log is looked at. What makes no sense counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    /// A group of deeds.
    #[serde(default)]
    what: String,
    /// In who, to what, or from where.
    #[serde(default)]
    q: String,
    /// On this day or later, as `2026-01-31`.
    #[serde(default)]
    from: String,
    /// On this day or earlier.
    #[serde(default)]
    to: String,
    /// Before the line with this number.
    #[serde(default)]
    before: Option<i64>,
}

impl Asked {
    fn query(&self, zone: &Zone, limit: usize) -> AuditQuery {
        let words: String = self.q.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        AuditQuery {
            deeds: DeedGroup::parse(&self.what).map(|group| group.deeds().collect()).unwrap_or_default(),
            words: words.trim().to_owned(),
            from: zone.moment(&self.from, "00:00"),
            to: zone.moment(&self.to, "00:00").map(|to| Moment::from_micros(to.micros() + DAY)),
            before: self.before,
            limit,
        }
    }

    /// The filters as the part of an address behind the question mark.
    fn address(&self, before: Option<i64>) -> String {
        let mut query = Serializer::new(String::new());
        let filters = [("what", &self.what), ("q", &self.q), ("from", &self.from), ("to", &self.to)];
        query.extend_pairs(filters.into_iter().filter(|(_, value)| !value.is_empty()));
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    dashboard
        .screen(&signed, SCREEN, move |read| {
            let zone = times::zone(&Settings::read(&read.settings()?));
            // One more than is shown tells whether there are more.
            let mut records = read.audit(&asked.query(&zone, PAGE + 1))?;
            let more = records.len() > PAGE;
            records.truncate(PAGE);
            let older = records.last().filter(|_| more).map(|last| asked.address(Some(last.id)));
            let filtered = asked.address(None);
            let lines: Vec<Value> = records.iter().map(|record| shown(record, &zone)).collect();
            let groups: Vec<Value> = DeedGroup::ALL
                .into_iter()
                .map(|group| context! { word => group.as_str(), label => label(group), chosen => group.as_str() == asked.what })
                .collect();
            Ok(context! {
                lines,
                groups,
                q => asked.q,
                from => asked.from,
                to => asked.to,
                older => older.map(|query| format!("{AUDIT}?{query}")),
                newest => asked.before.map(|_| format!("{AUDIT}?{filtered}")),
                filtered => (!filtered.is_empty()).then_some(filtered),
            })
        })
        .await
}

fn label(group: DeedGroup) -> &'static str {
    match group {
        DeedGroup::SigningIn => "Sign-ins",
        DeedGroup::People => "People",
        DeedGroup::Tokens => "Tokens",
        DeedGroup::Content => "Content",
        DeedGroup::Building => "Settings and model",
        DeedGroup::Site => "The site",
    }
}

fn icon(group: DeedGroup) -> &'static str {
    match group {
        DeedGroup::SigningIn => "lock",
        DeedGroup::People => "users",
        DeedGroup::Tokens => "key-round",
        DeedGroup::Content => "files",
        DeedGroup::Building => "settings",
        DeedGroup::Site => "server",
    }
}

fn shown(record: &Record, zone: &Zone) -> Value {
    let by = match (record.by.as_str(), record.user) {
        ("", _) => "Somebody unknown".to_owned(),
        (by, Some(_)) | (by @ ("command line" | "schedule"), None) => by.to_owned(),
        (by, None) if record.deed.group() == DeedGroup::SigningIn => by.to_owned(),
        (by, None) => format!("{by} (a token or link)"),
    };
    context! {
        sign => icon(record.deed.group()),
        said => record.deed.said(),
        about => record.about.clone(),
        detail => in_words(&record.detail),
        by,
        address => record.address.clone(),
        at => record.at.to_string(),
        at_said => times::in_full(zone, record.at),
    }
}

/// What a deed has to tell beside its name.
fn in_words(detail: &serde_json::Value) -> String {
    let word = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(true) => "yes".into(),
        serde_json::Value::Bool(false) => "no".into(),
        serde_json::Value::Null => "none".into(),
        serde_json::Value::Array(list) => format!("{} of them", list.len()),
        other => other.to_string(),
    };
    let members = detail.as_object().into_iter().flatten();
    members.map(|(name, value)| format!("{name}: {}", word(value))).collect::<Vec<_>>().join(", ")
}

/// `GET /admin/audit/export/csv` and `…/json`, with the filters of the page.
async fn export(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(format): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    signed.need(Right::People, WHAT)?;
    let format = match format.as_str() {
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => return Err(Refused::not_found()),
    };
    let zone = dashboard.read(|read| Ok(times::zone(&Settings::read(&read.settings()?)))).await?;
    let (signature, filters) = (signed.signature(), asked.address(None));
    dashboard.change(move |authoring| authoring.note_audit_export(&filters, signature)).await?;
    let (store, query) = (dashboard.store.clone(), asked.query(&zone, PIECE));
    let body = streamed(&dashboard, move |out| write_all(&store, query, format, out))?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        Format::Json => ("application/json", "attachment; filename=\"audit.json\""),
    };
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], body).into_response())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// Writes all lines, newest first, a piece at a time: what is added meanwhile is not among them.
fn write_all(store: &Store, mut query: AuditQuery, format: Format, out: &mut Pipe) -> io::Result<()> {
    match format {
        Format::Csv => out.write_all(b"time,who,what,about,from,detail\n")?,
        Format::Json => out.write_all(b"[")?,
    }
    let mut first = true;
    loop {
        let records = store.read(|read| read.audit(&query)).map_err(io::Error::other)?;
        for record in &records {
            let line = match format {
                Format::Csv => csv(record),
                Format::Json => format!("{}{}", if first { "\n" } else { ",\n" }, as_json(record)),
            };
            out.write_all(line.as_bytes())?;
            first = false;
        }
        match records.last() {
            Some(last) if records.len() == PIECE => query.before = Some(last.id),
            _ => break,
        }
    }
    if format == Format::Json {
        out.write_all(b"\n]\n")?;
    }
    Ok(())
}

fn as_json(record: &Record) -> serde_json::Value {
    json!({
        "id": record.id,
        "at": record.at,
        "what": record.deed.as_str(),
        "by": record.by,
        "user": record.user,
        "from": record.address,
        "about": record.about,
        "detail": record.detail,
    })
}

fn csv(record: &Record) -> String {
    let detail = if record.detail.is_null() { String::new() } else { record.detail.to_string() };
    let cells = [&record.at.to_string(), &record.by, record.deed.as_str(), &record.about, &record.address, &detail];
    format!("{}\n", cells.map(cell).join(","))
}

/// A cell of a table. Spreadsheets take one that begins with certain signs for a formula, and people choose their
/// names themselves.
fn cell(text: &str) -> String {
    let harmless =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if harmless.contains([',', '"', '\n', '\r']) { format!("\"{}\"", harmless.replace('"', "\"\"")) } else { harmless }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_name_is_a_formula() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!((cell("Olga"), cell("Berg, Olga"), cell("")), ("Olga".into(), "\"Berg, Olga\"".into(), "".into()));
    }
}
