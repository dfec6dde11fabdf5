//! What a change of the content model would do, to be read before it is done.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::aside::set_aside;
use super::census::{Census, Example};
use super::compare::{Difference, compare};
use super::matching::complete;
use super::telling::Telling;
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
    /// All of it in sentences.
    pub says: String,
    /// How many entries it touches.
    pub entries: u64,
    /// Whether readers or editors lose something by it.
    pub loses: bool,
    /// The key of the group it happens in; empty for locales.
    #[serde(skip)]
    pub group: String,
    /// Values that change their type, with what becomes of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
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
    /// For a converted field, the dropped one that keeps what cannot be converted.
    pub(super) kept: HashMap<FieldId, FieldId>,
    pub(super) schemas_gone: Vec<SchemaId>,
    pub(super) components_gone: Vec<ComponentId>,
    pub(super) locales_gone: Vec<LocaleId>,
}

impl Plan {
    /// A word for what it does and on which model: another plan has another one.
    pub fn word(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.model.to_be_bytes());
        hash.update(serde_json::to_vec(&Definition::of(&self.work.new, false)).unwrap_or_default());
        for step in &self.steps {
            hash.update(&step.says);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

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
    let telling = Telling { read, counts: &counts, old: &old };
    let steps = differences.iter().map(|difference| telling.step(difference)).collect::<Result<Vec<_>, Error>>()?;
    let kept = set_aside(&old, &mut new, &census, &counts, &mut ids, now);
    let changes = Definition::of(&new, true) != document;
    let ids = Some(spare(&ids));
    let work = Work { converted: census.converted, kept, old, new, ids, ..work };
    Ok(Plan { model: work.old.number, steps, changes, work })
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
            Difference::FieldChanged { old, new, .. } if asks_more(old, new) => {
                census.ruled.insert(new.id, (**new).clone());
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

/// Whether values that were fine may not be any more.
fn asks_more(old: &Field, new: &Field) -> bool {
    (new.required && !old.required) || (new.unique && !old.unique) || old.kind != new.kind
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
