//! Putting another content model in force.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;

use super::census::for_each_entry;
use super::convert::Conversion;
use super::plan::{Plan, Work, plan};
use super::progress::Progress;
use super::shape::{Shape, reaches};
use crate::account::Deed;
use crate::authoring::saving::{add, check_slug};
use crate::authoring::single::make_single_pages;
use crate::authoring::{Authoring, Error, Signature};
use crate::content::definition::{Definition, Ids};
use crate::content::entry::{Entry, Origin, Revision, RevisionId};
use crate::content::field::{FieldId, FieldIds};
use crate::content::schema::{Kind, Schema};
use crate::store::{Read, Write};

/// What the revision history calls a copy made because a field's type changed.
const CONVERTED: &str = "field type changed";

impl Authoring {
    /// Applies a schema file and returns what was done.
    ///
    /// `planned_on` is the number of the model that the person looked at ([`Plan::model`]); `consent`
    /// says that they agree to what gets lost. `progress` is told how far it has come.
    ///
    /// # Errors
    /// `Refused` when the model has changed since, when something would get lost without consent, or
    /// when the file makes no sense; nothing is changed then.
    pub fn change_schema(
        &self,
        definition: Definition,
        planned_on: i64,
        consent: bool,
        signature: Signature,
        progress: Arc<Progress>,
    ) -> Result<Plan, Error> {
        self.write(&signature.clone(), move |write| {
            carry_out_seen(write, &definition, &signature, &progress, |plan| {
                if plan.loses() && !consent {
                    return Err(Error::Refused("something would get lost, and nobody has agreed to that".into()));
                }
                Ok(plan.model == planned_on)
            })
        })
    }
}

/// Carries out a plan that is the one a person has `seen`.
pub(super) fn carry_out_seen(
    write: &mut Write<'_>,
    definition: &Definition,
    signature: &Signature,
    progress: &Progress,
    seen: impl FnOnce(&Plan) -> Result<bool, Error>,
) -> Result<Plan, Error> {
    let plan = plan(write, definition, signature.at)?;
    if !seen(&plan)? {
        return Err(Error::Refused(
            "somebody else has changed the content model in the meantime: look at the new plan and apply again".into(),
        ));
    }
    if plan.changes {
        carry_out(write, &plan.work, signature, progress)?;
        let steps = plan.steps.iter().map(|step| json!([step.action, step.what]));
        write.record(Deed::ModelChanged, "", &json!({"steps": steps.collect::<Vec<_>>()}))?;
    }
    Ok(plan)
}

/// Puts a model in force that the caller has made from the present one.
pub(in crate::authoring) fn apply(
    write: &mut Write<'_>,
    definition: &Definition,
    signature: &Signature,
) -> Result<(), Error> {
    let plan = plan(write, definition, signature.at)?;
    if plan.changes { carry_out(write, &plan.work, signature, &Progress::default()) } else { Ok(()) }
}

fn carry_out(write: &mut Write<'_>, work: &Work, signature: &Signature, progress: &Progress) -> Result<(), Error> {
    let Some((next_group, next_locale, next_field)) = work.ids else { return Ok(()) };
    let ids = Ids { next_group, next_locale, fields: FieldIds::starting_at(next_field) };
    write.touch_everything();
    write.put_model(work.new.clone(), &ids)?;
    write.sign_model(&signature.by, signature.at)?;
    for locale in &work.locales_gone {
        write.remove_locale(*locale)?;
    }
    for schema in work.old.schemas.iter().filter(|schema| work.schemas_gone.contains(&schema.id)) {
        delete_entries(write, schema, signature)?;
    }
    let converted: HashSet<FieldId> = work.converted.keys().copied().collect();
    let gone = work.components_gone.iter().copied().collect();
    let mut stale = Vec::new();
    for schema in &work.new.schemas {
        let Some(old) = work.old.schema(schema.id) else { continue };
        let convert = reaches(old, &work.old, &converted, &HashSet::new());
        let reindex = reaches(old, &work.old, &HashSet::new(), &gone)
            || Shape::of(old, &work.old, &work.new).differs(&Shape::of(schema, &work.new, &work.old));
        if convert || reindex {
            progress.expect(write.count_entries(old.id)?);
            stale.push((old, convert));
        }
    }
    for (old, convert) in stale {
        bring_up_to_date(write, work, old, convert, signature, progress)?;
    }
    for schema in &work.new.schemas {
        let Some(old) = work.old.schema(schema.id) else { continue };
        if schema.kind == Kind::SinglePage && old.key != schema.key {
            rename_page(write, old, schema, signature)?;
        }
    }
    make_single_pages(write, signature)
}

/// The entries of a schema, read before any of them is changed.
fn entries(read: &Read<'_>, schema: &Schema) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for_each_entry(read, schema, &mut |entry| {
        entries.push(entry);
        Ok::<_, Error>(())
    })?;
    Ok(entries)
}

fn delete_entries(write: &mut Write<'_>, schema: &Schema, signature: &Signature) -> Result<(), Error> {
    for mut entry in entries(write, schema)? {
        entry.deleted = entry.deleted.or(Some(signature.at));
        write.put_entry(&entry)?;
        write.reindex_entry(&entry)?;
    }
    Ok(())
}

fn bring_up_to_date(
    write: &mut Write<'_>,
    work: &Work,
    old: &Schema,
    convert: bool,
    signature: &Signature,
    progress: &Progress,
) -> Result<(), Error> {
    for entry in entries(write, old)? {
        if convert {
            convert_entry(write, work, old, &entry, signature)?;
        }
        write.reindex_entry(&entry)?;
        if entry.deleted.is_none() {
            progress.step();
        }
    }
    Ok(())
}

/// Replaces the live and the draft revisions by copies with converted values.
fn convert_entry(
    write: &mut Write<'_>,
    work: &Work,
    old: &Schema,
    entry: &Entry,
    signature: &Signature,
) -> Result<(), Error> {
    for mut variant in write.variants(entry.id)? {
        let before = (variant.live, variant.draft);
        variant.live = convert_revision(write, work, old, variant.live, signature)?;
        variant.draft = convert_revision(write, work, old, variant.draft, signature)?;
        if (variant.live, variant.draft) != before {
            write.put_variant(entry, &variant)?;
        }
    }
    Ok(())
}

/// The copy of a revision that fits the new model; the revision itself when it fits already.
fn convert_revision(
    write: &mut Write<'_>,
    work: &Work,
    old: &Schema,
    id: Option<RevisionId>,
    signature: &Signature,
) -> Result<Option<RevisionId>, Error> {
    let Some(revision) = id.map_or(Ok(None), |id| write.revision(id))? else { return Ok(None) };
    let conversion =
        Conversion { read: write, old: &work.old, new: &work.new, fields: &work.converted, kept: &work.kept };
    let fields = conversion.convert(old, &revision.fields, &mut |_, _, _| {});
    if fields == revision.fields {
        return Ok(id);
    }
    let copy = Revision {
        id: RevisionId(0),
        fields,
        at: signature.at,
        by: signature.by.clone(),
        why: CONVERTED.into(),
        kind: Origin::Edit,
        named: None,
        ..revision
    };
    Ok(Some(add(write, copy)?.id))
}

/// Gives a single page the slug that its schema's new key asks for, unless it has one of its own.
fn rename_page(write: &mut Write<'_>, old: &Schema, new: &Schema, signature: &Signature) -> Result<(), Error> {
    for mut entry in entries(write, old)? {
        if entry.slug.as_deref() != Some(&old.key) || entry.deleted.is_some() {
            continue;
        }
        check_slug(write, new, Some(&entry), &new.key).map_err(|problem| Error::Invalid(vec![problem]))?;
        entry.slug = Some(new.key.clone());
        write.put_entry(&entry)?;
        for mut variant in write.variants(entry.id)? {
            // A draft that asks for the old slug would bring it back when it is published.
            if let Some(draft) = variant.draft.map_or(Ok(None), |id| write.revision(id))?
                && draft.slug.as_deref() == Some(&old.key)
            {
                let by = signature.by.clone();
                let why = "renamed".to_owned();
                let slug = entry.slug.clone();
                let (id, kind, named) = (RevisionId(0), Origin::Edit, None);
                let copy = Revision { id, slug, at: signature.at, by, why, kind, named, ..draft };
                variant.draft = Some(add(write, copy)?.id);
                write.put_variant(&entry, &variant)?;
            }
        }
        write.reindex_entry(&entry)?;
    }
    Ok(())
}
