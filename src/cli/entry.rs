//! `larder entry`

mod row;

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::target::{Target, in_locale};
use super::terminal::{self, note};
use crate::authoring::{EntryLine, Error};
use crate::content::entry::{EntryId, RevisionId};
use crate::content::schema::Schema;
use crate::store::Read;
use row::{kind, row};

/// How many entries are read at a time.
const BATCH: usize = 1000;

/// Pages, items and posts: look at them, their history and what uses them
#[derive(Subcommand)]
pub(super) enum Entry {
    List(List),
    Show(Show),
    History(History),
    Restore(Restore),
    Delete(Delete),
    Undelete(Undelete),
    Used(Used),
}

/// List entries: all, or those of one kind
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,

    /// page:TYPE, single, item:COLLECTION or post
    kind: Option<String>,

    /// List deleted entries, which `larder entry undelete` brings back
    #[arg(long)]
    deleted: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Print an entry with all its revisions as JSON, as archives hold it
#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,

    /// page:TYPE/SLUG, single:SLUG, post:SLUG, item:ID or entry:ID
    target: Target,
}

/// List the revisions of an entry, newest first
#[derive(Args)]
pub(super) struct History {
    #[command(flatten)]
    place: Place,

    /// page:TYPE/SLUG, single:SLUG, post:SLUG, item:ID or entry:ID
    target: Target,

    /// In which locale; the default one when left out
    #[arg(long)]
    locale: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Make a copy of an earlier revision the draft
#[derive(Args)]
pub(super) struct Restore {
    #[command(flatten)]
    place: Place,

    /// The revision's number in `larder entry history`
    revision: i64,
}

/// Delete an entry; `larder entry undelete` brings it back
#[derive(Args)]
pub(super) struct Delete {
    #[command(flatten)]
    place: Place,

    /// page:TYPE/SLUG, single:SLUG, post:SLUG, item:ID or entry:ID
    target: Target,

    /// Delete it even if other entries link to it
    #[arg(long)]
    anyway: bool,
}

/// Bring a deleted entry back as it was
#[derive(Args)]
pub(super) struct Undelete {
    #[command(flatten)]
    place: Place,

    /// entry:ID, as `larder entry list --deleted` shows it
    target: Target,
}

/// List the entries that link to an entry
#[derive(Args)]
pub(super) struct Used {
    #[command(flatten)]
    place: Place,

    /// page:TYPE/SLUG, single:SLUG, post:SLUG, item:ID or entry:ID
    target: Target,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Entry {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(),
            Self::Show(show) => show.run(),
            Self::History(history) => history.run(),
            Self::Restore(restore) => {
                let written = restore.place.open()?.restore(RevisionId(restore.revision), signature())?;
                note(format_args!("the draft of entry {} says what revision {} said", written.id.0, restore.revision));
                Ok(())
            }
            Self::Delete(delete) => delete.run(),
            Self::Undelete(undelete) => {
                let site = undelete.place.open()?;
                let id = undelete.target.find(&site)?;
                site.undelete(id, signature())?;
                note(format_args!("entry {} is back", id.0));
                Ok(())
            }
            Self::Used(used) => used.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let rows = site.store().read(|read| self.rows(read))?;
        if self.json {
            let line = |[id, target, name, status]: &[String; 4]| json!({"id": id.parse::<i64>().ok(), "target": target, "name": name, "status": status});
            return terminal::json(&rows.iter().map(line).collect::<Vec<_>>());
        }
        terminal::table(["id", "target", "name", "status"], &rows)
    }

    fn rows(&self, read: &Read<'_>) -> Result<Vec<[String; 4]>, Failure> {
        let model = read.model().clone();
        let mut rows = Vec::new();
        let mut after = EntryId(0);
        loop {
            let entries = read.all_entries(after, BATCH)?;
            let Some(last) = entries.last() else { return Ok(rows) };
            after = last.id;
            for entry in entries.iter().filter(|entry| entry.deleted.is_some() == self.deleted) {
                let Some(schema) = model.schema(entry.schema).filter(|schema| self.wants(schema)) else { continue };
                rows.push(row(read, entry, schema, &model)?);
            }
        }
    }

    fn wants(&self, schema: &Schema) -> bool {
        let noun = kind(schema);
        self.kind.as_ref().is_none_or(|wanted| *wanted == noun || noun.starts_with(&format!("{wanted}:")))
    }
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let id = self.target.find(&site)?;
        let line = site.store().read(|read| {
            let entry = read.entry(id)?.ok_or(Error::NotFound("entry"))?;
            Ok::<_, Error>(EntryLine::of(read, &entry)?)
        })?;
        terminal::json(&line)
    }
}

impl History {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let (id, locale) = in_locale(&site, &self.target, self.locale.as_deref())?;
        let (revisions, variant) =
            site.store().read(|read| Ok::<_, Failure>((read.revisions(id, locale)?, read.variant(id, locale)?)))?;
        let is = |id: RevisionId| match &variant {
            Some(variant) if variant.live == Some(id) => "live",
            Some(variant) if variant.draft == Some(id) => "draft",
            _ => "",
        };
        if self.json {
            let shown: Vec<_> = revisions
                .iter()
                .map(|r| json!({"id": r.id, "at": r.at, "by": r.by, "why": r.why, "name": r.name, "is": is(r.id)}))
                .collect();
            return terminal::json(&shown);
        }
        let rows: Vec<_> = revisions
            .iter()
            .map(|r| [r.id.0.to_string(), r.at.to_string(), r.by.clone(), r.why.clone(), is(r.id).to_owned()])
            .collect();
        terminal::table(["revision", "at", "by", "why", ""], &rows)
    }
}

impl Delete {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let id = self.target.find(&site)?;
        match site.delete(id, self.anyway, signature()) {
            Err(Error::InUse(uses)) => Err(Failure::said(format!(
                "{} other places link to it (`larder entry used` lists them): remove those links first, or add --anyway",
                uses.len()
            ))),
            outcome => {
                outcome?;
                note(format_args!("entry {} is deleted; `larder entry undelete entry:{}` brings it back", id.0, id.0));
                Ok(())
            }
        }
    }
}

impl Used {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let id = self.target.find(&site)?;
        let rows = site.store().read(|read| {
            let model = read.model().clone();
            let mut rows = Vec::new();
            for found in read.uses(id)? {
                let Some(entry) = read.entry(found.source)? else { continue };
                let Some(schema) = model.schema(entry.schema) else { continue };
                let [id, target, name, _] = row(read, &entry, schema, &model)?;
                let locale = model.locale_slug(found.locale).unwrap_or_default().to_owned();
                let seen = if found.live { "live" } else { "draft" };
                rows.push([id, target, name, locale, seen.to_owned()]);
            }
            Ok::<_, Failure>(rows)
        })?;
        if self.json {
            let line = |[id, target, name, locale, seen]: &[String; 5]| {
                let id = id.parse::<i64>().ok();
                json!({"id": id, "target": target, "name": name, "locale": locale, "in": seen})
            };
            return terminal::json(&rows.iter().map(line).collect::<Vec<_>>());
        }
        terminal::table(["id", "target", "name", "locale", "in"], &rows)
    }
}
