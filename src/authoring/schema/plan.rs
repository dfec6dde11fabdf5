//! What a change of the content model would do, to be read before it is done.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use super::census::{Census, Counts};
use super::compare::{Difference, compare};
use super::matching::complete;
use crate::authoring::{Authoring, Error, now};
use crate::content::definition::{Definition, Ids};
use crate::content::field::{Field, FieldId};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::{ComponentId, Model, SchemaId};
use crate::store::Read;

/// Everything that a schema file would change.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The number of the model it was made on; it can only be carried out on that one.
    pub model: i64,
    /// What happens, in the order of the file.
    pub steps: Vec<Step>,
    /// Whether anything changes, the order of fields included.
    pub changes: bool,
    #[serde(skip)]
    pub(super) work: Work,
}

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// To what.
    pub what: String,
    /// What that means.
    pub detail: String,
    /// How many entries it touches.
    pub entries: u64,
    /// Whether readers or editors lose something by it.
    pub loses: bool,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Something new.
    Add,
    /// The same under another name.
    Rename,
    /// Other texts or rules.
    Change,
    /// A dropped field comes back with its values.
    Revive,
    /// Values change their type.
    Convert,
    /// Something goes.
    Remove,
}

/// What has to be done, besides putting the model in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    pub(super) old: Model,
    pub(super) new: Model,
    pub(super) ids: Option<(i64, i64, u32)>,
    pub(super) converted: HashMap<FieldId, Field>,
    pub(super) schemas_gone: Vec<SchemaId>,
    pub(super) components_gone: Vec<ComponentId>,
    pub(super) locales_gone: Vec<LocaleId>,
}

impl Plan {
    /// Whether carrying it out needs a person's consent.
    pub fn loses(&self) -> bool {
        self.steps.iter().any(|step| step.loses)
    }
}

impl Authoring {
    /// What applying this schema file would do. Nothing is changed.
    ///
    /// # Errors
    /// `Refused` when the file makes no sense.
    pub fn plan_schema(&self, definition: &Definition) -> Result<Plan, Error> {
        self.store().read(|read| plan(read, definition, now()))
    }
}

/// What a schema file would do to the site as this snapshot shows it.
pub(super) fn plan(read: &Read<'_>, definition: &Definition, now: Moment) -> Result<Plan, Error> {
    let stored = read.stored_model()?;
    let (old, mut ids) = (stored.model, stored.ids);
    let document = Definition::of(&old, true);
    let completed = complete(&document, definition, now).map_err(Error::Refused)?;
    let mut new = completed.to_model(&mut ids).map_err(Error::Refused)?;
    new.number = old.number;
    let differences = compare(&old, &new);
    let (census, work) = gather(&differences);
    let counts = census.take(read, &old, &new)?;
    let mut steps = Vec::new();
    for difference in &differences {
        steps.push(step(read, difference, &counts, &old)?);
    }
    let changes = Definition::of(&new, true) != document;
    let ids = Some(spare(&ids));
    Ok(Plan { model: old.number, steps, changes, work: Work { converted: census.converted, old, new, ids, ..work } })
}

fn spare(ids: &Ids) -> (i64, i64, u32) {
    (ids.next_group, ids.next_locale, ids.fields.next())
}

fn gather(differences: &[Difference]) -> (Census, Work) {
    let (mut census, mut work) = (Census::default(), Work::default());
    for difference in differences {
        match difference {
            Difference::FieldDropped { id, .. } => {
                census.dropped.insert(*id);
            }
            Difference::FieldConverted { field, .. } => {
                census.converted.insert(field.id, (**field).clone());
            }
            Difference::ComponentRemoved { component, .. } => {
                census.gone.insert(component.id);
                work.components_gone.push(component.id);
            }
            Difference::SchemaRemoved { id, .. } => work.schemas_gone.push(*id),
            Difference::LocaleRemoved(locale) => work.locales_gone.push(locale.id),
            _ => {}
        }
    }
    (census, work)
}

fn step(read: &Read<'_>, difference: &Difference, counts: &Counts, old: &Model) -> Result<Step, Error> {
    let count = |map: &HashMap<FieldId, u64>, id: &FieldId| map.get(id).copied().unwrap_or(0);
    let step =
        |action, what: &str, detail: String, entries, loses| Step { action, what: what.into(), detail, entries, loses };
    let plain = |action, what: &str, detail: &str| step(action, what, detail.to_owned(), 0, false);
    Ok(match difference {
        Difference::LocaleAdded(locale) if old.locales.is_empty() && locale.id == LocaleId(0) => {
            plain(Action::Add, &format!("locale `{}`", locale.slug), "everything written so far is in it")
        }
        Difference::LocaleAdded(locale) => plain(Action::Add, &format!("locale `{}`", locale.slug), ""),
        Difference::LocaleRenamed { from, to } => {
            plain(Action::Rename, &format!("locale `{from}`"), &format!("to `{to}`"))
        }
        Difference::DefaultLocale(slug) => plain(Action::Change, &format!("locale `{slug}`"), "becomes the default"),
        Difference::LocaleRemoved(locale) => {
            let variants = read.count_variants(locale.id)?;
            let detail = match variants {
                0 => "nothing is written in it".to_owned(),
                _ => format!("what is written in it goes for good: {}", entries(variants)),
            };
            step(Action::Remove, &format!("locale `{}`", locale.slug), detail, variants, variants > 0)
        }
        Difference::GroupAdded { what } | Difference::FieldAdded { what } => plain(Action::Add, what, ""),
        Difference::GroupRenamed { what, to } | Difference::FieldRenamed { what, to } => {
            plain(Action::Rename, what, &format!("to `{to}`; its content stays"))
        }
        Difference::GroupChanged { what, parts } | Difference::FieldChanged { what, parts } => {
            plain(Action::Change, what, parts)
        }
        Difference::FieldRevived { what } => plain(Action::Revive, what, "with the values it had"),
        Difference::FieldDropped { what, id } => {
            let filled = count(&counts.filled, id);
            let detail = match filled {
                0 => "no entry has a value".to_owned(),
                _ => format!("{} have a value; the values are kept for 30 days", entries(filled)),
            };
            step(Action::Remove, what, detail, filled, filled > 0)
        }
        Difference::FieldConverted { what, from, field } => {
            let (filled, lost) = (count(&counts.filled, &field.id), count(&counts.lost, &field.id));
            let mut detail = format!("{from} becomes {}: {} have a value", field.kind.name(), entries(filled));
            if lost > 0 {
                detail += &format!(", in {lost} of them it does not fit and becomes empty");
            }
            step(Action::Convert, what, detail, filled, lost > 0)
        }
        Difference::SchemaRemoved { what, id } => {
            let count = read.count_entries(*id)?;
            let detail = match count {
                0 => "it has no entries".to_owned(),
                _ => format!("{} are deleted with it", entries(count)),
            };
            step(Action::Remove, what, detail, count, count > 0)
        }
        Difference::ComponentRemoved { what, component } => {
            let shown = counts.shown.get(&component.id).copied().unwrap_or(0);
            let detail = match shown {
                0 => "no entry shows it".to_owned(),
                _ => format!("{} show it and will not any more", entries(shown)),
            };
            step(Action::Remove, what, detail, shown, shown > 0)
        }
    })
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".into() } else { format!("{count} entries") }
}

/// A table: what loses something has a `!` in front.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            let sentence = if self.changes { "Only the order changes." } else { "Nothing changes." };
            return writeln!(f, "{sentence}");
        }
        let width = self.steps.iter().map(|step| step.what.chars().count()).max().unwrap_or(0);
        for step in &self.steps {
            let mark = if step.loses { '!' } else { ' ' };
            let line = format!("{mark} {:<8} {:<width$}  {}", step.action.as_str(), step.what, step.detail);
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Rename => "rename",
            Self::Change => "change",
            Self::Revive => "revive",
            Self::Convert => "convert",
            Self::Remove => "remove",
        }
    }
}
