//! What a difference does, in words for the terminal and in sentences for the dashboard.

use std::collections::HashMap;

use super::census::Counts;
use super::compare::{Difference, Place};
use super::plan::{Action, Step};
use crate::authoring::Error;
use crate::content::field::{Field, FieldId};
use crate::content::locale::LocaleId;
use crate::content::schema::{Model, SchemaId};
use crate::store::Read;

/// What is known when differences are told.
pub(super) struct Telling<'a> {
    pub(super) read: &'a Read<'a>,
    pub(super) counts: &'a Counts,
    pub(super) old: &'a Model,
}

/// Said of entries that do not keep a rule that is new.
const STAY: &str = "They stay published; editors must mend it at the next publish.";

fn step(action: Action, what: &str, detail: impl Into<String>, says: impl Into<String>) -> Step {
    Step {
        action,
        what: what.into(),
        detail: detail.into(),
        says: says.into(),
        entries: 0,
        loses: false,
        group: String::new(),
        examples: Vec::new(),
    }
}

impl Telling<'_> {
    /// One difference as a step of the plan.
    pub(super) fn step(&self, difference: &Difference) -> Result<Step, Error> {
        Ok(match difference {
            Difference::LocaleAdded(locale) if self.old.locales.is_empty() && locale.id == LocaleId(0) => {
                let (what, detail) = (format!("locale `{}`", locale.slug), "everything written so far is in it");
                step(Action::Add, &what, detail, format!("Adds {what}: {detail}."))
            }
            Difference::LocaleAdded(locale) => {
                let what = format!("locale `{}`", locale.slug);
                step(Action::Add, &what, "", format!("Adds {what}."))
            }
            Difference::LocaleRenamed { from, to } => {
                let what = format!("locale `{from}`");
                step(Action::Rename, &what, format!("to `{to}`"), format!("Renames {what} to `{to}`."))
            }
            Difference::DefaultLocale(slug) => {
                let what = format!("locale `{slug}`");
                step(Action::Change, &what, "becomes the default", format!("Makes {what} the default."))
            }
            Difference::LocaleRemoved(locale) => {
                let variants = self.read.count_variants(locale.id)?;
                let what = format!("locale `{}`", locale.slug);
                let detail = match variants {
                    0 => "nothing is written in it".to_owned(),
                    _ => format!("what is written in it goes for good: {}", entries(variants)),
                };
                let says = format!("Removes {what}: {detail}.");
                Step { entries: variants, loses: variants > 0, ..step(Action::Remove, &what, detail, says) }
            }
            Difference::GroupAdded { what } => {
                step(Action::Add, what, "", format!("Adds {what}. Nothing that exists changes."))
            }
            Difference::GroupRenamed { what, to } => {
                let says = format!("Renames {what} to `{to}`. Its content stays; programs must ask for `{to}`.");
                step(Action::Rename, what, renamed(to), says)
            }
            Difference::GroupChanged { what, parts } => {
                step(Action::Change, what, parts, format!("Changes the {parts} of {what}."))
            }
            Difference::FieldAdded { what, place, required } => self.added(what, place, *required)?,
            Difference::FieldRenamed { what, to } => {
                let says = format!("Renames {what} to `{to}`. Its content stays; the API answers it as `{to}`.");
                step(Action::Rename, what, renamed(to), says)
            }
            Difference::FieldChanged { what, place, parts, old, new } => self.changed(what, place, parts, old, new)?,
            Difference::FieldRevived { what } => {
                let detail = "with the values it had";
                step(Action::Revive, what, detail, format!("Brings back {what} {detail}."))
            }
            Difference::FieldDropped { what, place, id } => self.dropped(what, place, *id),
            Difference::FieldConverted { what, place, from, field } => self.converted(what, place, from, field),
            Difference::SchemaRemoved { what, key, id } => self.schema_removed(what, key, *id)?,
            Difference::ComponentRemoved { what, component } => {
                let shown = self.counts.shown.get(&component.id).copied().unwrap_or(0);
                let detail = match shown {
                    0 => "no entry shows it".to_owned(),
                    _ => format!("{} and will not any more", entries_do(shown, "shows it", "show it")),
                };
                let says = format!("Removes {what}: {detail}.");
                let step = step(Action::Remove, what, detail, says);
                Step { entries: shown, loses: shown > 0, group: component.key.clone(), ..step }
            }
        })
    }

    fn added(&self, what: &str, place: &Place, required: bool) -> Result<Step, Error> {
        let all = self.all(place)?;
        let says = match all {
            Some(all) if required && all > 0 => {
                let stay = STAY.replace("mend it", "fill it");
                format!("Adds the required {what}: {} without it. {stay}", entries_do(all, "is", "are"))
            }
            _ if required => format!("Adds the required {what}. 0 entries change."),
            _ => format!("Adds the optional {what}. 0 entries change."),
        };
        Ok(step(Action::Add, what, "", says))
    }

    fn changed(&self, what: &str, place: &Place, parts: &str, old: &Field, new: &Field) -> Result<Step, Error> {
        let of_all = self.all(place)?.map(|all| format!(" of {all}")).unwrap_or_default();
        let (failing, shared) = (count(&self.counts.failing, new.id), count(&self.counts.shared, new.id));
        let begins_to = new.required && !old.required;
        let mut says = match (begins_to, failing) {
            (true, 0) => format!("Makes {what} required: every entry has a value."),
            (true, _) => {
                let stay = STAY.replace("mend it", "fill it");
                format!("Makes {what} required: {failing}{of_all} {} none or break its rules. {stay}", have(failing))
            }
            (false, _) => format!("Changes {parts} of {what}."),
        };
        if !begins_to && failing > 0 {
            says += &format!(" {failing}{of_all} {} a value that breaks the new rules. {STAY}", have(failing));
        }
        if new.unique && !old.unique && shared > 0 {
            says += &format!(" {shared}{of_all} {} a value that another one has too. {STAY}", have(shared));
        }
        let mut detail = parts.to_owned();
        if failing.max(shared) > 0 {
            detail += &format!("; {} not keep the new rules", entries_do(failing.max(shared), "does", "do"));
        }
        Ok(Step {
            entries: failing.max(shared),
            group: place.group.clone(),
            ..step(Action::Change, what, detail, says)
        })
    }

    fn dropped(&self, what: &str, place: &Place, id: FieldId) -> Step {
        let filled = count(&self.counts.filled, id);
        let (detail, says) = match filled {
            0 => ("no entry has a value".to_owned(), format!("Removes {what}. No entry has a value.")),
            _ => {
                let kept = "kept for 30 days";
                let values = if filled == 1 {
                    "its value in 1 entry is".into()
                } else {
                    format!("its values in {filled} entries are")
                };
                (
                    format!("{} have a value; the values are {kept}", entries(filled)),
                    format!("Removes {what}: {values} {kept} and can be restored."),
                )
            }
        };
        Step {
            entries: filled,
            loses: filled > 0,
            group: place.group.clone(),
            ..step(Action::Remove, what, detail, says)
        }
    }

    fn converted(&self, what: &str, place: &Place, from: &str, field: &Field) -> Step {
        let (filled, lost) = (count(&self.counts.filled, field.id), count(&self.counts.lost, field.id));
        let to = field.kind.name();
        let mut detail = format!("{from} becomes {to}: {} have a value", entries(filled));
        if lost > 0 {
            detail += &format!(", in {lost} of them it does not fit and becomes empty");
        }
        let says = match (filled, lost) {
            (0, _) => format!("Turns {what} from {from} into {to}. No entry has a value."),
            (_, 0) => format!("Turns {what} from {from} into {to}: the values of {} are converted.", entries(filled)),
            _ => format!(
                "Turns {what} from {from} into {to}: {} of {} can be converted. {} cannot: it becomes empty there, and what \
                 stood there is kept for 30 days as a removed field.",
                filled - lost,
                filled,
                lost
            ),
        };
        let mut examples = self.counts.examples.get(&field.id).cloned().unwrap_or_default();
        examples.sort_by_key(|example| example.to.is_some());
        Step {
            entries: filled,
            loses: lost > 0,
            group: place.group.clone(),
            examples,
            ..step(Action::Convert, what, detail, says)
        }
    }

    fn schema_removed(&self, what: &str, key: &str, id: SchemaId) -> Result<Step, Error> {
        let there = self.read.count_entries(id)?;
        let detail = match there {
            0 => "it has no entries".to_owned(),
            _ => format!("{} deleted with it", entries_do(there, "is", "are")),
        };
        let says = match there {
            0 => format!("Removes {what}. It has no entries."),
            _ => format!(
                "Removes {what}: {detail} and cannot be brought back. Make an archive first if you may need them."
            ),
        };
        Ok(Step { entries: there, loses: there > 0, group: key.into(), ..step(Action::Remove, what, detail, says) })
    }

    /// How many entries the schema of a field has; `None` in components.
    fn all(&self, place: &Place) -> Result<Option<u64>, Error> {
        Ok(place.schema.map(|id| self.read.count_entries(id)).transpose()?)
    }
}

fn count(map: &HashMap<FieldId, u64>, id: FieldId) -> u64 {
    map.get(&id).copied().unwrap_or(0)
}

fn renamed(to: &str) -> String {
    format!("to `{to}`; its content stays")
}

fn have(count: u64) -> &'static str {
    if count == 1 { "has" } else { "have" }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".into() } else { format!("{count} entries") }
}

fn entries_do(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", entries(count), if count == 1 { one } else { many })
}
