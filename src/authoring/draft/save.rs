//! Saving: one request of an editor, in one transaction with its answer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::answer::{Conflicted, Saved, problems, status};
use super::base::Base;
use super::form::{Form, parts, sheet_of};
use super::input::Reader;
use super::merge::{Conflict, Merge, News};
use super::op::{DraftSave, Op, Why};
use super::path::{SLUG, TITLE};
use super::shown::called;
use super::slug::free_slug;
use super::{Editor, MINUTE};
use crate::account::Role;
use crate::authoring::change::name_elsewhere;
use crate::authoring::finding::Finder;
use crate::authoring::post::default_author;
use crate::authoring::saving::{add, new_variant, set_draft};
use crate::authoring::{Error, Signature};
use crate::content::entry::{Entry, Origin, Revision, RevisionId, Variant};
use crate::content::field::{Field, Only, Parsing, Write as Writing, parse_fields};
use crate::content::html::Danger;
use crate::content::locale::LocaleId;
use crate::content::post::Post;
use crate::content::schema::{Kind, in_use};
use crate::content::settings::Settings;
use crate::store::{Folded, Read, Reply, Write};

/// A save at work.
pub(super) struct Saving<'a> {
    pub(super) save: &'a DraftSave,
    pub(super) editor: &'a Editor,
    pub(super) signature: &'a Signature,
    pub(super) public_url: &'a str,
    pub(super) locale: LocaleId,
    /// What a new entry starts from: the post that it translates.
    pub(super) start: Option<Value>,
}

/// What was made of the changes.
struct Outcome {
    sheet: Value,
    conflicts: Vec<Conflict>,
    theirs: Vec<News>,
    changed: Vec<String>,
    refused: BTreeMap<String, String>,
    cleaned: BTreeMap<String, Vec<&'static str>>,
}

/// What stands in an entry before a save.
struct Standing {
    variant: Option<Variant>,
    revision: Option<Revision>,
    sheet: Value,
    /// Whether readers get it in any locale.
    live: bool,
}

impl Saving<'_> {
    /// Makes the changes that can be made and answers.
    pub(super) fn run(&self, write: &mut Write<'_>, mut entry: Entry) -> Result<Reply, Error> {
        let model = write.model().clone();
        let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
        let form = Form::of(&model, schema);
        let standing = self.standing(write, form, &entry)?;
        let outcome = self.merge(write, form, &entry, &standing)?;
        let (revision, variant) = match standing {
            Standing { revision: Some(revision), variant: Some(variant), sheet, .. } if outcome.sheet == sheet => {
                self.keep(write, &revision, &variant)?;
                (revision, variant)
            }
            standing => self.store(write, form, &mut entry, standing, &outcome)?,
        };
        let saved = Saved {
            rev: revision.id,
            id: entry.id,
            saved_at: self.signature.at,
            slug: revision.slug.clone(),
            title: called(&model, &entry, &revision),
            status: status(Some(&variant)),
            refused: outcome.refused,
            cleaned: outcome.cleaned,
            problems: problems(write, &entry, &revision)?,
            theirs: outcome.theirs,
        };
        let conflict = !outcome.conflicts.is_empty();
        let answer = if conflict {
            json!(Conflicted { conflicts: &outcome.conflicts, rev: saved.rev, saved: &saved })
        } else {
            json!(saved)
        };
        Ok(Reply { entry: entry.id, conflict, answer: answer.to_string() })
    }

    fn standing(&self, read: &Read<'_>, form: Form<'_>, entry: &Entry) -> Result<Standing, Error> {
        let variants = read.variants(entry.id)?;
        let live = variants.iter().any(|variant| variant.live.is_some());
        let variant = variants.into_iter().find(|variant| variant.locale == self.locale);
        let newest = variant.as_ref().and_then(|variant| variant.draft.or(variant.live));
        let revision = newest.map_or(Ok(None), |id| read.revision(id))?;
        let mut sheet = match (&revision, &self.start) {
            (Some(revision), _) => sheet_of(revision),
            (None, Some(start)) => start.clone(),
            (None, None) => blank_sheet(read, form, entry)?,
        };
        if form.is_named() {
            // Another locale's publish may have changed it since.
            sheet[SLUG] = json!(entry.draft_slug.as_ref().or(entry.slug.as_ref()));
        }
        Ok(Standing { variant, revision, sheet, live })
    }

    fn merge(&self, read: &Read<'_>, form: Form<'_>, entry: &Entry, standing: &Standing) -> Result<Outcome, Error> {
        let cleaner = Settings::read(&read.settings()?).cleaner();
        let mut merge = Merge {
            form,
            read,
            base: Base::find(read, self.save.base, standing.revision.as_ref())?,
            newest: standing.sheet.clone(),
            revision: standing.revision.as_ref(),
            sheet: standing.sheet.clone(),
            reader: Reader {
                read,
                model: form.model,
                schema: form.schema,
                entry,
                public_url: self.public_url,
                cleaner: &cleaner,
                may_embed: self.editor.may_embed,
                refused: Default::default(),
                cleaned: Default::default(),
            },
            conflicts: Vec::new(),
            changed: Vec::new(),
            names: HashMap::new(),
        };
        for sent in &self.save.ops {
            match serde_json::from_value::<Op>(sent.clone()) {
                Ok(op) => match kept_from(form, self.editor.role, op.place()) {
                    Some(only) => {
                        let who = only.people();
                        merge.reader.refuse(op.place(), format!("Only {who} may change this. It was not saved."));
                    }
                    None => merge.apply(&op)?,
                },
                Err(error) => {
                    let path = sent["path"].as_str().or_else(|| sent["list"].as_str()).unwrap_or_default();
                    merge.reader.refuse(path, format!("This change makes no sense: {error}."));
                }
            }
        }
        let follows = matches!(form.schema.kind, Kind::PageType | Kind::Post) && !standing.live;
        if follows && (self.save.follow_slug || standing.revision.is_none()) {
            merge.follow_title(|title| free_slug(read, form.schema, Some(entry), title))?;
        }
        let names = |dangers: &BTreeSet<Danger>| dangers.iter().map(|danger| danger.as_str()).collect();
        Ok(Outcome {
            theirs: merge.news()?,
            cleaned: merge.reader.cleaned.iter().map(|(path, dangers)| (path.clone(), names(dangers))).collect(),
            refused: merge.reader.refused,
            sheet: merge.sheet,
            conflicts: merge.conflicts,
            changed: merge.changed,
        })
    }

    /// Nothing was changed. What was saved on purpose is kept for good all the same.
    fn keep(&self, write: &mut Write<'_>, revision: &Revision, variant: &Variant) -> Result<(), Error> {
        let autosaved = revision.kind == Origin::Autosave && variant.draft == Some(revision.id);
        if self.save.why == Why::Saved && autosaved {
            write.mark_revision(revision.id, Origin::Edit)?;
            write.witness_saved(variant.entry, variant.locale)?;
        }
        Ok(())
    }

    fn store(
        &self,
        write: &mut Write<'_>,
        form: Form<'_>,
        entry: &mut Entry,
        standing: Standing,
        outcome: &Outcome,
    ) -> Result<(Revision, Variant), Error> {
        let why = if standing.revision.is_none() { "created" } else { "edited" };
        let mut variant = standing.variant.unwrap_or_else(|| new_variant(entry, self.locale, self.signature));
        let gives_way = standing.revision.filter(|old| self.gives_way(old, &variant)).map(|old| old.id);
        let (name, slug, fields) = parts(form, &outcome.sheet);
        let revision = Revision {
            id: RevisionId(0),
            entry: entry.id,
            locale: self.locale,
            name,
            slug,
            fields,
            at: self.signature.at,
            by: self.signature.by.clone(),
            why: why.into(),
            kind: if self.save.why == Why::Autosave { Origin::Autosave } else { Origin::Edit },
            named: None,
        };
        let revision = add(write, revision)?;
        if entry.draft_slug.is_some() && entry.slug == revision.slug {
            entry.draft_slug = None;
            write.put_entry(entry)?;
        }
        set_draft(write, entry, &mut variant, &revision)?;
        if let Some(old) = gives_way {
            let into = Folded { next: revision.id, paths: outcome.changed.clone() };
            write.fold_revision(old, &into, self.signature.at)?;
        }
        Ok((revision, variant))
    }

    /// Whether the draft so far is an autosave that this save takes the place of: one person's autosaves of
    /// the same minute are one step of the history.
    fn gives_way(&self, old: &Revision, variant: &Variant) -> bool {
        let minute = |micros: i64| micros.div_euclid(MINUTE);
        old.kind == Origin::Autosave
            && variant.draft == Some(old.id)
            && variant.scheduled.is_none()
            && old.named.is_none()
            && old.by == self.signature.by
            && minute(old.at.micros()) == minute(self.signature.at.micros())
    }
}

/// Who alone may fill in what stands at a path, when this role may not: the field or one that it is in.
fn kept_from(form: Form<'_>, role: Role, path: &str) -> Option<Only> {
    let mut lists: Vec<&[Field]> = vec![form.fields()];
    for step in path.split('.') {
        let key = step.split('[').next().unwrap_or_default();
        let found: Vec<&Field> =
            lists.iter().flat_map(|fields| in_use(fields)).filter(|field| field.key == key).collect();
        if let Some(only) = found.iter().find_map(|field| field.only.filter(|only| !role.fills(Some(*only)))) {
            return Some(only);
        }
        let groups = found.iter().flat_map(|field| field.kind.rules().groups(form.model));
        lists = groups.map(|group| group.fields).collect();
    }
    None
}

/// What a new entry, or a translation, holds before anything is filled in.
pub(super) fn blank_sheet(read: &Read<'_>, form: Form<'_>, entry: &Entry) -> Result<Value, Error> {
    let mut sheet = if form.is_post() {
        let author = default_author(read)?.map_or(0, |author| author.id);
        Post { author, ..Post::default() }.write()
    } else {
        let mut finder = Finder { read, public_url: "" };
        let mut parsing = Parsing::new(form.model, &mut finder, Writing::Create);
        parse_fields(&form.schema.fields, &Map::new(), &Value::Null, &mut parsing)
    };
    sheet[TITLE] = name_elsewhere(read, entry)?.unwrap_or_default().into();
    sheet[SLUG] = Value::Null;
    Ok(sheet)
}
