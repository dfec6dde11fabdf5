//! `GET /admin/c/{type}`: the entries of a schema.
//!
//! The address says everything about what is shown; tabs, filters, orders and pages are links. Scripts ask the
//! same addresses for the part of the page that changes.

mod columns;
mod marks;
mod narrowing;
pub(super) mod row;
mod views;
pub(super) mod wanted;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::sight::Sight;
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::Right;
use crate::content::entry::EntryId;
use crate::content::schema::{Kind, Schema};
use crate::store::{By, Eyes, Line, Read, Standing, Survey, Surveyed, Tally};

use columns::Column;
use narrowing::Narrowing;
use row::Shower;
use wanted::{Page, Sort, Wanted};

/// How many lines a page has.
const PAGE: usize = 50;

/// The routes of lists.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/c/{type}", get(show))
        .route("/admin/c/{type}/columns", post(views::choose_columns))
        .route("/admin/c/{type}/views", post(views::save))
        .route("/admin/c/{type}/views/{view}/remove", post(views::remove))
}

/// A list; of a single page, its editor.
async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let wanted = Wanted::read(&query.unwrap_or_default());
    let schema = dashboard.read(move |read| schema_named(read, &name)).await?;
    if schema.kind == Kind::SinglePage {
        return dashboard.read(move |read| single(read, &schema)).await;
    }
    let jobs = dashboard.jobs.notes(signed.user.id, &schema);
    if is_fragment(&headers) {
        let (view, asked) = (dashboard.view.clone(), signed.clone());
        return dashboard
            .read(move |read| {
                let list = List { signed: &asked, schema: &schema, wanted: &wanted };
                let user =
                    context! { publishes => asked.user.may(Right::Publish), writes => asked.user.may(Right::WriteOwn) };
                let shown = context! { csrf => asked.csrf.clone(), user, fragment => true, ..list.context(read)? };
                Ok(Html(view.render("list/fragment.html", shown)?).into_response())
            })
            .await;
    }
    let screen = Screen { template: "list/page.html", section: Section::Schema(schema.id) };
    let asked = signed.clone();
    let ask = move |read: &Read<'_>| {
        let list = List { signed: &asked, schema: &schema, wanted: &wanted };
        Ok(context! { jobs => Value::from(Serde(jobs)), ..list.context(read)? })
    };
    dashboard.screen(&signed, screen, ask).await
}

/// Whether a script asks for the part of the page that changes. One that goes back needs the whole page.
pub(super) fn is_fragment(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|said| said == value);
    says("hx-target", "rows") && !says("hx-history-restore-request", "true")
}

/// The schema that an address names.
pub(super) fn schema_named(read: &Read<'_>, name: &str) -> Result<Schema, Refused> {
    address::schema_named(read.model(), name).cloned().ok_or_else(Refused::not_found)
}

/// A single page is its own list.
fn single(read: &Read<'_>, schema: &Schema) -> Result<Response, Refused> {
    for id in read.entry_ids(schema.id, EntryId(0), PAGE)? {
        if read.entry(id)?.is_some_and(|entry| entry.deleted.is_none()) {
            return Ok(Redirect::to(&address::entry(schema, id)).into_response());
        }
    }
    Err(Refused::not_found())
}

/// A list somebody asked for.
struct List<'a> {
    signed: &'a Signed,
    schema: &'a Schema,
    wanted: &'a Wanted,
}

#[derive(Serialize)]
struct Tab {
    label: &'static str,
    href: String,
    current: bool,
    count: u64,
}

/// The link in a column's head.
#[derive(Serialize)]
struct Head {
    href: String,
    /// `ascending` or `descending` for the column that is ordered by.
    aria: Option<&'static str>,
}

#[derive(Default, Serialize)]
struct Pager {
    words: String,
    previous: String,
    next: String,
}

impl List<'_> {
    fn context(&self, read: &Read<'_>) -> Result<Value, Refused> {
        let (wanted, schema) = (self.wanted, self.schema);
        let sight = Sight::of(&self.signed.user);
        let narrowing = Narrowing::of(read, schema, wanted)?;
        let found = self.survey(read, sight.eyes(), &narrowing)?;
        let tally = read.tally(schema.id, sight.eyes())?;
        let mut shower = Shower::new(read, sight)?;
        let mut rows = Vec::with_capacity(found.lines.len());
        for line in &found.lines {
            rows.extend(shower.row(line, &wanted.words)?);
        }
        let possible = Column::possible(read.model(), schema);
        let chosen = read.preference(self.signed.user.id, &columns::preference(schema))?;
        let shown = columns::shown(&possible, chosen.as_deref(), schema);
        let views = read.saved_views(self.signed.user.id, schema.id)?;
        let base = address::list(schema);
        let publishes = self.signed.user.may(Right::Publish);
        let categories = if schema.kind == Kind::Post && publishes { narrowing.categories() } else { Vec::new() };
        Ok(context! {
            page => context! { title => schema.name.clone(), section => "content" },
            base => base.clone(),
            name => schema.name.clone(),
            help => schema.help.clone(),
            noun => noun(schema),
            nouns => format!("{}s", noun(schema)),
            new => address::new(schema),
            tabs => Value::from(Serde(self.tabs(&tally, sight.eyes()))),
            parts => Value::from(Serde(wanted.with(|wanted| wanted.words.clear()).parts())),
            words => wanted.words.clone(),
            query => wanted.query(),
            here => wanted.address(&base),
            clear => Wanted { status: wanted.status, sort: wanted.sort, ..Wanted::default() }.address(&base),
            narrowed => wanted.is_narrowed(),
            status => wanted.status.map(Standing::as_str),
            chips => Value::from(Serde(narrowing.chips(&base))),
            menus => Value::from(Serde(narrowing.menus(&base))),
            views => Value::from(Serde(views.into_iter().map(|view| views::shown(&base, wanted, view)).collect::<Vec<_>>())),
            columns => Value::from(Serde(columns::offered(&possible, &shown))),
            on => shown.iter().map(|column| (column.key(), true)).collect::<std::collections::BTreeMap<_, _>>(),
            heads => context! {
                title => Value::from(Serde(self.head(By::Title, false))),
                edited => Value::from(Serde(self.head(By::Edited, true))),
            },
            in_order => self.sort().by == By::Position,
            manual => if schema.kind == Kind::Collection { Some(wanted.with(|wanted| wanted.sort = None).address(&base)) } else { None },
            moves => self.moves(),
            before => self.before(read, &found)?.map(|id| id.0),
            rows => Value::from(Serde(rows)),
            pages => Value::from(Serde(self.pager(&found, self.versions(read, &tally)))),
            count => found.count,
            total => tally.all(),
            posts => schema.kind == Kind::Post,
            paths => schema.kind != Kind::Collection,
            categories => Value::from(Serde(categories)),
            visited => schema.kind != Kind::Collection && wanted.status != Some(Standing::Archived),
            zone => shower.zone().name(),
            once => super::bulk::word(),
        })
    }

    fn survey(&self, read: &Read<'_>, eyes: Eyes, narrowing: &Narrowing) -> Result<Surveyed, Refused> {
        let (wanted, sort) = (self.wanted, self.sort());
        if narrowing.is_hopeless() {
            return Ok(Surveyed { count: Some(0), ..Surveyed::default() });
        }
        Ok(read.survey(&Survey {
            schema: self.schema.id,
            eyes,
            standing: wanted.status,
            words: Some(wanted.words.as_str()).filter(|words| !words.is_empty()),
            filed: narrowing.filed(),
            locale: narrowing.locale(),
            once: self.lists_once(read),
            edited_by: wanted.mine.then_some(self.signed.user.id),
            by: sort.by,
            descending: sort.descending,
            after: wanted.page.after.as_ref(),
            before: wanted.page.before.as_ref().filter(|_| wanted.page.after.is_none()),
            limit: PAGE,
        })?)
    }

    /// The order asked for, else the list's own. Only collections have a manual one.
    fn sort(&self) -> Sort {
        let collection = self.schema.kind == Kind::Collection;
        let own = match collection {
            true => Sort { by: By::Position, descending: false },
            false => Sort { by: By::Edited, descending: true },
        };
        self.wanted.sort.filter(|sort| collection || sort.by != By::Position).unwrap_or(own)
    }

    /// Whether lines can be moved here: in their own order, with nothing left out between them.
    fn moves(&self) -> bool {
        let plain = !self.wanted.is_narrowed() && self.wanted.status.is_none();
        let own = self.sort() == Sort { by: By::Position, descending: false };
        plain && own && self.signed.user.may(Right::Write)
    }

    /// What stands before the first line of this page, where lines can be moved.
    fn before(&self, read: &Read<'_>, found: &Surveyed) -> Result<Option<EntryId>, Refused> {
        let Some(first) = found.lines.first().filter(|_| self.moves()) else { return Ok(None) };
        let Ok(position) = first.place(By::Position).value.parse() else { return Ok(None) };
        Ok(read.beside(self.schema.id, position, false)?.map(|(id, _)| id))
    }

    fn tabs(&self, tally: &Tally, eyes: Eyes) -> Vec<Tab> {
        if eyes == Eyes::Live {
            // All they see is published.
            return Vec::new();
        }
        let base = address::list(self.schema);
        let tab = |label, status: Option<Standing>| Tab {
            label,
            href: self.wanted.with(|wanted| wanted.status = status).address(&base),
            current: self.wanted.status == status,
            count: status.map_or_else(|| tally.all(), |status| tally.of(status)),
        };
        vec![
            tab("All", None),
            tab("Drafts", Some(Standing::Draft)),
            tab("Unpublished changes", Some(Standing::Changed)),
            tab("Scheduled", Some(Standing::Scheduled)),
            tab("Published", Some(Standing::Published)),
            tab("Archived", Some(Standing::Archived)),
        ]
    }

    fn head(&self, by: By, descending_first: bool) -> Head {
        let sort = self.sort();
        let current = sort.by == by;
        let descending = if current { !sort.descending } else { descending_first };
        let wanted = self.wanted.with(|wanted| wanted.sort = Some(Sort { by, descending }));
        let aria = if sort.descending { "descending" } else { "ascending" };
        Head { href: wanted.address(&address::list(self.schema)), aria: current.then_some(aria) }
    }

    /// How many language versions a page counts as fewer entries; the tabs count versions.
    fn versions(&self, read: &Read<'_>, tally: &Tally) -> Option<u64> {
        let wanted = self.wanted;
        let all = wanted.status.map_or_else(|| tally.all(), |status| tally.of(status));
        (self.lists_once(read) && !wanted.is_narrowed()).then_some(all)
    }

    /// Whether an entry has one line whatever its locales: a place in the manual order is the entry's.
    fn lists_once(&self, read: &Read<'_>) -> bool {
        self.sort().by == By::Position && self.wanted.locale.is_empty() && read.model().locales.len() > 1
    }

    /// `versions`: how many there are of the entries that are counted.
    fn pager(&self, found: &Surveyed, versions: Option<u64>) -> Pager {
        let (Some(first), Some(last)) = (found.lines.first(), found.lines.last()) else { return Pager::default() };
        let (page, by, shown) = (&self.wanted.page, self.sort().by, found.lines.len() as u64);
        let backwards = page.before.is_some() && page.after.is_none();
        let begins = page.after.is_none() && page.before.is_none();
        let skipped = if begins || backwards && !found.more { 0 } else { page.skipped };
        let base = address::list(self.schema);
        let to = |page: Page| Wanted { page, ..self.wanted.clone() }.address(&base);
        let place = |line: &Line| Some(line.place(by));
        let back = || to(Page { before: place(first), skipped: skipped.saturating_sub(PAGE as u64), after: None });
        let on = || to(Page { after: place(last), skipped: skipped + shown, before: None });
        let all = found.count.or_else(|| (begins && !found.more).then_some(shown));
        let of = match (all, versions) {
            (Some(count), Some(versions)) if versions != count => {
                let nouns = if count == 1 { noun(self.schema).to_owned() } else { format!("{}s", noun(self.schema)) };
                format!(" of {count} {nouns}, in {versions} language versions")
            }
            (None, Some(versions)) => format!(" of the {}s, in {versions} language versions", noun(self.schema)),
            _ => found.count.map(|count| format!(" of {count}")).unwrap_or_default(),
        };
        let (behind, ahead) = if backwards { (found.more, true) } else { (!begins, found.more) };
        Pager {
            words: format!("{}–{}{of}", skipped + 1, skipped + shown),
            previous: if behind { back() } else { String::new() },
            next: if ahead { on() } else { String::new() },
        }
    }
}

/// What people call one entry.
pub(super) fn noun(schema: &Schema) -> &'static str {
    match schema.kind {
        Kind::Post => "post",
        Kind::PageType | Kind::SinglePage => "page",
        Kind::Collection => "item",
    }
}
